"""What is shown of jobs."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from jobs import queries, services
from jobs.errors import JobNotFound
from jobs.models import Job, WorkerNode

pytestmark = pytest.mark.django_db


def ask(count: int, kind: str = "test.note", **params: Any) -> list[int]:
    return [services.create_job(kind, params).job_id for _ in range(count)]


def a_worker(processes: int = 1) -> WorkerNode:
    return WorkerNode.objects.create(
        id="w" * 32,
        host="here",
        pid=1,
        processes=processes,
        heartbeat_at=timezone.now(),
    )


def test_a_job_that_is_not_there_is_named() -> None:
    with pytest.raises(JobNotFound, match="There is no job 404"):
        queries.job_card(404)


def test_without_a_worker_a_job_says_how_to_start_one() -> None:
    (job_id,) = ask(1)

    assert queries.job_card(job_id).waits_for == (
        "No worker is running. Start one with `manage.py worker`."
    )


def test_with_a_free_worker_a_job_waits_for_nothing() -> None:
    a_worker()
    (job_id,) = ask(1)

    assert queries.worker_alive()
    assert queries.job_card(job_id).waits_for == ""


def test_with_busy_workers_a_job_waits_for_a_free_one() -> None:
    node = a_worker()
    busy, waiting = ask(2)
    now = timezone.now()
    Job.objects.filter(pk=busy).update(
        status="running", lease_token="t", lease_until=now, worker_id=node.pk
    )

    assert queries.job_card(waiting).waits_for == "Waits for a free worker."
    assert queries.job_card(busy).waits_for == ""


def test_a_worker_not_heard_of_is_not_alive() -> None:
    a_worker()
    WorkerNode.objects.update(heartbeat_at=timezone.now() - timedelta(minutes=1))

    assert not queries.worker_alive()


def test_pages_of_jobs_follow_each_other_without_gaps() -> None:
    made = ask(5)

    first = queries.list_jobs(limit=2)
    second = queries.list_jobs(limit=2, before_id=first.next_before)
    third = queries.list_jobs(limit=2, before_id=second.next_before)

    shown = [card.job_id for page in (first, second, third) for card in page.rows]
    assert shown == made[::-1]
    assert third.next_before is None


def test_a_list_costs_the_same_for_many_jobs(django_assert_num_queries: Any) -> None:
    ask(20)

    with django_assert_num_queries(2):  # the jobs, and whether a worker is there
        assert len(queries.list_jobs().rows) == 20


def test_jobs_are_listed_by_status_and_kind() -> None:
    (one,) = ask(1)
    (other,) = ask(1, "test.crash")
    services.cancel_job(one)

    assert [card.job_id for card in queries.list_jobs(status="cancelled").rows] == [one]
    assert [card.job_id for card in queries.list_jobs(kind="test.crash").rows] == [
        other
    ]
    assert [card.job_id for card in queries.active_jobs()] == [other]
    assert not queries.job_card(one).is_active


def test_the_latest_job_of_a_shelf_is_found() -> None:
    ask(1, shelf=1)
    (second,) = ask(1, shelf=2)
    ask(1, shelf=3)

    (latest,) = queries.latest_jobs("test.", {"shelf": 2}, limit=1)

    assert latest.job_id == second
    assert queries.latest_jobs("test.", {"shelf": 9}) == ()


def test_events_are_read_on_from_the_last_one_seen() -> None:
    (job_id,) = ask(1)
    services.cancel_job(job_id)

    assert [event.seq for event in queries.job_events(job_id, after=1)] == [2]
    assert len(queries.job_events(job_id, limit=1)) == 1
