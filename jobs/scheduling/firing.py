"""Turns due schedules into jobs: one short transaction each, each slot once."""

import logging
import random
from datetime import datetime, timedelta
from typing import Any

from django.db import DataError, IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from jobs.enums import ACTIVE, Misfire, Outcome, Overlap, Trigger
from jobs.errors import BadParams, JobError, JobStillActive
from jobs.models import MESSAGE_LENGTH, Job, Schedule, ScheduleFire
from jobs.scheduling import slots
from jobs.scheduling.slots import Rule
from jobs.services import create_job

logger = logging.getLogger(__name__)
GRACE = timedelta(minutes=2)  # a slot that is later than this was missed
MOST_SLOTS = 10  # of one schedule, in one tick
# What a row can hold that makes it impossible to fire; a database that is away is not
# among it.
BROKEN = (JobError, DataError, ValueError, TypeError)


def tick(now: datetime | None = None) -> int:
    """Make the jobs of all schedules that are due; returns how many were made.

    Any number of processes may do so at once: each slot has one job at most. A schedule
    of which no job can be made is turned off with the reason; the others go on.
    """
    moment = now or timezone.now()
    due = Schedule.objects.filter(
        Q(next_at=None) | Q(next_at__lte=moment), enabled=True
    ).order_by("next_at", "pk")
    return sum(_fire_all(pk, moment) for pk in due.values_list("pk", flat=True))


def plan(schedule: Schedule, after: datetime) -> None:
    """Set what comes next after a moment: its slot, and the jitter on it."""
    found = slots.upcoming(rule_of(schedule), after, 1)
    schedule.slot_at = found[0].at if found else None
    schedule.next_at = schedule.slot_at
    if schedule.slot_at is not None and schedule.jitter_s:
        late_s = random.randint(0, schedule.jitter_s)  # noqa: S311 - spreads load
        schedule.next_at = schedule.slot_at + timedelta(seconds=late_s)


def rule_of(schedule: Schedule) -> Rule:
    return Rule(schedule.cron, schedule.every_minutes, schedule.zone)


def note_fire(
    schedule: Schedule, slot_at: datetime | None, outcome: Outcome, **fields: Any
) -> bool:
    """Write down what became of a slot; False if that was written already."""
    note = str(fields.pop("note", ""))[:MESSAGE_LENGTH]
    try:
        with transaction.atomic():
            ScheduleFire.objects.create(
                schedule=schedule,
                slot_at=slot_at,
                outcome=outcome,
                note=note,
                **fields,
            )
    except IntegrityError:
        if not ScheduleFire.objects.filter(schedule=schedule, slot_at=slot_at).exists():
            raise
        return False
    return True


def _fire_all(schedule_id: int, now: datetime) -> int:
    made = 0
    for _ in range(MOST_SLOTS):
        try:
            outcome = _fire(schedule_id, now)
        except JobStillActive:
            break  # keys that come and go: the next tick tries again
        except BROKEN as exc:
            _turn_off(schedule_id, str(exc))
            break
        if outcome is None:
            break
        made += outcome == Outcome.MADE
    return made


@transaction.atomic
def _fire(schedule_id: int, now: datetime) -> Outcome | None:
    """Do what is due of a schedule, one slot; None if nothing is."""
    schedule = Schedule.objects.select_for_update().filter(pk=schedule_id).first()
    if schedule is None:
        return None  # it was deleted just now
    slot_at, next_at = schedule.slot_at, schedule.next_at
    if not schedule.enabled or (next_at is not None and next_at > now):
        return None  # another process was faster
    if slot_at is None or next_at is None:  # not planned yet
        plan(schedule, now)
        _save_firing(schedule)
        return None
    missed = now - next_at > GRACE
    if missed and schedule.misfire == Misfire.SKIP:
        outcome = Outcome.MISSED
        note_fire(schedule, slot_at, outcome, note=_missed(slot_at, now))
        plan(schedule, max(slot_at, now - GRACE))
    else:
        outcome = _make(schedule, slot_at, late=missed)
        plan(schedule, now if missed else slot_at)
    _save_firing(schedule)
    return outcome


def _make(schedule: Schedule, slot_at: datetime, *, late: bool) -> Outcome:
    """Make the slot's job, unless its last one is at work and the schedule minds."""
    last = schedule.last_job
    if schedule.overlap == Overlap.SKIP and last is not None and last.status in ACTIVE:
        note = f"Job {last.pk} of this schedule was still {last.status}."
        note_fire(schedule, slot_at, Outcome.SKIPPED, note=note)
        return Outcome.SKIPPED
    if ScheduleFire.objects.filter(schedule=schedule, slot_at=slot_at).exists():
        return Outcome.SKIPPED  # a clock was set back: this slot has had its job
    if not isinstance(schedule.params, dict):
        msg = "Its parameters are no object: change it, and give each one a name."
        raise BadParams(msg)
    ref = create_job(
        schedule.kind,
        schedule.params,
        title=schedule.name,
        trigger=Trigger.SCHEDULE,
    )
    outcome = Outcome.MADE if ref.created else Outcome.JOINED
    note = "It is for all that was missed before." if late else ""
    if not ref.created:
        note = "The same work was asked for already."
    note_fire(schedule, slot_at, outcome, note=note, job_id=ref.job_id)
    schedule.last_job = Job(pk=ref.job_id)
    return outcome


def _missed(slot_at: datetime, now: datetime) -> str:
    late = slots.minutes_in_words(int((now - slot_at).total_seconds() // 60))
    return f"No worker was there to fire it: {late} late, so it was left out."


def _save_firing(schedule: Schedule) -> None:
    if schedule.next_at is None:
        schedule.enabled = False
        schedule.disabled_reason = "It will not be due again."
    schedule.updated_at = timezone.now()
    schedule.save(
        update_fields=[
            *("slot_at", "next_at", "last_job", "enabled", "disabled_reason"),
            "updated_at",
        ]
    )


@transaction.atomic
def _turn_off(schedule_id: int, reason: str) -> None:
    """Turn a schedule off because no job of it can be made."""
    schedule = Schedule.objects.select_for_update().filter(pk=schedule_id).first()
    if schedule is None:
        return
    logger.warning("Schedule %d is turned off: %s", schedule_id, reason)
    note_fire(schedule, schedule.slot_at, Outcome.REFUSED, note=reason)
    Schedule.objects.filter(pk=schedule_id).update(
        enabled=False,
        disabled_reason=reason,
        slot_at=None,
        next_at=None,
        updated_at=Now(),
    )
