"""What detectors say of a scene: proposals, and what they held back with its reason."""

from dataclasses import dataclass
from enum import StrEnum


class SceneField(StrEnum):
    """What of a scene is proposed to change."""

    STUDIO = "studio"
    PERFORMERS = "performers"
    TAGS = "tags"
    DATE = "date"
    TITLE = "title"
    DETAILS = "details"


class Op(StrEnum):
    SET = "set"
    ADD = "add"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class TextSpan:
    """Characters of a text that a proposal rests on."""

    text: str  # "path" (of the primary file), "path:1" (of the second), "title", ...
    start: int  # offsets into the text as the source tells it, never into a folded one
    end: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why something is proposed."""

    kind: str  # one of the detector's kinds: its confidence is measured by this
    sentence: str  # for a person: 'The folder "Blue Planet Films" is its name.'
    spans: tuple[TextSpan, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """One thing to change in a scene, before it is stored as a change."""

    field: SceneField
    op: Op
    value: int | str  # the row id of an entity, or a text
    evidence: Evidence
    # One key for all proposals of one reason, over all scenes:
    # 'studio 12 because of the folder "blue planet films"'.
    cause: str
    # Proposals of one scene with the same choice exclude each other: a person picks.
    choice: str = ""


@dataclass(frozen=True, slots=True)
class HeldBack:
    """What was considered and is not proposed; told to who asks why not."""

    field: SceneField
    value: int | str
    reason: str  # a sentence: '"Jade" stands inside the longer name "Jade Kush".'
    spans: tuple[TextSpan, ...] = ()


Finding = Proposal | HeldBack
