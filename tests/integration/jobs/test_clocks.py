"""Schedules while clocks jump: each slot once, none lost, always a next one."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

import pytest
import time_machine
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from jobs import scheduling
from jobs.clock import database_now
from jobs.models import Job, Schedule, ScheduleFire
from jobs.scheduling import queries, services, slots
from jobs.scheduling.firing import GRACE, rule_of
from jobs.scheduling.services import ScheduleSpec
from jobs.scheduling.slots import Slot

pytestmark = pytest.mark.usefixtures("bare")
NOON = datetime(2027, 5, 17, 12, 0, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
# A night on which the zone changes its clocks, and the hour before that.
NIGHTS = {
    "Europe/Berlin": datetime(2027, 10, 30, 23, 40, tzinfo=UTC),
    "America/New_York": datetime(2027, 3, 14, 6, 40, tzinfo=UTC),
    "Australia/Lord_Howe": datetime(2027, 4, 3, 14, 40, tzinfo=UTC),
    "Asia/Kathmandu": NOON,
}
RULES = ("* * * * *", "*/7 * * * *", "30 2 * * *", "15,45 0-3 * * *", "5 * * * *", "3")


class Step(NamedTuple):
    """What happens before a tick, in seconds."""

    passed: int
    jump: int  # of the database's clock
    skew: int  # of the clock of the machine that ticks


JUMPS = st.sampled_from([0] * 12 + [-7, 7, -90, 600, -600, -7200, 7200, 129_600])
SKEWS = st.sampled_from([0, 120, -120, 86_400, -86_400])
STEPS = st.lists(
    st.builds(Step, st.integers(1, 115), JUMPS, SKEWS), min_size=5, max_size=40
)


@pytest.fixture
def bare(db: None) -> None:
    """Take away the schedule that came with the database."""
    Schedule.objects.all().delete()


def make(begin: datetime = NOON, **spec: Any) -> int:
    """Keep a schedule, of each minute unless told otherwise, planned at `begin`."""
    rule: dict[str, Any] = {} if "cron" in spec else {"every_minutes": 1}
    fields = {"kind": "test.note", "overlap": "queue", **rule, **spec}
    schedule_id = services.save_schedule(ScheduleSpec(name="Note", **fields))
    Schedule.objects.update(slot_at=None, next_at=None)
    scheduling.tick(begin)
    return schedule_id


def made() -> set[datetime]:
    fires = ScheduleFire.objects.filter(outcome="made")
    return {at for at in fires.values_list("slot_at", flat=True) if at is not None}


def test_one_that_a_clock_of_2030_planned_is_planned_anew() -> None:
    make(datetime(2030, 1, 1, tzinfo=UTC))
    daily = make_daily(datetime(2030, 1, 1, tzinfo=UTC))

    scheduling.tick(NOON)
    scheduling.tick(NOON + MINUTE)

    assert made() == {NOON + MINUTE}
    assert queries.schedule_detail(daily).line.next_at == NOON + timedelta(hours=14.5)


def make_daily(begin: datetime) -> int:
    spec = ScheduleSpec("Daily", "test.note", cron="30 2 * * *")
    schedule_id = services.save_schedule(spec)
    planned = begin + timedelta(hours=2.5)
    Schedule.objects.filter(pk=schedule_id).update(slot_at=planned, next_at=planned)
    return schedule_id


@pytest.mark.parametrize("jitter_s", [60, 300, 3_600])
def test_jitter_longer_than_the_interval_loses_no_slot(jitter_s: int) -> None:
    make(jitter_s=jitter_s)

    for seconds in range(0, 3_600, 5):
        scheduling.tick(NOON + timedelta(seconds=seconds))

    fired = set(ScheduleFire.objects.values_list("slot_at", "outcome"))
    owed = {(NOON + n * MINUTE, "made") for n in range(1, 59)}
    assert owed <= fired
    assert {outcome for _, outcome in fired} == {"made"}


def test_jitter_that_was_drawn_without_that_bound_is_drawn_anew() -> None:
    schedule_id = make(jitter_s=300)
    slot_at = NOON + MINUTE
    Schedule.objects.update(slot_at=slot_at, next_at=slot_at + timedelta(hours=1))

    scheduling.tick(NOON + 2 * MINUTE)
    scheduling.tick(NOON + 2 * MINUTE)

    assert slot_at in made()
    assert queries.schedule_detail(schedule_id).line.enabled


@pytest.mark.parametrize("skew", [2 * MINUTE, DAY, -DAY])
def test_what_is_due_goes_by_the_clock_of_the_database(skew: timedelta) -> None:
    make()
    now = database_now()
    soon, before = now + timedelta(seconds=50), now - timedelta(seconds=50)
    Schedule.objects.update(slot_at=soon, next_at=soon)
    with time_machine.travel(now + skew):
        early = scheduling.tick()
        Schedule.objects.update(slot_at=before, next_at=before)
        scheduling.tick()
        saved = services.save_schedule(
            ScheduleSpec("Saved elsewhere", "test.note", every_minutes=1)
        )
        (first,) = queries.preview(rule_of(Schedule.objects.get(pk=saved)), 1)

    assert early == 0
    assert before in made()
    assert not ScheduleFire.objects.filter(outcome="missed").exists()
    planned = Schedule.objects.get(pk=saved).slot_at
    assert planned is not None
    assert abs(planned - now) < 2 * MINUTE
    assert abs(first.at - now) < 2 * MINUTE


def test_what_was_missed_by_a_clock_that_was_ahead_has_its_turn() -> None:
    schedule_id = make()
    scheduling.tick(NOON + 10 * MINUTE)

    for n in range(4):
        scheduling.tick(NOON + n * MINUTE)
        scheduling.tick(NOON + n * MINUTE)

    assert {NOON + n * MINUTE for n in range(1, 4)} <= made()
    words = [fire.word for fire in queries.schedule_detail(schedule_id).fires]
    assert "missed" not in words


def test_a_slot_whose_jitter_may_still_come_is_not_missed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # By chance it may have come within these five minutes.
    monkeypatch.setattr("random.randint", lambda _low, most: most // 2)
    make(every_minutes=60, jitter_s=3_000)
    Schedule.objects.update(next_at=NOON + timedelta(hours=1))

    # Nobody ticked for four hours. The slot of 16:00 is five minutes old.
    at = NOON + timedelta(hours=4, minutes=5)
    while not made() and at < NOON + timedelta(hours=5):
        scheduling.tick(at)
        at += MINUTE

    assert made() == {NOON + timedelta(hours=4)}


class Watch:
    """Follows the ticks of one schedule, and knows which slots must have been made."""

    def __init__(self, schedule_id: int, begin: datetime) -> None:
        self.row = Schedule.objects.get(pk=schedule_id)
        self.rule = rule_of(self.row)
        self.since = self.now = begin
        self.owed: set[datetime] = set()
        self.fires: dict[datetime, int] = {}

    def step(self, step: Step) -> None:
        before = self.now
        self.now += timedelta(seconds=step.passed + step.jump)
        if not timedelta() <= self.now - before < GRACE:
            self.since = self.now  # what lies between was nobody's to see
        with time_machine.travel(self.now + timedelta(seconds=step.skew), tick=False):
            scheduling.tick(self.now)
            scheduling.tick(self.now)
        self.look()

    def look(self) -> None:
        """Look at what holds after each tick."""
        self.row.refresh_from_db()
        coming = slots.upcoming(self.rule, self.now, 2)
        assert self.row.enabled
        assert self.row.slot_at is not None
        assert self.row.next_at is not None
        assert self.row.slot_at <= coming[0].at
        assert self.row.slot_at <= self.row.next_at < coming[1].at
        self.owed |= {slot.at for slot, end in self.gone_by() if end <= self.now}

    def gone_by(self) -> list[tuple[Slot, datetime]]:
        """Return the slots since it runs, with the last moment that jitter allows."""
        coming = slots.upcoming(self.rule, self.since, 60)
        jitter = timedelta(seconds=self.row.jitter_s)
        return [
            (one, min(one.at + jitter, following.at))
            for one, following in pairwise(coming)
        ]


@given(
    steps=STEPS,
    rule=st.sampled_from(RULES),
    zone=st.sampled_from(sorted(NIGHTS)),
    jitter_s=st.sampled_from([0, 0, 45, 300, 3_600]),
    misfire=st.sampled_from(["skip", "once"]),
)
@example([Step(60, 0, 120)] * 20, "* * * * *", "Asia/Kathmandu", 300, "skip")
@example(
    [Step(50, 0, 0)] * 3 + [Step(50, 94_608_000, 0), Step(50, -94_608_000, 0)] * 2,
    *("* * * * *", "Europe/Berlin", 0, "skip"),
)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_slot_comes_twice_and_none_is_lost_whatever_clocks_do(
    steps: list[Step], rule: str, zone: str, jitter_s: int, misfire: str
) -> None:
    Schedule.objects.all().delete()
    Job.objects.all().delete()
    spec: dict[str, Any] = {"cron": rule}
    if rule.isdigit():
        spec = {"every_minutes": int(rule)}
    begin = NIGHTS[zone]
    watch = Watch(
        make(begin, zone=zone, jitter_s=jitter_s, misfire=misfire, **spec), begin
    )

    for step in steps:
        watch.step(step)

    fires = list(ScheduleFire.objects.values_list("slot_at", flat=True))
    assert len(fires) == len(set(fires))
    assert Job.objects.count() == len(made())
    assert watch.owed <= made()
