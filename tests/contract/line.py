"""What a line of the contract is: a question, and what a real Stash answers to it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Release = tuple[int, ...]
FIRST: Release = (0, 24)


# Values that stand for many. All else in an answer is compared as it is; texts in
# braces ("{tag}") are put in first: see `server.Place`.


@dataclass(frozen=True)
class Like:
    """A text that this expression finds itself in."""

    pattern: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and bool(re.search(self.pattern, other))

    def __hash__(self) -> int:
        return hash(self.pattern)


@dataclass(frozen=True)
class Where:
    """A value for which this holds; `says` is how it is printed."""

    says: str
    holds: Callable[[Any], bool]

    def __eq__(self, other: object) -> bool:
        return bool(self.holds(other))

    def __hash__(self) -> int:
        return hash(self.says)

    def __repr__(self) -> str:
        return self.says


@dataclass(frozen=True)
class Number:
    """An id that is put in as a number."""

    text: str


# Answers.


@dataclass(frozen=True)
class Data:
    """A 200 with this data and no error."""

    data: Any


@dataclass(frozen=True)
class Refused:
    """A 200 whose first error has this message, and this path."""

    message: Any
    data: Any = field(default_factory=lambda: Where("any data", lambda _: True))
    path: Any = field(default_factory=lambda: Where("any path", lambda _: True))


@dataclass(frozen=True)
class Misfit:
    """A 422: nothing of the document was done."""

    code: str = "GRAPHQL_VALIDATION_FAILED"


@dataclass(frozen=True)
class Page:
    """A plain answer of HTTP; what is None is not looked at."""

    status: int
    kind: str | None = None  # its type, without parameters
    body: Any = None
    headers: Mapping[str, Any] = field(default_factory=dict)


Answer = Data | Refused | Misfit | Page


# Questions.


@dataclass(frozen=True)
class Http:
    """A request that is no usual POST of a document."""

    method: str
    path: str
    # On top of the usual ones; an empty one is left out.
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """A document that is asked before the question, and must go well."""

    document: str
    given: Mapping[str, Any]
    # What later texts in braces stand for: their name, and the way to it in the answer.
    keep: Mapping[str, str] = field(default_factory=dict)
    after_s: float = 0.0  # it waits so long first, for stamps are in whole seconds


@dataclass(frozen=True)
class Line:
    """One line. `answer` may be a tuple of (since, answer), the oldest first."""

    says: str
    ask: str | Http
    answer: Answer | tuple[tuple[Release, Answer], ...]
    given: Mapping[str, Any] = field(default_factory=dict)
    before: tuple[Step, ...] = ()
    writes: bool = False  # asked only where it may be
    keyed: bool = False  # asked only of a server that wants a key
    within_s: float = 0.0  # asked again for so long, until the answer is right
    since: Release = FIRST

    def right(self, release: Release) -> Answer:
        """Return what a server of this release answers."""
        if not isinstance(self.answer, tuple):
            return self.answer
        return [right for since, right in self.answer if since <= release][-1]


def done(
    document: str,
    *,
    keep: Mapping[str, str] | None = None,
    after_s: float = 0.0,
    **given: Any,
) -> Step:
    """Name a document that is asked before the question, and its variables."""
    return Step(document, given, keep or {}, after_s)
