"""The page of workers and lanes, and what machines ask: readiness, figures."""

from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db.models import F
from django.test import AsyncClient
from django.utils import timezone

from jobs import services
from jobs.models import Job, Schedule, WorkerNode
from jobs.queue import leases, recovery, registry, untaken
from tests.builders import make_claim, make_source
from tests.integration.pages.conftest import text

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = timedelta(minutes=1)
TOKEN = "a-long-token-of-the-scraper"


def a_node(lanes: str = "short+system", **fields: Any) -> WorkerNode:
    given = {"host": "attic", "pid": 7, "processes": 2, "heartbeat_at": timezone.now()}
    return WorkerNode.objects.create(id=lanes, lanes=lanes, **{**given, **fields})


def a_running_job() -> None:
    node = a_node()
    params: dict[str, Any] = {"source_id": make_source().pk, "ids": [1]}
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
    ],
)
async def test_the_page_tells_which_nodes_are_gone(
    operator: AsyncClient, fields: dict[str, Any], state: str
) -> None:
    await sync_to_async(a_node)(**fields)

    page = text(await operator.get("/jobs/workers/"))

    assert f'<td data-label="State">{state}</td>' in page


def a_silent_node(*, beats: bool) -> None:
    """Make a node of which nothing is heard, and a job of it that beats or not."""
    a_running_job()
    long_ago = timezone.now() - timedelta(minutes=9)
    WorkerNode.objects.update(heartbeat_at=long_ago)
    if not beats:
        Job.objects.update(heartbeat_at=long_ago)


@pytest.mark.parametrize(("beats", "state"), [(True, "frozen"), (False, "lost")])
async def test_the_page_names_a_supervisor_of_which_nothing_is_heard(
    operator: AsyncClient, *, beats: bool, state: str
) -> None:
    await sync_to_async(a_silent_node)(beats=beats)

    page = text(await operator.get("/jobs/workers/"))

    assert f'<td data-label="State">{state}<' in page
    assert "Nothing was heard of process 7 for 9 min" in page
    assert "kill -9 7" in page


async def test_the_page_tells_of_a_beat_that_is_still_to_come(
    operator: AsyncClient,
) -> None:
    ahead = timezone.now() + timedelta(minutes=30)
    await sync_to_async(a_node)(heartbeat_at=ahead)

    page = text(await operator.get("/jobs/workers/"))

    assert '<td data-label="State">lost<' in page
    assert "The last beat of process 7 is ahead of now, by a clock that was" in page


@pytest.mark.parametrize("days", [-30, 30])
async def test_a_node_that_is_long_gone_leaves_the_page_whatever_its_clock_said(
    operator: AsyncClient, days: int
) -> None:
    beat = timezone.now() + timedelta(days=days)
    await sync_to_async(a_node)(heartbeat_at=beat)

    page = text(await operator.get("/jobs/workers/"))

    assert "attic" not in page


async def test_the_page_tells_why_processes_were_replaced(
    operator: AsyncClient,
) -> None:
    why = "process 4711 was frozen for 10 s"
    await sync_to_async(a_node)(replaced_at=timezone.now(), replaced_why=why)

    page = text(await operator.get("/jobs/workers/"))

    assert "Its processes were replaced 0 s ago: process 4711 was frozen" in page


def an_untaken_job() -> int:
    """Make a job that a free process leaves where it is, for a minute."""
    a_node()
    params: dict[str, Any] = {"source_id": make_source().pk, "ids": [1]}
    ref = services.create_job("sync.scenes", params)
    untaken.note_waits()
    ago = {"due_since": F("due_since") - MINUTE, "updated_at": F("updated_at") - MINUTE}
    Job.objects.update(**ago)
    return ref.job_id


async def test_pages_tell_for_how_long_nobody_took_a_job(operator: AsyncClient) -> None:
    job_id = await sync_to_async(an_untaken_job)()

    page = text(await operator.get("/jobs/workers/"))
    job = text(await operator.get(f"/jobs/{job_id}/"))

    assert "open, but no free process took a job for 1 min" in page
    assert "A process is free, but none has taken it for 1 min" in job


async def test_the_page_names_kinds_that_nobody_knows(operator: AsyncClient) -> None:
    fields = {"title": "Old", "trigger": "system", "max_attempts": 1}
    await Job.objects.acreate(kind="reels.rewind", **fields)

    page = text(await operator.get("/jobs/workers/"))

    assert "<code>reels.rewind</code> wait (1)" in page


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

    parts = {"database": True, "migrations": True, "wake_ups": True}
    assert (alone.status_code, ready.status_code) == (503, 200)
    parts["room"] = True
    assert alone.json() == {"ready": False, **parts, "worker": False}
    assert ready.json() == {"ready": True, **parts, "worker": True}


def some_figures() -> None:
    make_claim()
    services.create_job("sync.scenes", {"source_id": make_source().pk, "ids": [1]})
    Job.objects.update(updated_at=timezone.now() - timedelta(minutes=2))
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


def long_paused_jobs() -> None:
    make_claim()
    a_node("long+short+system", processes=2)
    for kind, lane in (("sync.scenes", "short"), ("sync.full", "long")):
        fields = {"title": "Old", "trigger": "system", "max_attempts": 1}
        Job.objects.create(kind=kind, lane=lane, **fields)
    services.pause_lane("short")
    services.pause_lane("long")
    nine_hours_ago = timezone.now() - timedelta(hours=9)
    Job.objects.update(created_at=nine_hours_ago, updated_at=nine_hours_ago)
    services.resume_lane("long")


async def test_the_metrics_count_what_could_start_since_it_could(
    async_client: AsyncClient, settings: Any
) -> None:
    settings.METRICS_TOKEN = TOKEN
    await sync_to_async(long_paused_jobs)()

    answer = await async_client.get(
        "/metrics", headers={"Authorization": f"Bearer {TOKEN}"}
    )

    name = "steward_oldest_waiting_seconds"
    lines = [each for each in text(answer).splitlines() if each.startswith(name)]
    assert len(lines) == 3
    assert all(float(line.split()[1]) < 60 for line in lines)


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
