"""What became of a change, for a person: what was lost, found, and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from syncapp.applying.stored import stored_value
from syncapp.models.change_states import ChangeState
from syncapp.models.field_words import shown_value
from syncapp.models.keys import row_id
from syncapp.queries.plan_now import NamedValue, PlanNow, named_value
from syncapp.queries.planned_scenes import KeptImage, PlannedChange

NONE = NamedValue("none")
WORDS: Mapping[str, str] = {
    ChangeState.WRITING: "It is being written, or its answer was lost; the next apply "
    "of this plan finds out.",
    ChangeState.OVERWROTE: "It was written over an edit of the same moment.",
    ChangeState.CHANGED_SINCE: "It was written, and somebody changed it again at once.",
    ChangeState.CONFLICT: "Nothing was written: somebody changed it since.",
    ChangeState.FAILED: "Nothing was written.",
    ChangeState.SKIPPED: "The scene had it already, so nothing was written.",
    ChangeState.UNDONE: "It was written, and taken back.",
}
# What an apply had to do with; what only waits stands on its plan's page.
ENDED = tuple(
    state.value
    for state in ChangeState
    if state not in (ChangeState.PROPOSED, ChangeState.ACCEPTED, ChangeState.REJECTED)
)
# A value was lost around the write: another's, or ours.
LOST = (ChangeState.OVERWROTE, ChangeState.CHANGED_SINCE)


@dataclass(frozen=True, slots=True)
class ReadOutcome:
    """How a change ended; a value that there is none to tell of is None."""

    words: str
    expected: NamedValue | None  # of a conflict
    found: NamedValue | None  # what stands there instead
    lost: NamedValue | None  # what somebody else had written, and ours lies over
    written_at: datetime | None
    job_id: int | None
    is_job_known: bool
    puts_back: bool  # a value was lost, theirs or ours, that can be written again


def read_outcome(
    change: PlannedChange, source_id: int, now: PlanNow
) -> ReadOutcome | None:
    """Return what became of a change; None as long as it waits."""
    state = change.state
    if state not in WORDS and change.written_at is None:
        return None
    found = _told(change, change.image_found, source_id, now)
    is_conflict = state == ChangeState.CONFLICT
    return ReadOutcome(
        words=WORDS.get(state, ""),
        expected=_expected(change, now) if is_conflict else None,
        found=found,
        lost=_told(change, change.image_before, source_id, now)
        if state == ChangeState.OVERWROTE
        else None,
        written_at=change.written_at,
        job_id=change.written_by_job,
        is_job_known=change.written_by_job in now.jobs,
        puts_back=state in LOST,
    )


def _expected(change: PlannedChange, now: PlanNow) -> NamedValue:
    if change.op != "set":
        return NamedValue("it was there" if change.op == "remove" else "it was not")
    if change.before_id is None and not change.before:
        return NONE
    return named_value(change.field, change.before, change.before_id, now)


def _told(
    change: PlannedChange,
    image: KeptImage | None,
    source_id: int,
    now: PlanNow,
) -> NamedValue | None:
    if image is None:
        return None
    value: Any = image["is"]
    if change.op != "set":
        return NamedValue("the scene has it" if value else "the scene has it not")
    if value is None or value == "":
        return NONE
    if change.field == "studio":
        return named_value("studio", "", row_id(source_id, int(value)), now)
    text = stored_value(change.field, value, source_id).text
    return NamedValue(shown_value(change.field, text))
