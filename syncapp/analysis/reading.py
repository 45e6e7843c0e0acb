"""A scene's texts, read once for all detectors."""

from dataclasses import dataclass

from syncapp.analysis.facts import SceneFacts
from syncapp.analysis.library import EntityKind, SpellingRule


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text, folded, with where it stands in the text itself."""

    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Match:
    """A name that was found in a text."""

    kind: EntityKind
    entity_ids: tuple[int, ...]  # more than one: a name that several share
    start: int  # characters of the text
    end: int
    spelling: str  # the name or alias as the library has it
    is_alias: bool
    inside: str = ""  # the longer name that it stands inside of: then it is held back
    rules: tuple[SpellingRule, ...] = ()  # what a person says of this spelling, not OFF
    is_joined: bool = False  # "JaneDoe"
    is_reversed: bool = False  # "Doe, Jane"


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a path: a folder, or the file's name without its extension."""

    start: int
    end: int
    is_file: bool
    is_root: bool  # below nothing but library roots, and one itself: no evidence


@dataclass(frozen=True, slots=True)
class ReadText:
    """One text of a scene, folded and matched."""

    name: str  # as `Span.text`
    text: str
    tokens: tuple[Token, ...]
    matches: tuple[Match, ...]
    segments: tuple[Segment, ...] = ()  # of a path alone, from the top


@dataclass(frozen=True, slots=True)
class SceneReading:
    """What detectors get of a scene."""

    facts: SceneFacts
    texts: tuple[ReadText, ...]  # the paths first
    options: frozenset[str] = frozenset()  # "studio.replace": switched on for this run
