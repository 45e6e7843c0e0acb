"""Getting on is to be further than ever; what does not get on is given up in time."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError
from django.template.loader import render_to_string

from jobs import queries, services
from jobs.models import Job, JobEvent
from jobs.queue import endings, recovery
from jobs.queue.context import JobContext
from jobs.queue.endings import Failure
from jobs.queue.leases import JobClaim
from tests.claims import claimed, claimed_again, codes, let_the_lease_run_out, wait_s

pytestmark = pytest.mark.django_db(transaction=True)
CRASH = Failure("crash", "The reel tore.", retriable=True)


def dies(job_id: int) -> None:
    let_the_lease_run_out(job_id)
    recovery.reap()


def comes_to(claim: JobClaim, *reached: int, counted: int = 0) -> None:
    JobContext(claim).checkpoint({"next": reached, "counted": counted}, reached)


def test_a_job_that_dies_at_one_place_fails_at_the_fifth_time() -> None:
    claim = claimed("test.note")
    comes_to(claim, 1, 250)
    dies(claim.job_id)

    ends = []
    for number in range(5):
        comes_to(claimed_again(claim.job_id), 1, 250, counted=number)
        dies(claim.job_id)
        ends.append(queries.job_card(claim.job_id).status)

    assert ends == ["queued"] * 4 + ["failed"]
    said = queries.job_card(claim.job_id).error_text
    assert said.startswith("The job was tried 5 times and came no further")


def test_a_death_after_other_failures_is_told_as_one() -> None:
    stash_away = Failure("source_away", "Stash did not answer.", retriable=True)
    job_id = services.create_job("test.note", {}).job_id
    for _ in range(4):
        endings.fail(claimed_again(job_id), stash_away)

    claimed_again(job_id)
    dies(job_id)

    card = queries.job_card(job_id)
    assert (card.status, card.error_code) == ("failed", "worker_died")
    said = (
        "The job was tried 5 times and came no further; the last time its worker died"
    )
    assert card.error_text.startswith(said)


def test_waits_grow_with_each_death_that_brought_nothing() -> None:
    job_id = claimed("test.note").job_id
    waits = []
    for _ in range(4):
        dies(job_id)
        waits.append(wait_s(job_id))
        claimed_again(job_id)
    dies(job_id)

    assert waits[0] == 0
    for wait, about in zip(waits[1:], (15, 30, 60), strict=True):
        assert 0.7 * about < wait < 1.3 * about
    assert queries.job_card(job_id).status == "failed"


def test_counts_in_a_place_are_no_getting_on() -> None:
    ctx = JobContext(claimed("test.note"))
    ctx.checkpoint({"next": 500, "counted": 1}, (2, 500))
    Job.objects.update(attempt=3)

    for number, reached in enumerate([(2, 500), (2, 250), (1, 9_000)]):
        ctx.checkpoint({"next": reached[1], "counted": number}, reached)

    assert queries.job_card(ctx.job_id).attempt == 3
    assert Job.objects.get().furthest == [2, 500]


def write_a_page(ctx: JobContext, *, event_of: int) -> None:
    with ctx.atomic():
        ctx.checkpoint({"next": 500}, (500,))
        JobEvent.objects.create(job_id=event_of, seq=1, fence=1)


def test_a_place_whose_commit_was_refused_is_new_when_it_is_written_again() -> None:
    ctx = JobContext(claimed("test.note"))
    Job.objects.update(attempt=3)

    with pytest.raises(IntegrityError):
        write_a_page(ctx, event_of=0)  # a key that is looked up at the commit
    ctx.checkpoint({"next": 500}, (500,))

    job = Job.objects.get()
    assert (job.got_on, job.attempt, job.furthest) == (True, 1, [500])


def test_a_place_within_a_part_that_was_undone_is_new_after_it() -> None:
    ctx = JobContext(claimed("test.note"))

    with ctx.atomic():
        with pytest.raises(IntegrityError):
            write_a_page(ctx, event_of=ctx.job_id)  # that event is there
        ctx.checkpoint({"next": 500}, (500,))

    job = Job.objects.get()
    assert (job.got_on, job.furthest) == (True, [500])


def test_a_later_stream_is_further_than_any_place_of_an_earlier_one() -> None:
    claim = claimed("test.note")
    comes_to(claim, 1, 9_000)
    Job.objects.update(attempt=3)

    comes_to(claim, 2, 0)

    assert queries.job_card(claim.job_id).attempt == 1


def test_a_job_that_gets_on_may_die_a_hundred_times() -> None:
    claim = claimed("test.note")
    comes_to(claim, 1)
    dies(claim.job_id)

    card = queries.job_card(claim.job_id)
    assert (card.status, card.attempt, wait_s(card.job_id)) == ("queued", 0, 0)
    assert "1 of 100 times" in render_to_string("jobs/_facts.html", {"card": card})

    Job.objects.update(cut_short=98)
    comes_to(claimed_again(claim.job_id), 2)
    dies(claim.job_id)
    assert queries.job_card(claim.job_id).status == "queued"
    comes_to(claimed_again(claim.job_id), 3)
    dies(claim.job_id)

    card = queries.job_card(claim.job_id)
    assert (card.status, card.error_code) == ("failed", "worker_died")
    assert "cut short 100 times" in card.error_text


def test_a_crash_that_got_on_is_counted_alike() -> None:
    claim = claimed("test.note")
    Job.objects.update(attempt=4)
    comes_to(claim, 1)

    endings.fail(claim, CRASH)

    card = queries.job_card(claim.job_id)
    assert (card.status, card.attempt, card.cut_short) == ("queued", 0, 1)
    assert 11 < wait_s(claim.job_id) < 19


WAYS_BACK: dict[str, Callable[[JobClaim], object]] = {
    "the worker stops": endings.requeue_job,
    "it yields": endings.yield_job,
    "it crashed": lambda claim: endings.fail(claim, CRASH),
    "the database is away": lambda claim: endings.fail(
        claim, Failure("database_away", "Away.", retriable=True, blameless=True)
    ),
    "its lease ran out": lambda claim: dies(claim.job_id),
    "its cluster was replaced": lambda _: recovery.abandon("w", blame=()),
    "its process died": lambda _: recovery.abandon("w", blame=None),
}


@pytest.mark.parametrize("way", WAYS_BACK)
def test_a_job_that_was_to_be_cancelled_never_waits_again(way: str) -> None:
    claim = claimed("test.note", worker_id="w")
    services.cancel_job(claim.job_id)

    WAYS_BACK[way](claim)

    assert queries.job_card(claim.job_id).status == "cancelled"
    assert codes(claim.job_id)[-1] == "cancelled"


@pytest.mark.parametrize(("status", "disabled"), [("queued", 0), ("running", 1)])
def test_the_button_is_off_only_while_a_job_runs(status: str, disabled: int) -> None:
    claim = claimed("test.note")
    services.cancel_job(claim.job_id)
    Job.objects.update(status=status)

    card = queries.job_card(claim.job_id)
    button = render_to_string("jobs/_actions.html", {"card": card}, using="pages")

    assert button.count("disabled") == disabled
    assert button.count("Cancelling") == disabled
