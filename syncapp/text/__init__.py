"""Texts made comparable, for searching and matching; no Django."""
