"""The database itself refuses what no plan may hold."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from syncapp.models import Change, Dismissal, KeptSpelling, NotADuplicate, Plan
from syncapp.text.digests import digest_of, key_of_value
from tests.builders import NOON
from tests.integration.analysis.conftest import Archive

pytestmark = pytest.mark.django_db
Row = dict[str, Any]


def make_plan(archive: Archive, **told: Any) -> Plan:
    given = {"name": "Analysis", "kind": "analysis", "scope": "filter", **told}
    return Plan.objects.create(source=archive.source, created_at=NOON, **given)


def make_change(plan: Plan, archive: Archive, **told: Any) -> Change:
    value = told.get("value", "2011")
    given: Row = {
        "scene_id": archive.key(1),
        "field": "date",
        "op": "set",
        "value": value,
        "value_key": key_of_value(told.get("entity_id") or value),
        "detector": "date",
        "detector_version": 1,
        "evidence_kind": "iso",
        "sentence": "It is in the file's name.",
        "confidence": 0.9,
        "level": "likely",
        "cause": "a date in the file's name",
        "cause_key": digest_of("a date in the file's name"),
        **told,
    }
    return Change.objects.create(plan=plan, **given)


def refused(name: str) -> Any:
    """Expect that a constraint refuses it, and leave the transaction usable."""
    return pytest.raises(IntegrityError, match=name)


WRONG: list[tuple[Row, str]] = [
    ({"field": "colour"}, "change_field_is_known"),
    ({"op": "add"}, "change_op_fits_its_field"),
    ({"field": "tags", "op": "set", "entity_id": 5}, "change_op_fits_its_field"),
    ({"field": "studio", "op": "remove", "entity_id": 5}, "change_op_fits_its_field"),
    ({"entity_id": 5}, "texts_name_no_entity"),
    ({"confidence": 1.5}, "change_confidence_is_a_share"),
    ({"level": "sure"}, "change_level_is_known"),
    ({"state": "done", "decided_at": NOON}, "change_state_is_known"),
    ({"state": "accepted"}, "what_is_decided_says_when"),
    ({"state": "applied", "decided_at": NOON}, "what_is_written_has_its_image"),
]


@pytest.mark.parametrize(("told", "name"), WRONG)
def test_a_change_that_cannot_be_is_refused(
    told: Row, name: str, archive: Archive
) -> None:
    plan = make_plan(archive)

    with refused(name), transaction.atomic():
        make_change(plan, archive, **told)


def test_no_change_stands_twice_in_a_plan(archive: Archive) -> None:
    plan, other = make_plan(archive), make_plan(archive)
    make_change(plan, archive)
    make_change(other, archive)
    make_change(plan, archive, value="2012")

    with refused("plan_id|no_change_twice"), transaction.atomic():
        make_change(plan, archive)


def test_of_alternatives_one_may_be_accepted(archive: Archive) -> None:
    plan = make_plan(archive)
    accepted = {"state": "accepted", "decided_at": NOON}
    make_change(plan, archive, value="2011", choice="date", **accepted)
    make_change(plan, archive, value="2012", choice="date")
    make_change(
        plan, archive, value="2013", choice="date", **{**accepted, "state": "rejected"}
    )
    make_change(plan, archive, value="2014", **accepted)
    make_change(plan, archive, value="2015", **accepted)
    second = Change.objects.filter(value="2012")

    with refused("plan_id|one_accepted_of_a_choice"), transaction.atomic():
        second.update(**accepted)

    Change.objects.filter(value="2011").update(state="rejected")
    assert second.update(**accepted) == 1


def test_another_value_is_refused_after_one_was_written(archive: Archive) -> None:
    plan = make_plan(archive)
    told = {"choice": "date", "decided_at": NOON}
    written = {**told, "state": "applied", "image_after": {"date": "2011"}}
    make_change(plan, archive, value="2011", **written)

    with refused("plan_id|one_accepted_of_a_choice"), transaction.atomic():
        make_change(
            plan,
            archive,
            value="2012",
            choice="date",
            state="accepted",
            decided_at=NOON,
        )


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ({"kind": "guess"}, "plan_kind_is_known"),
        ({"scope": "some"}, "plan_scope_is_known"),
    ],
)
def test_a_plan_of_no_kind_is_refused(told: Row, name: str, archive: Archive) -> None:
    with refused(name), transaction.atomic():
        make_plan(archive, **told)


def test_only_an_undo_names_what_it_undoes(archive: Archive) -> None:
    first = make_plan(archive)
    make_plan(archive, kind="undo", undoes=first)

    with refused("only_an_undo_undoes"), transaction.atomic():
        make_plan(archive, undoes=first)


def test_a_job_makes_one_plan(archive: Archive) -> None:
    make_plan(archive, job_id=7)
    make_plan(archive)
    make_plan(archive)

    with refused("job_id|one_plan_of_a_job"), transaction.atomic():
        make_plan(archive, job_id=7)


def test_a_pair_that_is_no_duplicate_is_in_order_and_named_once(
    archive: Archive,
) -> None:
    told = {"source": archive.source, "at": NOON}
    NotADuplicate.objects.create(first_id=1, second_id=2, **told)

    with refused("a_pair_is_in_order"), transaction.atomic():
        NotADuplicate.objects.create(first_id=2, second_id=1, **told)
    with refused("source_id|a_pair_is_named_once"), transaction.atomic():
        NotADuplicate.objects.create(first_id=1, second_id=2, **told)


@pytest.mark.parametrize(
    "told",
    [
        {"reach": "scene", "field": "tags", "op": "add", "value_key": "3"},
        {"reach": "scene", "scene_id": 5, "field": "tags", "op": "add"},
        {"reach": "cause"},
        {"reach": "cause", "cause_key": "c", "scene_id": 5},
        {"reach": "name", "field": "tags", "op": "add"},
        {"reach": "name", "field": "tags", "value_key": "3", "cause_key": "c"},
        {"reach": "always", "cause_key": "c"},
    ],
)
def test_a_dismissal_that_reaches_nothing_is_refused(
    told: Row, archive: Archive
) -> None:
    with refused("a_dismissal_names_what_it_reaches"), transaction.atomic():
        Dismissal.objects.create(source=archive.source, at=NOON, **told)


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ({"effect": "on"}, "spelling_effect_is_known"),
        ({"kind": "scene"}, "spelling_kind_is_known"),
        ({"entity_id": 5}, "spelling_kind_is_known"),
        ({"studio_id": 5}, "a_studio_where_it_counts"),
        ({"effect": "with_studio"}, "a_studio_where_it_counts"),
    ],
)
def test_a_rule_of_a_spelling_that_says_nothing_is_refused(
    told: Row, name: str, archive: Archive
) -> None:
    given = {"spelling": "May", "folded": "may", "effect": "off", **told}

    with refused(name), transaction.atomic():
        KeptSpelling.objects.create(source=archive.source, at=NOON, **given)


def test_times_are_told_with_what_was_decided(archive: Archive) -> None:
    plan = make_plan(archive)
    change = make_change(plan, archive)
    at = NOON + timedelta(days=1)

    changed = Change.objects.filter(pk=change.pk, state="proposed").update(
        state="accepted", decided_at=at
    )

    assert changed == 1
    assert change.remote_id == 1
