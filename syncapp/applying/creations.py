"""Makes what a plan's changes name and its source lacks, before any scene is written.

Each is looked up by name and alias first, for somebody else may have made it. So none
is made twice, and one that is in writing when a run begins is looked up again.
"""

import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from django.db.models import Exists, OuterRef

from syncapp.applying.apply import BUSY_S, TRIES, WAIT_S
from syncapp.models import Change, Creation, Plan
from syncapp.models.change_states import TO_WRITE, ChangeState
from syncapp.models.keys import row_id
from syncapp.stash.client import StashClient
from syncapp.stash.entity_creation import (
    NamedAtSource,
    create_entity,
    named_at_source,
)
from syncapp.stash.errors import QueryFailed, StashBusy
from syncapp.stash.scene_writing import WriteUnanswered
from syncapp.sync.reporter import Reporter

UNANSWERED = (
    "Its answer was lost, and it was there afterwards: made by this plan, or by "
    "somebody else in the same moment."
)
NEVER_MADE = (
    f"It was tried {TRIES} times, and each time nothing was made. Accept it again and "
    "apply the plan when the source is at rest."
)
ADDED_TWICE = "The plan names it for this scene by another name as well."
SAID = {
    ChangeState.PROPOSED: "that it is to be made was not accepted",
    ChangeState.REJECTED: "that it is to be made was rejected",
    ChangeState.UNDONE: "it was taken away again",
}


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One creation of a plan, as plain values."""

    pk: int
    kind: str
    name: str
    state: str


@dataclass(slots=True)
class _Making:
    """One run over the creations of a plan."""

    reporter: Reporter
    client: StashClient
    source_id: int
    wait_s: float
    busy_s: float
    counts: dict[str, int] = field(default_factory=dict)

    def make(self, wanted: _Wanted) -> None:
        """Find it or make it, and write down which; nothing is made blindly."""
        self.reporter.check()
        if wanted.state == ChangeState.WRITING:  # an attempt ended before it knew
            time.sleep(self.wait_s)
        left: _Wanted | None = wanted
        for tried in range(TRIES):
            if left is None or self._was_found(left) or not self._begin(left):
                return
            left = self._send(left, tried)
        # The answer to the last try may have been lost, too.
        if left is not None and not self._was_found(left):
            self._end(left, ChangeState.FAILED, NEVER_MADE)

    def _send(self, wanted: _Wanted, tried: int) -> _Wanted | None:
        """Have it made; returns it as it stands now if it has not ended by that."""
        try:
            made = create_entity(self.client, wanted.kind, wanted.name)
        except WriteUnanswered:
            time.sleep(self.wait_s)
            return replace(wanted, state=ChangeState.WRITING)
        except QueryFailed as exc:
            self._end(wanted, ChangeState.FAILED, f"Stash refused it: {exc.reason}")
            return None
        except StashBusy:  # nothing was made
            self._put_back(wanted, is_last=tried + 1 == TRIES)
            time.sleep(self.busy_s * 2**tried)
            return replace(wanted, state=ChangeState.ACCEPTED)
        self._end(wanted, ChangeState.APPLIED, made=made)
        return None

    def _was_found(self, wanted: _Wanted) -> bool:
        """Look it up; what is called so ends it, or several that may be meant."""
        found = named_at_source(self.client, wanted.kind, wanted.name)
        if not found:
            return False
        meant = _meant(found)
        if meant is None:
            several = (
                f"The source has several by the name “{wanted.name}”, so which one is "
                "meant is not known. Choose one of them for the scenes."
            )
            self._end(wanted, ChangeState.FAILED, several)
        elif wanted.state == ChangeState.WRITING:
            self._end(wanted, ChangeState.APPLIED, UNANSWERED, made=meant.remote_id)
        else:
            self._end(wanted, ChangeState.SKIPPED, made=meant.remote_id)
        return True

    def _begin(self, wanted: _Wanted) -> bool:
        """Note that it is about to be made; False if somebody took it back."""
        with self.reporter.atomic():
            rows = Creation.objects.filter(pk=wanted.pk, state__in=TO_WRITE)
            return bool(rows.update(state=ChangeState.WRITING))

    def _put_back(self, wanted: _Wanted, *, is_last: bool) -> None:
        with self.reporter.atomic():
            rows = Creation.objects.filter(pk=wanted.pk, state=ChangeState.WRITING)
            rows.update(state=ChangeState.ACCEPTED)
        if is_last:
            msg = (
                f"The database of Stash at {self.client.url} was locked {TRIES} times "
                f"when “{wanted.name}” was to be made; nothing was made."
            )
            raise StashBusy(msg)

    def _end(
        self,
        wanted: _Wanted,
        state: ChangeState,
        objection: str = "",
        *,
        made: int | None = None,
    ) -> None:
        """Write down how it ended, and what its changes are to write now."""
        entity_id = None if made is None else row_id(self.source_id, made)
        with self.reporter.atomic():
            rows = Creation.objects.filter(pk=wanted.pk, state__in=TO_WRITE)
            ended = rows.update(
                state=state,
                objection=objection,
                entity_id=entity_id,
                was_there=state == ChangeState.SKIPPED,
                written_at=None if made is None else datetime.now(UTC),
            )
            if ended and entity_id is not None:
                name_entity(wanted.pk, entity_id)
        if ended:
            self.counts[state.value] = self.counts.get(state.value, 0) + 1
            self.reporter.counted({"creations": dict(self.counts)})


def make_missing(
    reporter: Reporter,
    client: StashClient,
    plan_id: int,
    *,
    wait_s: float = WAIT_S,
    busy_s: float = BUSY_S,
) -> dict[str, int]:
    """Make what the accepted creations of a plan name; returns how many ended how.

    Once per plan, and safe to repeat. Changes whose creation is not made end as failed.

    Raises StashError if the source cannot be asked any more; what is made is written
    down, and what was about to be stays in writing.
    """
    plans = Plan.objects.filter(pk=plan_id)
    source_id = plans.values_list("source_id", flat=True).first()
    if source_id is None:
        return {}
    making = _Making(reporter, client, source_id, wait_s, busy_s)
    rows = Creation.objects.filter(plan_id=plan_id, op="create", state__in=TO_WRITE)
    # What an earlier attempt may have made comes first.
    for row in rows.order_by("-state", "id").values("pk", "kind", "name", "state"):
        making.make(_Wanted(**row))
    with reporter.atomic():
        failed = _fail_unmade(plan_id)
    if failed:
        said = (
            f"Changes that name what was not made: {failed:,}. They ended as failed, "
            "each with the reason; all others go on."
        )
        reporter.log("warning", "not_made", said)
    return making.counts


def name_entity(creation_id: int, entity_id: int) -> None:
    """Tell a creation's changes what it came to; a scene is given it once."""
    changes = Change.objects.filter(creation_id=creation_id)
    changes.filter(entity_id=None).update(entity_id=entity_id)
    same = Change.objects.filter(
        plan_id=OuterRef("plan_id"),
        scene_id=OuterRef("scene_id"),
        field=OuterRef("field"),
        op=OuterRef("op"),
        value_key=str(entity_id),
    )
    twice = changes.filter(Exists(same.exclude(creation_id=creation_id)))
    twice.filter(state=ChangeState.ACCEPTED).update(
        state=ChangeState.SKIPPED, objection=ADDED_TWICE
    )
    changes.exclude(Exists(same)).update(value_key=str(entity_id))


def _fail_unmade(plan_id: int) -> int:
    """End the changes that name what was not made; returns how many those are."""
    failed = 0
    waiting = Change.objects.filter(
        plan_id=plan_id,
        state=ChangeState.ACCEPTED,
        creation__isnull=False,
        entity_id=None,
    )
    creations = Creation.objects.filter(pk__in=waiting.values("creation_id"))
    for made in creations.values("pk", "kind", "name", "state", "objection"):
        why = SAID.get(ChangeState(made["state"]), made["objection"])
        sentence = f"The {made['kind']} “{made['name']}” was not made: {why}"
        failed += waiting.filter(creation_id=made["pk"]).update(
            state=ChangeState.FAILED, objection=sentence.rstrip(".") + "."
        )
    return failed


def _meant(found: tuple[NamedAtSource, ...]) -> NamedAtSource | None:
    """Return which one a bare name means; None if it may be several.

    Performers may share a name: the one that nothing tells apart is called by it alone.
    """
    named = [each for each in found if not each.by_alias]
    plain = [each for each in named if not each.disambiguation]
    for some in (plain, named, found):
        if some:
            return some[0] if len(some) == 1 else None
    return None
