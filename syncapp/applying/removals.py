"""Takes away what a plan made, once nobody uses it any more.

An undo offers it, a person accepts it, and after all changes of the undo are written
each is asked for: one that somebody uses stays.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet

from syncapp.applying.apply import TRIES, WAIT_S
from syncapp.models import Creation, Plan
from syncapp.models.change_states import TO_WRITE, ChangeState, states_before
from syncapp.models.keys import remote_id
from syncapp.stash.client import StashClient
from syncapp.stash.entity_removal import destroy_entity, entity_use
from syncapp.stash.errors import QueryFailed, StashBusy
from syncapp.stash.scene_writing import WriteUnanswered
from syncapp.sync.reporter import Reporter

# By these it is offered already, or taken away.
OFFERED = (
    *(ChangeState.PROPOSED, *TO_WRITE, ChangeState.APPLIED, ChangeState.SKIPPED),
)
GONE_ALREADY = "It is no longer at the source: somebody took it away, or merged it."
NEVER_TAKEN = (
    f"It was tried {TRIES} times, and each time it was still there. Accept it again "
    "and apply the plan when the source is at rest."
)
REMAINS = (
    "Stash said that it is taken away, and it is still there. Look at it in Stash."
)


def made_by(plan_id: int) -> "QuerySet[Creation, Creation]":
    """Return what a plan made at its source: what stood there is not of it."""
    return _done(plan_id, "create").filter(was_there=False)


def taken_by(plan_id: int) -> "QuerySet[Creation, Creation]":
    """Return what a plan took away from its source."""
    return _done(plan_id, "remove")


def _done(plan_id: int, op: str) -> "QuerySet[Creation, Creation]":
    return Creation.objects.filter(
        plan_id=plan_id,
        op=op,
        state=ChangeState.APPLIED,
        entity_id__isnull=False,
    )


def offer_removals(plan_id: int, undo_plan: Callable[[], int]) -> int:
    """Propose to take away what a plan made; returns how many.

    `undo_plan` makes the plan that they belong to, if there is anything to propose.
    """
    rows = list(made_by(plan_id).values_list("kind", "entity_id", "name"))
    there = Creation.objects.filter(
        op="remove", state__in=OFFERED, entity_id__in=[row[1] for row in rows]
    )
    offered = set(there.values_list("kind", "entity_id"))
    new = [row for row in rows if row[:2] not in offered]
    if new:
        to_plan = undo_plan()
        Creation.objects.bulk_create(
            Creation(plan_id=to_plan, kind=kind, op="remove", name=name, entity_id=key)
            for kind, key, name in new
        )
    return len(new)


def take_away(
    reporter: Reporter, client: StashClient, plan_id: int, *, wait_s: float = WAIT_S
) -> dict[str, int]:
    """Take away what is accepted for it; returns how many ended how.

    It can be run again at any time. To be called after the plan's changes are written.

    Raises StashError if the source cannot be asked any more.
    """
    return _TakingAway(reporter, client, plan_id, wait_s).run()


@dataclass(slots=True)
class _TakingAway:
    """One run over the removals of a plan."""

    reporter: Reporter
    client: StashClient
    plan_id: int
    wait_s: float
    counts: dict[str, int] = field(default_factory=dict)

    def run(self) -> dict[str, int]:
        rows = Creation.objects.filter(
            plan_id=self.plan_id,
            op="remove",
            state__in=TO_WRITE,
            entity_id__isnull=False,
        )
        for row in rows.order_by("id").values("id", "kind", "entity_id", "state"):
            self.reporter.check()
            self._one({**row})
        return self.counts

    def _one(self, row: dict[str, Any]) -> None:
        """Take it away, or write down why not; nothing is sent again blindly."""
        for _ in range(TRIES):
            if not self._is_to_go(row) or not self._begun(row) or self._destroyed(row):
                return
        # The answer to the last try may have been lost, too.
        if self._is_to_go(row):
            self._end(row, ChangeState.FAILED, NEVER_TAKEN)

    def _is_to_go(self, row: dict[str, Any]) -> bool:
        """Look at it: what is gone ends by that, and what somebody uses."""
        was_ours = row["state"] == ChangeState.WRITING
        if was_ours:
            time.sleep(self.wait_s)  # it may have been sent just now, and land late
        use = self._use(row)
        if use is None:
            self._end(row, *_gone(was_ours=was_ours))
        elif use:
            said = f"It is used by {use}, so it stays. Accept it again once it is free."
            self._end(row, ChangeState.CONFLICT, said)
        return use == ""

    def _use(self, row: dict[str, Any]) -> str | None:
        """Return who uses it in words, "" for nobody; None if it is gone."""
        found = entity_use(self.client, row["kind"], remote_id(row["entity_id"]))
        return None if found is None else found.words

    def _begun(self, row: dict[str, Any]) -> bool:
        """Note that it is taken away now; a crash leaves this trace."""
        if row["state"] == ChangeState.WRITING:
            return True
        with self.reporter.atomic():
            return bool(self._update(row, ChangeState.WRITING))

    def _destroyed(self, row: dict[str, Any]) -> bool:
        """Have it taken away; returns whether an answer came, which ends it."""
        try:
            destroy_entity(self.client, row["kind"], remote_id(row["entity_id"]))
        except QueryFailed as exc:
            self._end(row, ChangeState.FAILED, f"Stash refused it: {exc.reason}")
        except StashBusy:  # nothing was done
            self._end(row, ChangeState.ACCEPTED)
            raise
        except WriteUnanswered:
            row["state"] = ChangeState.WRITING
            return False
        else:
            is_gone = self._use(row) is None
            state = ChangeState.APPLIED if is_gone else ChangeState.FAILED
            self._end(row, state, "" if is_gone else REMAINS)
        return True

    def _end(self, row: dict[str, Any], state: ChangeState, said: str = "") -> None:
        done = (ChangeState.APPLIED, ChangeState.SKIPPED)
        with self.reporter.atomic():
            more = {"written_at": datetime.now(UTC)} if state in done else {}
            if not self._update(row, state, objection=said, **more):
                return
            if state in done:
                self._mark_undone(row)
        if state != ChangeState.ACCEPTED:
            self.counts[state.value] = self.counts.get(state.value, 0) + 1

    def _update(self, row: dict[str, Any], state: ChangeState, **columns: Any) -> int:
        rows = Creation.objects.filter(pk=row["id"], state__in=states_before(state))
        return rows.update(state=state, **columns)

    def _mark_undone(self, row: dict[str, Any]) -> None:
        """Note on what made it that it is taken away."""
        origins = Plan.objects.filter(pk=self.plan_id).values("undoes_id")
        made = Creation.objects.filter(
            plan_id__in=origins,
            op="create",
            kind=row["kind"],
            entity_id=row["entity_id"],
            state=ChangeState.APPLIED,
        )
        made.update(state=ChangeState.UNDONE)


def _gone(*, was_ours: bool) -> tuple[ChangeState, str]:
    if was_ours:
        return ChangeState.APPLIED, ""
    return ChangeState.SKIPPED, GONE_ALREADY
