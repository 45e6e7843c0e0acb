"""Schedules fire: each slot once, whoever ticks, and one bad row stops nobody."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from pydoc import locate
from typing import Any

import pytest
from django_q.models import Schedule as Q2Row  # noqa: TID251 - what q2 is told
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobs import scheduling
from jobs.models import Job, Schedule, ScheduleFire
from jobs.queue import q2
from jobs.scheduling import queries, services, slots
from jobs.scheduling.firing import GRACE, rule_of
from jobs.scheduling.services import ScheduleSpec
from jobs.scheduling.slots import Rule
from tests.waiting import wait_until
from tests.workers import start_worker

pytestmark = pytest.mark.usefixtures("bare")
ROOT = Path(__file__).resolve().parents[3]
MINUTE = timedelta(minutes=1)
BEGIN = datetime(2027, 5, 17, 12, 0, tzinfo=UTC)
MOMENTS = st.lists(st.integers(0, 6 * 3_600), min_size=1, max_size=12)
TICKING = """
import sys, time
from datetime import datetime, timedelta
from pathlib import Path
from jobs.scheduling import tick
begin, gate = datetime.fromisoformat({begin!r}), Path({gate!r})
print("ready", flush=True)
while not gate.exists():
    time.sleep(0.005)
print(sum(tick(begin + timedelta(minutes=n)) for n in range(1, 61)), flush=True)
"""


@pytest.fixture
def bare(db: None) -> None:
    """Take away the schedule that came with the database."""
    Schedule.objects.all().delete()


def make(name: str = "Note", *, begin: datetime = BEGIN, **spec: Any) -> int:
    """Keep a schedule, of each minute unless told otherwise, due from `begin` on."""
    rule: dict[str, Any] = {} if "cron" in spec else {"every_minutes": 1}
    fields = {"kind": "test.note", "overlap": "queue", **rule, **spec}
    schedule_id = services.save_schedule(ScheduleSpec(name=name, **fields))
    row = Schedule.objects.get(pk=schedule_id)
    (first,) = slots.upcoming(rule_of(row), begin, 1)
    Schedule.objects.filter(pk=schedule_id).update(slot_at=first.at, next_at=first.at)
    return schedule_id


def outcomes(schedule_id: int) -> list[str]:
    fires = ScheduleFire.objects.filter(schedule_id=schedule_id).order_by("pk")
    return list(fires.values_list("outcome", flat=True))


def end_all_jobs() -> None:
    Job.objects.update(status="succeeded", finished_at=BEGIN)


@pytest.fixture
def two_processes(
    transactional_db: None, database_env: dict[str, str], tmp_path: Path
) -> Iterator[list["subprocess.Popen[str]"]]:
    """Start two programs that tick 60 times, each at once when the gate is there."""
    code = TICKING.format(begin=BEGIN.isoformat(), gate=str(tmp_path / "gate"))
    started = [
        subprocess.Popen(
            [sys.executable, "manage.py", "shell", "-v", "0", "-c", code],
            cwd=ROOT,
            env=database_env,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    yield started
    for process in started:
        process.kill()
        process.communicate()


def test_two_processes_make_one_job_for_each_slot(
    two_processes: list["subprocess.Popen[str]"], tmp_path: Path
) -> None:
    Schedule.objects.all().delete()
    make()
    for process in two_processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"

    (tmp_path / "gate").touch()
    said = [int(process.communicate(timeout=60)[0]) for process in two_processes]

    slots_at = set(ScheduleFire.objects.values_list("slot_at", flat=True))
    assert sum(said) == Job.objects.count() == 60
    assert slots_at == {BEGIN + n * MINUTE for n in range(1, 61)}


def test_one_that_cannot_be_turns_itself_off_and_stops_nobody() -> None:
    good, other = make("Good"), make("Other")
    params, kind, cron, zone = (make(name) for name in ("A", "B", "C", "D"))
    Schedule.objects.filter(pk=params).update(kind="test.once", params={})
    Schedule.objects.filter(pk=kind).update(kind="test.gone")
    Schedule.objects.filter(pk=cron).update(every_minutes=None, cron="61 * * * *")
    Schedule.objects.filter(pk=zone).update(
        every_minutes=None, cron="* * * * *", zone="Mars/Base"
    )

    made = scheduling.tick(BEGIN + MINUTE)

    assert made == 2
    assert [outcomes(each) for each in (good, other)] == [["made"], ["made"]]
    for bad, reason in (
        (params, "A job of kind 'test.once' needs the parameters: item."),
        (kind, "No handler for job kind 'test.gone'"),
        (cron, "The minute of “61 * * * *” cannot be read"),
        (zone, "There is no time zone 'Mars/Base'"),
    ):
        line = queries.schedule_detail(bad).line
        assert not line.enabled
        assert reason in line.disabled_reason
        assert outcomes(bad) == ["refused"]
    assert scheduling.tick(BEGIN + 2 * MINUTE) == 2


@pytest.mark.parametrize("params", [["not", "an object"], 7, "text"])
def test_params_of_another_shape_turn_it_off(params: Any) -> None:
    bad, good = make("Bad"), make("Good")
    Schedule.objects.filter(pk=bad).update(params=params)

    scheduling.tick(BEGIN + MINUTE)

    assert (outcomes(bad), outcomes(good)) == (["refused"], ["made"])
    reason = queries.schedule_detail(bad).line.disabled_reason
    assert reason.startswith("Its parameters are no object")


@pytest.mark.parametrize(("month", "day"), [(3, 28), (10, 31)])
def test_half_past_two_makes_one_job_each_night_in_berlin(month: int, day: int) -> None:
    noon_before = datetime(2027, month, day, 12, tzinfo=UTC) - timedelta(days=1)
    make(cron="30 2 * * *", zone="Europe/Berlin", begin=noon_before)

    made = [scheduling.tick(noon_before + n * MINUTE) for n in range(24 * 60)]

    assert sum(made) == Job.objects.count() == 1


def test_a_job_still_at_work_lets_the_slot_be_left_out() -> None:
    skips, queues = make("Skips", overlap="skip"), make("Queues", overlap="queue")

    for minute in (1, 2, 3):
        scheduling.tick(BEGIN + minute * MINUTE)
    end_all_jobs()
    scheduling.tick(BEGIN + 4 * MINUTE)

    assert outcomes(skips) == ["made", "skipped", "skipped", "made"]
    assert outcomes(queues) == ["made"] * 4
    told = queries.schedule_detail(skips).fires[1]
    assert told.note.endswith("of this schedule was still queued.")


def test_the_same_work_asked_for_by_hand_is_joined() -> None:
    schedule_id = make(kind="test.once", params={"item": 1})

    scheduling.tick(BEGIN + MINUTE)
    scheduling.tick(BEGIN + 2 * MINUTE)

    assert outcomes(schedule_id) == ["made", "joined"]
    assert Job.objects.count() == 1


def test_what_was_missed_is_left_out_or_made_up_for_once() -> None:
    skips, once = make("Skips"), make("Once", misfire="once")

    made = scheduling.tick(BEGIN + timedelta(hours=10, seconds=30))

    # Of those that are hardly late, each is made; of the others one, or none.
    assert outcomes(skips) == ["missed", "made", "made"]
    assert outcomes(once) == ["made"]
    assert made == 3
    notes = {fire.note for fire in queries.schedule_detail(skips).fires}
    assert any("No worker was there to fire it: 599 minutes late" in n for n in notes)
    following = queries.schedule_detail(once).line.next_at
    assert following == BEGIN + timedelta(hours=10, minutes=1)


def test_jitter_puts_it_off_and_changes_no_slot() -> None:
    schedule_id = make(every_minutes=60, jitter_s=600)
    Schedule.objects.update(slot_at=None, next_at=None)
    scheduling.tick(BEGIN)

    row = Schedule.objects.get(pk=schedule_id)
    assert row.slot_at is not None
    assert row.next_at is not None
    late = row.next_at - row.slot_at

    assert row.slot_at == BEGIN + timedelta(hours=1)
    assert timedelta() <= late <= timedelta(seconds=600)
    assert scheduling.tick(row.next_at - timedelta(seconds=1)) == 0
    assert scheduling.tick(row.next_at) == 1
    assert ScheduleFire.objects.get().slot_at == row.slot_at


def test_one_that_is_off_makes_nothing_until_somebody_runs_it() -> None:
    schedule_id = make(kind="test.note", params={"say": "now"})
    services.disable_schedule(schedule_id)

    made = scheduling.tick(BEGIN + timedelta(days=1))
    ref = services.run_now(schedule_id)

    job = Job.objects.get()
    assert (made, ref.job_id, ref.created) == (0, job.pk, True)
    assert (job.title, job.params, job.trigger) == ("Note", {"say": "now"}, "schedule")
    line = queries.schedule_detail(schedule_id).line
    assert (line.enabled, line.last_job_id) == (False, job.pk)
    assert outcomes(schedule_id) == ["made"]


def test_a_clock_that_was_set_back_repeats_no_slot() -> None:
    schedule_id = make()
    scheduling.tick(BEGIN + MINUTE)
    Schedule.objects.update(slot_at=BEGIN + MINUTE, next_at=BEGIN + MINUTE)

    scheduling.tick(BEGIN + MINUTE)

    assert outcomes(schedule_id) == ["made"]
    assert Job.objects.count() == 1


@given(
    moments=st.one_of(MOMENTS, MOMENTS.map(sorted)),
    cron=st.sampled_from(["* * * * *", "*/7 * * * *", "30 2 * * *", "0,30 1-3 * * *"]),
    misfire=st.sampled_from(["skip", "once"]),
)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_ticks_make_each_slot_at_most_once(
    moments: list[int], cron: str, misfire: str
) -> None:
    Schedule.objects.all().delete()
    Job.objects.all().delete()
    begin = datetime(2027, 10, 30, 22, tzinfo=UTC)  # the night of the longer hour
    make(cron=cron, misfire=misfire, zone="Europe/Berlin", begin=begin)
    rule = Rule(cron, None, "Europe/Berlin")
    last = begin + timedelta(seconds=max(moments))
    due = {slot.at for slot in slots.upcoming(rule, begin, 500)}

    for seconds in moments:  # in any order: clocks differ
        scheduling.tick(begin + timedelta(seconds=seconds))

    fired = list(ScheduleFire.objects.values_list("slot_at", flat=True))
    made = ScheduleFire.objects.filter(outcome="made")
    assert len(fired) == len(set(fired))
    assert set(fired) <= {at for at in due if at <= last}
    assert made.count() == Job.objects.count()
    if misfire == "skip" and moments == sorted(moments):
        ticks = [begin + timedelta(seconds=seconds) for seconds in moments]
        in_time = {at for at in due if any(at <= t < at + GRACE for t in ticks)}
        assert in_time <= set(fired)


def test_q2_is_told_one_row_however_often(transactional_db: None) -> None:
    for _ in range(3):
        q2.install_tick()

    row = Q2Row.objects.get()
    assert (row.func, row.minutes, row.repeats) == ("jobs.scheduling.tick", 1, -1)
    assert locate(row.func) is scheduling.tick


def test_a_worker_fires_by_itself(transactional_db: None) -> None:
    Schedule.objects.all().delete()
    schedule_id = services.save_schedule(
        ScheduleSpec("Note", "test.note", every_minutes=1)
    )
    Schedule.objects.update(slot_at=None, next_at=None)

    with start_worker(STEWARD_JOB_SCHEDULES="1"):
        wait_until(
            lambda: Schedule.objects.filter(next_at__isnull=False).exists(), within=20
        )
        now = datetime.now(UTC)
        Schedule.objects.update(slot_at=now, next_at=now)
        wait_until(lambda: Job.objects.filter(status="succeeded").exists(), within=20)
        assert Q2Row.objects.count() == 1

    assert outcomes(schedule_id)[0] == "made"


def test_what_came_with_steward_is_made_once_and_never_overruled() -> None:
    first = services.ensure_default(
        "tea", ScheduleSpec("Tea", "test.note", every_minutes=5)
    )
    again = services.ensure_default(
        "tea", ScheduleSpec("Tea", "test.note", every_minutes=5)
    )
    assert first is not None
    services.delete_schedule(first)
    after = services.ensure_default(
        "tea", ScheduleSpec("Tea", "test.note", every_minutes=5)
    )
    make("Tea", every_minutes=9)
    other = services.ensure_default(
        "more tea", ScheduleSpec("Tea", "test.note", every_minutes=5)
    )

    assert (again, after) == (None, None)
    assert other is not None
    assert queries.schedule_detail(other).line.name == "Tea 2"
