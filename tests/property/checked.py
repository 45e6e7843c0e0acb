"""A library and its mirror, and what every sync of the two is held against."""

from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import httpx2
from django.db import transaction
from hypothesis import note
from hypothesis.stateful import RuleBasedStateMachine, initialize

from syncapp.demo import Library
from syncapp.models import Source, StreamState
from syncapp.stash.errors import StashError
from syncapp.sync.errors import SyncStopped
from tests.comparison import Differing, differing, wrong_counts
from tests.mirror import Interrupted
from tests.property import backup
from tests.property.changes import CHANGES, UNSEEN
from tests.property.holding import Held, look
from tests.property.running import Ending, pull
from tests.property.wire import BEGINNING, URL, Crash, Wire
from tests.prove import COMPARED

STEPS: Counter[str] = Counter()  # of this process, by rule
ZONE = "Europe/Oslo"


@cache
def _stage() -> tuple[Wire, backup.Backup, backup.Backup]:
    """Return the far end with its library, and another of the same ids."""
    library = Library(seed=3, scenes=30, tags=12, performers=9, studios=6)
    other = Library(seed=4, scenes=30, tags=12, performers=9, studios=6)
    for one in (library, other):
        _write_out(one)
    return Wire(library), backup.take(library), backup.take(other)


def _write_out(library: Library) -> None:
    """Keep every scene as a record: to work them out takes half of the time."""
    for number in library.ids("scene"):
        library._rows["scene"][number] = library.untouched(number)


class Checked(RuleBasedStateMachine):
    """Sets the stage for every history, and checks what a sync did."""

    def __init__(self) -> None:
        super().__init__()
        self.wire, whole, self.other = _stage()
        self.library = self.wire.library
        backup.put_back(self.library, whole)
        self.library.zone, self.library.shuffle = ZONE, False
        self.wire.clear()
        self.library.mend()  # a history before may have ended with a record spoiled
        self.wire.clock = BEGINNING
        self.saved: backup.Backup | None = None
        self.unseen: dict[int, set[str]] = {}  # fields of scenes that no index shows
        self.restored = False  # since the index was read last
        self.untraced = False  # links may differ until every record is read
        self.sources = 0
        self.history = transaction.atomic()
        self.history.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.history.__exit__(None, None, None)

    @initialize()
    def connect(self) -> None:
        """Connect the source, as new."""
        self.sources += 1
        self.source = Source.objects.create(name=f"Archive {self.sources}", url=URL)
        self.unseen.clear()
        self.untraced = False
        self._equal_after(self._pull("quick"))

    def _count(self, name: str) -> None:
        STEPS[name] += 1

    def _change(self, what: Iterable[Any]) -> None:
        for one in what:
            self._changed(*one)

    def _changed(self, name: str, *chosen: int) -> None:
        self._count(name)
        before = self._hidden_fields()
        note(CHANGES[name](self.wire, *chosen))
        self._mark_unseen(before)

    def _hidden_fields(self) -> dict[int, Any]:
        return {
            scene["id"]: (
                (scene["created_at"], scene["updated_at"]),
                {name: scene[name] for name in UNSEEN},
            )
            for scene in self.library.records("scene")
        }

    def _mark_unseen(self, before: dict[int, Any]) -> None:
        for number, (stamps, fields) in self._hidden_fields().items():
            old_stamps, old = before.get(number, (None, {}))
            names = {name for name in UNSEEN if old.get(name) != fields[name]}
            if old_stamps == stamps and names:
                self.unseen.setdefault(number, set()).update(names)

    def _pull(self, kind: str, **options: Any) -> dict[str, Any] | None:
        """Sync, and hold what happened against what must not; None if it broke off."""
        given = {"reporter": Ending(), "accept_deletions": False, **options}
        before = look(self.source, self.library)
        calm = not self.wire.before
        honest = not self.wire.troubled and "only" not in options
        result = self._run(
            lambda: pull(self.wire, self.source, everything=kind == "full", **given),
            before,
        )
        if calm and not given["accept_deletions"]:
            self._nothing_lost_unasked(before)
        if honest and result is not None:
            self._alarms_are_right(before, set(result["held"]), given)
        if result is not None and given["reporter"].resume_from is None:
            self._nothing_alive_is_marked(before, result)
        return result

    def _run(
        self, run: Callable[[], dict[str, Any]], before: dict[str, Held]
    ) -> dict[str, Any] | None:
        """Run a sync to whatever end; returns its counts if it came to a good one."""
        self.wire.asked = 0
        result = None
        try:
            result = run()
        except SyncStopped as stop:
            note(f"refused: {stop}")
            self.wire.clear()
            self._start_over(before)
            return None
        except (Interrupted, Crash, StashError) as end:
            note(f"ended by {type(end).__name__}: {end}")
        self.wire.clear()
        self._no_harm(before)
        note(f"synced: {result}")
        return result

    def _start_over(self, before: dict[str, Held]) -> None:
        """Do what the refusal says: remove the source and add it again."""
        assert any(held.replaced for held in before.values()), "refused for no reason"
        self.connect()

    def _stopped(self, kind: str) -> bool:
        self.wire.asked = 0
        try:
            pull(self.wire, self.source, Ending(), everything=kind == "full")
        except SyncStopped:
            return True
        return False

    # What every sync is held against

    def _no_harm(self, before: dict[str, Held]) -> None:
        """Assert that nothing that was there all along is marked, and counts."""
        now = look(self.source, self.library)
        for name, held in now.items():
            tombstoned = held.tombstoned - before[name].tombstoned
            wrong = tombstoned & before[name].remote & held.remote
            assert not wrong, f"{name} {sorted(wrong)} are alive and were marked"
        if self._was_read("scenes"):  # before, they may lag behind
            assert wrong_counts(self.source.pk) == []

    def _was_read(self, stream: str) -> bool:
        rows = StreamState.objects.filter(source=self.source, stream=stream)
        return rows.filter(full_at__isnull=False).exists()

    def _nothing_lost_unasked(self, before: dict[str, Held]) -> None:
        for name, held in look(self.source, self.library).items():
            tombstoned = held.tombstoned - before[name].tombstoned
            assert not (tombstoned and before[name].must_be_held), (
                f"{name}: {len(tombstoned)} rows were marked unasked"
            )

    def _alarms_are_right(
        self, before: dict[str, Held], held: set[str], given: dict[str, Any]
    ) -> None:
        asked = not given["accept_deletions"]
        must = {name for name, one in before.items() if asked and one.must_be_held}
        may = {name for name, one in before.items() if asked and one.may_be_held}
        assert must <= held, f"{must - held} were not held"
        assert held <= may, f"{held - may} were held for no reason"

    def _nothing_alive_is_marked(
        self, before: dict[str, Held], result: dict[str, Any]
    ) -> None:
        """Not even for a moment: a row that is marked loses its readers' trust."""
        for name, held in look(self.source, self.library).items():
            old = before[name]
            gone = (old.alive - (old.remote & held.remote)) | held.tombstoned
            counted = result["streams"].get(name, {}).get("gone", 0)
            assert counted <= len(gone - old.tombstoned), (
                f"{counted} {name} were marked, "
                f"{sorted(gone - old.tombstoned)} are gone"
            )

    def _equal_after(
        self, result: dict[str, Any] | None, *, full: bool = False
    ) -> None:
        if result is None or result["held"]:
            return
        if full:
            self.unseen.clear()
            self.untraced = False
        if self.untraced:
            return
        self._equal()
        self.restored = False

    def _equal(self, only: set[str] | None = None, ids: set[int] | None = None) -> None:
        STEPS[COMPARED] += 1
        with httpx2.Client(transport=self.wire) as client:
            found = [
                one
                for one in differing(self.source.pk, URL, client)
                if not self._excused(one)
                and (only is None or one.kind in only)
                and (ids is None or one.number in ids)
            ]
        assert found == [], "\n".join(str(one) for one in found)

    def _excused(self, one: Differing) -> bool:
        """Say whether only that differs which no index shows."""
        if one.kind != "Scene" or not one.fields:
            return False
        return set(one.fields) <= self.unseen.get(one.number, set())
