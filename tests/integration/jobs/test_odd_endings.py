"""Whatever a handler returns, raises or tells: its job ends, and nothing escapes."""

from contextlib import suppress
from typing import Any

import pytest
from pytest_django import Settings

from jobs import queries, services
from jobs.models import Job
from jobs.queries import JobCard
from jobs.queue import endings, leases, runner
from jobs.queue.context import JobContext
from tests.claims import claimed, codes

pytestmark = pytest.mark.django_db(transaction=True)


def run(kind: str, **params: Any) -> JobCard:
    """Have a job run as q2 would."""
    ref = services.create_job(kind, params)
    runner.run(ref.job_id)
    return queries.job_card(ref.job_id)


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ("a list", "TypeError: The result is a list"),
        ("a surrogate", "ValueError: The result holds a NUL character, or half"),
        ("an error with a surrogate", "ValueError: half \\ud800"),
        ("an error with a NUL", "ValueError: nothing "),
        ("an error without a text", "Mute: <exception str() failed>"),
        ("an exit", "SystemExit: 3"),
    ],
)
def test_an_end_that_cannot_be_written_is_a_crash(how: str, sentence: str) -> None:
    card = run("test.odd", how=how)

    assert (card.status, card.error_code) == ("queued", "crash")
    assert sentence in card.error_text
    assert Job.objects.get().lease_token == ""


@pytest.mark.parametrize("how", ["progress", "counts"])
def test_progress_that_cannot_be_written_is_left_out_of_the_end(how: str) -> None:
    card = run("test.odd", how=how)

    assert (card.status, card.result) == ("succeeded", {"said": "done"})


def test_a_lease_is_renewed_whatever_progress_is_told(settings: Settings) -> None:
    settings.JOB_LEASE_S = 2.0

    card = run("test.outlive", within=15)

    assert (card.status, card.error_text) == ("succeeded", "")


def test_an_end_that_no_row_takes_is_told_as_such(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_args: Any, **_fields: Any) -> bool:
        msg = "an end that nobody thought of"
        raise ValueError(msg)

    monkeypatch.setattr(endings, "succeed", refuse)

    card = run("test.note")

    assert (card.status, card.error_code) == ("queued", "crash")
    assert card.error_text.startswith("The job came to an end that cannot be written")


def test_nothing_reaches_q2(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: Any, **_fields: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(leases, "claim_job", fail)

    assert run("test.note").status == "queued"


def test_lines_that_come_without_pause_are_written_together(
    django_assert_max_num_queries: Any,
) -> None:
    ctx = JobContext(claimed("test.note"))

    with django_assert_max_num_queries(40):
        for number in range(300):
            ctx.log("info", "said", f"Line {number}")
        ctx.write_log()

    said = [e.message for e in queries.job_events(ctx.job_id) if e.code == "said"]
    assert said == [f"Line {number}" for number in range(300)]


def test_a_log_that_is_full_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr(leases, "MAX_EVENTS", 4)
    ctx = JobContext(claimed("test.note"))
    for number in range(5):
        ctx.log("info", "said", f"Line {number}")
    ctx.write_log()

    with django_assert_num_queries(0):
        for number in range(5):
            ctx.log("info", "said", f"Line {number}")
        ctx.write_log()

    assert codes(ctx.job_id) == ["created", "started", "said", "said", "log_full"]


def test_all_that_a_job_says_is_written_before_its_end() -> None:
    card = run("test.chatter", lines=700)

    said = codes(card.job_id)
    assert said == ["created", "started", *["said"] * 700, "succeeded"][: len(said)]
    assert queries.job_detail(card.job_id, limit=800).events[-1].code == "succeeded"


def test_lines_of_a_transaction_that_was_undone_are_gone_others_are_not() -> None:
    ctx = JobContext(claimed("test.note"))
    ctx.log("info", "at_once", "The first is written at once.")
    ctx.log("info", "waits", "The second waits.")

    with suppress(ZeroDivisionError), ctx.atomic():
        ctx.log("info", "undone", "The third is undone.")
        raise ZeroDivisionError
    ctx.write_log()

    assert codes(ctx.job_id) == ["created", "started", "at_once", "waits"]
