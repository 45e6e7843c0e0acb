"""The words of jobs and schedules, and what their JSON columns may hold."""

import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

JSON = None | bool | int | float | str | Sequence["JSON"] | Mapping[str, "JSON"]


class Status(StrEnum):
    QUEUED = "queued"  # waits for a worker, for its time, or for its exclusive key
    RUNNING = "running"  # a worker holds its lease
    SUCCEEDED = "succeeded"
    FAILED = "failed"  # for good; "retry" makes a new job
    CANCELLED = "cancelled"


class Lane(StrEnum):
    """Jobs of one length, for which processes are kept apart."""

    SYSTEM = "system"  # Steward's own upkeep
    SHORT = "short"  # what somebody waits for
    LONG = "long"


class Trigger(StrEnum):
    """Who asked for a job."""

    BUTTON = "button"
    COMMAND = "command"
    RETRY = "retry"
    SCHEDULE = "schedule"
    SYSTEM = "system"


class Overlap(StrEnum):
    """What a schedule does when its last job is still active."""

    SKIP = "skip"  # no job for this slot
    QUEUE = "queue"  # another job, which waits its turn


class Misfire(StrEnum):
    """What becomes of slots that nobody was there to fire."""

    SKIP = "skip"
    ONCE = "once"  # one job for all of them


class Outcome(StrEnum):
    """What became of a slot."""

    MADE = "made"
    JOINED = "joined"  # the same work was active already
    SKIPPED = "skipped"  # its last job was still active
    MISSED = "missed"
    REFUSED = "refused"  # no such job can be made: the schedule was turned off


ACTIVE = (Status.QUEUED, Status.RUNNING)
ENDED = (Status.SUCCEEDED, Status.FAILED, Status.CANCELLED)


def storable(text: str) -> str:
    """Return the text without what a database does not take.

    NUL characters are left out; halves of a pair (surrogates) become their escapes.
    """
    whole = text.encode(errors="backslashreplace").decode()
    return whole.replace("\x00", "")


def storable_json(value: Any) -> Any:
    """Return the value with storable texts.

    Raises ValueError or TypeError for what is not JSON, NaN among it.
    """
    return _storable(json.loads(json.dumps(value, allow_nan=False)))


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {storable(name): _storable(item) for name, item in value.items()}
    return value
