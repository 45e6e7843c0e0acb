"""The far end of an apply: writes are lost, late and locked there, and edits are made.

Time is the wire's own: a wait of the engine passes at once, and what is late lands in
it.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from django.db import transaction

from syncapp.applying import apply
from syncapp.applying.intents import LISTS
from syncapp.demo import Library
from syncapp.demo.faults import Reply
from syncapp.models import Change
from syncapp.models.keys import remote_id
from tests.mirror import PlainReporter
from tests.property.plan_ledger import Event, Ledger, Thing
from tests.property.wire import BEGINNING, Crash, Wire

ANSWER_S = 0.01
LATE_S = (0.02, 0.3, 1.5)  # after its connection was closed
# What can become of a write, beside what it should: all of it locked, or one half.
LOCKED = ("locked", "seen", "wrote")
FATES = (
    *(*LOCKED, "cut", "lost", "troubled", "late"),
    *("dies_before", "dies_after", "dies_late"),
)


class PlanWire(Wire):
    """Answers an apply, and logs whose edit replaced what.

    `before` maps the number of a request to what happens just before it is answered,
    `touching` that of a read or a write of a scene, `fates` that of a write to what
    becomes of it.
    """

    def __init__(self, library: Library) -> None:
        super().__init__(library)
        self.begin()

    def begin(self) -> None:
        """Forget all, for another history."""
        self.clear()
        self.clock = BEGINNING
        self.ledger = Ledger(self.library)
        self.ledger.open()
        self.requests = 0  # of the whole history
        self.late: list[tuple[float, Callable[[], object]]] = []
        self.plan_id = 0
        # By change: what its write replaced, and whether its answer came.
        self.written: dict[int, list[Event]] = {}
        self.unheard: set[int] = set()
        self.dead = False

    def clear(self) -> None:
        super().clear()
        self.fates: dict[int, str] = {}
        self.touching: dict[int, Callable[[int], None]] = {}
        self.frozen_at = 0  # the number of a read of a scene
        self.while_frozen: Callable[[int], None] = _nothing
        self.touches = self.reads = self.writes = 0

    def edit(self, act: Callable[[], object]) -> None:
        """Do what somebody else does."""
        with self.ledger.edit(self.requests):
            act()

    @contextmanager
    def own_time(self) -> Iterator[None]:
        """Let the engine's clock be this one."""
        clock = Clock(self)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(apply, "time", clock)
            yield

    def land_late(self) -> None:
        """Let the writes land whose time has come."""
        now = self.clock.timestamp()
        due = [land for at, land in self.late if at <= now]
        self.late = [(at, land) for at, land in self.late if at > now]
        for land in due:
            land()

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self.requests += 1
        self.wait(ANSWER_S)
        self.land_late()
        return super().handle_request(request)

    def _reply(self, text: str, variables: Mapping[str, Any]) -> Reply:
        if text.startswith("mutation"):
            self._touch(int(variables["input"]["ids"][0]))
            self.writes += 1
            fate = self.fates.pop(self.writes, "")
            return self._write(fate, text, variables)
        if text.startswith("query SceneNow"):
            self._touch(int(variables["id"]))
            self.reads += 1
            if self.reads == self.frozen_at:
                self.while_frozen(int(variables["id"]))
        return super()._reply(text, variables)

    def _touch(self, scene: int) -> None:
        self.touches += 1
        self.touching.pop(self.touches, _nothing)(scene)

    def _write(self, fate: str, text: str, variables: Mapping[str, Any]) -> Reply:
        if fate in {"", *LOCKED}:
            return self._answered(fate, text, variables)
        self._unheard(variables)
        if fate in {"late", "dies_late"}:
            self._land_later(text, variables)
        elif fate not in {"cut", "dies_before"}:
            self._landed(text, variables)
        if fate == "troubled":
            return Reply(502)
        if fate.startswith("dies"):
            self.dead = True
            raise Crash
        msg = "the connection was cut"
        raise httpx2.ReadError(msg)

    def _answered(self, fate: str, text: str, variables: Mapping[str, Any]) -> Reply:
        if fate == "locked":
            self.faults.locked()
            return super()._reply(text, variables)
        if fate:
            self.faults.fail_field(alias=fate)
        if fate == "seen":  # what stood there is not shown
            self._unheard(variables)
        return self._landed(text, variables)

    def _land_later(self, text: str, variables: Mapping[str, Any]) -> None:
        sent, plan_id = self.requests, self.plan_id
        after = LATE_S[self.writes % len(LATE_S)]

        def land() -> None:
            self._landed(text, variables, sent=sent, plan_id=plan_id)

        self.late.append((self.clock.timestamp() + after, land))

    def _unheard(self, variables: Mapping[str, Any]) -> None:
        self.unheard |= set(self._changes(variables, self.plan_id).values())

    def _landed(
        self,
        text: str,
        variables: Mapping[str, Any],
        *,
        sent: int = 0,
        plan_id: int = 0,
    ) -> Reply:
        changes = self._changes(variables, plan_id or self.plan_id)
        with self.ledger.write(self.requests, changes) as done:
            reply = super()._reply(text, variables)
        for event in done:
            self._hold(event, sent or event.request)
        return reply

    def _hold(self, event: Event, sent: int) -> None:
        """Hold a write against what may be written."""
        change = Change.objects.get(pk=event.by)
        if change.state != "writing":
            self.ledger.wrong.append(f"{event} landed while it was {change.state}")
        self.written.setdefault(change.pk, []).append(event)
        before = self.ledger.replaced_by(event)
        if before is None or before.by or before.request >= sent:
            return
        expected = meant(change)[1]
        left = {e.value for e in self.ledger.since(event.thing, 0) if e.by}
        if event.replaced != expected and event.replaced not in left:
            self.ledger.wrong.append(f"{event} lies over {before}, which was to see")

    def _changes(self, variables: Mapping[str, Any], plan_id: int) -> dict[Thing, int]:
        """Return which changes one write is of."""
        number = int(variables["input"]["ids"][0])
        rows = Change.objects.filter(plan_id=plan_id).exclude(state="proposed")
        return {
            thing_of(row): row.pk
            for row in rows
            if row.remote_id == number and _is_in(row, variables["input"])
        }

    def overwritten(self, change_id: int) -> list[Event]:
        """Return the edits of others that writes of a change replaced."""
        found = map(self.ledger.replaced_by, self.written.get(change_id, ()))
        return [event for event in found if event is not None and not event.by]


def _is_in(change: Change, given: Mapping[str, Any]) -> bool:
    names = {"studio": "studio_id", "rating": "rating100"}
    if change.op == "set":
        return names.get(change.field, change.field) in given
    move = given.get({"performers": "performer_ids", "tags": "tag_ids"}[change.field])
    return bool(
        move
        and move["mode"] == change.op.upper()
        and str(remote_id(change.entity_id or 0)) in move["ids"]
    )


def thing_of(change: Change) -> Thing:
    element = remote_id(change.entity_id or 0) if change.field in LISTS else None
    return change.remote_id, change.field, element


def meant(change: Change) -> tuple[Any, Any]:
    """Return what a change wants, and what it expects to find."""
    if change.op != "set":
        return change.op == "add", change.op == "remove"
    match change.field:
        case "studio":
            keys = (change.entity_id, change.before_id)
            wanted, expected = (None if k is None else remote_id(k) for k in keys)
            return wanted, expected
        case "organized":
            return change.value == "true", change.before == "true"
        case "rating":
            texts = (change.value, change.before)
            wanted, expected = (int(text) if text else None for text in texts)
            return wanted, expected
    return change.value, change.before


@dataclass
class Mortal(PlainReporter):
    """A reporter whose run dies at a commit, or is dead and does not know it."""

    wire: PlanWire | None = None
    dies_at: int = 0  # the number of the commit; 0: never
    keeps: bool = False  # that commit
    fenced: bool = False

    @contextmanager
    def atomic(self) -> Iterator[None]:
        self._prove()
        with transaction.atomic():
            yield
            self.commits += 1
            if self.commits == self.dies_at and not self.keeps:
                self._die()
        if self.commits == self.dies_at:
            self._die()

    def check(self) -> None:
        self._prove()

    def _prove(self) -> None:
        if self.fenced or (self.wire and self.wire.dead):
            raise Crash

    def _die(self) -> None:
        self.fenced = True
        raise Crash


@dataclass(frozen=True)
class Clock:
    wire: PlanWire

    def monotonic(self) -> float:
        return self.wire.clock.timestamp()

    def sleep(self, seconds: float) -> None:
        self.wire.clock += timedelta(seconds=seconds + 1e-6)
        self.wire.land_late()


def _nothing(_: int) -> None:
    pass
