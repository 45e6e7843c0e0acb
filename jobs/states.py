"""What a job's status may be, and what its JSON columns may hold."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

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
    SYSTEM = "system"


ACTIVE = (Status.QUEUED, Status.RUNNING)
ENDED = (Status.SUCCEEDED, Status.FAILED, Status.CANCELLED)


def storable(text: str) -> str:
    """Return the text without what PostgreSQL does not take: NUL characters."""
    return text.replace("\x00", "")
