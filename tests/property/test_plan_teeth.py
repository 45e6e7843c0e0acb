"""The machine of plans notices every safeguard of the engine that is switched off."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from syncapp.applying import apply, journal
from syncapp.applying.endings import ended
from syncapp.applying.intents import Image, Intent
from syncapp.models import Change
from syncapp.stash.scene_writing import (
    SceneWritten,
    scene_now,
    scenes_now,
    write_scene,
)
from tests.property.effort import find_loss
from tests.property.plan_machine import Applying
from tests.property.plan_wire import Clock

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]
Patch = pytest.MonkeyPatch
_COLUMNS = journal._columns


def _note(intent: Intent, images: Mapping[int, Image], **where: Any) -> bool:
    rows = Change.objects.filter(pk=intent.change_id, **where)
    before, after = {"is": images[intent.change_id]}, {"is": intent.wanted}
    return bool(rows.update(image_before=before, image_after=after))


def no_journal(patch: Patch) -> None:
    def keep_images(scene: Any, images: Mapping[int, Image]) -> list[Intent]:
        return [each for each in scene.intents if _note(each, images, state="accepted")]

    patch.setattr(journal, "begin", keep_images)


def begin_whatever_was_decided(patch: Patch) -> None:
    def begin(scene: Any, images: Mapping[int, Image]) -> list[Intent]:
        for intent in scene.intents:
            _note(intent, images)
            Change.objects.filter(pk=intent.change_id).update(state="writing")
        return list(scene.intents)

    patch.setattr(journal, "begin", begin)


def finish_whatever_was_decided(patch: Patch) -> None:
    def finish(told: Any, job_id: int | None) -> set[int]:
        for ending in told:
            columns = _COLUMNS(ending, datetime.now(UTC), job_id)
            Change.objects.filter(pk=ending.change_id).update(**columns)
        return {ending.change_id for ending in told}

    patch.setattr(journal, "finish", finish)


def no_read_that_counts(patch: Patch) -> None:
    looks: dict[int, Any] = {}

    def looked_at(client: Any, ids: Any) -> Any:
        looks.update(scenes_now(client, ids))
        return looks

    def believed(client: Any, number: int) -> Any:
        return looks.pop(number, None) or scene_now(client, number)

    patch.setattr(apply, "scenes_now", looked_at)
    patch.setattr(apply, "scene_now", believed)


def no_look_at_what_is_overwritten(patch: Patch) -> None:
    def unseen(client: Any, number: int, given: Any, *, look: bool = True) -> Any:
        written = write_scene(client, number, given, look=look)
        return SceneWritten(written.wrote if not look else None, written.wrote)

    patch.setattr(apply, "write_scene", unseen)
    patch.setattr(apply, "ended", _as_if_shown)


def _as_if_shown(intent: Any, settled: Any, **_: Any) -> Any:
    return ended(intent, settled, shown=True)


def no_wait_after_silence(patch: Patch) -> None:
    patch.setattr(Clock, "sleep", lambda *_: None)


def no_own_plans(patch: Patch) -> None:
    patch.setattr(journal, "own_images", lambda *_: {})


def no_note_of_what_is_undone(patch: Patch) -> None:
    patch.setattr(journal, "mark_undone", lambda *_: 0)


def no_end_to_a_read(patch: Patch) -> None:
    patch.setattr(apply, "FRESH_S", 10**9)


SAFEGUARDS: dict[str, tuple[Callable[[Patch], None], str]] = {
    "journal": (no_journal, "landed while it was accepted"),
    "state that begin asks for": (begin_whatever_was_decided, "was rejected and is"),
    "state that finish asks for": (finish_whatever_was_decided, "was rejected and is"),
    "read that counts": (no_read_that_counts, "which was to see"),
    "look at what is overwritten": (
        no_look_at_what_is_overwritten,
        "is lost|written: None",
    ),
    "wait after a lost answer": (no_wait_after_silence, "landed while|not written|is"),
    "own plans": (no_own_plans, "in conflict with ourselves"),
    "note of what is undone": (no_note_of_what_is_undone, "its undos are"),
    "age of a read": (no_end_to_a_read, "landed while it was"),
}


@pytest.fixture(params=SAFEGUARDS)
def without(request: pytest.FixtureRequest) -> Iterator[str]:
    """Switch one safeguard off; gives the words in which its loss must be told."""
    switch_off, words = SAFEGUARDS[request.param]
    with pytest.MonkeyPatch.context() as patch:
        switch_off(patch)
        yield words


def test_a_safeguard_of_apply_switched_off_is_noticed(without: str) -> None:
    with pytest.raises(AssertionError, match=without):
        find_loss(Applying)
