"""Parts of a long list, one after the other."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def batches(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Yield `items` in their order, at most `size` at a time; nothing for none."""
    return (items[start : start + size] for start in range(0, len(items), size))
