"""Brings texts into the one form in which they are looked for."""

SEARCH_LENGTH = 100


def search_text(text: str) -> str:
    """Return what was typed, as it is looked for: one line, no longer than sensible."""
    return " ".join(text.replace("\0", " ").split())[:SEARCH_LENGTH]
