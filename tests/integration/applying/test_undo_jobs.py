"""Undo by its jobs, as buttons ask for them: apply, undo, and undo of that."""

from jobs.models import Job
from jobs.services import run_inline
from syncapp import services
from syncapp.models import Plan, Scene
from syncapp.services.applying import start_apply
from tests.integration.applying.conftest import Bench
from tests.integration.applying.test_undo import accept_all, library


def applied(plan_id: int) -> dict[str, int]:
    """Apply a plan and sync what it wrote, each by its job."""
    job_id = start_apply(plan_id).job_id
    run_inline(job_id)
    for sync in Job.objects.filter(status="queued").order_by("id"):
        run_inline(sync.pk)
    counts: dict[str, int] = Job.objects.get(pk=job_id).result["changes"]
    return counts


def undone(plan_id: int) -> int:
    """Make the plan that takes this one back, accepted; returns its id."""
    ref = services.start_undo(plan_id)
    assert services.start_undo(plan_id).job_id == ref.job_id  # two clicks are one job
    run_inline(ref.job_id)
    made = int(Job.objects.get(pk=ref.job_id).result["plan"])
    accept_all(Plan.objects.get(pk=made))
    return made


def test_apply_undo_and_redo_by_their_jobs_with_the_mirror_beside(
    bench: Bench,
) -> None:
    for number in range(3, 9):
        bench.library.edit("scene", number, tags=[1], title=f"Reel {number}")
    bench.mirror.full()
    before = library(bench)
    for number in range(3, 9):
        bench.accept(number, "title", f"Dunes {number}")
        bench.accept(number, "tags", 5)

    assert applied(bench.plan.pk) == {"applied": 12}
    after = library(bench)
    first = undone(bench.plan.pk)
    bench.library.edit("scene", 3, title="Theirs")
    bench.library.edit("scene", 4, details="A lecture by somebody else.")
    assert applied(first) == {"applied": 11, "conflict": 1}

    kept = library(bench)
    assert kept[3] == {**before[3], "title": "Theirs"}
    assert kept[4] == {**before[4], "details": "A lecture by somebody else."}
    assert {n: kept[n] for n in kept if n > 4} == {n: before[n] for n in kept if n > 4}
    assert Scene.objects.get(pk=bench.key(5)).title == "Reel 5"

    assert applied(undone(first)) == {"applied": 11}
    assert library(bench)[5] == after[5]
    assert bench.mirror.differences() == []
