"""Any history of a library and of its syncs ends in a mirror that equals it."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.property import backup
from tests.property.changes import CHANGES, HIDDEN, delete_many, pick
from tests.property.checked import ZONE, Checked
from tests.property.holding import fingerprint, is_another, look
from tests.property.running import Ending, pull_scenes
from tests.property.wire import Crash

ZONES = (ZONE, "UTC", "Asia/Tokyo", "Pacific/Honolulu", "America/Los_Angeles")
NIGHTS = (  # one second before clocks are turned in Oslo and in Los Angeles
    datetime(2025, 10, 26, 0, 59, 59, tzinfo=UTC),
    datetime(2025, 11, 2, 8, 59, 59, tzinfo=UTC),
    datetime(2026, 3, 8, 9, 59, 59, tzinfo=UTC),
    datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC),
)

EDITS = ("edit", "edit_many", "edit_late", "add", "add_old", "swap_names")

numbers = st.integers(0, 99)
requests = st.integers(1, 40)
kinds = st.sampled_from(["quick", "full"])
streams = st.sampled_from(["tags", "studios", "performers", "scenes"])


def changes(*names: str, least: int = 1) -> st.SearchStrategy[list[Any]]:
    """Return lists of changes as the functions take them: name and numbers."""
    one = st.tuples(st.sampled_from(names or tuple(CHANGES)), numbers, numbers, numbers)
    return st.lists(one, min_size=least, max_size=3)


class Mirroring(Checked):
    """A library that changes, and syncs of it of every kind, ending in every way."""

    # What happens to the library

    @rule(what=changes(*EDITS))
    def people_edit(self, what: list[Any]) -> None:
        self._change(what)

    @rule(what=changes("delete", "merge", "adopt", "move_studio"))
    def people_rearrange(self, what: list[Any]) -> None:
        self._change(what)

    @rule(what=changes("play", "move_file", "rename_folder", "assign_file"))
    def files_and_plays_change(self, what: list[Any]) -> None:
        self._change(what)

    @rule(what=changes())
    def anything_changes(self, what: list[Any]) -> None:
        self._change(what)

    @rule(a=numbers, b=numbers, c=numbers)
    def many_vanish(self, a: int, b: int, c: int) -> None:
        self._count("many_vanish")
        note(delete_many(self.wire, a, b, c))

    @rule()
    def backup_is_made(self) -> None:
        self._count("backup_is_made")
        self.saved = backup.take(self.library)
        # An edit within the same second would have the times of what is in the backup.
        self.wire.wait(1)

    @precondition(lambda self: self.saved is not None)
    @rule()
    def backup_is_restored(self) -> None:
        self._count("backup_is_restored")
        before, held = self._hidden_fields(), look(self.source, self.library)
        if self.saved is not None:
            backup.put_back(self.library, self.saved)
        self._mark_unseen(before)
        self.restored = True
        # What died and came back with no index read between leaves no trace in links.
        if any(one.alive - one.remote for one in held.values()):
            self.untraced = True

    @rule(zone=st.sampled_from(ZONES), shuffle=st.booleans())
    def server_is_set_up_anew(self, zone: str, shuffle: bool) -> None:  # noqa: FBT001
        self._count("server_is_set_up_anew")
        self.library.zone, self.library.shuffle = zone, shuffle

    @rule(seconds=st.sampled_from([0, 1, 5, 60, 119, 120, 121, 3_600, 30_000]))
    def time_passes(self, seconds: int) -> None:
        self._count("time_passes")
        self.wire.wait(seconds)

    @rule()
    def clocks_are_turned_soon(self) -> None:
        self._count("clocks_are_turned_soon")
        later = [night for night in NIGHTS if night > self.wire.clock]
        self.wire.clock = later[0] if later else self.wire.clock

    # Syncs that end well

    @rule(accept=st.booleans())
    def quick_sync(self, accept: bool) -> None:  # noqa: FBT001
        """Sync as the button does; a probe may spare the index, and hide a restore."""
        self._count("quick_sync")
        result = self._pull("quick", accept_deletions=accept)
        if not self.restored:
            self._equal_after(result)

    @rule(accept=st.booleans())
    def quick_sync_by_index(self, accept: bool) -> None:  # noqa: FBT001
        self._count("quick_sync_by_index")
        result = self._pull("quick", accept_deletions=accept, force_index=True)
        self._equal_after(result)

    @rule(accept=st.booleans(), rewrite=st.booleans(), fetchers=st.integers(0, 2))
    def full_sync(self, accept: bool, rewrite: bool, fetchers: int) -> None:  # noqa: FBT001
        self._count("full_sync")
        options = {"rewrite": rewrite, "fetchers": fetchers}
        result = self._pull("full", accept_deletions=accept, **options)
        self._equal_after(result, full=True)

    @rule(only=streams, kind=kinds)
    def sync_of_one_stream(self, only: str, kind: str) -> None:
        self._count("sync_of_one_stream")
        result = self._pull(kind, only=only)
        settled = result is not None and not result["held"] and not self.restored
        if settled and only == "tags":
            self._equal({"Tag"})

    @rule(a=numbers, b=numbers)
    def chosen_scenes(self, a: int, b: int) -> None:
        self._count("chosen_scenes")
        ids = [*self.library.ids("scene"), 99]
        chosen = sorted({pick(ids, a), pick(ids, b), pick(ids, a + b)})
        before = look(self.source, self.library)
        result = self._run(lambda: pull_scenes(self.wire, self.source, chosen), before)
        if result is not None:
            for number in chosen:
                self.unseen.pop(number, None)
            self._equal({"Scene"}, set(chosen))

    # What is rare by chance, as a whole

    @rule(
        kind=kinds,
        number=numbers,
        of=st.sampled_from(["scene", "tag", "performer", "studio"]),
        seconds=st.sampled_from([0, 1, 60, 119]),
    )
    def edits_of_one_second_around_a_sync(
        self, kind: str, number: int, of: str, seconds: int
    ) -> None:
        """Sync between two edits, of which the second commits late, as of the first."""
        self._count("edits_of_one_second_around_a_sync")
        if not (ids := self.library.ids(of)):
            return
        chosen, name = pick(ids, number), "title" if of == "scene" else "name"
        fields: dict[str, Any] = {name: f"First of {number}"}
        first = self.library.edit(of, chosen, **fields)
        self._pull(kind)
        self.wire.wait(seconds)
        fields = {name: f"Second of {number}", "updated_at": first["updated_at"]}
        self.library.edit(of, chosen, **fields)
        note(f"{of} {chosen} edited twice as of {first['updated_at']}")
        self._equal_after(self._pull("quick"))

    @rule(what=changes("delete", "merge"), kind=kinds, by_index=st.booleans())
    def mistake_is_undone_by_a_backup(
        self,
        what: list[Any],
        kind: str,
        by_index: bool,  # noqa: FBT001
    ) -> None:
        self._count("mistake_is_undone_by_a_backup")
        kept = backup.take(self.library)
        self._change(what)
        self._pull(kind)
        before = self._hidden_fields()
        backup.put_back(self.library, kept)
        self._mark_unseen(before)
        self._equal_after(self._pull("quick", force_index=by_index))

    @rule(
        what=changes("delete", "merge"),
        only=st.sampled_from(["tags", "performers", "studios"]),
    )
    def deletions_are_synced_in_two_parts(self, what: list[Any], only: str) -> None:
        """Sync what died, and later what linked to it, which itself looks unchanged."""
        self._count("deletions_are_synced_in_two_parts")
        for _ in range(2):
            self.wire.wait(200)
            self._pull("quick", accept_deletions=True)
        self._change(what)
        self._pull("quick", only=only, accept_deletions=True)
        result = self._pull("quick", accept_deletions=True)
        if not self.restored:
            self._equal_after(result)

    @rule(what=changes("play", "move_file", "rename_folder"))
    def plays_and_moved_files_are_seen_at_once(self, what: list[Any]) -> None:
        """Sync quickly what left no time of a scene, with no other edit of that day."""
        self._count("plays_and_moved_files_are_seen_at_once")
        self.wire.wait(2 * 24 * 3_600)  # or a text of another zone may be later
        result = self._pull("full")
        self._equal_after(result, full=True)
        if result is None or result["held"]:
            return
        self._change(what)
        self.unseen = {number: names & HIDDEN for number, names in self.unseen.items()}
        self._equal_after(self._pull("quick"))

    @rule(a=numbers, zone=st.sampled_from(ZONES), what=changes("edit_many"))
    def server_moves_between_quiet_syncs(
        self, a: int, zone: str, what: list[Any]
    ) -> None:
        self._count("server_moves_between_quiet_syncs")
        self._change([("edit_many", 0, a, 1)])
        for _ in range(2):
            self.wire.wait(200)
            self._pull("quick")
        self.library.zone = zone
        self._change(what)
        if not self.restored:
            self._equal_after(self._pull("quick"))

    # Syncs that do not

    @rule(kind=kinds, at=st.lists(requests, min_size=1, max_size=3), what=changes())
    def sync_among_changes(self, kind: str, at: list[int], what: list[Any]) -> None:
        self._count("sync_among_changes")
        for place, one in zip(at, what, strict=False):
            self.wire.before[place] = partial(self._changed, *one)
        self._pull(kind)

    @rule(
        kind=kinds,
        how=st.sampled_from(["cancel", "request", "commit"]),
        at=requests,
        resume=st.booleans(),
        between=changes(least=0),
    )
    def interrupted_sync(
        self,
        kind: str,
        how: str,
        at: int,
        resume: bool,  # noqa: FBT001
        between: list[Any],
    ) -> None:
        self._count(f"interrupted_sync ({how})")
        first = Ending(
            cancel_at=at * (how == "cancel"), crash_at=at * (how == "commit")
        )
        if how == "request":
            self.wire.before[at] = _crash
        if self._pull(kind, reporter=first) is not None or not resume:
            return
        self._change(between)
        second = Ending(resume_from=first.saved)
        result = self._pull(kind, reporter=second)
        if not between:
            self._equal_after(result, full=kind == "full")

    @rule(kind=kinds, times=st.integers(1, 8), skip=st.integers(0, 20))
    def source_in_trouble(self, kind: str, times: int, skip: int) -> None:
        self._count("source_in_trouble")
        self.wire.faults.status(500, times=times, where=_after(skip))
        self._pull(kind)

    @rule(
        kind=kinds,
        field=st.sampled_from(["findScene", "findTag", "findPerformer", "findStudio"]),
        times=st.integers(1, 9),
    )
    def single_look_ups_fail(self, kind: str, field: str, times: int) -> None:
        self._count("single_look_ups_fail")
        self.wire.faults.fail_field(field=field, times=times)
        self._pull(kind)

    @rule(
        kind=kinds,
        of=st.sampled_from(["scene", "tag", "performer", "studio"]),
        every=st.integers(1, 4),
        accept=st.booleans(),
    )
    def lists_leave_records_out(
        self,
        kind: str,
        of: str,
        every: int,
        accept: bool,  # noqa: FBT001
    ) -> None:
        self._count("lists_leave_records_out")
        self.library.hidden = {of: frozenset(self.library.ids(of)[::every])}
        self._pull(kind, accept_deletions=accept)

    @rule(
        kind=kinds,
        of=st.sampled_from(["scene", "tag", "performer", "studio"]),
        a=numbers,
    )
    def record_is_unreadable(self, kind: str, of: str, a: int) -> None:
        self._count("record_is_unreadable")
        if ids := self.library.ids(of):
            self.library.spoil(of, pick(ids, a))
        self._pull(kind)
        self.library.mend()

    @rule(kind=kinds)
    def library_is_replaced(self, kind: str) -> None:
        self._count("library_is_replaced")
        real = backup.take(self.library)
        backup.put_back(self.library, self.other)
        if is_another(*look(self.source, self.library).values()):
            before = fingerprint(self.source)
            stopped = self._stopped(kind)
            assert stopped, "another library was taken for this one"
            assert fingerprint(self.source) == before, "a refused library left traces"
        backup.put_back(self.library, real)


def _crash() -> None:
    raise Crash


def _after(skip: int) -> Callable[[Any], bool]:
    """Return a test that lets so many requests pass, and then none."""
    passed = iter(range(skip))
    return lambda _: next(passed, None) is None
