"""What somebody changes by hand becomes a plan: of what differs, accepted, in parts."""

from typing import Any

import pytest

from syncapp.editing import by_hand
from syncapp.editing.by_hand import HandEdit, plan_by_hand
from syncapp.editing.steps import EditStep
from syncapp.models import Change, Creation, Plan, Scene, Source
from syncapp.models.keys import row_id
from tests.builders import (
    make_library,
    make_person,
    make_scene,
    make_scene_set,
    make_source,
)
from tests.mirror import Interrupted, PlainReporter

pytestmark = pytest.mark.django_db
OF_CHANGE = ("scene_id", "op", "entity_id", "value", "before_id", "before")


@pytest.fixture
def films(db: None) -> Source:
    """Give a source with three scenes that have all, and one that has nothing."""
    source = make_source()
    make_library(source)
    make_scene(source, 9, "Reel 9", rating100=40, organized=True)
    return source


def key(source: Source, number: int) -> int:
    return row_id(source.pk, number)


def edit_of(source: Source, *steps: EditStep, **fields: Any) -> HandEdit:
    keys = sorted(Scene.objects.values_list("id", flat=True))
    set_id = fields.pop("scene_set", None) or make_scene_set(source, keys, part=3)
    return HandEdit(source.pk, set_id, steps, "Change of 4 scenes", **fields)


def changes(field: str) -> list[tuple[Any, ...]]:
    rows = Change.objects.filter(field=field).order_by("scene_id", "id")
    return list(rows.values_list(*OF_CHANGE))


@pytest.mark.parametrize(
    ("step", "wanted"),
    [
        (EditStep("date", "set", "2019-08-01"), ("set", "2019-08-01", "")),
        (EditStep("rating", "set", "80"), ("set", "80", "40")),
        (EditStep("rating", "set", ""), ("set", "", "40")),
        (EditStep("organized", "set", "false"), ("set", "false", "true")),
    ],
)
def test_a_value_is_set_where_another_stands(
    films: Source, step: EditStep, wanted: tuple[str, ...]
) -> None:
    Scene.objects.filter(id=key(films, 1)).update(
        date="2019-08-01", rating100=80 if step.value else None
    )

    plan_by_hand(PlainReporter(), edit_of(films, step))

    told = {row[0]: row[1:] for row in changes(step.field)}
    op, value, before = wanted
    assert told[key(films, 9)] == (op, None, value, None, before)
    assert key(films, 1) not in told


def test_a_studio_is_told_with_the_one_that_it_replaces(films: Source) -> None:
    shorts = EditStep("studio", "set", "Tideline Shorts", key(films, 2))

    plan_by_hand(PlainReporter(), edit_of(films, shorts))

    first, *_, last = changes("studio")
    assert first == (
        *(key(films, 1), "set", key(films, 2), "Tideline Shorts"),
        *(key(films, 1), "Tideline Films"),
    )
    assert last[-2:] == (None, "")


def test_a_studio_is_taken_from_the_scenes_that_have_one(films: Source) -> None:
    plan_by_hand(PlainReporter(), edit_of(films, EditStep("studio", "set")))
    assert [row[0] for row in changes("studio")] == [
        key(films, number) for number in (1, 2, 3)
    ]


def test_lists_are_given_what_they_lack_and_lose_what_they_have(films: Source) -> None:
    sea, person = key(films, 1), key(films, 2)
    steps = (
        EditStep("tags", "add", "Sea", sea),
        EditStep("performers", "remove", "Narrator 2", person),
    )

    plan_by_hand(PlainReporter(), edit_of(films, *steps))

    assert changes("tags") == [(key(films, 9), "add", sea, "Sea", None, "")]
    assert [row[:3] for row in changes("performers")] == [
        (key(films, number), "remove", person) for number in (1, 2, 3)
    ]


def test_its_changes_are_accepted_and_tell_who_asked(films: Source) -> None:
    ada = make_person("ada")
    edit = edit_of(films, EditStep("date", "set", "2019-08-01"), by=ada.pk, who="ada")
    reporter = PlainReporter()

    told = plan_by_hand(reporter, edit)

    plan = Plan.objects.get(pk=told["plan"])
    assert (plan.kind, plan.scope, plan.by, plan.detectors) == (
        "by_hand",
        "chosen",
        ada,
        {},
    )
    change = Change.objects.filter(plan=plan).first()
    assert change is not None
    assert (change.state, change.decided_by, change.level) == (
        "accepted",
        ada,
        "certain",
    )
    assert (change.detector, change.evidence_kind) == ("by hand", "by hand")
    assert change.decided_at is not None
    assert change.sentence.startswith("ada asked for it on ")
    assert change.sentence.endswith(" UTC.")
    assert (change.spans, change.more_evidence) == ([], [])
    assert change.cause == "by hand: set date to 2019-08-01"
    assert told["changes"] == {"date": 4}
    assert reporter.codes() == ["by_hand"]


def test_what_is_to_be_made_stands_once_and_all_scenes_are_given_it(
    films: Source,
) -> None:
    steps = (
        EditStep("tags", "add", "Night dives"),
        EditStep("studio", "set", "Reef Films"),
    )

    plan_by_hand(PlainReporter(), edit_of(films, *steps))

    made = list(Creation.objects.order_by("id").values_list("kind", "name", "state"))
    assert made == [
        ("tag", "Night dives", "accepted"),
        ("studio", "Reef Films", "accepted"),
    ]
    for field, creation in zip(("tags", "studio"), Creation.objects.all(), strict=True):
        rows = Change.objects.filter(field=field)
        assert set(rows.values_list("creation", "entity_id")) == {(creation.pk, None)}
        assert rows.count() == 4


def test_nothing_that_differs_makes_no_plan(films: Source) -> None:
    Scene.objects.update(date="2019-08-01")
    reporter = PlainReporter()

    told = plan_by_hand(reporter, edit_of(films, EditStep("date", "set", "2019-08-01")))

    assert "plan" not in told
    assert not Plan.objects.exists()
    assert reporter.codes() == ["nothing_differs"]


def test_a_scene_that_is_gone_by_now_is_left_out(films: Source) -> None:
    edit = edit_of(films, EditStep("date", "set", "2019-08-01"))
    Scene.objects.filter(id=key(films, 2)).update(deleted_at="2024-05-17T12:00:00Z")

    told = plan_by_hand(PlainReporter(), edit)

    assert told["scenes"] == {"looked at": 3, "removed meanwhile": 1}
    assert key(films, 2) not in [row[0] for row in changes("date")]


def test_a_run_that_was_interrupted_goes_on_and_stores_nothing_twice(
    films: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(by_hand, "PART", 2)
    edit = edit_of(
        films,
        EditStep("date", "set", "2019-08-01"),
        EditStep("tags", "add", "Night dives"),
    )
    cut = PlainReporter(stop_after_commits=1)
    with pytest.raises(Interrupted):
        plan_by_hand(cut, edit)
    assert Change.objects.count() == 4

    told = plan_by_hand(PlainReporter(resume_from=cut.saved), edit)

    assert Plan.objects.count() == Creation.objects.count() == 1
    assert told["changes"] == {"date": 4, "tags": 4}
    assert Change.objects.count() == 8


def test_a_plan_that_was_deleted_meanwhile_is_made_anew(
    films: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(by_hand, "PART", 2)
    edit = edit_of(films, EditStep("date", "set", "2019-08-01"))
    cut = PlainReporter(stop_after_commits=1)
    with pytest.raises(Interrupted):
        plan_by_hand(cut, edit)
    Plan.objects.all().delete()

    told = plan_by_hand(PlainReporter(resume_from=cut.saved), edit)

    assert Change.objects.filter(plan=told["plan"]).count() == 4
