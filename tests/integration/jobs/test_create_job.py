"""Asking for jobs: one active job per key, and a wake-up on commit alone."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import pytest
from django.contrib.auth.models import User
from django.db import connections, transaction
from django_q.models import OrmQ  # noqa: TID251 - what lies in the queue

from jobs import queries, services
from jobs.errors import BadParams, JobAlreadyEnded, JobNotFound, JobStillActive
from jobs.models import Job
from jobs.services import JobRef


def at_once(people: int, work: Callable[[], JobRef]) -> list[JobRef]:
    """Let threads with connections of their own do `work` at the same instant."""
    barrier = threading.Barrier(people)

    def one(_number: int) -> JobRef:
        try:
            connections["default"].ensure_connection()
            barrier.wait(10)
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(people) as pool:
        return list(pool.map(one, range(people)))


@pytest.mark.django_db
def test_asking_twice_is_one_job() -> None:
    first = services.create_job("test.once", {"item": 1})
    second = services.create_job("test.once", {"item": 1})
    other = services.create_job("test.once", {"item": 2})

    assert (first.created, second) == (True, replace(first, created=False))
    assert other.created
    assert other.job_id != first.job_id


@pytest.mark.django_db
def test_an_ended_job_does_not_stand_in_the_way() -> None:
    first = services.create_job("test.once", {"item": 1})
    services.cancel_job(first.job_id)

    assert services.create_job("test.once", {"item": 1}).created


@pytest.mark.django_db
def test_jobs_without_a_key_never_meet() -> None:
    first = services.create_job("test.note", {})
    second = services.create_job("test.note", {})

    assert first.created
    assert second.created
    assert first.job_id != second.job_id


@pytest.mark.django_db(transaction=True)
def test_simultaneous_requests_are_one_job() -> None:
    for item in range(12):
        refs = at_once(4, partial(services.create_job, "test.once", {"item": item}))

        assert len({ref.job_id for ref in refs}) == 1
        assert sum(ref.created for ref in refs) == 1
    assert Job.objects.count() == 12


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_request_leaves_no_job_and_no_message() -> None:
    with transaction.atomic():
        services.create_job("test.note", {})
        transaction.set_rollback(True)

    assert not Job.objects.exists()
    assert not OrmQ.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_committed_request_leaves_one_message() -> None:
    ref = services.create_job("test.note", {})

    assert OrmQ.objects.get().args() == (ref.job_id,)
    assert Job.objects.get().message_sent_at is not None


@pytest.mark.django_db(transaction=True)
def test_a_queue_that_is_away_loses_no_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(OrmQ._meta, "db_table", "nowhere")

    ref = services.create_job("test.note", {})

    assert queries.job_card(ref.job_id).status == "queued"
    assert Job.objects.get().message_sent_at is None


@pytest.mark.django_db
def test_a_job_says_who_asked_for_what() -> None:
    user = User.objects.create_user("archivist")
    ref = services.create_job(
        "test.once", {"item": 7}, title="Once more", trigger="command", by=user.pk
    )

    card = queries.job_card(ref.job_id)

    assert (card.title, card.by, card.trigger) == ("Once more", "archivist", "command")
    assert card.params == {"item": 7}
    assert [event.code for event in queries.job_events(ref.job_id)] == ["created"]


@pytest.mark.django_db
def test_a_parameter_that_a_key_needs_cannot_be_left_out() -> None:
    with pytest.raises(BadParams, match="item"):
        services.create_job("test.once", {})


@pytest.mark.django_db
def test_a_waiting_job_is_cancelled_at_once_and_only_once() -> None:
    ref = services.create_job("test.note", {})

    assert services.cancel_job(ref.job_id).status == "cancelled"
    with pytest.raises(JobAlreadyEnded, match=r"ended already \(cancelled\)"):
        services.cancel_job(ref.job_id)


@pytest.mark.django_db
def test_an_active_job_cannot_be_retried() -> None:
    ref = services.create_job("test.note", {})

    with pytest.raises(JobStillActive, match=f"Job {ref.job_id} is queued"):
        services.retry_job(ref.job_id)


@pytest.mark.django_db
@pytest.mark.parametrize("service", [services.cancel_job, services.retry_job])
def test_a_job_that_is_not_there_is_named(service: Callable[[int], object]) -> None:
    with pytest.raises(JobNotFound, match="no job 404"):
        service(404)


@pytest.mark.django_db
def test_retrying_twice_is_one_job() -> None:
    ref = services.create_job("test.once", {"item": 1})
    services.cancel_job(ref.job_id)

    first = services.retry_job(ref.job_id)
    second = services.retry_job(ref.job_id)

    assert (first.created, second) == (True, replace(first, created=False))
    assert queries.job_card(first.job_id).retry_of == ref.job_id
    assert queries.job_card(ref.job_id).retried_by == first.job_id
