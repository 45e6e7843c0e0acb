"""Another library behind the address is refused; one from a backup is not."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from syncapp.demo import DemoServer, Library
from syncapp.models import Scene, Source
from syncapp.sync.errors import SyncStopped
from tests.mirror import Mirror

pytestmark = pytest.mark.django_db
MADE_SINCE = "2026-03-04T05:06:07+01:00"


def small_library(seed: int) -> Library:
    return Library(seed=seed, scenes=14, tags=8, performers=5, studios=4)


@pytest.fixture
def small(db: None) -> Iterator[Mirror]:
    """Give the mirror of a library with 14 scenes, three of them deleted since."""
    with DemoServer(small_library(7), port=0, api_key="") as demo:
        mirror = Mirror(demo, Source.objects.create(name="Reels", url=demo.url))
        mirror.full()
        for number in (12, 13, 14):
            demo.library.delete("scene", number)
        mirror.quick()
        yield mirror


def rows() -> list[Any]:
    return list(Scene.objects.order_by("id").values_list("id", "title", "deleted_at"))


WAYS: dict[str, Callable[[Mirror], Any]] = {
    "quick": Mirror.quick,
    "full": Mirror.full,
    "one stream": lambda mirror: mirror.full("scenes"),
    "chosen scenes": lambda mirror: mirror.scenes(3),
    "chosen scenes that are gone": lambda mirror: mirror.scenes(12, 13),
    "verify": Mirror.verify,
    "repair": lambda mirror: mirror.verify(repair=True),
}


@pytest.mark.parametrize("way", WAYS)
def test_another_library_is_refused_at_any_size(way: str, small: Mirror) -> None:
    before = rows()
    small.demo.replace_library(small_library(8))

    with pytest.raises(SyncStopped, match="another library"):
        WAYS[way](small)

    assert rows() == before
    assert small.reporter.codes() == []


@pytest.mark.parametrize(
    ("scenes", "chosen"), [(20, 18), (5, 9)], ids=["new to us", "unknown there"]
)
def test_a_chosen_scene_that_only_one_library_has_is_no_way_round(
    scenes: int, chosen: int, small: Mirror
) -> None:
    before = rows()
    small.demo.replace_library(Library(seed=8, scenes=scenes))

    with pytest.raises(SyncStopped, match="another library"):
        small.scenes(chosen)

    assert rows() == before


def test_a_single_id_of_another_library_is_enough(db: None) -> None:
    library = Library(seed=7, scenes=1, tags=0, performers=0, studios=0)
    other = Library(seed=8, scenes=1, tags=0, performers=0, studios=0)
    with DemoServer(library, port=0, api_key="") as demo:
        mirror = Mirror(demo, Source.objects.create(name="Reels", url=demo.url))
        mirror.full()
        demo.replace_library(other)

        with pytest.raises(SyncStopped, match="1 of 1 ids that we know"):
            mirror.quick()


@pytest.mark.parametrize("kind", ["quick", "full"])
def test_restored_backup_that_gave_its_newest_ids_anew_is_no_other_library(
    kind: str, small: Mirror
) -> None:
    library = small.demo.library
    for number in range(7, 12):  # five of eleven
        library.edit("scene", number, title="Scanned again", created_at=MADE_SINCE)
    library.edit("tag", 8, name="Given anew", created_at=MADE_SINCE)

    getattr(small, kind)()

    assert small.differences() == []


def test_chosen_scene_of_a_restored_backup_is_read(small: Mirror) -> None:
    small.demo.library.edit("scene", 11, title="Anew", created_at=MADE_SINCE)

    small.scenes(11)

    assert Scene.objects.get(remote_id=11).title == "Anew"


def test_times_told_in_another_zone_are_the_same_times(small: Mirror) -> None:
    library = small.demo.library
    for number in library.ids("scene"):
        made = Scene.objects.get(remote_id=number).remote_created_at
        assert made is not None
        library.edit("scene", number, created_at=f"{made:%Y-%m-%dT%H:%M:%S}Z")

    small.quick()

    assert small.differences() == []
