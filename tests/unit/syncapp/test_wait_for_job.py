"""What a command shows of a job, and which code it ends with."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from jobs.queries import JobCard, Phase
from syncapp.job_handlers.exit_codes import left_out, sync_exit
from syncapp.management.wait_for_job import bar

NOW = datetime(2024, 5, 17, tzinfo=UTC)
CARD = JobCard(
    job_id=7,
    kind="sync.quick",
    title="Quick sync",
    status="running",
    trigger="command",
    by="",
    attempt=1,
    max_attempts=3,
    created_at=NOW,
    updated_at=NOW,
    started_at=NOW,
    finished_at=None,
    progress_done=0,
    progress_total=None,
    message="",
    phases=(),
    cancel_asked=False,
    waits_for="",
    retry_of=None,
    retried_by=None,
    error_code="",
    error_text="",
    params={},
    result={},
)


def test_bar_shows_the_phase_that_is_under_way() -> None:
    phases = (Phase("tags", 200, 200), Phase("scenes", 500, 2_000))

    line = bar(replace(CARD, phases=(*phases, Phase("files", 0, None))))

    assert line.startswith("scenes ")
    assert line.endswith("500 of 2,000")
    assert line.count("#") * 3 == line.count(".") + 2  # a quarter, rounded


def test_bar_counts_when_the_total_is_unknown() -> None:
    assert bar(replace(CARD, phases=(Phase("tags", 1_200, None),))) == "tags 1,200"


def test_bar_says_what_a_waiting_job_does() -> None:
    assert bar(replace(CARD, status="queued")) == "queued"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"status": "succeeded"}, 0),
        ({"status": "succeeded", "result": {"streams": {"tags": {"skipped": 0}}}}, 0),
        ({"status": "succeeded", "result": {"streams": {"tags": {"skipped": 2}}}}, 3),
        ({"status": "succeeded", "result": {"held": {"scenes": 40}}}, 3),
        ({"status": "failed", "error_code": "crash"}, 1),
        ({"status": "failed", "error_code": "unreachable"}, 5),
        ({"status": "failed", "error_code": "key_refused"}, 5),
        ({"status": "cancelled"}, 1),
    ],
)
def test_exit_codes(fields: dict[str, Any], code: int) -> None:
    card = replace(CARD, **fields)

    assert sync_exit(card) == code


def test_what_was_left_out_is_told_by_stream() -> None:
    result: dict[str, Any] = {
        "streams": {"tags": {"skipped": 2}, "scenes": {}},
        "held": {"scenes": 40},
    }

    assert left_out(replace(CARD, result=result)) == [
        "2 of the tags were skipped",
        "40 deletions of scenes wait for --accept-deletions",
    ]
