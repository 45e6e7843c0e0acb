"""Days and dates as filters name them: texts that stay true when they are kept.

A day is "2026-11-27", "today", "yesterday" or "7d", seven days ago. A date of a scene
may be a year or a month alone: it counts wherever it may be right.
"""

import re
from datetime import date, timedelta

AGO = re.compile(r"(0|[1-9][0-9]{0,4})d")
PARTIAL = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
NAMED = {"today": "0d", "yesterday": "1d"}
FIRST, LAST = "-01-01", "-12-31"


def read_day(text: str) -> str:
    """Return the day in its one form; raises ValueError."""
    text = NAMED.get(text.lower(), text.lower())
    if AGO.fullmatch(text):
        return text
    return date.fromisoformat(text).isoformat()


def day_of(text: str, today: date) -> date:
    """Return which day `text` means when it is `today`; the first there is at least."""
    if not AGO.fullmatch(text):
        return date.fromisoformat(text)
    try:
        return today - timedelta(days=int(text[:-1]))
    except OverflowError:
        return date.min


def read_partial(text: str) -> str:
    """Return a year, a month or a day; raises ValueError for what is none."""
    if not PARTIAL.fullmatch(text):
        raise ValueError(text)
    date.fromisoformat(text + FIRST[len(text) - 4 :])
    return text


def first_day(partial: str) -> str:
    """Return the first day of a year, month or day."""
    return partial + FIRST[len(partial) - 4 :]


def last_day(partial: str) -> str:
    """Return a text that no day of it stands behind, and no other day before."""
    return partial + (
        "-31" if len(partial) == len("2011-04") else LAST[len(partial) - 4 :]
    )
