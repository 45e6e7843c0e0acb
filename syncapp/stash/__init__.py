"""Reads and writes a Stash server; knows no Django and works from a REPL."""
