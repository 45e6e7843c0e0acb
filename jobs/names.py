"""Finds names that are still free."""

from collections.abc import Collection
from itertools import chain, count


def free_name(name: str, taken: Collection[str]) -> str:
    """Return `name`, or the first of "name 2", "name 3" ... that is not taken."""
    candidates = chain([name], (f"{name} {number}" for number in count(2)))
    return next(each for each in candidates if each not in taken)
