"""The form of a detector: facts in, findings out."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from syncapp.analysis.library import Library
from syncapp.analysis.proposals import Finding
from syncapp.analysis.reading import SceneReading


@dataclass(frozen=True, slots=True)
class Detector:
    """One way to find something to change. Pure: the same in, the same out."""

    name: str
    version: int  # rises whenever its findings may differ from before
    title: str  # for a person: "Studio"
    does: str  # in a sentence
    kinds: Mapping[str, str]  # its evidence kinds, each with what it means
    find: Callable[[SceneReading, Library], Iterator[Finding]]
    # Options that may be switched on, each with what it does; all are off by default.
    options: Mapping[str, str] = field(default_factory=dict)
    is_on_request: bool = False  # runs only where it is named
