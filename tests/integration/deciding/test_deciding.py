"""Changes are decided one by one; what another decided meanwhile stays."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from syncapp.models import Change, Creation, Decision
from syncapp.services import decisions, errors
from syncapp.services.decisions import decide
from syncapp.services.taking_back import take_back_decision
from tests.builders import NOON
from tests.plan_builders import as_it_is

pytestmark = pytest.mark.django_db(transaction=True)


def states(plan: Any) -> list[str]:
    rows = Change.objects.filter(plan=plan).order_by("id")
    return list(rows.values_list("state", flat=True))


def test_a_decision_says_who_and_when(plan: Any, ada: Any) -> None:
    first, second = Change.objects.order_by("id")[:2]

    done = decide(
        plan.pk, "accepted", {first.pk: "proposed", second.pk: "proposed"}, by=ada.pk
    )

    first.refresh_from_db()
    assert (done.changed, done.contested) == (2, ())
    assert states(plan)[:3] == ["accepted", "accepted", "proposed"]
    assert first.decided_by == ada
    assert first.decided_at == Decision.objects.get().at


def test_what_another_person_decided_meanwhile_stays_and_is_told(
    plan: Any, ada: Any, noor: Any
) -> None:
    first, second = Change.objects.order_by("id")[:2]
    decide(plan.pk, "accepted", {first.pk: "proposed"}, by=ada.pk)

    done = decide(
        plan.pk, "rejected", {first.pk: "proposed", second.pk: "proposed"}, by=noor.pk
    )

    assert states(plan)[:2] == ["accepted", "rejected"]
    (contested,) = done.contested
    assert (contested.change_id, contested.state, contested.by) == (
        *(first.pk, "accepted", "ada"),
    )
    assert done.changed == 1


def test_who_saw_the_other_decision_may_decide_otherwise(
    plan: Any, ada: Any, noor: Any
) -> None:
    first = Change.objects.earliest("id")
    decide(plan.pk, "accepted", {first.pk: "proposed"}, by=ada.pk)

    done = decide(plan.pk, "rejected", {first.pk: "accepted"}, by=noor.pk)

    assert (done.changed, states(plan)[0]) == (1, "rejected")


def test_the_same_twice_is_no_contest(plan: Any, ada: Any, noor: Any) -> None:
    first = Change.objects.earliest("id")
    decide(plan.pk, "accepted", {first.pk: "proposed"}, by=ada.pk)

    done = decide(plan.pk, "accepted", {first.pk: "proposed"}, by=noor.pk)

    first.refresh_from_db()
    assert (done.changed, done.contested, done.decision_id) == (0, (), None)
    assert first.decided_by == ada


@pytest.mark.parametrize("state", ["writing", "applied", "undone", "skipped"])
def test_what_is_written_is_not_decided(state: str, plan: Any, ada: Any) -> None:
    first = Change.objects.earliest("id")
    Change.objects.filter(pk=first.pk).update(
        state=state, decided_at=NOON, image_after={"is": 1}
    )
    for then in ("accepted", "rejected", "proposed"):
        done = decide(plan.pk, then, {first.pk: state}, by=ada.pk)

        assert (done.changed, len(done.contested)) == (0, 1)
    assert states(plan)[0] == state


def test_to_accept_one_of_a_choice_puts_the_other_back(
    plan: Any, ada: Any, choice: tuple[Any, Any]
) -> None:
    one, other = choice
    decide(plan.pk, "accepted", {one.pk: "proposed"}, by=ada.pk)

    done = decide(plan.pk, "accepted", {other.pk: "proposed"}, by=ada.pk)

    assert done.put_back == 1
    assert states(plan)[-2:] == ["proposed", "accepted"]

    taken = take_back_decision(plan.pk, done.decision_id or 0, by=ada.pk)

    assert (taken.changed, taken.left) == (2, 0)
    assert states(plan)[-2:] == ["accepted", "proposed"]


def test_two_of_a_choice_are_refused(
    plan: Any, ada: Any, choice: tuple[Any, Any]
) -> None:
    seen = {each.pk: "proposed" for each in choice}

    with pytest.raises(errors.BadRequest, match="Of a choice one can be accepted"):
        decide(plan.pk, "accepted", seen, by=ada.pk)

    assert states(plan)[-2:] == ["proposed", "proposed"]


def test_no_alternative_of_what_is_written_is_accepted(
    plan: Any, ada: Any, choice: tuple[Any, Any]
) -> None:
    one, other = choice
    Change.objects.filter(pk=one.pk).update(
        state="applied", decided_at=NOON, image_after={"is": 1}
    )

    done = decide(plan.pk, "accepted", {other.pk: "proposed"}, by=ada.pk)

    assert (done.changed, len(done.contested)) == (0, 1)
    assert states(plan)[-2:] == ["applied", "proposed"]


def test_a_conflict_is_accepted_over_what_was_found(plan: Any, ada: Any) -> None:
    change = Change.objects.filter(field="studio").earliest("id")
    found = {"state": "conflict", "decided_at": NOON, "objection": "It holds another."}
    Change.objects.filter(pk=change.pk).update(image_found={"is": 2}, **found)

    done = decide(plan.pk, "accepted", as_it_is(change), by=ada.pk)

    change.refresh_from_db()
    assert (change.state, change.objection) == ("accepted", "")
    assert change.entity_id is not None
    assert (change.remote_id, change.before_id) == (11, change.entity_id + 1)
    assert change.before

    take_back_decision(plan.pk, done.decision_id or 0, by=ada.pk)

    change.refresh_from_db()
    assert (change.state, change.before_id, change.before) == ("conflict", None, "")
    assert (change.image_found, change.objection) == ({"is": 2}, "It holds another.")


def test_a_decision_is_taken_back_once_and_by_its_person_alone(
    plan: Any, ada: Any, noor: Any
) -> None:
    first = Change.objects.earliest("id")
    done = decide(plan.pk, "accepted", {first.pk: "proposed"}, by=ada.pk)
    with pytest.raises(errors.DecisionNotFound):
        take_back_decision(plan.pk, done.decision_id or 0, by=noor.pk)

    take_back_decision(plan.pk, done.decision_id or 0, by=ada.pk)

    first.refresh_from_db()
    assert (first.state, first.decided_by, first.decided_at) == ("proposed", None, None)
    with pytest.raises(errors.DecisionNotFound):
        take_back_decision(plan.pk, done.decision_id or 0, by=ada.pk)


def test_what_was_decided_otherwise_since_is_not_taken_back(
    plan: Any, ada: Any, noor: Any
) -> None:
    first, second = Change.objects.order_by("id")[:2]
    seen = {first.pk: "proposed", second.pk: "proposed"}
    done = decide(plan.pk, "accepted", seen, by=ada.pk)
    decide(plan.pk, "rejected", {first.pk: "accepted"}, by=noor.pk)
    decide(plan.pk, "accepted", {first.pk: "rejected"}, by=noor.pk)

    taken = take_back_decision(plan.pk, done.decision_id or 0, by=ada.pk)

    assert (taken.changed, taken.left) == (1, 1)
    assert states(plan)[:2] == ["accepted", "proposed"]


def test_a_choice_that_was_taken_since_keeps_one_alone(
    plan: Any, ada: Any, noor: Any, choice: tuple[Any, Any]
) -> None:
    one, other = choice
    decide(plan.pk, "accepted", {one.pk: "proposed"}, by=ada.pk)
    done = decide(plan.pk, "rejected", {one.pk: "accepted"}, by=ada.pk)
    decide(plan.pk, "accepted", {other.pk: "proposed"}, by=noor.pk)

    taken = take_back_decision(plan.pk, done.decision_id or 0, by=ada.pk)

    assert (taken.changed, taken.left) == (0, 1)
    assert states(plan)[-2:] == ["rejected", "accepted"]


def test_decisions_go_back_one_after_the_other_and_some_are_kept(
    plan: Any, ada: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("syncapp.services.decision_parts.KEPT", 2)
    first = Change.objects.earliest("id")
    seen = "proposed"
    for then in ("accepted", "rejected", "accepted"):
        decide(plan.pk, then, {first.pk: seen}, by=ada.pk)
        seen = then

    for before in ("rejected", "accepted"):
        take_back_decision(plan.pk, Decision.objects.latest("id").pk, by=ada.pk)
        assert states(plan)[0] == before

    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("then", "seen", "error", "says"),
    [
        ("applied", {1: "proposed"}, errors.BadRequest, "can be accepted, rejected"),
        ("accepted", {}, errors.NothingChosen, "choose one first"),
        ("accepted", {2**70: "proposed"}, errors.ChangeNotFound, "is not here"),
        ("accepted", dict.fromkeys(range(3), "x"), errors.BadRequest, "At most 2"),
    ],
    ids=range(4),
)
def test_what_makes_no_sense_is_refused(
    then: str,
    seen: dict[int, str],
    error: type[Exception],
    says: str,
    plan: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(decisions, "MOST_SHOWN", 2)

    with pytest.raises(error, match=says):
        decide(plan.pk, then, seen)


def test_a_plan_that_is_gone_and_one_of_another_are_refused(plan: Any) -> None:
    first = Change.objects.earliest("id")

    with pytest.raises(errors.PlanNotFound):
        decide(plan.pk + 1, "accepted", {first.pk: "proposed"})


def test_of_two_who_choose_at_once_one_choice_is_left(
    plan: Any, ada: Any, noor: Any, choice: tuple[Any, Any]
) -> None:
    def choose(number: int) -> None:
        who = (ada, noor)[number]
        try:
            decide(plan.pk, "accepted", {choice[number].pk: "proposed"}, by=who.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(choose, (0, 1)))

    assert sorted(states(plan)[-2:]) == ["accepted", "proposed"]
    assert Decision.objects.count() == 2


def test_what_failed_is_accepted_with_what_had_to_be_made_for_it(
    plan: Any, ada: Any
) -> None:
    change, why = Change.objects.filter(field="tags").earliest("id"), "It was locked."
    ended = {"state": "failed", "decided_at": NOON, "objection": why}
    made = Creation.objects.create(plan=plan, kind="tag", name="Harbour", **ended)
    Change.objects.filter(pk=change.pk).update(creation=made, **ended)
    blind = decide(plan.pk, "accepted", {change.pk: "failed"}, by=ada.pk)
    assert (blind.changed, blind.contested[0].is_found_anew) == (0, True)

    done = decide(plan.pk, "accepted", as_it_is(change), by=ada.pk)

    change.refresh_from_db()
    made.refresh_from_db()
    assert (change.state, made.state) == ("accepted", "accepted")
    assert (change.objection, made.objection) == ("", "")
    assert Decision.objects.get().number == 1

    taken = take_back_decision(plan.pk, done.decision_id or 0, by=ada.pk)

    made.refresh_from_db()
    assert (taken.changed, taken.left) == (1, 0)
    assert (made.state, made.objection) == ("failed", why)
