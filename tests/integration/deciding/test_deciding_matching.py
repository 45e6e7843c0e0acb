"""All that match are decided at once, if they are those that were shown."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from syncapp.models import Change, Scene, SceneTag
from syncapp.queries.deciding import MatchingChanges, matching_changes
from syncapp.queries.plan_facets import PlanFilter
from syncapp.services import errors
from syncapp.services.decisions import Decided, decide, decide_matching
from syncapp.services.taking_back import take_back_decision
from tests.builders import NOON, make_scene
from tests.plan_builders import make_change

pytestmark = pytest.mark.django_db(transaction=True)
ALL = PlanFilter()
CERTAIN = PlanFilter(level=("certain",))


def shown(plan: Any, filters: PlanFilter = ALL, then: str = "accepted") -> Any:
    return matching_changes(plan.pk, filters, then)


def decide_shown(
    plan: Any, filters: PlanFilter = ALL, then: str = "accepted", **options: Any
) -> Any:
    digest = shown(plan, filters, then).digest
    return decide_matching(plan.pk, filters, then, digest=digest, **options)


def of_state(plan: Any, state: str) -> int:
    return Change.objects.filter(plan=plan, state=state).count()


def test_what_matches_is_counted_and_decided(plan: Any, ada: Any) -> None:
    page = shown(plan, CERTAIN)

    assert (page.count, page.scenes, page.by_field) == (5, 5, (("studio", 5),))
    assert {each.title for each in page.samples} >= {"Reel 11", "Reel 15"}

    done = decide_shown(plan, CERTAIN, by=ada.pk)

    assert (done.changed, of_state(plan, "accepted")) == (5, 5)
    assert set(
        Change.objects.filter(state="accepted").values_list("level", "decided_by")
    ) == {("certain", ada.pk)}


def test_all_of_a_cause_are_one_decision_that_leaves_exceptions(
    plan: Any, ada: Any, noor: Any
) -> None:
    first = Change.objects.filter(field="studio").earliest("id")
    decide(plan.pk, "rejected", {first.pk: "proposed"}, by=noor.pk)
    cause = PlanFilter(cause=first.cause_key)
    page = shown(plan, cause)

    assert (page.count, page.decided) == (4, (("rejected", 1),))
    assert [each.title for each in page.exceptions] == ["Reel 11"]

    done = decide_shown(plan, cause, by=ada.pk)

    first.refresh_from_db()
    assert (done.changed, first.state) == (4, "rejected")

    taken = take_back_decision(plan.pk, done.decision_id, by=ada.pk)

    assert (taken.changed, of_state(plan, "proposed")) == (4, 9)


def test_a_state_that_is_named_is_decided_again(plan: Any, noor: Any) -> None:
    first = Change.objects.earliest("id")
    decide(plan.pk, "rejected", {first.pk: "proposed"}, by=noor.pk)
    rejected = PlanFilter(state=("rejected",))

    assert decide_shown(plan, rejected).changed == 1
    assert of_state(plan, "accepted") == 1


def test_another_set_is_refused_and_shown(plan: Any, source: Any, ada: Any) -> None:
    page = shown(plan, CERTAIN)
    one = Change.objects.filter(level="certain").earliest("id")
    decide(plan.pk, "rejected", {one.pk: "proposed"}, by=ada.pk)

    found = decide_matching(plan.pk, CERTAIN, "accepted", digest=page.digest)

    assert isinstance(found, MatchingChanges)
    assert (found.count, of_state(plan, "accepted")) == (4, 0)
    assert found.digest not in {"", page.digest}


def test_as_many_others_are_another_set(plan: Any, source: Any, ada: Any) -> None:
    page = shown(plan, CERTAIN)
    one = Change.objects.filter(level="certain").earliest("id")
    decide(plan.pk, "rejected", {one.pk: "proposed"}, by=ada.pk)
    studio = type("Row", (), {"pk": one.entity_id, "name": one.value})
    make_change(
        *(plan, make_scene(source, 30, "Reel 30"), "studio", studio), level="certain"
    )

    found = decide_matching(plan.pk, CERTAIN, "accepted", digest=page.digest)

    assert isinstance(found, MatchingChanges)
    assert found.count == page.count
    assert of_state(plan, "accepted") == 0


def test_the_digest_of_one_decision_is_not_that_of_another(plan: Any) -> None:
    digest = shown(plan, CERTAIN, "rejected").digest

    found = decide_matching(plan.pk, CERTAIN, "accepted", digest=digest)

    assert isinstance(found, MatchingChanges)
    assert of_state(plan, "accepted") == 0


def test_alternatives_that_both_match_are_left_and_told(
    plan: Any, ada: Any, choice: Any
) -> None:
    page = shown(plan)

    assert (page.count, page.choices) == (10, 2)
    assert decide_shown(plan, by=ada.pk).choices == 2
    assert {Change.objects.get(pk=each.pk).state for each in choice} == {"proposed"}


def test_an_alternative_that_matches_alone_is_taken(
    plan: Any, ada: Any, choice: Any
) -> None:
    done = decide_shown(plan, CERTAIN, by=ada.pk)

    assert (done.changed, done.choices) == (6, 0)
    assert Change.objects.get(pk=choice[0].pk).state == "accepted"


def test_a_choice_that_a_person_made_is_not_made_again(
    plan: Any, ada: Any, choice: Any
) -> None:
    one, other = choice
    decide(plan.pk, "accepted", {other.pk: "proposed"}, by=ada.pk)

    done = decide_shown(plan, CERTAIN, by=ada.pk)

    assert (done.changed, done.choices) == (5, 1)
    assert Change.objects.get(pk=one.pk).state == "proposed"


def test_conflicts_are_accepted_one_by_one_alone(plan: Any) -> None:
    first = Change.objects.earliest("id")
    Change.objects.filter(pk=first.pk).update(state="conflict", decided_at=NOON)
    conflicts = PlanFilter(state=("conflict", "proposed"))

    assert shown(plan, conflicts).conflicts == 1
    assert decide_shown(plan, conflicts).changed == 9
    first.refresh_from_db()
    assert first.state == "conflict"
    assert decide_shown(plan, PlanFilter(state=("conflict",)), "rejected").changed == 1


def test_nothing_that_matches_is_told(plan: Any) -> None:
    none = PlanFilter(field=("date",))

    assert shown(plan, none).digest == ""
    with pytest.raises(errors.NothingChosen, match="No change matches"):
        decide_matching(plan.pk, none, "accepted", digest="")
    with pytest.raises(errors.PlanNotFound):
        decide_matching(plan.pk + 1, none, "accepted", digest="")
    assert matching_changes(plan.pk + 1, none, "accepted") is None


def test_it_takes_as_many_statements_however_many_changes(
    plan: Any, source: Any, ada: Any
) -> None:
    def statements() -> int:
        digest = shown(plan, CERTAIN).digest
        with CaptureQueriesContext(connection) as sent:
            done = decide_matching(
                plan.pk, CERTAIN, "accepted", digest=digest, by=ada.pk
            )
        assert isinstance(done, Decided)
        take_back_decision(plan.pk, done.decision_id or 0, by=ada.pk)
        return len(sent)

    few = statements()
    tag = type("Row", (), {"pk": 7, "name": "Dunes"})
    for scene in Scene.objects.all():
        make_change(plan, scene, "tags", tag, level="certain")

    assert statements() == few <= 10


def test_it_tells_how_many_are_outdated_by_the_mirror(plan: Any, ada: Any) -> None:
    changes = Change.objects.filter(plan=plan)
    studio, tag = changes.filter(field="studio")[0], changes.filter(field="tags")[1]
    scenes = list(Scene.objects.filter(title__startswith="Reel 1").order_by("id"))
    Scene.objects.filter(pk=scenes[0].pk).update(studio_id=7)
    Scene.objects.filter(pk=scenes[1].pk).update(studio_id=studio.entity_id)
    SceneTag.objects.create(scene_id=tag.scene_id, tag_id=tag.entity_id)
    Scene.objects.filter(pk=scenes[2].pk).update(deleted_at=NOON)

    page, certain = shown(plan), shown(plan, CERTAIN)
    done = decide_shown(plan, by=ada.pk)

    # Another studio, the same, a tag that is there, and both of the scene that is gone.
    assert (page.outdated, certain.outdated) == (5, 3)
    assert (done.changed, done.outdated) == (10, 5)
