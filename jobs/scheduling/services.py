"""What can be asked of schedules: keep, turn on and off, run now, remove."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from jobs.clock import database_now
from jobs.enums import JSON, Misfire, Outcome, Overlap, Trigger
from jobs.errors import BadSchedule, ScheduleNotFound
from jobs.models import TITLE_LENGTH, Job, Schedule, SeededSchedule
from jobs.names import free_name
from jobs.queue import registry
from jobs.scheduling import slots
from jobs.scheduling.firing import (
    MOST_JITTER_S,
    note_fire,
    plan,
)
from jobs.scheduling.slots import Rule
from jobs.services import JobRef, create_job
from jobs.viewer import Viewer


@dataclass(frozen=True, slots=True)
class ScheduleSpec:
    """What a schedule shall be."""

    name: str
    kind: str
    params: Mapping[str, JSON] = field(default_factory=dict)
    cron: str = ""
    every_minutes: int | None = None
    zone: str = "UTC"
    overlap: str = Overlap.SKIP
    misfire: str = Misfire.SKIP
    jitter_s: int = 0
    enabled: bool = True


def save_schedule(
    spec: ScheduleSpec, schedule_id: int | None = None, *, viewer: Viewer | None = None
) -> int:
    """Keep a schedule, a new one or one that is there; returns its id.

    What is due is worked out anew, from now on. `viewer` is who asks for it on a page,
    and must hold the right of the kind; without one it is Steward itself, or a command.

    Raises ScheduleNotFound, BadSchedule, UnknownKind, NotAllowed, and BadParams for
    what the kind does not take.
    """
    rule, params = _checked(spec)
    registry.check_right(spec.kind, viewer)
    with transaction.atomic():
        schedule = Schedule() if schedule_id is None else _locked(schedule_id)
        schedule.name = " ".join(spec.name.split())
        schedule.kind, schedule.params = spec.kind, params
        schedule.cron, schedule.every_minutes = rule.cron, rule.every_minutes
        schedule.zone = rule.zone
        schedule.overlap = Overlap(spec.overlap)
        schedule.misfire = Misfire(spec.misfire)
        schedule.jitter_s = spec.jitter_s
        _turn(schedule, on=spec.enabled)
        _save(schedule)
    return schedule.pk


def _checked(spec: ScheduleSpec) -> tuple[Rule, dict[str, JSON]]:
    if not 0 < len(" ".join(spec.name.split())) <= TITLE_LENGTH:
        msg = f"A schedule needs a name of 1 to {TITLE_LENGTH} characters."
        raise BadSchedule(msg, field="name")
    params = registry.checked_params(spec.kind, spec.params)
    if not 0 <= spec.jitter_s <= MOST_JITTER_S:
        msg = f"Choose a jitter from 0 to {MOST_JITTER_S:,} seconds."
        raise BadSchedule(msg, field="jitter_s")
    return slots.checked(Rule(spec.cron, spec.every_minutes, spec.zone)), params


def enable_schedule(schedule_id: int, *, viewer: Viewer | None = None) -> None:
    """Turn a schedule on, from now on; what it missed meanwhile is not made up for.

    Raises ScheduleNotFound, and what `save_schedule` raises if it cannot be as it is,
    or may not be by this `viewer`.
    """
    with transaction.atomic():
        schedule = _locked(schedule_id)
        registry.checked_params(schedule.kind, schedule.params)
        registry.check_right(schedule.kind, viewer)
        slots.checked(Rule(schedule.cron, schedule.every_minutes, schedule.zone))
        _turn(schedule, on=True)
        schedule.save()


def disable_schedule(schedule_id: int) -> None:
    """Turn a schedule off; jobs that it made go on. Raises ScheduleNotFound."""
    with transaction.atomic():
        schedule = _locked(schedule_id)
        _turn(schedule, on=False)
        schedule.save()


def delete_schedule(schedule_id: int) -> str:
    """Remove a schedule and its history, not its jobs; returns its name.

    Raises ScheduleNotFound.
    """
    with transaction.atomic():
        schedule = _locked(schedule_id)
        schedule.delete()
    return schedule.name


def delete_schedules_of(params: Mapping[str, JSON]) -> int:
    """Remove the schedules whose params hold these values; returns how many."""
    match = {f"params__{name}": value for name, value in params.items()}
    rows = Schedule.objects.filter(**match)
    with transaction.atomic():
        count = rows.count()
        rows.delete()
    return count


def run_now(schedule_id: int, *, viewer: Viewer | None = None) -> JobRef:
    """Ask for a job of this schedule at once, also when it is off.

    Raises ScheduleNotFound, UnknownKind, BadParams, NotAllowed.
    """
    by = None if viewer is None else viewer.user_id
    with transaction.atomic():
        schedule = _locked(schedule_id)
        registry.check_right(schedule.kind, viewer)
        registry.checked_params(schedule.kind, schedule.params)
        ref = create_job(
            schedule.kind,
            schedule.params,
            title=schedule.name,
            trigger=Trigger.SCHEDULE,
            by=by,
        )
        outcome = Outcome.MADE if ref.created else Outcome.JOINED
        note_fire(schedule, None, outcome, job_id=ref.job_id)
        schedule.last_job = Job(pk=ref.job_id)
        schedule.save(update_fields=["last_job"])
    return ref


def ensure_default(key: str, spec: ScheduleSpec) -> int | None:
    """Keep a schedule that comes with Steward; None if it was kept once already.

    Who changes or removes it is not overruled: `key` is remembered for good.
    """
    if SeededSchedule.objects.filter(pk=key).exists():
        return None
    with transaction.atomic():
        _, new = SeededSchedule.objects.get_or_create(pk=key)
        if not new:
            return None
        taken = set(Schedule.objects.values_list("name", flat=True))
        return save_schedule(replace(spec, name=free_name(spec.name, taken)))


def _locked(schedule_id: int) -> Schedule:
    row = Schedule.objects.select_for_update().filter(pk=schedule_id).first()
    if row is None:
        raise ScheduleNotFound(schedule_id)
    return row


def _turn(schedule: Schedule, *, on: bool) -> None:
    schedule.enabled, schedule.disabled_reason = on, ""
    schedule.slot_at = schedule.next_at = None
    if on:
        plan(schedule, database_now())


def _save(schedule: Schedule) -> None:
    schedule.updated_at = Now()
    try:
        with transaction.atomic():
            schedule.save()
    except IntegrityError as exc:
        msg = f"There is a schedule named “{schedule.name}” already: choose another."
        raise BadSchedule(msg, field="name") from exc
