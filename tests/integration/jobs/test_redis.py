"""Redis as the carrier of wake-ups: fast, forgetful, and no job is lost by it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from django_q import brokers  # noqa: TID251 - the carrier is what is tested
from django_q.conf import Conf  # noqa: TID251

from jobs import services
from jobs.models import Job
from jobs.queue import q2
from tests.redis_server import PROGRAM, own_redis
from tests.workers import start_worker

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
