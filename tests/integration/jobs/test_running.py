"""One job run in this process: its end, its attempts, its lease, its fence."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from jobs import queries, services
from jobs.errors import JobCancelled, JobDrained, JobNotClaimed, LeaseLost
from jobs.models import Job, JobEvent, WorkerNode
from jobs.queries import JobCard
from jobs.queue import endings, leases, recovery, runner
from jobs.queue.context import JobContext
from tests.claims import claimed, codes, let_the_lease_run_out, make_due

pytestmark = pytest.mark.django_db(transaction=True)


def run(kind: str, **params: Any) -> JobCard:
    """Run a job of this kind to its end, or to the end of its first attempt."""
    ref = services.create_job(kind, params)
    services.run_inline(ref.job_id)
    return queries.job_card(ref.job_id)


def test_a_job_that_succeeds_keeps_its_result_and_its_log() -> None:
    card = run("test.note", say="hello")

    assert (card.status, card.result) == ("succeeded", {"said": "hello"})
    assert card.finished_at is not None
    assert codes(card.job_id) == ["created", "started", "noted", "succeeded"]
    assert [event.seq for event in queries.job_events(card.job_id)] == [1, 2, 3, 4]


def test_what_a_job_returns_stands_over_what_it_counted_on_the_way() -> None:
    assert run("test.tally").result == {"in all": 2}


def test_a_job_shows_how_far_it_came() -> None:
    card = run("test.steps", room=1, names=[], steps=3)

    assert (card.progress_done, card.progress_total) == (3, 3)
    assert [(phase.name, phase.done) for phase in card.phases] == [("steps", 3)]


def test_an_expected_failure_is_told_in_its_own_sentence() -> None:
    card = run("test.refuse")

    assert (card.status, card.error_code) == ("failed", "closed")
    assert card.error_text == "The archive is closed: open it and try again."
    assert "traceback" not in queries.job_events(card.job_id)[-1].data


def test_a_failure_that_may_pass_is_tried_again_later() -> None:
    card = run("test.refuse", retriable=True)
    assert (card.status, card.attempt) == ("queued", 1)
    assert card.waits_for.startswith("Will be tried again on ")

    make_due(card.job_id)
    services.run_inline(card.job_id)

    last = queries.job_card(card.job_id)
    assert (last.status, last.attempt) == ("failed", 2)


def test_a_crash_is_tried_five_times_and_then_fails() -> None:
    card = run("test.crash")
    for _ in range(4):
        assert card.status == "queued"
        make_due(card.job_id)
        services.run_inline(card.job_id)
        card = queries.job_card(card.job_id)

    assert (card.status, card.error_code, card.attempt) == ("failed", "crash", 5)
    assert card.error_text == "The job crashed: ZeroDivisionError: a wheel came off"
    crash = JobEvent.objects.filter(code="crash").first()
    assert crash is not None
    assert "tests/handlers.py" in crash.data["traceback"]


def test_a_crash_waits_before_the_next_attempt() -> None:
    card = run("test.crash")

    next_at = Job.objects.get().next_at
    assert next_at is not None
    assert 11 < (next_at - timezone.now()).total_seconds() < 19
    with pytest.raises(JobNotClaimed):
        services.run_inline(card.job_id)


def test_a_result_that_cannot_be_stored_is_a_crash() -> None:
    card = run("test.spin")

    assert (card.status, card.error_code) == ("queued", "crash")


def test_a_kind_that_is_no_more_is_left_waiting(settings: Any) -> None:
    ref = services.create_job("test.note", {})
    settings.JOB_HANDLERS = "syncapp.job_handlers.HANDLERS"

    runner.run(ref.job_id)

    assert queries.job_card(ref.job_id).status == "queued"


def test_a_wake_up_runs_all_that_is_due_the_most_urgent_first() -> None:
    usual = services.create_job("test.note", {})
    urgent = services.create_job("test.note", {}, priority=5)

    runner.run(usual.job_id)

    first, second = Job.objects.order_by("started_at").values_list("pk", "status")
    assert first == (urgent.job_id, "succeeded")
    assert second == (usual.job_id, "succeeded")


def test_a_wake_up_with_nothing_to_do_does_nothing() -> None:
    runner.run(404)

    assert not Job.objects.exists()


def test_of_one_exclusive_key_one_job_runs() -> None:
    holder = claimed("test.steps", room=1, names=["a"], steps=1)
    waiter = services.create_job("test.steps", {"room": 1, "names": ["b"], "steps": 1})

    assert leases.claim_job(["test.steps"], worker_id="") is None
    assert queries.job_card(waiter.job_id).waits_for == (
        f"Waits for job {holder.job_id} (Steps): the two may not run at once."
    )


def test_the_database_itself_refuses_a_second_running_job() -> None:
    claimed("test.steps", room=1, names=["a"], steps=1)
    services.create_job("test.steps", {"room": 1, "names": ["b"], "steps": 1})
    overlooked = Job.objects.get(status="queued")

    assert leases._try_to_claim(overlooked.pk, "") == ""
    assert Job.objects.running().count() == 1


def test_a_checkpoint_is_where_the_next_attempt_goes_on() -> None:
    first = claimed("test.steps", room=1, names=[], steps=4)
    ctx = JobContext(first)
    with ctx.atomic():
        ctx.checkpoint({"next": 3})
    let_the_lease_run_out(first.job_id)

    services.run_inline(first.job_id)

    steps = JobEvent.objects.filter(code="step").values_list("data__step", flat=True)
    assert list(steps) == [3]
    assert queries.job_card(first.job_id).status == "succeeded"


def test_a_checkpoint_that_advanced_resets_the_attempts() -> None:
    first = claimed("test.steps", room=1, names=[], steps=4)
    Job.objects.update(attempt=3)

    with JobContext(first).atomic():
        pass
    assert queries.job_card(first.job_id).attempt == 3
    JobContext(first).checkpoint({"next": 1}, (1,))

    assert queries.job_card(first.job_id).attempt == 1


def test_a_checkpoint_and_its_writes_are_one() -> None:
    ctx = JobContext(claimed("test.steps", room=1, names=[], steps=4))

    with suppress(ZeroDivisionError), ctx.atomic():
        ctx.log("info", "step", "Step 0")
        ctx.checkpoint({"next": 1})
        raise ZeroDivisionError

    assert Job.objects.get().checkpoint is None
    assert "step" not in codes(ctx.job_id)


def test_a_worker_that_was_taken_for_dead_writes_nothing() -> None:
    old = claimed("test.note")
    let_the_lease_run_out(old.job_id)
    recovery.reap()
    new = leases.claim_job(["test.note"], worker_id="")
    assert new is not None
    assert new.fence > old.fence

    zombie = JobContext(old)
    with pytest.raises(LeaseLost), zombie.atomic():
        pytest.fail("the transaction was opened")
    with pytest.raises(LeaseLost):
        zombie.log("info", "late", "Too late")
    with pytest.raises(LeaseLost):
        zombie.check()
    assert not leases.renew(old)
    assert not endings.succeed(old, {"late": True})

    assert queries.job_card(old.job_id).status == "running"
    assert "late" not in codes(old.job_id)


def test_a_lease_that_ran_out_is_not_renewed() -> None:
    claim = claimed("test.note")
    assert leases.renew(claim)
    let_the_lease_run_out(claim.job_id)

    assert not leases.renew(claim)


def test_a_job_whose_worker_dies_each_time_fails() -> None:
    ref = services.create_job("test.note", {})
    for _ in range(5):
        make_due(ref.job_id)
        assert leases.claim_job(["test.note"], worker_id="") is not None
        let_the_lease_run_out(ref.job_id)
        recovery.reap()

    card = queries.job_card(ref.job_id)
    assert (card.status, card.error_code) == ("failed", "worker_died")
    assert card.error_text.startswith("The job was tried 5 times and came no further")


def test_a_live_lease_is_not_reaped() -> None:
    claim = claimed("test.note")

    assert recovery.reap() == 0
    assert queries.job_card(claim.job_id).status == "running"


def test_a_running_job_is_cancelled_at_its_next_checkpoint() -> None:
    ctx = JobContext(claimed("test.note"))

    assert services.cancel_job(ctx.job_id).status == "running"
    assert services.cancel_job(ctx.job_id).status == "running"
    assert queries.job_card(ctx.job_id).cancel_asked
    with pytest.raises(JobCancelled), ctx.atomic():
        ctx.checkpoint({"next": 1})

    assert Job.objects.get().checkpoint == {"next": 1}
    assert codes(ctx.job_id).count("cancel_asked") == 1


def test_a_cancelled_job_whose_worker_died_is_not_run_again() -> None:
    claim = claimed("test.note")
    services.cancel_job(claim.job_id)
    let_the_lease_run_out(claim.job_id)

    recovery.reap()

    assert queries.job_card(claim.job_id).status == "cancelled"


def test_a_draining_worker_gives_its_job_back_and_takes_no_other() -> None:
    node = WorkerNode.objects.create(
        id="w" * 32, host="here", pid=1, processes=1, heartbeat_at=timezone.now()
    )
    ctx = JobContext(claim := claimed("test.note", worker_id=node.pk))
    WorkerNode.objects.update(draining=True)

    with pytest.raises(JobDrained):
        ctx.check()
    endings.requeue_job(claim)

    card = queries.job_card(ctx.job_id)
    assert (card.status, card.attempt) == ("queued", 0)
    assert leases.claim_job(["test.note"], worker_id=node.pk) is None


def test_checking_is_cheap(django_assert_num_queries: Any) -> None:
    ctx = JobContext(claimed("test.note"))

    with django_assert_num_queries(1):
        for _ in range(50):
            ctx.check()


def test_a_retry_goes_on_from_the_old_job_s_checkpoint() -> None:
    claim = claimed("test.steps", room=1, names=[], steps=4)
    JobContext(claim).checkpoint({"next": 2})
    endings.stop(claim)

    ref = services.retry_job(claim.job_id)
    services.run_inline(ref.job_id)

    steps = JobEvent.objects.filter(code="step").values_list("data__step", flat=True)
    assert list(steps) == [2, 3]


def test_a_retry_of_a_job_that_succeeded_begins_anew() -> None:
    card = run("test.steps", room=1, names=[], steps=2)

    services.run_inline(services.retry_job(card.job_id).job_id)

    assert JobEvent.objects.filter(code="step").count() == 4


def test_ctrl_c_cancels_an_inline_job(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tests.handlers.time.sleep", interrupt)
    ref = services.create_job("test.steps", {"room": 1, "names": [], "steps": 1})

    with pytest.raises(KeyboardInterrupt):
        services.run_inline(ref.job_id)

    assert queries.job_card(ref.job_id).status == "cancelled"


def test_a_full_log_says_so_and_still_tells_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(leases, "MAX_EVENTS", 4)

    card = run("test.steps", room=1, names=[], steps=9)

    assert codes(card.job_id)[-2:] == ["log_full", "succeeded"]
    assert len(codes(card.job_id)) == 6


def test_leases_go_by_the_clock_of_the_database() -> None:
    claim = claimed("test.note")

    until, now = Job.objects.values_list("lease_until", Now()).get(pk=claim.job_id)

    assert until is not None
    assert timedelta(seconds=25) < until - now <= timedelta(seconds=30)


def test_a_database_that_takes_no_writes_costs_a_moment_and_no_attempt() -> None:
    card = run("test.shut")

    assert (card.status, card.attempt, card.error_code) == (
        "queued",
        0,
        "database_away",
    )
    next_at = Job.objects.get(pk=card.job_id).next_at
    assert next_at is not None
    assert next_at - timezone.now() < timedelta(seconds=2)
    make_due(card.job_id)
    services.run_inline(card.job_id)
    assert queries.job_card(card.job_id).status == "succeeded"
    assert codes(card.job_id).count("wrote") == 1
