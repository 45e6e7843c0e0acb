"""What happens in the middle of a sync is made good by the next one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from threading import Thread
from typing import Any

import pytest

from syncapp.demo import Library
from syncapp.models import Scene, Tag
from syncapp.sync import throttle
from tests.mirror import Interrupted, Mirror, PlainReporter

pytestmark = pytest.mark.django_db


@contextmanager
def meanwhile(
    mirror: Mirror, edit: Callable[[Library], object], **asked: Any
) -> Iterator[None]:
    """Edit the library while the answer to such a question is on its way."""
    with mirror.demo.gate.hold(answered=True, **asked) as hold:

        def act() -> None:
            hold.wait(20)
            edit(mirror.demo.library)
            hold.open()

        thread = Thread(target=act, daemon=True)
        thread.start()
        yield
        thread.join(20)
        assert not thread.is_alive()


def move_to_the_front(library: Library) -> None:
    """Delete before the place that is being read, so that later pages shift."""
    library.delete("tag", 2)
    library.delete("scene", 2)
    library.edit("scene", 3, title="Edited behind the reader")
    library.edit("scene", 390, title="Edited ahead of the reader")
    library.merge_tags([7], into=8)


@pytest.mark.parametrize(
    ("mode", "operation"),
    [
        ("quick", "SceneProbe"),
        ("quick", "TagIndex"),
        ("quick", "SceneIndex"),
        ("quick", "SceneExistence"),
        ("quick", "ScenesByIds"),
        ("full", "TagPage"),
        ("full", "ScenePage"),
        ("full", "SceneIndex"),
    ],
)
def test_edit_during_a_sync_is_followed_by_the_next(
    mode: str, operation: str, mirror: Mirror
) -> None:
    mirror.quick()
    library = mirror.demo.library
    library.edit("scene", 5, title="Before")
    library.edit("tag", 5, description="Before")
    library.delete("scene", 9)

    with meanwhile(mirror, move_to_the_front, operation=operation):
        getattr(mirror, mode)()

    mirror.quick()
    assert mirror.differences() == []


class CutInAPage(PlainReporter):
    """Ends the run before the transaction that would write more than 100 scenes."""

    @contextmanager
    def atomic(self) -> Iterator[None]:
        if Scene.objects.count() == 100:
            raise Interrupted
        with super().atomic():
            yield


def test_a_page_that_was_written_in_part_is_not_read_again_from_its_start(
    mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "MOST", 100)  # as on a slow machine
    with pytest.raises(Interrupted):
        mirror.full(reporter=CutInAPage())
    place = mirror.reporter.saved

    result = mirror.full(reporter=PlainReporter(resume_from=place))

    scenes, count = result["streams"]["scenes"], Scene.objects.count()
    assert (scenes["seen"], scenes["new"], scenes["unchanged"]) == (count, count, 0)
    assert mirror.differences() == []


def test_crash_between_a_tombstone_and_what_it_makes_read_again(
    mirror: Mirror,
) -> None:
    mirror.quick()
    mirror.demo.library.delete("tag", 4)
    with pytest.raises(Interrupted):
        mirror.quick(reporter=PlainReporter(stop_when=is_buried))
    assert Scene.objects.filter(content_hash=0).exists()

    mirror.quick("tags")
    assert Scene.objects.filter(content_hash=0).exists()

    mirror.quick()
    assert mirror.differences() == []


def is_buried() -> bool:
    return Tag.objects.filter(remote_id=4).exclude(deleted_at=None).exists()


def test_ten_cancelled_syncs_are_made_good_by_one(mirror: Mirror) -> None:
    chance = Random(11)
    mirror.quick()
    library = mirror.demo.library
    for turn in range(10):
        library.edit("scene", chance.randint(1, 300), title=f"Turn {turn}")
        library.delete("scene", 301 + turn)
        library.merge_tags([10 + turn], into=40)
        library.add("scene", title=f"Added in turn {turn}", tags=[40])
        sync = mirror.full if turn % 2 else mirror.quick
        stopped = PlainReporter(stop_after_commits=chance.randint(1, 8))
        with pytest.raises(Interrupted):
            sync(reporter=stopped)

    mirror.quick()

    assert mirror.differences() == []


@pytest.mark.parametrize("page", [1, 2])
def test_error_on_a_page_then_resume(page: int, mirror: Mirror) -> None:
    mirror.quick()
    mirror.demo.library.edit("scene", 380, touch=False, play_count=7)
    stopped = PlainReporter(stop_after_commits=6 + page)
    with pytest.raises(Interrupted):
        mirror.full(reporter=stopped)

    mirror.full(reporter=PlainReporter(resume_from=stopped.saved))

    assert mirror.differences() == []
