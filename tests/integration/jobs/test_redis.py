"""Redis as the carrier of wake-ups: fast, forgetful, and no job is lost by it."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from asgiref.sync import sync_to_async
from django.db.models.functions import Now
from django.test import AsyncClient
from django_q import brokers  # noqa: TID251 - the carrier is what is tested
from django_q.conf import Conf  # noqa: TID251

from jobs import services
from jobs.models import Job, WorkerNode
from jobs.queue import q2, wakeups
from jobs.web.views import probes
from tests.builders import make_person
from tests.redis_server import PROGRAM, own_redis
from tests.workers import start_worker

NOWHERE = "redis://127.0.0.1:1/0"
pytestmark = pytest.mark.skipif(
    PROGRAM is None, reason="needs redis-server (Debian: redis-server)"
)


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    """Give the address of a Redis of this test's own."""
    with own_redis(tmp_path) as server:
        yield server.url


@pytest.fixture
def carried(
    redis_url: str, transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """Send wake-ups through Redis, and run a worker that listens there."""
    monkeypatch.setattr(Conf, "ORM", None)
    monkeypatch.setattr(Conf, "REDIS", redis_url)
    assert brokers.get_broker().info().startswith("Redis")
    with start_worker(REDIS_URL=redis_url):
        yield redis_url


def test_a_job_runs(carried: str, until: Any) -> None:
    ref = services.create_job("test.note", {"say": "by Redis"})

    card = until(ref.job_id, "succeeded", within=10)

    assert card.result == {"said": "by Redis"}


def test_jobs_whose_messages_were_flushed_run(
    redis_url: str,
    transactional_db: None,
    until: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Conf, "ORM", None)
    monkeypatch.setattr(Conf, "REDIS", redis_url)
    refs = [services.create_job("test.note", {"number": n}) for n in range(5)]
    queue = q2.queue_of("short")
    with redis.Redis.from_url(redis_url) as client:
        assert client.llen(f"django_q:{queue}:q") == 5
        client.flushall()

    with start_worker(REDIS_URL=redis_url):
        for ref in refs:
            until(ref.job_id, "succeeded", within=30)


def test_a_redis_that_is_away_loses_no_job(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Conf, "ORM", None)
    monkeypatch.setattr(Conf, "REDIS", "redis://127.0.0.1:1/0")

    services.create_job("test.note", {})

    job = Job.objects.get()
    assert (job.status, job.message_sent_at) == ("queued", None)


@pytest.fixture
def no_redis(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """Have wake-ups carried by a Redis that is not there."""
    monkeypatch.setattr(Conf, "ORM", None)
    monkeypatch.setattr(Conf, "REDIS", NOWHERE)
    monkeypatch.setattr(q2, "AWAY_S", 0.0)
    return NOWHERE


def test_jobs_start_without_redis(no_redis: str, until: Any) -> None:
    with start_worker(REDIS_URL=no_redis):
        first, second = (services.create_job("test.note", {}) for _ in range(2))

        assert until(first.job_id, "succeeded", within=20).attempt == 1
        assert until(second.job_id, "succeeded", within=20).attempt == 1


def test_a_cluster_wakes_itself_every_few_seconds_while_redis_is_away(
    no_redis: str,
) -> None:
    queue = q2.patient_broker("short")

    taken = [queue.dequeue() for _ in range(3)]

    assert [len(each or ()) for each in taken] == [1, 0, 0]
    queue.made_at -= q2.LOCAL_S
    assert len(queue.dequeue()) == 1


def test_no_function_of_the_queue_raises_without_redis(no_redis: str) -> None:
    WorkerNode.objects.create(
        id="n", host="a", pid=1, processes=3, heartbeat_at=Now(), lanes="short"
    )
    ref = services.create_job("test.note", {})

    assert not q2.has_messages("short")
    assert not q2.send(ref.job_id, "short")
    assert q2.patient_broker("short").acknowledge(1) is None
    assert q2.patient_broker("short").ping() is False
    assert services.wake_waiting() == 0
    assert services.sweep() == 0
    wakeups.wake_next()


@pytest.mark.django_db(transaction=True)
async def test_the_page_and_readyz_say_that_redis_is_away(
    no_redis: str, async_client: AsyncClient
) -> None:
    await async_client.aforce_login(await sync_to_async(make_person)("ada"))

    page = await async_client.get("/jobs/workers/")
    ready = await async_client.get("/readyz")

    assert b"Redis does not answer. Jobs start all the same" in page.content
    assert ready.json()["wake_ups"] is False
    assert ready.json()["database"] is True


@pytest.fixture
def looked_up(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[str]]:
    """Have the name of Redis looked up in vain; gives "begun" and "ended" of each."""
    monkeypatch.setattr(Conf, "ORM", None)
    monkeypatch.setattr(Conf, "REDIS", "redis://redis:6379/0")
    monkeypatch.setattr(probes, "LONGEST_S", 20.0)
    seen: list[str] = []
    ends, real = threading.Event(), socket.getaddrinfo

    def look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host != "redis":
            return real(host, *args, **kwargs)
        seen.append("begun")
        ends.wait(30)
        seen.append("ended")
        raise socket.gaierror(socket.EAI_AGAIN, "no name server answered")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    yield seen
    ends.set()
    for thread in threading.enumerate():
        if thread.name == "ping of Redis":
            thread.join()


@pytest.mark.django_db(transaction=True)
async def test_a_name_server_that_is_silent_holds_up_neither_page_nor_readyz(
    looked_up: list[str], async_client: AsyncClient
) -> None:
    fields: dict[str, Any] = {"id": "n", "host": "a", "pid": 1, "processes": 3}
    await WorkerNode.objects.acreate(**fields, heartbeat_at=Now(), lanes="short")
    await async_client.aforce_login(await sync_to_async(make_person)("ada"))

    ready = await async_client.get("/readyz")
    page = await async_client.get("/jobs/workers/")

    assert (ready.status_code, ready.json()["database"]) == (200, True)
    assert ready.json()["wake_ups"] is False
    assert b"Redis does not answer. Jobs start all the same" in page.content
    assert looked_up == ["begun"]  # once for both, and still under way
