"""Old jobs are cleared away: what is over, and nothing that is needed."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from jobs import queries, services
from jobs.models import Job, JobEvent, Schedule, ScheduleFire
from jobs.queue import retention

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime.now(UTC)


def job(status: str, days: int, *, events: int = 0, **fields: Any) -> int:
    """Make a job that ended so many days ago, with a log."""
    made = Job.objects.create(
        kind="test.note",
        title="Note",
        trigger="button",
        max_attempts=1,
        status=status,
        created_at=NOW - timedelta(days=days + 1),
        finished_at=NOW - timedelta(days=days) if status in ENDED else None,
        last_seq=events,
        **fields,
    )
    JobEvent.objects.bulk_create(
        JobEvent(
            job=made, seq=n, fence=1, level="info", code="noted", message="It ran."
        )
        for n in range(1, events + 1)
    )
    return made.pk


ENDED = ("succeeded", "failed", "cancelled")


def prune() -> dict[str, Any]:
    ref = services.create_job("jobs.prune", {})
    services.run_inline(ref.job_id)
    card = queries.job_card(ref.job_id)
    assert card.status == "succeeded", card.error_text
    return dict(card.result)


def left() -> set[int]:
    return set(Job.objects.exclude(kind="jobs.prune").values_list("pk", flat=True))


def test_what_ended_long_ago_goes_with_its_log() -> None:
    old = [job("succeeded", 31, events=3), job("cancelled", 31), job("failed", 91)]
    young = {job("succeeded", 29), job("cancelled", 29), job("failed", 89, events=2)}

    counts = prune()

    assert left() == young
    assert JobEvent.objects.filter(job_id__in=old).count() == 0
    assert JobEvent.objects.filter(job_id__in=young).count() == 2
    assert counts == {"jobs": 3, "log lines": 3, "schedule slots": 0}


def test_how_long_is_a_setting(settings: Settings) -> None:
    settings.JOB_KEEP_DAYS, settings.JOB_KEEP_FAILED_DAYS = 2, 5
    job("succeeded", 3)
    kept = {job("succeeded", 1), job("failed", 4)}

    prune()

    assert left() == kept


def test_what_is_active_stays_however_old() -> None:
    waiting = job("queued", 400)
    held: dict[str, Any] = {"lease_token": "x", "lease_until": NOW + timedelta(hours=1)}
    running = job("running", 400, **held)

    prune()

    assert left() == {waiting, running}


def test_a_job_stays_as_long_as_its_retry_does() -> None:
    first = job("failed", 300)
    second = job("failed", 200, retry_of_id=first)
    third = job("succeeded", 5, retry_of_id=second)
    chain = job("failed", 300)
    job("succeeded", 200, retry_of_id=chain)

    prune()

    assert left() == {first, second, third}
    assert queries.job_card(third).retry_of == second


def test_the_last_job_of_a_schedule_stays_and_its_history_says_what_went() -> None:
    schedule = Schedule.objects.create(
        name="Yearly", kind="test.note", cron="0 0 1 1 *"
    )
    gone, last = job("succeeded", 700), job("succeeded", 335)
    for job_id in (gone, last):
        ScheduleFire.objects.create(schedule=schedule, outcome="made", job_id=job_id)
    Schedule.objects.update(last_job_id=last)

    prune()

    assert left() == {last}
    assert list(schedule.fires.values_list("job_id", flat=True)) == [last, None]


def test_a_schedule_keeps_what_its_page_shows() -> None:
    schedule = Schedule.objects.create(name="Often", kind="test.note", every_minutes=1)
    ScheduleFire.objects.bulk_create(
        ScheduleFire(
            schedule=schedule,
            slot_at=NOW - timedelta(days=60, minutes=-n),
            at=NOW - timedelta(days=60),
            outcome="missed",
        )
        for n in range(50)
    )

    counts = prune()

    assert counts["schedule slots"] == 30
    newest = schedule.fires.latest("slot_at")
    assert newest.slot_at == NOW - timedelta(days=60, minutes=-49)


def test_much_goes_in_many_short_transactions(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setattr(retention, "JOBS", 10)
    monkeypatch.setattr(retention, "ROWS", 25)
    for _ in range(35):
        job("succeeded", 40, events=4)

    counts = prune()

    assert left() == set()
    assert (counts["jobs"], counts["log lines"]) == (35, 140)


def test_the_daily_schedule_is_there_from_the_start(tmp_path: Path) -> None:
    """Look into a database that was just made, for tests empty theirs."""
    url = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    env = {**os.environ, "STEWARD_DATA_DIR": str(tmp_path), "DATABASE_URL": url}

    def manage(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            env=env,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    manage("migrate", "-v", "0")

    assert "Clear away old jobs  (At 03:30 every day" in manage("schedules", "list")
