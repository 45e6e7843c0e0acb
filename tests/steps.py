"""A job of six steps that a test can hold in the middle."""

from pathlib import Path
from typing import Any

from jobs import services
from jobs.models import JobEvent

STEPS = 6


def held_job(gate: Path, **params: Any) -> int:
    """Ask for six steps of which the last three wait until the file `gate` is there."""
    given: dict[str, Any] = {"room": 1, "names": [], "steps": STEPS}
    given |= {"gates": {"3": str(gate)}, **params}
    return services.create_job("test.steps", given).job_id


def steps_done(job_id: int) -> list[int]:
    """Return the steps that were committed, in their order."""
    events = JobEvent.objects.filter(job_id=job_id, code="step").order_by("seq")
    return list(events.values_list("data__step", flat=True))
