"""The names of months, in the languages that people write dates in."""

import unicodedata
from pathlib import Path

MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
# Twelve names a line, from January on, in the case that they have behind a day.
OTHER_LANGUAGES = Path(__file__).with_suffix(".txt").read_text("utf-8").splitlines()
SHORTEST = 3  # letters of an English month


def _folded(name: str) -> str:
    parts = unicodedata.normalize("NFD", name.lower())
    return "".join(part for part in parts if not unicodedata.combining(part))


NUMBERS = {
    _folded(name): number
    for months in OTHER_LANGUAGES
    for number, name in enumerate(months.split(), 1)
}
NUMBERS |= {name: number for number, name in enumerate(MONTHS, 1)}
NUMBERS |= {name[:SHORTEST]: number for number, name in enumerate(MONTHS, 1)}


def whole_month(name: str) -> int:
    """Return the month that is called or shortened so, in any language; or 0."""
    return NUMBERS.get(_folded(name), 0)


def month_number(name: str) -> int:
    """Return the month that its name, or three letters or more of it, means; or 0."""
    begin = _folded(name)
    means = (n for n, month in enumerate(MONTHS, 1) if month.startswith(begin))
    english = next(means, 0) if len(begin) >= SHORTEST else 0
    return english or NUMBERS.get(begin, 0)
