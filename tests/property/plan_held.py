"""A library with plans for it, and what each apply of one is held against."""

from collections import Counter
from functools import cache
from typing import Any

from django.db import transaction
from hypothesis import note
from hypothesis.stateful import RuleBasedStateMachine

from syncapp.applying import apply
from syncapp.applying.stored import stored_text
from syncapp.demo import Library
from syncapp.models import Change, Plan, Source
from syncapp.models.keys import row_id
from syncapp.stash.errors import StashError
from tests.builders import NOON
from tests.plan_builders import make_plan
from tests.property import backup
from tests.property.checked import STEPS
from tests.property.plan_ledger import Ledger
from tests.property.plan_wire import Mortal, PlanWire, thing_of
from tests.property.wire import URL, Crash
from tests.prove import SETTLED

WRITTEN = {"applied", "overwrote", "changed_since"}
OPEN = {"accepted", "writing"}


@cache
def _stage() -> tuple[PlanWire, backup.Backup]:
    library = Library(seed=3, scenes=6, tags=6, performers=4, studios=4)
    for number in library.ids("scene"):
        library.edit("scene", number, rating100=20 * number, tags=[number, 1])
    wire = PlanWire(library)
    with wire.client() as client:
        client.handshake()
    return wire, backup.take(library)


class Held(RuleBasedStateMachine):
    """Sets the stage for every history, and checks what its applies did."""

    def __init__(self) -> None:
        super().__init__()
        self.wire, whole = _stage()
        self.library = self.wire.library
        backup.put_back(self.library, whole)
        self.wire.begin()
        self.history = transaction.atomic()
        self.history.__enter__()
        self.source = Source.objects.create(name="Archive", url=URL, read_only=False)
        self.plans: list[Plan] = [self.new_plan() for _ in range(2)]
        self.born: dict[int, int] = {}  # place in the log since which it expects
        self.decided: dict[int, str] = {}
        self.looks: list[dict[int, str]] = [{}, {}]  # of two reviewers

    @property
    def ledger(self) -> Ledger:
        return self.wire.ledger

    def new_plan(self, **fields: Any) -> Plan:
        plan: Plan = make_plan(self.source, **fields)
        return plan

    def key(self, number: int) -> int:
        return row_id(self.source.pk, number)

    def teardown(self) -> None:
        try:
            if hasattr(self, "source"):
                self._end()
        finally:
            transaction.set_rollback(True)
            self.history.__exit__(None, None, None)

    def _end(self) -> None:
        """Run every plan once more, undisturbed, and look at all of it."""
        self.wire.clear()
        for plan in self.plans:
            self.undisturbed(plan)

    def _count(self, name: str) -> None:
        STEPS[f"plans: {name}"] += 1

    # Runs

    def undisturbed(self, plan: Plan) -> None:
        assert self.run(plan), "an undisturbed run did not end"
        states = Change.objects.filter(plan=plan).values_list("state", flat=True)
        left = Counter(states).keys() & OPEN
        assert not left, f"plan {plan.pk} has changes that are {left}"
        self.all_is_told(plan)

    def run(self, plan: Plan, reporter: Mortal | None = None) -> bool:
        """Apply a plan to whatever end; says whether it was a good one."""
        wire = self.wire
        kept = wire.plan_id, wire.dead
        wire.asked, wire.plan_id, wire.dead = 0, plan.pk, False
        told: Any = None
        try:
            told = self._applied(plan, reporter or Mortal(wire=wire))
        except (Crash, StashError) as end:
            note(f"plan {plan.pk} ended by {type(end).__name__}: {end}")
            self.unheard_by_a_death(plan)
        wire.clear()
        wire.plan_id, wire.dead = kept
        note(f"plan {plan.pk} applied: {told}")
        self.no_harm()
        return told is not None

    def _applied(self, plan: Plan, reporter: Mortal) -> dict[str, int]:
        takes_back = plan.kind == "undo"
        with self.wire.own_time(), self.wire.client() as client:
            return apply.apply_plan(reporter, client, plan.pk, takes_back=takes_back)

    def unheard_by_a_death(self, plan: Plan) -> None:
        """Note whose end was not written down, whatever the answer said."""
        rows = Change.objects.filter(plan=plan, state="writing")
        self.wire.unheard |= set(rows.values_list("pk", flat=True))

    def run_by_another(self, plan: Plan, frozen: Mortal) -> None:
        """Let the job of a frozen run be another's, who runs it to its end."""
        frozen.fenced = True
        self.wire.wait(60)
        self.unheard_by_a_death(plan)
        self.run(plan)

    # What is held after each of them

    def no_harm(self) -> None:
        assert self.ledger.wrong == [], "\n".join(self.ledger.wrong)
        rows = Change.objects.filter(plan__source=self.source)
        for change in rows:
            decided = self.decided.get(change.pk, "accepted")
            if decided != "accepted":
                told = f"change {change.pk} was {decided} and is {change.state}"
                assert change.state == decided, told
            if change.state == "conflict":
                self._somebody_else_was_there(change)

    def _somebody_else_was_there(self, change: Change) -> None:
        since = self.ledger.since(thing_of(change), self.born[change.pk])
        is_undo = change.undoes_id is not None
        if is_undo and change.undoes_id not in self.wire.written:
            return  # it takes back what was in doubt, and never was there
        theirs = [event for event in since if not event.by or not is_undo]
        assert theirs, f"change {change.pk} is in conflict with ourselves"

    def all_is_told(self, plan: Plan) -> None:
        """Assert that each change tells what it did, and what it lies over."""
        for change in Change.objects.filter(plan=plan):
            STEPS[SETTLED] += 1
            self._nothing_lost(change)
            self._end_is_true(change)
            self._undone_both_ways(change)

    def _nothing_lost(self, change: Change) -> None:
        for theirs in self.wire.overwritten(change.pk):
            image = change.image_before and change.image_before["is"]
            kept = change.state in {*WRITTEN, "undone"} and image == theirs.value
            told = f"{theirs} is lost: change {change.pk} is {change.state}, {image}"
            assert kept or self._is_in_doubt(change), told

    def _end_is_true(self, change: Change) -> None:
        written = self.wire.written.get(change.pk)
        says = change.state in {*WRITTEN, "undone"}
        told = f"change {change.pk} is {change.state}, written: {written}"
        assert says == bool(written) or self._is_in_doubt(change), told
        if change.state == "changed_since" and not self._is_in_doubt(change):
            place = written[-1].place if written else 0
            theirs = self.ledger.since(thing_of(change), place)
            assert any(not event.by for event in theirs), told

    def _is_in_doubt(self, change: Change) -> bool:
        """Say whether its answer was lost, and it says so or was put right by others.

        A lost write that somebody replaced by what was there before it cannot be told
        from one that did not land.
        """
        if change.pk not in self.wire.unheard:
            return False
        if "not have been seen" in change.objection:
            return True
        if "answer was lost" in change.objection or "no longer" in change.objection:
            return True
        written = self.wire.written.get(change.pk)
        place = written[0].place if written else self.born[change.pk]
        return any(not e.by for e in self.ledger.since(thing_of(change), place))

    def _undone_both_ways(self, change: Change) -> None:
        rows = Change.objects.filter(undoes=change)
        by = set(rows.values_list("state", flat=True))
        told = f"change {change.pk} is {change.state}, its undos are {by}"
        done = bool(by & {*WRITTEN, "undone"})
        is_undone = change.state == "undone"
        assert is_undone or not done, told
        assert done or "skipped" in by or not is_undone, told

    def decide(self, change_id: int, *, saw: str, then: str) -> bool:
        """Decide as a reviewer who saw that state; says whether it still was so."""
        rows = Change.objects.filter(pk=change_id, state=saw)
        fields: dict[str, Any] = {"state": then, "decided_at": NOON}
        if saw == "conflict" and then == "accepted":
            fields |= self._expecting_what_is_there(rows)
        done = rows.update(**fields) == 1
        if done:
            self.decided[change_id] = then
        return done

    def _expecting_what_is_there(self, rows: Any) -> dict[str, Any]:
        change = rows.first()
        if change is None:
            return {}
        self.born[change.pk] = len(self.ledger.events)
        found = change.image_found["is"]
        if change.field == "studio":
            return {"before_id": None if found is None else self.key(found)}
        return {"before": stored_text(found)}
