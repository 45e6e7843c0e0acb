"""What was asked: the log of requests, and how tests say which requests they mean."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any, TypedDict, Unpack


@dataclass(frozen=True)
class Seen:
    """One request, as the demo understood it.

    One to another address than /graphql is called "file", with its path as document.
    """

    operation: str  # the operation's name, "" for none or for a refused document
    roots: tuple[str, ...]  # root fields, one for each alias
    variables: Mapping[str, Any]
    document: str
    at: datetime

    @property
    def page(self) -> int:
        """The page asked for; 1 where none is named."""
        return (self.variables.get("filter") or {}).get("page") or 1

    @property
    def after(self) -> int | None:
        """The id after which a keyset page of scenes begins."""
        criterion = (self.variables.get("scene_filter") or {}).get("id") or {}
        return criterion.get("value")


class Asked(TypedDict, total=False):
    """Which requests are meant; everything given must hold."""

    operation: str
    root: str
    page: int
    after: int
    where: Callable[[Seen], bool]


def matches(seen: Seen, asked: Asked) -> bool:
    where = asked.get("where")
    return (
        asked.get("operation", seen.operation) == seen.operation
        and ("root" not in asked or asked["root"] in seen.roots)
        and asked.get("page", seen.page) == seen.page
        and ("after" not in asked or asked["after"] == seen.after)
        and (where is None or where(seen))
    )


class Requests:
    """Every request since the start or the last `clear`, oldest first."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._seen: list[Seen] = []

    def add(self, seen: Seen) -> None:
        with self._lock:
            self._seen.append(seen)

    def clear(self) -> None:
        with self._lock:
            self._seen.clear()

    def __iter__(self) -> Iterator[Seen]:
        with self._lock:
            return iter(list(self._seen))

    def __len__(self) -> int:
        return len(self._seen)

    def count(self, **asked: Unpack[Asked]) -> int:
        """Return how many requests match."""
        return sum(matches(seen, asked) for seen in self)
