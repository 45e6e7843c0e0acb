"""What is proposed can be edited, within what its source takes."""

from typing import Any

import pytest

from syncapp.models import Change, Decision, Scene, Source, Studio, Tag
from syncapp.queries.edit_choices import editable_change
from syncapp.services import errors
from syncapp.services.decisions import decide
from syncapp.services.edited_values import edit_change
from syncapp.services.taking_back import take_back_decision
from tests.builders import NOON, make_source, make_studio, make_tag
from tests.plan_builders import as_it_is, make_change

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def title(plan: Any) -> Any:
    return make_change(
        *(plan, Scene.objects.get(title="Reel 11"), "title", "The harbor"),
        before="Reel 11",
        level="look",
    )


def test_an_edited_text_is_accepted_and_keeps_what_was_proposed(
    plan: Any, title: Any, ada: Any
) -> None:
    made = edit_change(title.pk, "  The harbour ", seen="proposed", by=ada.pk)

    title.refresh_from_db()
    assert (title.value, title.state, title.level) == (
        *("The harbour", "accepted", "look"),
    )
    assert title.decided_by == ada
    assert title.sentence == "A folder is its name."
    (told,) = title.more_evidence
    assert told["sentence"] == "“The harbor” was proposed; ada edited it."

    take_back_decision(plan.pk, made or 0, by=ada.pk)

    title.refresh_from_db()
    assert (title.value, title.state, title.more_evidence) == (
        *("The harbor", "proposed", []),
    )


def test_an_entity_is_edited_to_another_of_its_source(
    plan: Any, ada: Any, choice: Any
) -> None:
    one, other = choice
    decide(plan.pk, "accepted", {other.pk: "proposed"}, by=ada.pk)
    third = make_studio(plan.source, 9, "Berg")

    edit_change(one.pk, third.pk, seen="proposed", by=ada.pk)

    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.entity_id, one.value, one.state) == (third.pk, third.name, "accepted")
    assert other.state == "proposed"


def test_what_another_decided_meanwhile_is_not_edited(
    plan: Any, title: Any, ada: Any, noor: Any
) -> None:
    decide(plan.pk, "rejected", {title.pk: "proposed"}, by=noor.pk)

    with pytest.raises(errors.DecidedMeanwhile, match="rejected by now, decided by n"):
        edit_change(title.pk, "The harbour", seen="proposed", by=ada.pk)

    title.refresh_from_db()
    assert (title.value, title.state) == ("The harbor", "rejected")


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("title", " \n", "Type a value"),
        ("title", "a\0b", "NUL"),
        ("title", "one\ntwo", "one line"),
        ("title", "The harbor", "what is proposed"),
        ("title", "Reel 11", "what it has"),
        ("date", "30.04.2015", "is no date"),
        ("date", "2015-02-30", "is no date"),
        ("date", "201\uff15-04-30", "is no date"),
        ("date", "2015", "whole dates alone"),
        ("date", "2015-04", "whole dates alone"),
    ],
)
def test_what_stash_would_not_take_is_refused(
    field: str, typed: str, says: str, plan: Any, title: Any
) -> None:
    scene = Scene.objects.get(title="Reel 11")
    date = make_change(plan, scene, "date", "2014-04-30")
    change = {"title": title, "date": date}[field]

    with pytest.raises(errors.BadValue, match=says):
        edit_change(change.pk, typed, seen="proposed")

    change.refresh_from_db()
    assert change.state == "proposed"
    assert not Decision.objects.exists()


def test_a_source_of_today_takes_a_part_of_a_date(plan: Any, source: Source) -> None:
    Source.objects.filter(pk=source.pk).update(version="v0.30.0")
    scene = Scene.objects.get(title="Reel 11")
    change = make_change(plan, scene, "date", "2014-04-30")

    edit_change(change.pk, "2015-04", seen="proposed")

    change.refresh_from_db()
    assert (change.value, change.decided_by) == ("2015-04", None)


def test_details_keep_their_lines(plan: Any) -> None:
    scene = Scene.objects.get(title="Reel 11")
    change = make_change(plan, scene, "details", "One.")

    edit_change(change.pk, "One.\r\n\r\nTwo.", seen="proposed")

    change.refresh_from_db()
    assert change.value == "One.\n\nTwo."


def test_no_entity_of_nobody_or_of_another_source_is_taken(plan: Any) -> None:
    change = Change.objects.filter(field="tags").earliest("id")
    elsewhere = make_tag(make_source("Attic"), 1, "Attic")

    for key in (elsewhere.pk, 2**70, -1, "Sea"):
        with pytest.raises(errors.BadValue, match="Choose one of the names"):
            edit_change(change.pk, key, seen="proposed")


def test_what_another_change_proposes_is_not_proposed_twice(
    plan: Any, choice: Any
) -> None:
    one, other = choice

    with pytest.raises(errors.BadValue, match="accept that one"):
        edit_change(one.pk, other.entity_id, seen="proposed")


def test_what_takes_away_and_what_is_gone_is_not_edited(plan: Any) -> None:
    sea = Tag.objects.get(name="Sea")
    scene = Scene.objects.get(title="Reel 11")
    Change.objects.filter(field="tags").delete()
    change = make_change(plan, scene, "tags", sea, op="remove")

    with pytest.raises(errors.BadRequest, match="cannot be edited"):
        edit_change(change.pk, sea.pk, seen="proposed")
    with pytest.raises(errors.ChangeNotFound):
        edit_change(change.pk + 1, sea.pk, seen="proposed")
    assert editable_change(plan.pk, change.pk) is None


def test_known_names_are_offered_that_hold_what_was_typed(plan: Any) -> None:
    change = Change.objects.filter(field="studio").earliest("id")
    others = Studio.objects.filter(deleted_at=None).exclude(pk=change.entity_id)

    everything = editable_change(plan.pk, change.pk)
    found = editable_change(plan.pk, change.pk, "shorts")

    assert everything
    assert found
    assert {each.row_id for each in everything.offered} == {s.pk for s in others}
    assert [each.name for each in found.offered] == ["Tideline Shorts"]


def test_a_conflict_is_edited_by_who_saw_what_was_found(
    plan: Any, title: Any, ada: Any
) -> None:
    ended = {"state": "conflict", "decided_at": NOON, "image_found": {"is": "Noon"}}
    Change.objects.filter(pk=title.pk).update(**ended)
    old = as_it_is(title)[title.pk]
    Change.objects.filter(pk=title.pk).update(image_found={"is": "Night"})

    with pytest.raises(errors.NotAsSeen, match="something else at the last look"):
        edit_change(title.pk, "The harbour", seen=old, by=ada.pk)
    edit_change(title.pk, "The harbour", seen=as_it_is(title)[title.pk], by=ada.pk)

    title.refresh_from_db()
    assert (title.state, title.value, title.before) == (
        *("accepted", "The harbour", "Night"),
    )
