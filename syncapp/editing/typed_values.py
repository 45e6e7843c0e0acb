"""Reads what somebody types to set: the same is taken as Stash takes, and no more."""

import re

from syncapp.editing.steps import EditStep
from syncapp.filters.days import read_partial

RATING = re.compile(r"\d{1,3}", re.ASCII)
HIGHEST = 100
NAME_LENGTH = 255


class Untakeable(ValueError):
    """What was typed is no such value; the text is a sentence for a person."""


def typed_date(text: str) -> str:
    """Return a date as Stash stores it; raises Untakeable."""
    if not is_date(text):
        msg = f"“{text}” is no date: write it as 2019-08-01."
        raise Untakeable(msg)
    return text


def is_date(text: str) -> bool:
    """Return whether Stash takes it as a date: a day, a month or a year."""
    try:
        read_partial(text)
    except ValueError:
        return False
    return True


def is_partial(text: str) -> bool:
    """Return whether a date lacks its day or month."""
    return len(text) < len("2019-08-01")


def typed_rating(text: str) -> str:
    """Return a rating as a change stores it; raises Untakeable."""
    if not is_rating(text):
        msg = f"“{text}” is no rating: write a number of 1 to {HIGHEST}."
        raise Untakeable(msg)
    return str(int(text))


def is_rating(text: str) -> bool:
    return bool(RATING.fullmatch(text)) and 1 <= int(text) <= HIGHEST


def typed_name(text: str) -> str:
    """Return a name without what surrounds it; raises Untakeable."""
    name = text.strip()
    if len(name) > NAME_LENGTH or not (name + "x").isprintable():
        msg = f"A name is one line of at most {NAME_LENGTH} characters."
        raise Untakeable(msg)
    return name


def clearing(field: str) -> EditStep:
    """Return the step that leaves nothing in a field."""
    return EditStep(field, "set")
