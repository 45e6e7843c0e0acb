"""What pages and commands show of schedules: frozen values, never rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from jobs.clock import database_now
from jobs.enums import JSON
from jobs.errors import BadSchedule, JobError, ScheduleNotFound
from jobs.models import Schedule, ScheduleFire
from jobs.numbers import parse_id
from jobs.queries import JobCard, job_card
from jobs.queue import registry
from jobs.scheduling import slots
from jobs.scheduling.firing import rule_of
from jobs.scheduling.slots import Rule, Slot

PREVIEWED, LATEST = 10, 20
OUTCOMES = {
    "made": "",
    "joined": "joined a job",
    "skipped": "left out",
    "missed": "missed",
    "refused": "turned off",
}


@dataclass(frozen=True, slots=True)
class ScheduleLine:
    """A schedule in a list."""

    schedule_id: int
    name: str
    kind: str
    title: str  # of the kind; the kind itself if nothing does it any more
    params: Mapping[str, JSON]
    cron: str
    every_minutes: int | None
    zone: str
    words: str  # what the rule says
    overlap: str
    misfire: str
    jitter_s: int
    enabled: bool
    disabled_reason: str
    next_at: datetime | None
    last_job_id: int | None
    last_status: str  # "" if there was none


@dataclass(frozen=True, slots=True)
class Fire:
    """What became of a slot; `slot_at` is None for "Run now"."""

    slot_at: datetime | None
    at: datetime
    outcome: str
    word: str  # for what is not a job: "missed"
    note: str
    job_id: int | None
    job_status: str
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class ScheduleDetail:
    line: ScheduleLine
    preview: tuple[Slot, ...]  # as if it were on
    fires: tuple[Fire, ...]  # the latest


@dataclass(frozen=True, slots=True)
class KindLine:
    """A kind of job that can be scheduled, and which parameters it needs and takes."""

    kind: str
    title: str
    needs: tuple[str, ...]
    takes: tuple[str, ...]  # these may be left out


def list_schedules() -> tuple[ScheduleLine, ...]:
    return tuple(_schedule_line(row) for row in _schedules())


def schedule_detail(schedule_id: int) -> ScheduleDetail:
    """Return all that is shown of a schedule; raises ScheduleNotFound."""
    row = _schedules().filter(pk=schedule_id).first()
    if row is None:
        raise ScheduleNotFound(schedule_id)
    fires = ScheduleFire.objects.filter(schedule=row).select_related("job")
    return ScheduleDetail(
        _schedule_line(row),
        _preview_or_nothing(rule_of(row)),
        tuple(_fire(fire) for fire in fires[:LATEST]),
    )


def schedule_named(which: str) -> ScheduleLine:
    """Return the schedule of this name or number; raises ScheduleNotFound."""
    row = _schedules().filter(name=which).first()
    if row is None and (schedule_id := parse_id(which)) is not None:
        row = _schedules().filter(pk=schedule_id).first()
    if row is None:
        raise ScheduleNotFound(repr(which))
    return _schedule_line(row)


def preview(rule: Rule, count: int = PREVIEWED) -> tuple[Slot, ...]:
    """Return when a rule is due from now on; raises BadSchedule."""
    return slots.upcoming(slots.checked(rule), database_now(), count)


def list_kinds() -> tuple[KindLine, ...]:
    """Return the kinds of job that there are."""
    handlers = [registry.get(kind) for kind in registry.kinds()]
    return tuple(KindLine(h.kind, h.title, h.needs, h.takes) for h in handlers)


def job_to_repeat(job_id: int) -> JobCard:
    """Return the job that a new schedule is to repeat; raises JobNotFound."""
    return job_card(job_id)


def _schedules() -> "QuerySet[Schedule, Schedule]":
    return Schedule.objects.select_related("last_job")


def _schedule_line(row: Schedule) -> ScheduleLine:
    last = row.last_job
    return ScheduleLine(
        schedule_id=row.pk,
        title=_title(row.kind),
        words=_words(rule_of(row)),
        last_status=last.status if last else "",
        **{
            name: getattr(row, name)
            for name in (
                *("name", "kind", "params", "cron", "every_minutes", "zone"),
                *("overlap", "misfire", "jitter_s", "enabled", "disabled_reason"),
                *("next_at", "last_job_id"),
            )
        },
    )


def _title(kind: str) -> str:
    try:
        return registry.get(kind).title
    except JobError:
        return kind


def _words(rule: Rule) -> str:
    try:
        return slots.in_words(rule)
    except BadSchedule as exc:
        return str(exc)


def _preview_or_nothing(rule: Rule) -> tuple[Slot, ...]:
    try:
        return preview(rule)
    except BadSchedule:
        return ()  # why is said with its reason for being off


def _fire(row: ScheduleFire) -> Fire:
    job = row.job
    return Fire(
        slot_at=row.slot_at,
        at=row.at,
        outcome=row.outcome,
        word=OUTCOMES[row.outcome],
        note=row.note,
        job_id=job.pk if job else None,
        job_status=job.status if job else "",
        started_at=job.started_at if job else None,
        finished_at=job.finished_at if job else None,
    )
