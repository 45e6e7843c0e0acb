"""The form of a detector: facts in, findings out."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from syncapp.analysis.facts import SceneFacts
from syncapp.analysis.library import KnownLibrary
from syncapp.analysis.proposals import Finding
from syncapp.analysis.reading import SceneReading

MayStop = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Detector:
    """One way to find something to change. Pure: the same in, the same out."""

    name: str
    version: int  # rises whenever its findings may differ from before
    title: str  # for a person: "Studio"
    does: str  # in a sentence
    kinds: Mapping[str, str]  # its evidence kinds, each with what it means
    find: Callable[[SceneReading, KnownLibrary], Iterator[Finding]]
    # Options that may be switched on, each with what it does; all are off by default.
    options: Mapping[str, str] = field(default_factory=dict)
    is_on_request: bool = False  # runs only where it is named


@dataclass(frozen=True, slots=True)
class LibraryDetector:
    """One way to find what only all scenes together show. Pure, as a `Detector` is."""

    name: str
    version: int
    title: str
    does: str
    kinds: Mapping[str, str]
    # Reads every scene of a source once, in the order of their ids; yields the id of a
    # scene with each finding. Calls the last, which may raise to end it, each second.
    find: Callable[
        [Iterable[SceneFacts], KnownLibrary, MayStop], Iterator[tuple[int, Finding]]
    ]
    mark: str = ""  # the mark of `Rules.marks` without which it proposes nothing
    options: Mapping[str, str] = field(default_factory=dict)
    is_on_request: bool = True
