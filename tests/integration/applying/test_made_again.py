"""What an undo took away comes again when that undo is undone, under another id."""

from typing import Any

import pytest

from jobs.models import Job
from jobs.services import run_inline
from syncapp import services
from syncapp.models import Change, Creation, Plan
from tests.builders import NOON
from tests.integration.applying.conftest import Bench
from tests.integration.applying.test_creations import gives, wanted
from tests.integration.applying.test_undo import accept_all, library
from tests.integration.applying.test_undo_jobs import applied

NAME = "Estuaries"


def taken_back(plan: Any) -> Any:
    """Make the plan that takes this one back, all of it accepted."""
    ref = services.start_undo(plan.pk)
    run_inline(ref.job_id)
    made = Plan.objects.get(pk=Job.objects.get(pk=ref.job_id).result["plan"])
    accept_all(made)
    waiting = Creation.objects.filter(plan=made, state="proposed")
    waiting.update(state="accepted", decided_at=NOON)
    return made


def called(bench: Bench, kind: str) -> list[int]:
    """Return the ids of what has the name."""
    rows = {n: bench.library.get(kind, n) for n in bench.library.ids(kind)}
    return [n for n, row in rows.items() if row and row["name"] == NAME]


@pytest.mark.parametrize(("kind", "field"), [("tag", "tags"), ("studio", "studio")])
def test_redo_makes_it_again_and_can_be_undone(
    bench: Bench, kind: str, field: str
) -> None:
    before = library(bench)
    creation = wanted(bench, kind, NAME)
    for number in (3, 4):
        gives(bench, number, field, creation)
    assert applied(bench.plan.pk) == {"applied": 2}
    (first,) = called(bench, kind)

    undone = taken_back(bench.plan)
    assert applied(undone.pk) == {"applied": 2}
    assert (called(bench, kind), library(bench)) == ([], before)

    redone = taken_back(undone)
    assert Creation.objects.get(plan=redone).name == NAME
    assert applied(redone.pk) == {"applied": 2}
    (second,) = called(bench, kind)
    assert second != first
    held = second if field == "studio" else [*before[3]["tags"], second]
    assert library(bench)[3] == {**before[3], field: held}
    assert bench.mirror.differences() == []

    assert applied(taken_back(redone).pk) == {"applied": 2}
    assert (called(bench, kind), library(bench)) == ([], before)


def test_it_is_offered_once_and_a_part_offers_nothing(bench: Bench) -> None:
    gives(bench, 3, "tags", wanted(bench, "tag", NAME))
    applied(bench.plan.pk)
    undone = taken_back(bench.plan)
    applied(undone.pk)
    (change,) = Change.objects.filter(plan=undone)

    part = services.start_undo(undone.pk, change_id=change.pk)
    run_inline(part.job_id)
    assert not Creation.objects.filter(plan__undoes=undone).exists()

    Plan.objects.filter(undoes=undone).delete()
    taken_back(undone)
    again = services.start_undo(undone.pk)
    run_inline(again.job_id)

    assert Creation.objects.filter(plan__undoes=undone, op="create").count() == 1


def test_what_it_took_away_alone_is_enough_to_undo_it(bench: Bench) -> None:
    wanted(bench, "tag", NAME)
    applied(bench.plan.pk)
    undone = taken_back(bench.plan)
    assert not Change.objects.filter(plan=undone).exists()
    run_inline(services.start_apply(undone.pk).job_id)
    assert called(bench, "tag") == []

    run_inline(services.start_apply(taken_back(undone).pk).job_id)

    assert len(called(bench, "tag")) == 1
