"""What one change means at its source, and what became of it: plain values alone.

An **image** of a change is what the source holds of the thing that it is about: for a
set the field's value, for an add or a remove whether the element is there. So images of
two moments compare by equality, and a change is undone by its image of before.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from syncapp.models.change_states import ChangeState
from syncapp.stash.scene_writing import SceneValues, SceneWritten

Image = str | int | bool | None
# Fields that are lists of elements, and what an input of Stash calls them.
LISTS = {"performers": "performer_ids", "tags": "tag_ids"}


class ChangeVerdict(StrEnum):
    """What is to be done about a change, by what the source holds now."""

    WRITE = "write"
    SKIP = "skip"  # it is so already
    CONFLICT = "conflict"  # somebody made something else of it


@dataclass(frozen=True, slots=True)
class Intent:
    """One accepted change, in the source's own ids.

    `value` of a set is what is to stand there, "" or None for nothing; of an add or a
    remove the id of the element. `before` is what a set expects to find.
    """

    change_id: int
    field: str
    op: str
    value: str | int | bool | None
    before: Image = None
    value_key: str = ""  # what the value is known by: another since is an edit

    @property
    def wanted(self) -> Image:
        """The image that is meant."""
        return self.value if self.op == "set" else self.op == "add"

    @property
    def expected(self) -> Image:
        """The image that was there when it was proposed."""
        return self.before if self.op == "set" else self.op == "remove"

    def image(self, scene: SceneValues) -> Image:
        """Return the image of it that a scene shows."""
        held = getattr(scene, self.field)
        return held if self.op == "set" else self.value in held


@dataclass(frozen=True, slots=True)
class Settled:
    """How a change ended; `found` is what was there instead of what was meant."""

    state: ChangeState
    before: Image
    found: Image = None


def judge_change(
    intent: Intent, scene: SceneValues, own: Collection[Image] = ()
) -> ChangeVerdict:
    """Say what to do by what the scene holds now.

    `own`: images that later plans of ours left there, which are no conflict.
    """
    image = intent.image(scene)
    if image == intent.wanted:
        return ChangeVerdict.SKIP
    if image == intent.expected or image in own:
        return ChangeVerdict.WRITE
    return ChangeVerdict.CONFLICT


def settle(intent: Intent, before: SceneValues, written: SceneWritten) -> Settled:
    """Say what became of a change, by the scene around its write.

    `before` was read ahead of the write. What `seen` shows otherwise is an edit that
    came between: ours lies over it, and it is kept.
    """
    there = intent.image(before if written.seen is None else written.seen)
    after = intent.image(written.wrote)
    if after != intent.wanted:
        return Settled(ChangeState.CHANGED_SINCE, there, after)
    if there == intent.wanted:
        return Settled(ChangeState.SKIPPED, there)
    if there != intent.image(before):
        return Settled(ChangeState.OVERWROTE, there)
    return Settled(ChangeState.APPLIED, there)


def scene_input(intents: Iterable[Intent]) -> dict[str, Any]:
    """Return the input of one write that does all of these, and nothing else.

    Lists go by what is added or by what is removed, so elements that others add stay;
    one list cannot do both in one write: see `writes_of`.
    """
    given: dict[str, Any] = {}
    for intent in intents:
        if intent.op == "set":
            name, value = _scalar(intent)
            given[name] = value
            continue
        name = LISTS[intent.field]
        move = given.setdefault(name, {"mode": intent.op.upper(), "ids": []})
        move["ids"].append(str(intent.value))
    return given


def writes_of(intents: Iterable[Intent]) -> list[list[Intent]]:
    """Part the changes of one scene into as few writes as lists allow: one, or two."""
    first: list[Intent] = []
    second: list[Intent] = []
    ops: dict[str, str] = {}
    for intent in intents:
        # Of two values for one field the second meets the first, and is in conflict.
        is_second = intent.op == "set" and intent.field in ops
        is_other = ops.setdefault(intent.field, intent.op) != intent.op
        (second if is_other or is_second else first).append(intent)
    return [part for part in (first, second) if part]


def _scalar(intent: Intent) -> tuple[str, Any]:
    value = intent.value
    match intent.field:
        case "studio":
            return "studio_id", None if value is None else str(value)
        case "rating":
            return "rating100", value
        case "date":
            return "date", value or None
    return intent.field, value
