"""Reads what a mirror holds and proposes what could be better; writes nothing."""
