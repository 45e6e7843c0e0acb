"""Any history of edits, decisions, applies and undos loses nothing in silence."""

from collections.abc import Callable
from functools import partial
from typing import Any

import httpx2
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from syncapp.applying.stored import stored_text
from syncapp.models import Change, Plan
from syncapp.models.change_states import ChangeState, may_become
from syncapp.models.keys import remote_id
from tests.integration.applying.conftest import Row
from tests.plan_builders import make_change
from tests.property.changes import one, pick
from tests.property.plan_held import WRITTEN, Held
from tests.property.plan_ledger import KEPT, held
from tests.property.plan_wire import FATES, Mortal, meant
from tests.property.wire import Crash

FIELDS = (
    *("title", "title", "date", "rating", "organized", "studio", "studio"),
    *("tags", "tags", "performers"),
)
EDITS = ("field", "field", "meant", "meant", "meant")
RARE = ("delete_scene", "delete_element", "merge_tags", "rename_tag")
Proposals = list[tuple[int, int]]
DECISIONS = ("proposed", "accepted", "rejected")

numbers = st.integers(0, 99)
requests = st.integers(1, 12)
places = st.integers(1, 8)
writes = st.integers(1, 4)
touches = st.tuples(places, numbers)
proposals = st.lists(st.tuples(numbers, numbers), min_size=1, max_size=4)
acts = st.tuples(st.sampled_from((*EDITS, *RARE)), numbers, numbers)


class Applying(Held):
    """Plans that are decided and applied while others edit, and are undone."""

    made = 0  # values of this history so far; each is another

    # Plans and decisions

    @initialize(what=proposals)
    def analyse(self, what: Proposals) -> None:
        self._ready(0, what)

    @rule(plan=numbers, number=numbers, field=numbers, accepted=st.booleans())
    def something_is_proposed(
        self,
        plan: int,
        number: int,
        field: int,
        accepted: bool,  # noqa: FBT001
    ) -> None:
        self._count("something_is_proposed")
        state = "accepted" if accepted else "proposed"
        self._propose(pick(self.plans, plan), number, field, state)

    @rule(who=st.integers(0, 1))
    def reviewer_looks(self, who: int) -> None:
        self._count("reviewer_looks")
        rows = Change.objects.filter(plan__source=self.source)
        self.looks[who] = dict(rows.values_list("pk", "state"))

    @rule(who=st.integers(0, 1), a=numbers, then=st.sampled_from(DECISIONS))
    def reviewer_decides(self, who: int, a: int, then: str) -> None:
        self._count("reviewer_decides")
        self._decide(who, a, then)

    def _decide(self, who: int, a: int, then: str) -> None:
        """Decide by what a reviewer saw, who may have looked long ago."""
        if not (seen := self.looks[who]):
            return
        change_id = pick(sorted(seen), a)
        saw = seen[change_id]
        may = saw != "writing" and may_become(ChangeState(saw), ChangeState(then))
        if may and self.decide(change_id, saw=saw, then=then):
            note(f"change {change_id}: {saw} to {then}")
            seen[change_id] = then

    # What others do

    @rule(what=st.lists(acts, min_size=1, max_size=3))
    def others_edit(self, what: list[Any]) -> None:
        self._count("others_edit")
        for act in what:
            self._edit(*act)

    # Applies

    @rule(plan=numbers, what=proposals)
    def apply(self, plan: int, what: Proposals) -> None:
        self._count("apply")
        self.undisturbed(self._ready(plan, what))

    @rule(plan=numbers, what=proposals, among=st.lists(touches, min_size=1, max_size=4))
    def apply_among_edits(self, plan: int, what: Proposals, among: list[Any]) -> None:
        """Edit scenes just before they are read or written, or long before that."""
        self._count("apply_among_edits")
        chosen = self._ready(plan, what)
        self._edit_among(chosen, among)
        self.run(chosen)

    @rule(plan=numbers, what=proposals, early=acts, at=places, a=numbers)
    def apply_while_a_reviewer_decides(
        self, plan: int, what: Proposals, early: Any, at: int, a: int
    ) -> None:
        self._count("apply_while_a_reviewer_decides")
        chosen = self._ready(plan, what)
        self._edit("meant", *early[1:])
        self.wire.touching[at] = partial(self._decide_again, chosen, a)
        self.run(chosen)

    @rule(
        plan=numbers,
        what=proposals,
        fates=st.dictionaries(writes, st.sampled_from(FATES), min_size=1, max_size=3),
        among=st.lists(touches, max_size=2),
    )
    def apply_with_lost_writes(
        self, plan: int, what: Proposals, fates: dict[int, str], among: list[Any]
    ) -> None:
        self._count("apply_with_lost_writes")
        chosen = self._ready(plan, what)
        self.wire.fates = dict(fates)
        self._edit_among(chosen, among)
        self.run(chosen)

    @rule(plan=numbers, what=proposals, at=st.integers(1, 6), keeps=st.booleans())
    def apply_that_dies_at_a_commit(
        self,
        plan: int,
        what: Proposals,
        at: int,
        keeps: bool,  # noqa: FBT001
    ) -> None:
        self._count("apply_that_dies_at_a_commit")
        reporter = Mortal(wire=self.wire, dies_at=at, keeps=keeps)
        self.run(self._ready(plan, what), reporter)

    @rule(plan=numbers, what=proposals, at=requests, times=st.integers(1, 3))
    def apply_with_unanswered_questions(
        self, plan: int, what: Proposals, at: int, times: int
    ) -> None:
        self._count("apply_with_unanswered_questions")
        for place in range(at, at + times):
            self.wire.before[place] = _break_off
        self.run(self._ready(plan, what))

    @rule(plan=numbers, what=proposals, at=requests)
    def apply_that_dies_before_a_request(
        self, plan: int, what: Proposals, at: int
    ) -> None:
        self._count("apply_that_dies_before_a_request")
        self.wire.before[at] = self._die
        self.run(self._ready(plan, what))

    @rule(plan=numbers, what=proposals, at=writes, number=numbers)
    def apply_that_is_frozen(
        self, plan: int, what: Proposals, at: int, number: int
    ) -> None:
        """Freeze a run until another has ended its job, and let it go on."""
        self._count("apply_that_is_frozen")
        chosen, reporter = self._ready(plan, what), Mortal(wire=self.wire)

        def another(scene: int) -> None:
            self.run_by_another(chosen, reporter)
            self._edit_touched(chosen, number, scene)

        self.wire.frozen_at, self.wire.while_frozen = at, another
        self.run(chosen, reporter)

    # Undo

    @rule(plan=numbers, first=st.integers(0, 3), step=st.integers(1, 3))
    def undo(self, plan: int, first: int, step: int) -> None:
        """Plan to take back some of what a plan wrote; an undo's as well."""
        self._count("undo")
        self._undo(pick(self.plans, plan), first, step)

    @rule(first=numbers, number=numbers, field=numbers)
    def older_of_two_is_undone(self, first: int, number: int, field: int) -> None:
        """Write one thing twice, by two plans, and take the older write back."""
        self._count("older_of_two_is_undone")
        older, newer = pick(self.plans, first), self.new_plan()
        self.plans.append(newer)
        for plan in (older, newer):
            self._propose(plan, number, field, "accepted")
            self.undisturbed(plan)
        undo = self._undo(older, 0, 1)
        if undo is not None:
            self.undisturbed(undo)

    # How each of them is done

    def _propose(self, plan: Plan, number: int, field: int, state: str) -> None:
        scene, name = one(self.library, "scene", number), pick(FIELDS, field)
        if scene is None or plan.kind == "undo":
            return
        if (given := self._value(scene, name, field)) is None:
            return
        value, fields = given
        rows = Change.objects.filter(plan=plan, scene_id=self.key(scene), field=name)
        if name in ("tags", "performers"):
            rows = rows.filter(entity_id=value.pk)
        if not rows.exists():
            self._make(plan, scene, name, value, state=state, **fields)

    def _make(
        self, plan: Plan, scene: int, name: str, value: Any, **fields: Any
    ) -> Change:
        row = Row(self.key(scene))
        change: Change = make_change(plan, row, name, value, **fields)
        self.born[change.pk] = len(self.ledger.events)
        self.decided[change.pk] = change.state
        note(f"change {change.pk} of plan {plan.pk}: {change}, {value}, {change.state}")
        return change

    def _value(
        self, scene: int, name: str, number: int
    ) -> tuple[Any, dict[str, Any]] | None:
        """Return what to propose for a field, and what it replaces."""
        there = held(self.library)
        if name in ("tags", "performers"):
            element = one(self.library, name.removesuffix("s"), number // 5)
            if element is None:
                return None
            is_there = there.get((scene, name, element), False)
            return Row(self.key(element)), {"op": "remove" if is_there else "add"}
        now = there[scene, name, None]
        if name == "studio":
            studio = one(self.library, "studio", number // 3)
            if studio is None or studio == now:
                return None
            before = None if now is None else self.key(int(now))
            return Row(self.key(studio)), {"before_id": before}
        return stored_text(self._other(name, now)), {"before": stored_text(now)}

    def _other(self, name: str, now: Any) -> Any:
        """Return another value of a field; of a text one that nobody had before."""
        self.made += 1
        match name:
            case "organized":
                return not now
            case "rating":
                return (now or 0) % 90 + 3
            case "date":
                return f"{1900 + self.made % 120}-0{1 + self.made % 9}-11"
        return f"Reel {self.made}"

    def _edit(self, what: str, a: int, b: int) -> None:
        """Do one thing that others do; `meant`: to what a change is about."""
        self._count(f"edit: {what}")
        self._noted(partial(self._others, what, a, b))

    def _noted(self, act: Callable[[], object]) -> None:
        """Do what others do, and tell what came of it."""
        before = len(self.ledger.events)
        self.wire.edit(act)
        for event in self.ledger.events[before:]:
            note(f"others: {event}")

    def _others(self, what: str, a: int, b: int) -> None:
        library, scene = self.library, one(self.library, "scene", a)
        tags = library.ids("tag")
        if what == "meant":
            self._edit_what_is_meant(a, b)
        elif what == "field" and scene is not None:
            self._set(scene, pick(FIELDS, b), a + b)
        elif what == "delete_scene" and scene is not None and a % 3 == 0:
            library.delete("scene", scene)
        elif what == "delete_element" and a % 2:
            kind = ("tag", "studio", "performer")[b % 3]
            if (number := one(library, kind, a)) is not None:
                library.delete(kind, number)
        elif what == "merge_tags" and len(tags) > 1:
            library.merge_tags([pick(tags, a)], into=pick(tags, a + 1))
        elif what == "rename_tag" and tags:
            self.made += 1
            library.edit("tag", pick(tags, a), name=f"Renamed {self.made}")

    def _edit_what_is_meant(self, a: int, b: int) -> None:
        rows = list(Change.objects.filter(plan__source=self.source).order_by("pk"))
        open_rows = [row for row in rows if row.state in ("accepted", "writing")]
        change: Any = pick(open_rows or rows, a) if rows else None
        if change is not None and change.remote_id in self.library.ids("scene"):
            self._set_meant(change, b)

    def _set(self, scene: int, name: str, number: int) -> None:
        there = self.library.get("scene", scene) or {}
        if name in ("tags", "performers"):
            kind = name.removesuffix("s")
            is_known = number in self.library.ids(kind)
            element = number if is_known else one(self.library, kind, number)
            if element is None:
                return
            kept = [each for each in there[name] if each != element]
            is_there = element in there[name]
            value: Any = kept if is_there else [*kept, element]
        elif name == "studio":
            value = one(self.library, "studio", number) if number % 4 else None
        else:
            value = self._other(name, there[KEPT[name]])
        self.library.edit("scene", scene, **{KEPT.get(name, name): value})

    def _ready(self, plan: int, what: Proposals) -> Plan:
        """Return a plan in which more is accepted; an undo is as it is."""
        chosen = pick(self.plans, plan)
        for number, field in what:
            self._propose(chosen, number, field, "accepted")
        return chosen

    def _edit_among(self, plan: Plan, among: list[Any]) -> None:
        for place, number in among:
            self.wire.touching[place] = partial(self._edit_touched, plan, number)

    def _edit_touched(self, plan: Plan, number: int, scene: int) -> None:
        """Edit what a plan changes in a scene, or in one that was only looked at."""
        rows = Change.objects.filter(plan=plan).order_by("pk")
        here = rows.filter(scene_id=self.key(scene))
        later = rows.filter(state="accepted", scene_id__gt=self.key(scene))
        found = list(here if number % 3 else later)
        change = pick(found, number // 3) if found else None
        if change is not None and change.remote_id in self.library.ids("scene"):
            self._count("edit of what is touched")
            self._noted(partial(self._set_meant, change, number // 5))

    def _set_meant(self, change: Change, number: int) -> None:
        """Edit what a change is about: to what it expects, to what it wants, else."""
        wanted, expected = meant(change)
        name, scene = change.field, change.remote_id
        if change.op != "set" or number % 4 > 1:
            element = remote_id(change.entity_id) if change.entity_id else number
            self._set(scene, name, element)
            return
        value = (expected, wanted)[number % 4]
        studios = self.library.ids("studio")
        if name != "studio" or value is None or value in studios:
            self.library.edit("scene", scene, **{KEPT[name]: value})

    def _decide_again(self, plan: Plan, a: int, _: int) -> None:
        """Take back a decision of which nothing is written yet."""
        rows = Change.objects.filter(plan=plan, state="accepted").order_by("pk")
        if found := list(rows):
            chosen = pick(found, a)
            then = ("rejected", "rejected", "proposed")[a % 3]
            self.decide(chosen.pk, saw="accepted", then=then)
            note(f"change {chosen.pk}: accepted to {then}")

    def _die(self) -> None:
        self.wire.dead = True
        raise Crash

    def _undo(self, plan: Plan, first: int, step: int) -> Plan | None:
        rows = Change.objects.filter(plan=plan, state__in=WRITTEN).order_by("-pk")
        if not (chosen := list(rows)[first::step]):
            return None
        undo = self.new_plan(kind="undo", undoes=plan)
        self.plans.append(undo)
        for change in chosen:
            self._take_back(undo, change)
        return undo

    def _take_back(self, undo: Plan, change: Change) -> None:
        before = (change.image_before or {})["is"]
        left = (change.image_after or {})["is"]
        fields: dict[str, Any] = {"state": "accepted", "undoes": change}
        row: Row | None = None
        if change.op != "set":
            if before == left:
                return
            row = Row(change.entity_id or 0)
            fields["op"] = "add" if before else "remove"
        elif change.field == "studio":
            row = None if before is None else Row(self.key(before))
            fields["before_id"] = None if left is None else self.key(left)
        else:
            fields["before"] = stored_text(left)
        is_text = change.op == "set" and row is None
        value: Any = stored_text(before) if is_text else row
        made = self._make(undo, change.remote_id, change.field, value, **fields)
        written = self.wire.written.get(change.pk)
        self.born[made.pk] = written[-1].place if written else self.born[change.pk]


def _break_off() -> None:
    msg = "the connection was cut"
    raise httpx2.ReadError(msg)
