"""Moments that a clock wrote which was a day ahead hold nothing up."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now

from jobs import queries, services
from jobs.models import Job, WorkerNode
from jobs.queue import leases, recovery, untaken
from jobs.worker.supervisor import Supervisor
from tests.claims import claimed, claimed_again, codes
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


@pytest.mark.parametrize("columns", [("lease_until",), ("lease_until", "heartbeat_at")])
def test_a_lease_until_tomorrow_is_over(columns: tuple[str, ...]) -> None:
    job_id = claimed("test.note").job_id
    Job.objects.update(**{column: Now() + DAY for column in columns})

    assert recovery.reap() == 1

    assert queries.job_card(job_id).status == "queued"


def test_a_lease_of_a_machine_with_longer_leases_is_not_over() -> None:
    claimed("test.note")
    Job.objects.update(lease_until=Now() + timedelta(minutes=50))

    assert recovery.reap() == 0


def test_a_heartbeat_heals_what_a_wrong_clock_wrote() -> None:
    claim = claimed("test.note")
    Job.objects.update(lease_until=Now() + DAY, heartbeat_at=Now() + DAY)

    assert leases.renew(claim)

    assert recovery.reap() == 0


def test_a_cancel_of_tomorrow_s_lease_frees_its_key() -> None:
    job_id = claimed("test.once", item=1).job_id
    Job.objects.update(lease_until=Now() + DAY)
    services.cancel_job(job_id)

    recovery.reap()

    assert queries.job_card(job_id).status == "cancelled"
    assert services.create_job("test.once", {"item": 1}).created


def test_an_attempt_for_tomorrow_starts_now_and_says_so() -> None:
    job_id = services.create_job("test.note", {}).job_id
    Job.objects.update(next_at=Now() + DAY)

    assert queries.job_card(job_id).waits_for == queries.NO_WORKER
    assert leases.claim_job(["test.note"], worker_id="") is not None


def test_an_attempt_of_the_longest_wait_there_is_waits() -> None:
    job_id = services.create_job("test.note", {}).job_id
    Job.objects.update(next_at=Now() + timedelta(minutes=17))

    assert leases.claim_job(["test.note"], worker_id="") is None
    at = Job.objects.values_list("next_at", flat=True).get(pk=job_id)
    assert f"{at:%b %Y, }" in queries.job_card(job_id).waits_for


def test_a_node_that_was_heard_of_tomorrow_is_not_alive() -> None:
    WorkerNode.objects.create(
        id="n", host="a", pid=1, processes=1, heartbeat_at=Now() + DAY
    )

    assert not queries.worker_alive()
    assert recovery.free_processes() == {}


@pytest.mark.parametrize(
    ("ahead_s", "least_s"),
    [(86_400, 60), (15, 0)],  # a dead node's; a living one's after the clock went back
)
def test_a_beat_that_is_to_come_makes_no_negative_wait(
    ahead_s: int, least_s: int
) -> None:
    services.create_job("test.note", {})
    Job.objects.update(updated_at=Now() - timedelta(minutes=1))
    ahead = Now() + timedelta(seconds=ahead_s)
    WorkerNode.objects.create(id="n", host="a", pid=1, processes=1, heartbeat_at=ahead)

    assert untaken.waited_s()["short"] >= least_s


@pytest.mark.parametrize("days", [-30, 30])
def test_the_next_worker_clears_away_nodes_that_are_long_gone(days: int) -> None:
    beat = Now() + timedelta(days=days)
    WorkerNode.objects.create(id="n", host="a", pid=1, processes=1, heartbeat_at=beat)

    Supervisor([(("short",), 1)]).nodes[0].sign_on()

    assert not WorkerNode.objects.filter(pk="n").exists()


@pytest.mark.parametrize("column", ["message_sent_at", "created_at"])
def test_a_wake_up_of_tomorrow_is_sent_again(column: str) -> None:
    services.create_job("test.note", {})
    Job.objects.update(message_sent_at=None)
    Job.objects.update(**{column: Now() + DAY})
    WorkerNode.objects.create(id="n", host="a", pid=1, processes=1, heartbeat_at=Now())

    assert services.sweep() == 1


def test_a_standstill_is_told_where_the_job_moved_tomorrow(settings: Any) -> None:
    settings.JOB_STALL_S = 0.5
    job_id = claimed("test.note").job_id
    Job.objects.update(progressed_at=Now() + DAY)

    assert recovery.note_stalls() == 0

    wait_until(recovery.note_stalls, within=10)
    assert codes(job_id).count("stalled") == 1


def test_a_job_that_was_taken_back_by_the_clock_runs_elsewhere() -> None:
    old = claimed("test.note")
    Job.objects.update(heartbeat_at=Now() + DAY)
    recovery.reap()

    new = claimed_again(old.job_id)

    assert new.fence > old.fence
    assert not leases.renew(old)
