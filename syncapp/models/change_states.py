"""The states of a change and the ways between them; and what they make of a plan.

A table and functions of plain values: no rows, no Django.
"""

from collections.abc import Mapping
from enum import StrEnum


class ChangeState(StrEnum):
    """How far one stored change is."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WRITING = "writing"  # said before the write: a crash leaves this trace
    APPLIED = "applied"
    OVERWROTE = "overwrote"  # applied over an edit that came between; that is kept
    CHANGED_SINCE = "changed_since"  # applied, and another edit followed at once
    CONFLICT = "conflict"  # the source holds neither what was nor what is meant
    FAILED = "failed"
    SKIPPED = "skipped"  # the source had it already
    UNDONE = "undone"


class PlanState(StrEnum):
    """How far a plan is: read off its changes, and stored nowhere."""

    EMPTY = "empty"
    PROPOSED = "proposed"  # some wait for a decision
    DECIDED = "decided"  # none waits for one, some are to be written
    APPLYING = "applying"
    APPLIED = "applied"  # all that were accepted have an outcome
    REJECTED = "rejected"
    UNDONE = "undone"


# As an apply ends them. What was written can be undone; what was not, tried again.
ENDED = (
    *(ChangeState.APPLIED, ChangeState.OVERWROTE, ChangeState.CHANGED_SINCE),
    *(ChangeState.CONFLICT, ChangeState.FAILED, ChangeState.SKIPPED),
)
TRANSITIONS: Mapping[ChangeState, frozenset[ChangeState]] = {
    ChangeState.PROPOSED: frozenset({ChangeState.ACCEPTED, ChangeState.REJECTED}),
    ChangeState.REJECTED: frozenset({ChangeState.PROPOSED, ChangeState.ACCEPTED}),
    ChangeState.ACCEPTED: frozenset(
        {
            *(ChangeState.PROPOSED, ChangeState.REJECTED, ChangeState.WRITING),
            # Before anything is written, a look may tell that nothing has to be.
            *(ChangeState.CONFLICT, ChangeState.SKIPPED, ChangeState.FAILED),
        }
    ),
    # Back to accepted: it was found out that nothing had been written.
    ChangeState.WRITING: frozenset({*ENDED, ChangeState.ACCEPTED}),
    ChangeState.APPLIED: frozenset({ChangeState.UNDONE}),
    ChangeState.OVERWROTE: frozenset({ChangeState.UNDONE}),
    ChangeState.CHANGED_SINCE: frozenset({ChangeState.UNDONE}),
    ChangeState.CONFLICT: frozenset({ChangeState.ACCEPTED, ChangeState.REJECTED}),
    ChangeState.FAILED: frozenset({ChangeState.ACCEPTED, ChangeState.REJECTED}),
    ChangeState.SKIPPED: frozenset(),
    ChangeState.UNDONE: frozenset(),
}
# These are written by an apply: it is meant to be so, or a run was cut off meanwhile.
TO_WRITE = (ChangeState.ACCEPTED, ChangeState.WRITING)
# Of alternatives one may be in these: it is meant to be so, or it is so.
TAKEN = (
    *(ChangeState.ACCEPTED, ChangeState.WRITING, ChangeState.APPLIED),
    *(ChangeState.OVERWROTE, ChangeState.CHANGED_SINCE, ChangeState.SKIPPED),
)
# In these nothing was written, or it did not take.
UNWRITTEN = (
    *(ChangeState.PROPOSED, ChangeState.ACCEPTED, ChangeState.REJECTED),
    *(ChangeState.CONFLICT, ChangeState.FAILED, ChangeState.SKIPPED),
)


def may_become(now: ChangeState, then: ChangeState) -> bool:
    return then in TRANSITIONS[now]


def states_before(then: ChangeState) -> tuple[ChangeState, ...]:
    """Return the states that lead to this one: what a conditional update asks for."""
    return tuple(now for now in ChangeState if may_become(now, then))


CAN_BE_UNDONE = states_before(ChangeState.UNDONE)


def plan_state(counts: Mapping[ChangeState, int]) -> PlanState:
    """Return how far a plan is that has so many changes in each state."""
    there = {state for state, count in counts.items() if count}
    if not there:
        return PlanState.EMPTY
    for state, said in (
        (ChangeState.WRITING, PlanState.APPLYING),
        (ChangeState.PROPOSED, PlanState.PROPOSED),
        (ChangeState.ACCEPTED, PlanState.DECIDED),
    ):
        if state in there:
            return said
    if there & set(ENDED):
        return PlanState.APPLIED
    if ChangeState.UNDONE in there:
        return PlanState.UNDONE
    return PlanState.REJECTED
