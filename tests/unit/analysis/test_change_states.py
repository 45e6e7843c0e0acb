"""The states of changes: which lead to which, and what they make of a plan."""

import pytest

from syncapp.analysis.confidence import Level
from syncapp.analysis.library import DateOrder, EntityKind, SpellingEffect
from syncapp.analysis.proposals import Op, SceneField
from syncapp.models.change_states import (
    TAKEN,
    TRANSITIONS,
    UNWRITTEN,
    ChangeState,
    PlanState,
    may_become,
    plan_state,
    states_before,
)
from syncapp.models.plans import ENTITY_FIELDS, FIELDS, LEVELS, OPS
from syncapp.models.rules import DATE_ORDERS, EFFECTS, KINDS


def test_every_state_has_its_ways_out() -> None:
    assert set(TRANSITIONS) == set(ChangeState)


def test_every_state_can_be_reached_from_a_proposal() -> None:
    reached, found = {ChangeState.PROPOSED}, {ChangeState.PROPOSED}
    while found:
        found = set().union(*(TRANSITIONS[state] for state in found)) - reached
        reached |= found

    assert reached == set(ChangeState)


@pytest.mark.parametrize(
    ("now", "then", "may"),
    [
        ("proposed", "accepted", True),
        ("accepted", "proposed", True),
        ("proposed", "applied", False),
        ("proposed", "writing", False),
        ("rejected", "writing", False),
        ("writing", "applied", True),
        ("writing", "proposed", False),
        ("applied", "accepted", False),
        ("applied", "undone", True),
        ("failed", "accepted", True),
        ("undone", "applied", False),
    ],
)
def test_what_is_written_was_accepted_and_said_before(
    now: str, then: str, *, may: bool
) -> None:
    assert may_become(ChangeState(now), ChangeState(then)) is may


def test_only_writing_leads_to_what_is_written() -> None:
    on_the_way = {ChangeState.WRITING, ChangeState.UNDONE}
    written = set(ChangeState) - set(UNWRITTEN) - on_the_way

    assert written
    for state in written:
        assert states_before(state) == (ChangeState.WRITING,)


def test_what_waits_or_was_refused_leaves_a_choice_open() -> None:
    open_ones = {ChangeState.PROPOSED, ChangeState.REJECTED, ChangeState.UNDONE}

    assert not open_ones & set(TAKEN)


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({}, PlanState.EMPTY),
        ({"proposed": 0}, PlanState.EMPTY),
        ({"proposed": 1, "accepted": 5, "rejected": 2}, PlanState.PROPOSED),
        ({"accepted": 5, "rejected": 2}, PlanState.DECIDED),
        ({"writing": 1, "accepted": 5, "proposed": 1}, PlanState.APPLYING),
        ({"applied": 4, "conflict": 1, "rejected": 3}, PlanState.APPLIED),
        ({"rejected": 3}, PlanState.REJECTED),
        ({"undone": 3, "rejected": 1}, PlanState.UNDONE),
    ],
)
def test_a_plan_is_as_far_as_its_changes(
    counts: dict[str, int], said: PlanState
) -> None:
    assert plan_state({ChangeState(k): n for k, n in counts.items()}) is said


def test_tables_know_the_words_of_analysis_and_no_others() -> None:
    by_hand = ["organized", "rating"]  # no detector proposes these
    assert [each.value for each in SceneField] + by_hand == [*FIELDS]
    assert [each.value for each in Op] == [*OPS]
    assert [each.value for each in SpellingEffect] == [*EFFECTS]
    assert [each.value for each in DateOrder] == [*DATE_ORDERS]
    assert [each.value for each in EntityKind] == [*KINDS]
    assert [each.value for each in Level] == [*LEVELS]
    assert set(ENTITY_FIELDS) == {
        SceneField.STUDIO,
        SceneField.PERFORMERS,
        SceneField.TAGS,
    }
