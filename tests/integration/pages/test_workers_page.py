"""The page of workers and lanes, and what machines ask: readiness, figures."""

from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient
from django.utils import timezone

from jobs import services
from jobs.models import Job, Schedule, WorkerNode
from jobs.queue import leases, recovery, registry
from tests.builders import make_claim
from tests.integration.pages.conftest import text

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = "a-long-token-of-the-scraper"


def a_node(lanes: str = "short+system", **fields: Any) -> WorkerNode:
    given = {"host": "attic", "pid": 7, "processes": 2, "heartbeat_at": timezone.now()}
    return WorkerNode.objects.create(id=lanes, lanes=lanes, **{**given, **fields})


def a_running_job() -> None:
    node = a_node()
    params: dict[str, Any] = {"source_id": 1, "ids": ["1"]}
    services.create_job("sync.scenes", params, title="Evening lecture")
    leases.claim_job(registry.kinds(), worker_id=node.pk)


async def test_the_page_shows_each_node_its_lanes_and_its_job(
    operator: AsyncClient,
) -> None:
    await sync_to_async(a_running_job)()

    page = text(await operator.get("/jobs/workers/"))

    for shown in ("attic", "short, system", "2 at once", "at work", "Evening lecture"):
        assert shown in page


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"draining": True}, "draining"),
        ({"draining": True, "stopped_at": timezone.now()}, "stopped"),
        ({"heartbeat_at": timezone.now() - timedelta(minutes=9)}, "lost"),
    ],
)
async def test_the_page_tells_which_nodes_are_gone(
    operator: AsyncClient, fields: dict[str, Any], state: str
) -> None:
    await sync_to_async(a_node)(**fields)

    page = text(await operator.get("/jobs/workers/"))

    assert f'<td data-label="State">{state}</td>' in page


async def test_a_lane_is_paused_and_resumed_by_a_button(operator: AsyncClient) -> None:
    pressed = await operator.post("/jobs/lanes/long/pause/")
    everywhere = text(await operator.get("/scenes/"))
    page = text(await operator.get("/jobs/workers/"))
    await operator.post("/jobs/lanes/long/resume/")
    after = text(await operator.get("/scenes/"))

    assert (pressed.status_code, pressed["Location"]) == (303, "/jobs/workers/")
    assert "long lane paused" in everywhere
    assert "Resume the long lane" in page
    assert "by ada" in page
    assert "long lane paused" not in after


async def test_a_lane_that_is_not_there_cannot_be_paused(operator: AsyncClient) -> None:
    response = await operator.post("/jobs/lanes/fast/pause/")

    assert response.status_code == 404
    assert b"There is no lane" in response.content


async def test_ready_means_database_tables_and_a_worker(
    async_client: AsyncClient, db: None
) -> None:
    alone = await async_client.get("/readyz")
    await sync_to_async(a_node)()
    ready = await async_client.get("/readyz")

    parts = {"database": True, "migrations": True}
    assert (alone.status_code, ready.status_code) == (503, 200)
    parts["room"] = True
    assert alone.json() == {"ready": False, **parts, "worker": False}
    assert ready.json() == {"ready": True, **parts, "worker": True}


def some_figures() -> None:
    make_claim()
    services.create_job("sync.scenes", {"source_id": 1, "ids": ["1"]})
    Job.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    recovery.add_to_counter(recovery.RECOVERED, 3)
    late = {"enabled": True, "next_at": timezone.now() - timedelta(minutes=3)}
    Schedule.objects.create(name="Late", kind="sync.quick", every_minutes=5, **late)
    off = {"enabled": False, "next_at": timezone.now() - timedelta(minutes=9)}
    Schedule.objects.create(name="Off", kind="sync.quick", every_minutes=5, **off)


async def test_the_metrics_tell_depth_age_kinds_lag_and_repairs(
    async_client: AsyncClient, settings: Any
) -> None:
    settings.METRICS_TOKEN = TOKEN
    await sync_to_async(some_figures)()

    answer = await async_client.get(
        "/metrics", headers={"Authorization": f"Bearer {TOKEN}"}
    )

    lines = text(answer).splitlines()
    assert 'steward_jobs_waiting{lane="short"} 1' in lines
    assert 'steward_jobs_waiting{lane="long"} 0' in lines
    assert 'steward_jobs{kind="sync.scenes",status="queued"} 1' in lines
    assert "steward_recoveries_total 3" in lines
    assert "# TYPE steward_recoveries_total counter" in lines
    oldest = 'steward_oldest_waiting_seconds{lane="short"} '
    ages = [line.removeprefix(oldest) for line in lines if line.startswith(oldest)]
    assert 119 < float(ages[0]) < 180
    lags = [line for line in lines if line.startswith("steward_schedule_lag_seconds ")]
    assert 179 < float(lags[0].split()[1]) < 240


@pytest.mark.parametrize(
    ("token", "header"),
    [("", ""), ("", "Bearer "), (TOKEN, ""), (TOKEN, "Bearer a-wrong-one")],
)
async def test_the_metrics_are_nowhere_without_the_token(
    async_client: AsyncClient, settings: Any, token: str, header: str
) -> None:
    settings.METRICS_TOKEN = token

    answer = await async_client.get("/metrics", headers={"Authorization": header})

    assert answer.status_code == 404
