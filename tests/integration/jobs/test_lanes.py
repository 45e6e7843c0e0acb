"""Lanes: who goes first, who yields, and what stands still."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from jobs import queries, services
from jobs.errors import JobYielded, UnknownLane
from jobs.models import Job, WorkerNode
from jobs.queue import endings, leases, q2, recovery, registry, runner
from jobs.queue.context import EVERY_S, JobContext
from jobs.queue.leases import JobClaim

pytestmark = pytest.mark.django_db(transaction=True)
LONG: dict[str, Any] = {"room": 1, "names": ["long"], "steps": 4}
SHORT: dict[str, Any] = {"room": 1, "names": ["short"], "steps": 1}


def a_node(lanes: str, processes: int = 1) -> WorkerNode:
    return WorkerNode.objects.create(
        id=lanes, host="a", pid=1, lanes=lanes, processes=processes,
        heartbeat_at=timezone.now(),
    )  # fmt: skip


def claim(*lanes: str) -> JobClaim | None:
    return leases.claim_job(registry.kinds(), worker_id="", lanes=lanes)


def test_each_kind_has_its_lane() -> None:
    ids = [
        services.create_job(kind, LONG).job_id for kind in ("test.long", "test.note")
    ]

    lanes = dict(Job.objects.values_list("pk", "lane"))

    assert [lanes[job_id] for job_id in ids] == ["long", "short"]


def test_a_wake_up_claims_the_best_job_of_its_lane() -> None:
    services.create_job("test.long", LONG, priority=9)
    first = services.create_job("test.note", {})
    urgent = services.create_job("test.note", {}, priority=5)

    claims = [claim("short", "system") for _ in range(3)]

    found = [each.job_id if each else None for each in claims]
    assert found == [urgent.job_id, first.job_id, None]


def test_a_wake_up_that_lasted_ends_and_sends_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(runner, "TURN_S", 0.0)
    ids = [services.create_job("test.note", {}).job_id for _ in range(2)]
    a_node("system+short")

    runner.run(ids[0])

    done, waits = (Job.objects.get(pk=job_id) for job_id in ids)
    assert (done.status, waits.status) == ("succeeded", "queued")
    assert q2.has_messages("system+short")


def test_a_long_job_gives_way_at_a_checkpoint_and_goes_on_after() -> None:
    a_node("system+short")
    long_id = services.create_job("test.long", LONG).job_id
    held = claim("long")
    assert held is not None
    ctx = JobContext(held)
    ctx.checkpoint({"next": 1}, (1,))
    short_id = services.create_job("test.steps", SHORT).job_id

    ctx.checkpoint({"next": 2}, (2,))  # it has asked within this second
    time.sleep(EVERY_S)
    with pytest.raises(JobYielded):
        ctx.checkpoint({"next": 3}, (3,))
    endings.yield_job(held)

    card = queries.job_card(long_id)
    assert (card.status, card.attempt) == ("queued", 0)
    assert claim("long") is None  # the short one's turn
    runner.run_here(short_id)
    again = claim("long")
    assert again is not None
    assert (again.checkpoint, again.attempt) == ({"next": 3}, 1)
    said = [event.message for event in queries.job_events(long_id)]
    assert f"The job lets job {short_id} (Steps) go first, and goes on after." in said


@pytest.mark.parametrize("standstill", ["no worker", "paused", "later"])
def test_nobody_gives_way_to_a_job_that_cannot_start(standstill: str) -> None:
    if standstill != "no worker":
        a_node("system+short")
    services.create_job("test.long", LONG)
    held = claim("long")
    assert held is not None
    short_id = services.create_job("test.steps", SHORT).job_id
    if standstill == "paused":
        services.pause_lane("short")
    if standstill == "later":
        Job.objects.filter(pk=short_id).update(
            next_at=timezone.now() + timedelta(minutes=1)
        )

    JobContext(held).checkpoint({"next": 1}, (1,))

    assert queries.job_card(held.job_id).status == "running"


def test_a_job_gives_way_to_no_other_key_and_to_no_equal() -> None:
    a_node("system+short")
    services.create_job("test.steps", {**SHORT, "names": ["other"]})
    held = claim("short")
    assert held is not None
    services.create_job("test.steps", SHORT)  # no higher than this one
    services.create_job("test.steps", {**SHORT, "room": 2}, priority=9)

    JobContext(held).checkpoint({"next": 1}, (1,))

    assert queries.job_card(held.job_id).status == "running"


def test_a_job_that_has_not_got_on_does_not_give_way() -> None:
    a_node("system+short")
    long_id = services.create_job("test.long", LONG).job_id
    Job.objects.update(checkpoint={"next": 1}, furthest=[1])
    held = claim("long")
    assert held is not None
    services.create_job("test.steps", SHORT)

    JobContext(held).checkpoint({"next": 1}, (1,))

    assert queries.job_card(long_id).status == "running"


def test_a_paused_lane_starts_nothing_and_says_so() -> None:
    a_node("system+short")
    job_id = services.create_job("test.note", {}).job_id

    call_command("jobs", "pause", "short")

    assert claim("short") is None
    assert queries.job_card(job_id).waits_for == "Waits, for the short lane is paused."
    call_command("jobs", "resume", "short")
    assert claim("short") is not None


def test_what_runs_in_a_paused_lane_goes_on() -> None:
    job_id = services.create_job("test.long", LONG).job_id
    held = claim("long")
    assert held is not None

    services.pause_lane("long")
    JobContext(held).checkpoint({"next": 1}, (1,))

    assert queries.job_card(job_id).status == "running"


def test_the_header_costs_one_query(django_assert_num_queries: Any) -> None:
    services.pause_lane("long")

    with django_assert_num_queries(1):
        counts = queries.job_counts()

    assert counts.sentence == "long lane paused"


def test_a_lane_that_is_not_there_is_named() -> None:
    with pytest.raises(UnknownLane, match="There is no lane 'fast'"):
        services.pause_lane("fast")
    with pytest.raises(CommandError, match="--lanes 'fast' cannot be used"):
        call_command("worker", "--lanes", "fast")


def test_a_job_says_that_nobody_works_in_its_lane() -> None:
    a_node("system+short")
    job_id = services.create_job("test.long", LONG).job_id

    waits_for = queries.job_card(job_id).waits_for

    assert waits_for == "Waits for a worker of the long lane: none runs."


def test_an_innocent_job_gets_its_attempt_back() -> None:
    held = []
    for pid in (11, 12):
        services.create_job("test.note", {})
        each = leases.claim_job(registry.kinds(), worker_id="w")
        assert each is not None
        Job.objects.filter(pk=each.job_id).update(pid=pid)
        held.append(each.job_id)

    recovery.abandon("w", blame={12})

    attempts = [queries.job_card(job_id).attempt for job_id in held]
    assert attempts == [0, 1]


def test_a_job_that_stands_still_says_so_once_for_each_standstill() -> None:
    job_id = services.create_job("test.note", {}).job_id
    held = claim("short")
    assert held is not None
    long_ago = timezone.now() - timedelta(hours=1)
    Job.objects.update(progressed_at=long_ago)

    told = [recovery.note_stalls() for _ in range(2)]
    JobContext(held).checkpoint({"next": 1}, (1,))
    moving = recovery.note_stalls()
    Job.objects.update(progressed_at=long_ago, stalled_at=long_ago - timedelta(1))
    again = recovery.note_stalls()

    assert (told, moving, again) == ([1, 0], 0, 1)
    said = [event.message for event in queries.job_events(job_id)]
    assert "Nothing was counted for 5 min 0 s. If it stays so, cancel the job." in said


def test_a_job_of_a_kind_that_this_program_does_not_know_stays_for_another() -> None:
    job = Job.objects.create(
        kind="test.of_tomorrow", title="New", trigger="system", max_attempts=3
    )

    assert claim("short", "long", "system") is None
    assert queries.job_card(job.pk).status == "queued"
