"""Turns due schedules into jobs: one short transaction each, each slot once."""

import logging
import random
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any

from django.db import DataError, IntegrityError, transaction
from django.db.models.functions import Now

from jobs.clock import database_now
from jobs.enums import ACTIVE, Misfire, Outcome, Overlap, Trigger
from jobs.errors import JobError, JobStillActive
from jobs.models import MESSAGE_LENGTH, Job, Schedule, ScheduleFire
from jobs.queue import registry
from jobs.scheduling import slots
from jobs.scheduling.slots import SECOND, Rule, Slot
from jobs.services import create_job

logger = logging.getLogger(__name__)
GRACE = timedelta(minutes=2)  # a slot that is later than this was missed
MOST_SLOTS = 10  # of one schedule, in one tick
MOST_JITTER_S = 3_600
SLOTS_OF_AN_HOUR = 60  # as many as the longest jitter can reach over
# What a row can hold that makes it impossible to fire; a database that is away is not
# among it.
BROKEN = (JobError, DataError, ValueError, TypeError)


def tick(now: datetime | None = None) -> int:
    """Make the jobs of all schedules that are due; returns how many were made.

    Any number of processes may do so at once: each slot has one job at most. A schedule
    of which no job can be made is turned off with the reason; the others go on. `now`
    is the database's time unless told otherwise: those of the machines may differ.
    """
    moment = now or database_now()
    rows = Schedule.objects.filter(enabled=True).order_by("next_at", "pk")
    due = [row.pk for row in rows if _is_due(row, moment) or _is_astray(row, moment)]
    return sum(_fire_all(pk, moment) for pk in due)


def plan(
    schedule: Schedule, after: datetime, *, due_from: datetime | None = None
) -> None:
    """Set what comes next after a moment: its slot, and the jitter on it.

    Jitter ends before the slot that follows, so each slot has its turn. Slots that are
    due before `due_from` are passed over.
    """
    count = 2 if due_from is None else SLOTS_OF_AN_HOUR + 5  # those of GRACE as well
    coming = slots.upcoming(rule_of(schedule), after, count)
    schedule.slot_at = schedule.next_at = None
    for slot, following in zip_longest(coming, coming[1:]):
        due_at = slot.at + _jitter(schedule, slot, following)
        if due_from is None or due_at >= due_from:
            schedule.slot_at, schedule.next_at = slot.at, due_at
            return


def _jitter(schedule: Schedule, slot: Slot, following: Slot | None) -> timedelta:
    most_s = min(schedule.jitter_s, MOST_JITTER_S)
    if following is not None:
        most_s = min(most_s, int((following.at - slot.at).total_seconds()) - 1)
    return timedelta(seconds=random.randint(0, most_s))  # noqa: S311 - spreads load


def _is_due(schedule: Schedule, now: datetime) -> bool:
    return schedule.next_at is None or schedule.next_at <= now


def _is_astray(schedule: Schedule, now: datetime) -> bool:
    """Return whether its plan lies farther ahead than its rule allows.

    A clock that was ahead made it, or a jitter without the bound that it has now.
    """
    if schedule.slot_at is None or schedule.next_at is None:
        return False
    try:
        coming = slots.upcoming(rule_of(schedule), now, 2)
    except BROKEN:
        return True  # who fires it turns it off
    latest = [slot.at for slot in coming]
    planned = [schedule.slot_at, schedule.next_at]
    if not latest:
        return schedule.slot_at > now
    return any(at > most for at, most in zip(planned, latest, strict=False))


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
    if schedule is None or not schedule.enabled:
        return None  # it was deleted or turned off just now
    slot_at, next_at = schedule.slot_at, schedule.next_at
    if slot_at is None or next_at is None or _is_astray(schedule, now):
        # A slot that was due is kept: it may have been put off for too long.
        plan(schedule, now if slot_at is None else min(now, slot_at - SECOND))
        _save_firing(schedule)
        return None
    if next_at > now:
        return None  # another process was faster
    missed = now - next_at > GRACE
    if missed and schedule.misfire == Misfire.SKIP:
        outcome = Outcome.MISSED
        note_fire(schedule, slot_at, outcome, note=_missed(slot_at, now))
        _plan_after_missed(schedule, slot_at, now)
    else:
        outcome = _make(schedule, slot_at, late=missed)
        plan(schedule, now if missed else slot_at)
    _save_firing(schedule)
    return outcome


def _plan_after_missed(schedule: Schedule, slot_at: datetime, now: datetime) -> None:
    """Plan the first of the later slots that was not missed as well."""
    jitter = timedelta(seconds=min(schedule.jitter_s, MOST_JITTER_S))
    earliest = now - GRACE
    plan(schedule, max(slot_at, earliest - jitter - SECOND), due_from=earliest)


def _make(schedule: Schedule, slot_at: datetime, *, late: bool) -> Outcome:
    """Make the slot's job, unless its last one is at work and the schedule minds."""
    if not _is_open(schedule, slot_at):
        return Outcome.SKIPPED
    last = schedule.last_job
    if schedule.overlap == Overlap.SKIP and last is not None and last.status in ACTIVE:
        note = f"Job {last.pk} of this schedule was still {last.status}."
        note_fire(schedule, slot_at, Outcome.SKIPPED, note=note)
        return Outcome.SKIPPED
    registry.checked_params(schedule.kind, schedule.params)
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


def _is_open(schedule: Schedule, slot_at: datetime) -> bool:
    """Return whether nothing became of a slot yet; if not, a clock was set back.

    One that was missed was so by a clock that was ahead: that is forgotten.
    """
    fire = ScheduleFire.objects.filter(schedule=schedule, slot_at=slot_at).first()
    if fire is None:
        return True
    if fire.outcome != Outcome.MISSED:
        return False
    fire.delete()
    return True


def _missed(slot_at: datetime, now: datetime) -> str:
    late = slots.minutes_in_words(int((now - slot_at).total_seconds() // 60))
    return f"No worker was there to fire it: {late} late, so it was left out."


def _save_firing(schedule: Schedule) -> None:
    if schedule.next_at is None:
        schedule.enabled = False
        schedule.disabled_reason = "It will not be due again."
    schedule.updated_at = Now()
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
