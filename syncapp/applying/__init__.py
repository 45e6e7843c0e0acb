"""Applying: writes what people accepted to a source, and says what became of it."""
