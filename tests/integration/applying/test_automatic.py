"""Automatic apply: what is certain and allowed, so many a day, until it is wrong."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from jobs.models import Job, Schedule
from jobs.services import create_job, run_inline
from syncapp import queries, services
from syncapp.models import AutomaticApply, Change, Plan
from syncapp.models.plans import PlanKind
from tests.builders import make_person
from tests.integration.applying.conftest import Bench
from tests.integration.applying.test_undo_jobs import applied, undone
from tests.plan_builders import make_plan

ALL = ("studio", "tags", "date", "title")


def propose(bench: Bench, number: int, name: str, value: Any, **fields: Any) -> Change:
    """Let the plan propose it, certain if nothing else is said."""
    told = {"state": "proposed", "level": "certain", "confidence": 0.995, **fields}
    return bench.accept(number, name, value, **told)


def allow(bench: Bench, *detectors: str, a_day: int = 200, **fields: Any) -> int:
    """Allow it; returns the source. The plan counts as made after the last sync."""
    source_id: int = bench.mirror.source.pk
    services.allow_automatic(source_id, detectors or ALL, a_day, **fields)
    Plan.objects.filter(pk=bench.plan.pk).update(created_at=datetime.now(UTC))
    return source_id


def run(source_id: int) -> Job:
    """Run the job, and what it asks for; returns it."""
    ref = create_job("plan.automatic", {"source_id": source_id})
    run_inline(ref.job_id)
    for each in Job.objects.filter(status="queued").order_by("id"):
        run_inline(each.pk)
    return Job.objects.get(pk=ref.job_id)


def accepted_by_itself() -> set[int]:
    rows = Change.objects.filter(plan__kind=PlanKind.AUTOMATIC)
    return set(rows.values_list("pk", flat=True))


def states(changes: Sequence[Change]) -> list[str]:
    return [Change.objects.get(pk=each.pk).state for each in changes]


def test_what_is_certain_is_written_and_the_rest_waits(bench: Bench) -> None:
    bench.library.edit("scene", 3, title="Reel", date=None)
    bench.mirror.full()
    certain = propose(bench, 3, "title", "Dunes at dawn")
    likely = propose(bench, 3, "date", "1931-05-02", level="likely")
    by_hand = bench.accept(4, "title", "Accepted by a person, not applied")
    source_id = allow(bench, by=make_person(is_superuser=True).pk)

    job = run(source_id)

    assert bench.scene(3)["title"] == "Dunes at dawn"
    assert states([certain, likely, by_hand]) == ["applied", "proposed", "accepted"]
    plan = Plan.objects.get(kind=PlanKind.AUTOMATIC)
    assert (plan.name, plan.job_id) == ("Automatic apply of title", job.pk)
    assert plan.by is not None
    assert plan.by.username == "ada"
    assert job.result == {"plan": plan.pk, "changes": {"accepted": 1}}
    assert accepted_by_itself() == {certain.pk}


def test_it_is_off_until_somebody_allows_it_and_per_detector(bench: Bench) -> None:
    title = propose(bench, 3, "title", "Dunes at dawn")
    tag = propose(bench, 3, "tags", 5)
    source_id = bench.mirror.source.pk

    assert run(source_id).result == {}
    assert states([title, tag]) == ["proposed", "proposed"]

    allow(bench, "tags")
    run(source_id)
    assert states([title, tag]) == ["proposed", "applied"]

    services.stop_automatic(source_id)
    assert run(source_id).result == {}
    assert states([title]) == ["proposed"]


def test_no_more_are_accepted_than_a_day_allows(bench: Bench) -> None:
    changes = [propose(bench, n, "title", f"Dunes {n}") for n in range(3, 10)]
    source_id = allow(bench, a_day=4)

    run(source_id)
    assert states(changes) == ["applied"] * 4 + ["proposed"] * 3
    assert run(source_id).result == {}

    yesterday = datetime.now(UTC) - timedelta(hours=25)
    Change.objects.filter(state="applied").update(decided_at=yesterday)
    run(source_id)
    assert states(changes) == ["applied"] * 7


def test_a_choice_a_creation_and_what_is_old_are_left_to_people(bench: Bench) -> None:
    one_of_two = propose(bench, 3, "title", "Dunes", choice="a")
    other = propose(bench, 3, "title", "Dune", choice="a")
    overtaken = propose(bench, 4, "title", "Dunes 4")
    changed_since = propose(bench, 5, "title", "Dunes 5")
    source_id = allow(bench)
    newer = make_plan(
        bench.mirror.source, "Newer", kind="by_hand", created_at=datetime.now(UTC)
    )
    propose(bench, 4, "title", "By hand", plan=newer)
    bench.library.edit("scene", 5, details="Somebody was here.")
    bench.mirror.full()

    assert run(source_id).result == {}
    assert accepted_by_itself() == set()
    every = [one_of_two, other, overtaken, changed_since]
    assert states(every) == ["proposed"] * 4


def test_what_was_undone_is_not_done_again_and_raises_the_alarm(bench: Bench) -> None:
    changes = [propose(bench, n, "title", f"Dunes {n}") for n in range(3, 9)]
    source_id = allow(bench)
    run(source_id)
    first = Plan.objects.get(kind=PlanKind.AUTOMATIC)
    assert applied(undone(first.pk)) == {"applied": 6}
    again = make_plan(bench.mirror.source, "Again", created_at=datetime.now(UTC))
    same = propose(bench, 3, "title", "Dunes 3", plan=again)
    other = propose(bench, 12, "title", "Dunes 12", plan=again)

    stopped = run(source_id)

    assert (stopped.status, stopped.error_code) == ("failed", "alarm")
    assert "title: 6 undone and 0 in conflict of 6" in stopped.error_text
    assert states(changes) == ["undone"] * 6
    page = queries.automatic_page(source_id)
    assert page is not None
    assert page.is_alarming
    services.allow_automatic(source_id, ALL, 200)
    assert run(source_id).status == "succeeded"
    assert states([same, other]) == ["proposed", "applied"]


def test_one_conflict_of_fifty_is_borne_and_two_are_not(bench: Bench) -> None:
    source_id = allow(bench)
    plan = make_plan(
        bench.mirror.source,
        "Automatic apply of title",
        kind="automatic",
        created_at=datetime.now(UTC),
    )
    now, image = datetime.now(UTC), {"is": "Dunes"}
    wrote = {"plan": plan, "state": "applied", "image_after": image, "decided_at": now}
    for number in range(49):
        propose(bench, 3, "title", f"Dunes {number}", **wrote)
    lost = {"plan": plan, "state": "conflict", "decided_at": now}
    propose(bench, 4, "title", "Dunes", **lost)
    assert run(source_id).status == "succeeded"

    propose(bench, 5, "title", "Dunes", **lost)

    assert run(source_id).error_code == "alarm"


def test_nothing_is_accepted_for_who_may_not_apply_any_more(bench: Bench) -> None:
    person = make_person("noor", "syncapp.apply_plan")
    change = propose(bench, 3, "title", "Dunes at dawn")
    source_id = allow(bench, by=person.pk)
    person.user_permissions.clear()

    stopped = run(source_id)

    assert (stopped.status, stopped.error_code) == ("failed", "not_allowed")
    assert states([change]) == ["proposed"]
    person.delete()
    assert not AutomaticApply.objects.exists()


def test_a_source_that_only_reads_is_refused_and_stops_it(bench: Bench) -> None:
    source_id = allow(bench)
    bench.mirror.source.read_only = True
    bench.mirror.source.save()

    assert run(source_id).error_code == "read_only"
    with pytest.raises(services.ReadOnly):
        services.allow_automatic(source_id, ALL, 200)


@pytest.mark.parametrize(
    ("detectors", "limit", "said"),
    [
        ((), 200, "at least one"),
        (("studio", "weather"), 200, "'weather'"),
        (("details",), 200, "'details'"),
        (("studio",), 0, "1 to 10,000"),
        (("studio",), 10_001, "1 to 10,000"),
    ],
)
def test_what_cannot_be_allowed_is_told(
    bench: Bench, detectors: tuple[str, ...], limit: int, said: str
) -> None:
    with pytest.raises(services.BadRequest, match=said):
        services.allow_automatic(bench.mirror.source.pk, detectors, limit)
    assert not AutomaticApply.objects.exists()


def test_a_run_that_is_repeated_goes_on_with_its_plan(bench: Bench) -> None:
    changes = [propose(bench, n, "title", f"Dunes {n}") for n in (3, 4)]
    source_id = allow(bench, a_day=1)
    ref = create_job("plan.automatic", {"source_id": source_id})
    run_inline(ref.job_id)
    Job.objects.filter(kind="plan.apply").delete()
    Job.objects.filter(pk=ref.job_id).update(status="queued", finished_at=None)

    run_inline(ref.job_id)

    assert Plan.objects.filter(kind=PlanKind.AUTOMATIC).count() == 1
    (apply_job,) = Job.objects.filter(kind="plan.apply")
    run_inline(apply_job.pk)
    assert states(changes) == ["applied", "proposed"]


def test_with_the_first_word_comes_a_schedule_once(bench: Bench) -> None:
    source_id = allow(bench)
    allow(bench, "date")

    (schedule,) = Schedule.objects.filter(kind="plan.automatic")
    assert (schedule.every_minutes, schedule.params) == (60, {"source_id": source_id})
    schedule.delete()
    allow(bench)
    assert not Schedule.objects.filter(kind="plan.automatic").exists()
