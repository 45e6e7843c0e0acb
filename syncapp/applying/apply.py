"""Applies a plan: writes what was accepted, a scene at a time, and says how each ended.

For each scene: note in the journal what is going to be written; read the scene, the
read that counts; write in one document whose first half shows what we write over; hold
its answer against what was meant. A write whose answer is lost is never sent again
before a read, some time later, has told that it did not land.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from syncapp.applying import journal
from syncapp.applying.endings import GONE, conflicting, ended, failed, unanswered
from syncapp.applying.intents import (
    ChangeVerdict,
    Image,
    Intent,
    judge_change,
    scene_input,
    settle,
    writes_of,
)
from syncapp.applying.journal import ChangeEnding, SceneChanges
from syncapp.applying.missing import missing_elements
from syncapp.models import Change
from syncapp.models.change_states import CAN_BE_UNDONE, TO_WRITE, ChangeState
from syncapp.stash.client import StashClient
from syncapp.stash.errors import QueryFailed, StashBusy, StashError
from syncapp.stash.scene_writing import (
    SceneValues,
    SceneWritten,
    WriteUnanswered,
    scene_now,
    scenes_now,
    update_hooks,
    write_scene,
)
from syncapp.sync.reporter import Reporter

LOOKED_AT = 50  # scenes of one look ahead
# After a lost answer, before the read that decides: a write may land until 1.5 s after
# its connection was closed.
WAIT_S = 2.0
# From the journal to the write: later, this process may have been frozen, the job be
# another's and the read old.
FRESH_S = 5.0
GOT_ON_S = 1.0  # between two notes of how far the run is
TRIES = 3  # of one write, where nothing is known to have been written
BUSY_S = 1.0  # before the second try at a locked database, twice that before the third
NEVER_WRITTEN = (
    f"It was tried {TRIES} times, and each time nothing was written. Accept it again "
    "and apply the plan when the source is at rest."
)


@dataclass(slots=True)
class Applying:
    """One run of an apply."""

    reporter: Reporter
    client: StashClient
    plan_id: int
    takes_back: bool = False  # the plan undoes another
    look: bool = True  # no plugin would run twice
    wait_s: float = WAIT_S
    total: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    _endings: list[ChangeEnding] = field(default_factory=list)
    _begun_at: float = 0.0
    _noted_at: float | None = None
    _busy: int = 0  # times in a row that the source's database was locked
    # How many had ended how before the job did anything: what an attempt before this
    # one did counts as well. None: look now.
    at_first: Mapping[str, int] | None = None

    def run(self) -> dict[str, int]:
        """Write all that is accepted; returns how many changes the job ended how."""
        self._count_what_is_done()
        try:
            self._recover()
            for scene, seen in self._looked_at():
                self._apply_scene(scene, seen)
        finally:
            self._write_down()
        return self.counts

    def _count_what_is_done(self) -> None:
        now = journal.ended_by_state(self.plan_id)
        saved = self.reporter.resume_from or {}
        first = now if self.at_first is None else self.at_first
        self.at_first = first = saved.get("at_first", first)
        more = {name: n - first.get(name, 0) for name, n in now.items()}
        self.counts = {name: n for name, n in more.items() if n > 0}
        rows = Change.objects.filter(plan_id=self.plan_id, state__in=TO_WRITE)
        self.total = rows.count() + sum(self.counts.values())

    # What an earlier attempt left in writing

    def _recover(self) -> None:
        for place, batch in enumerate(self._batches(ChangeState.WRITING)):
            if place == 0:
                time.sleep(self.wait_s)
            for scene in batch:
                now = scene_now(self.client, scene.remote_id)
                self._end(self._unanswered(scene.intents, scene.images, now))
        self._write_down()

    # Scene by scene

    def _batches(self, state: ChangeState) -> Iterator[list[SceneChanges]]:
        after = 0
        while batch := journal.next_scenes(self.plan_id, state, after, LOOKED_AT):
            yield batch
            after = batch[-1].scene_id

    def _looked_at(self) -> Iterator[tuple[SceneChanges, SceneValues | None]]:
        """Yield each scene with a look at it: conflicts are found cheaply by that."""
        for batch in self._batches(ChangeState.ACCEPTED):
            self.reporter.check()
            seen = scenes_now(self.client, [scene.remote_id for scene in batch])
            for scene in batch:
                yield scene, seen[scene.remote_id]

    def _apply_scene(self, scene: SceneChanges, seen: SceneValues | None) -> None:
        self.reporter.check()
        self._note_place(scene)
        own = self._own(scene)
        going = self._to_write(scene.intents, seen, own)
        if seen is None or not going:
            return
        images = {intent.change_id: intent.image(seen) for intent in going}
        for _ in range(TRIES):
            begun = self._begin(scene, going, images)
            going = self._written(scene, begun, own)
            if not going:
                return
        self._end(failed(going, NEVER_WRITTEN))

    def _note_place(self, scene: SceneChanges) -> None:
        """Prove that the job gets on: one that dies often at other scenes is no loop.

        Not within the journal's transaction: an order to stop would leave in writing
        what is not written.
        """
        now = time.monotonic()
        if self._noted_at is not None and now - self._noted_at < GOT_ON_S:
            return
        self._noted_at = now
        with self.reporter.atomic():
            self._keep_endings()
            place = {"scene": scene.remote_id, "at_first": self.at_first}
            self.reporter.checkpoint(place, (scene.scene_id,))
        self._kept()

    def _begin(
        self,
        scene: SceneChanges,
        intents: Sequence[Intent],
        images: Mapping[int, Image],
    ) -> list[Intent]:
        """Write down how the scenes before ended, and that this one is written now."""
        meant = SceneChanges(scene.scene_id, tuple(intents), {})
        with self.reporter.atomic():
            self._keep_endings()
            begun = journal.begin(meant, images)
        self._begun_at = time.monotonic()
        self._kept()
        return begun

    def _written(
        self, scene: SceneChanges, intents: Sequence[Intent], own: Mapping[int, Any]
    ) -> list[Intent]:
        """Read, write, compare; returns those that are known not to be written."""
        left: list[Intent] = []
        for part in writes_of(intents):
            before = scene_now(self.client, scene.remote_id)  # the read that counts
            going = self._to_write(part, before, own)
            if before is None or not going:
                continue
            if time.monotonic() - self._begun_at > FRESH_S:  # this proves the claim
                left += self._put_back(going)
                continue
            left += self._write(scene, going, before)
        return left

    def _to_write(
        self,
        intents: Sequence[Intent],
        seen: SceneValues | None,
        own: Mapping[int, Any],
    ) -> list[Intent]:
        """Return what is to be written by what the scene holds; ends the others."""
        if seen is None:
            self._end(failed(intents, GONE))
            return []
        going = []
        for intent in intents:
            verdict = judge_change(intent, seen, own.get(intent.change_id, ()))
            if verdict is ChangeVerdict.WRITE:
                going.append(intent)
                continue
            image = intent.image(seen)
            if verdict is ChangeVerdict.SKIP:
                self._end([ChangeEnding(intent, ChangeState.SKIPPED, image)])
            else:
                self._end([conflicting(intent, image)])
        return going

    def _write(
        self, scene: SceneChanges, intents: Sequence[Intent], before: SceneValues
    ) -> list[Intent]:
        images = {intent.change_id: intent.image(before) for intent in intents}
        given = scene_input(intents)
        try:
            written = write_scene(self.client, scene.remote_id, given, look=self.look)
        except WriteUnanswered:
            return self._after_silence(scene, intents, images)
        except QueryFailed as exc:
            return self._refused(scene, intents, exc)
        except StashBusy:  # nothing was written
            left = self._put_back(intents)
            self._busy += 1
            if self._busy == TRIES:
                raise
            time.sleep(BUSY_S * 2 ** (self._busy - 1))
            return left
        self._busy = 0
        after = self._read_again(scene, intents, written)
        shown = after.seen is not None
        self._end(
            ended(intent, settle(intent, before, after), shown=shown)
            for intent in intents
        )
        return []

    def _read_again(
        self, scene: SceneChanges, intents: Sequence[Intent], written: SceneWritten
    ) -> SceneWritten:
        """Return the write; with a fresh read where its answer is not what was meant.

        An edit or a plugin may have followed at once.
        """
        if all(each.image(written.wrote) == each.wanted for each in intents):
            return written
        try:
            now = scene_now(self.client, scene.remote_id)
        except StashError:  # what the write showed is not to be lost with it
            return written
        return written if now is None else SceneWritten(written.seen, now)

    # What went otherwise

    def _after_silence(
        self,
        scene: SceneChanges,
        intents: Sequence[Intent],
        images: Mapping[int, Image],
    ) -> list[Intent]:
        """Find out what became of a write whose answer is lost.

        Its connection was closed with the error: what has not begun by then does not
        happen, and what has is done within `wait_s`.
        """
        time.sleep(self.wait_s)
        now = scene_now(self.client, scene.remote_id)
        endings = self._unanswered(intents, images, now)
        self._end(endings)
        again = {
            each.change_id for each in endings if each.state is ChangeState.ACCEPTED
        }
        self._write_down()
        return [intent for intent in intents if intent.change_id in again]

    def _unanswered(
        self,
        intents: Sequence[Intent],
        images: Mapping[int, Image],
        now: SceneValues | None,
    ) -> list[ChangeEnding]:
        if now is None:
            return list(failed(intents, GONE))
        return [
            unanswered(intent, images.get(intent.change_id, intent.expected), now)
            for intent in intents
        ]

    def _refused(
        self, scene: SceneChanges, intents: Sequence[Intent], exc: QueryFailed
    ) -> list[Intent]:
        """End what cannot be written; returns the others, of which nothing is yet.

        Stash names neither the scene nor the element that it lacks, so both are read.
        """
        if scene_now(self.client, scene.remote_id) is None:
            self._end(failed(intents, GONE))
            return []
        gone = missing_elements(self.client, intents)
        if not gone:
            self._end(failed(intents, f"Stash refused it: {exc.reason}"))
            return []
        for intent in intents:
            if intent.change_id in gone:
                self._end(failed([intent], gone[intent.change_id]))
        return self._put_back([each for each in intents if each.change_id not in gone])

    def _put_back(self, intents: Sequence[Intent]) -> list[Intent]:
        """Note that these are not written after all; returns them."""
        self._end(ChangeEnding(each, ChangeState.ACCEPTED) for each in intents)
        self._write_down()
        return list(intents)

    def _own(self, scene: SceneChanges) -> dict[int, set[Image]]:
        if not self.takes_back:
            return {}
        return journal.own_images(self.plan_id, scene, scene.intents)

    # The run's own book

    def _end(self, endings: Iterable[ChangeEnding]) -> None:
        self._endings += endings

    def _write_down(self) -> None:
        if not self._endings:
            return
        with self.reporter.atomic():
            self._keep_endings()
        self._kept()

    def _keep_endings(self) -> None:
        written = journal.finish(self._endings, self.reporter.job_id)
        self._endings = [each for each in self._endings if each.change_id in written]
        if self.takes_back:
            done = [each.change_id for each in self._endings if each.state in DONE]
            journal.mark_undone(done)

    def _kept(self) -> None:
        for ending in self._endings:
            if ending.state is not ChangeState.ACCEPTED:
                name = ending.state.value
                self.counts[name] = self.counts.get(name, 0) + 1
        self._endings.clear()
        self.reporter.counted({"changes": dict(self.counts)})
        self.reporter.progress("changes", sum(self.counts.values()), self.total)


# By these something is taken back; what is skipped somebody took back before us.
DONE = (*CAN_BE_UNDONE, ChangeState.SKIPPED)


def apply_plan(
    reporter: Reporter,
    client: StashClient,
    plan_id: int,
    *,
    takes_back: bool = False,
    at_first: Mapping[str, int] | None = None,
    wait_s: float = WAIT_S,
) -> dict[str, int]:
    """Write what is accepted of a plan; returns how many changes the job ended how.

    It can be run again at any time: it goes on with what has no end yet. `at_first`:
    how many had ended how before the job did anything, see `journal.ended_by_state`.

    Raises StashError if the source cannot be asked any more; what is written is
    written down, and what was about to be stays in writing.
    """
    hooks = _hooks(client)
    if hooks:
        named = ", ".join(hooks)
        reporter.log(
            "warning",
            "hooks",
            f"Plugins of the source run at each change of a scene ({named}): each "
            "write waits for them, and what somebody else changes in the moment "
            "before a write cannot be seen.",
        )
    return Applying(
        reporter,
        client,
        plan_id,
        takes_back=takes_back,
        look=not hooks,
        wait_s=wait_s,
        at_first=at_first,
    ).run()


def _hooks(client: StashClient) -> Sequence[str]:
    try:
        return update_hooks(client)
    except QueryFailed:  # a server without plugins
        return ()
