"""Plans are listed with how far they are; a page of one shows scenes and facets."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from syncapp import queries
from syncapp.models import Change, Scene
from syncapp.models.change_states import ChangeState, PlanState
from syncapp.queries import PlanFilter, plan_page, planned_scenes, plans
from tests.builders import NOON, make_source
from tests.integration.analysis.conftest import SCENES, Archive

pytestmark = pytest.mark.django_db


def planned(archive: Archive) -> int:
    return int(archive.run()["plan"])


def decide(state: str, **told: Any) -> None:
    Change.objects.filter(**told).update(state=state, decided_at=NOON)


def numbers(page: queries.PlanPage | None) -> list[int]:
    assert page is not None
    return [scene.remote_id for scene in page.scenes]


def test_plans_are_listed_the_newest_first_with_their_counts(
    archive: Archive,
) -> None:
    first = planned(archive)
    decide("accepted", scene_id=archive.key(1))
    second = archive.run_over([1, 2])["plan"]
    decide("rejected", plan_id=second)

    page = queries.list_plans()

    assert [line.plan_id for line in page.plans] == [second, first]
    older = page.plans[1]
    assert older.counts == {ChangeState.PROPOSED: 22, ChangeState.ACCEPTED: 2}
    assert (older.total, older.state) == (24, PlanState.PROPOSED)
    assert page.plans[0].state is PlanState.REJECTED
    assert older.scope_words == "not analysed since they changed"


def test_the_list_is_of_one_source_and_goes_on(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "PLANS", 1)
    ids = [archive.run_over([number])["plan"] for number in (1, 2)]
    other = make_source("Other archive")

    first = queries.list_plans(archive.source.pk)
    second = queries.list_plans(archive.source.pk, after=first.next)

    assert [page.plans[0].plan_id for page in (first, second)] == ids[::-1]
    assert second.next == ""
    assert queries.list_plans(other.pk).plans == ()


def test_a_page_shows_scenes_with_changes_and_the_texts_of_their_evidence(
    archive: Archive,
) -> None:
    page = plan_page(planned(archive))

    assert page is not None
    assert numbers(page) == [*range(1, SCENES + 1)]
    scene = page.scenes[0]
    assert (scene.title, scene.is_gone) == ("The harbour at dawn 1", False)
    studio, tag = scene.changes
    assert (studio.field, studio.value, studio.level) == (
        "studio",
        "Tideline Films",
        "certain",
    )
    (told,) = studio.evidence
    (span,) = told.spans
    assert scene.texts[span.text][span.start : span.end] == "Tideline Films"
    (span,) = tag.evidence[0].spans
    assert scene.texts[span.text][span.start : span.end] == "harbour"


def test_a_scene_that_went_stays_with_its_changes(archive: Archive) -> None:
    plan_id = planned(archive)
    Scene.objects.filter(pk=archive.key(1)).update(deleted_at=NOON)

    page = plan_page(plan_id)

    assert page is not None
    assert page.scenes[0].is_gone
    assert len(page.scenes[0].changes) == 2


def test_pages_follow_each_other_by_scene(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planned_scenes, "SCENES", 5)
    plan_id = planned(archive)

    shown, after = [], ""
    for _ in range(3):
        page = plan_page(plan_id, after=after)
        assert page is not None
        shown.append(numbers(page))
        after = page.next

    assert shown == [[1, 2, 3, 4, 5], [6, 7, 8, 9, 10], [11, 12]]
    assert after == ""


FILTERS: list[tuple[PlanFilter, set[int], int]] = [
    (PlanFilter(field=("title",)), {4, 8, 12}, 3),
    (PlanFilter(state=("accepted",)), {1, 2}, 4),
    (PlanFilter(state=("accepted", "rejected")), {1, 2, 4}, 6),
    (PlanFilter(level=("certain",), state=("proposed",)), {3, *range(5, 13)}, 9),
    (PlanFilter(detector=("tag",), state=("accepted",)), {1, 2}, 2),
    (PlanFilter(evidence_kind=("file name",)), {4, 8, 12}, 3),
    (PlanFilter(state=("failed",)), set(), 0),
]


@pytest.mark.parametrize(("filters", "scenes", "changes"), FILTERS)
def test_a_filter_shows_what_it_asks_for(
    filters: PlanFilter, scenes: set[int], changes: int, archive: Archive
) -> None:
    plan_id = planned(archive)
    decide("accepted", scene_id__in=archive.keys([1, 2]))
    decide("rejected", scene_id=archive.key(4))

    page = plan_page(plan_id, filters)

    assert page is not None
    assert set(numbers(page)) == scenes
    assert sum(len(scene.changes) for scene in page.scenes) == changes
    assert page.facets.total == changes


def test_a_facet_counts_what_the_others_let_through(archive: Archive) -> None:
    plan_id = planned(archive)
    decide("accepted", scene_id__in=archive.keys([1, 2]))

    page = plan_page(plan_id, PlanFilter(state=("accepted",), field=("title",)))

    assert page is not None
    facets = page.facets.by_facet
    fields = {each.value: (each.count, each.is_chosen) for each in facets["field"]}
    assert fields == {"studio": (2, False), "tags": (2, False), "title": (0, True)}
    states = {each.value: each.count for each in facets["state"]}
    assert states == {"proposed": 3, "accepted": 0}
    assert page.facets.total == 0


def test_causes_are_told_by_how_many_they_bring(archive: Archive) -> None:
    plan_id = planned(archive)
    Change.objects.filter(scene_id=archive.key(2), field="studio").delete()

    page = plan_page(plan_id)

    assert page is not None
    told = [(cause.value, cause.count) for cause in page.facets.causes]
    assert told[:3] == [("harbour", 9), ("Tideline Films", 6), ("Blue Planet", 5)]
    cause = page.facets.causes[1]
    assert cause.sentence == "The folder “Tideline Films” is its name."
    of_cause = plan_page(plan_id, PlanFilter(cause=cause.key))
    assert numbers(of_cause) == [1, 3, 5, 7, 9, 11]
    assert of_cause is not None
    assert of_cause.facets.total == 6
    assert [each.is_chosen for each in of_cause.facets.causes].index(True) == 1


def test_a_page_takes_as_many_queries_however_much_it_holds(archive: Archive) -> None:
    few, many = archive.run_over([1])["plan"], planned(archive)
    filters = PlanFilter(state=("proposed",), field=("studio", "tags"))

    for plan_id in (few, many):
        for asked in (PlanFilter(), filters):
            with CaptureQueriesContext(connection) as sent:
                plan_page(plan_id, asked)
            assert len(sent) == 8


def test_the_list_takes_as_many_queries_however_many_plans(archive: Archive) -> None:
    archive.run_over([1])
    with CaptureQueriesContext(connection) as few:
        queries.list_plans()
    for number in (2, 3, 4):
        archive.run_over([number])
    with CaptureQueriesContext(connection) as many:
        queries.list_plans()

    assert len(few) == len(many) <= 4


def test_what_plans_say_of_a_scene_is_told_the_newest_first(archive: Archive) -> None:
    first, second = planned(archive), archive.run_over([1])["plan"]

    found = queries.changes_of_scene(archive.key(1))

    assert [plan.plan_id for plan, _ in found] == [second, first]
    assert [len(scene.changes) for _, scene in found] == [2, 2]
    assert queries.changes_of_scene(archive.key(99)) == ()


def test_a_plan_that_is_not_there_is_none(archive: Archive) -> None:
    assert plan_page(7) is None
    assert queries.plan_by_id(7) is None
