"""Reads ids out of what addresses, forms and commands say."""

LARGEST_ID = 2**63 - 1  # what a column of the database takes
LONGEST_ID = len(str(LARGEST_ID))


def parse_id(text: str) -> int | None:
    """Return the id that `text` spells; None if it spells none that a row can have."""
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_ID):
        return None
    number = int(text)
    return number if number <= LARGEST_ID else None
