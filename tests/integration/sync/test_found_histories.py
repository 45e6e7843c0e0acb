"""Histories that the machine of tests/property found, or a reader of the engine."""

from datetime import timedelta
from typing import Any

import pytest

from syncapp.demo import Library
from syncapp.models import HistoryEntry, SceneFile
from syncapp.services import keep_deletions
from syncapp.sync import guard
from tests.mirror import Interrupted, Mirror, PlainReporter, mirror_writes
from tests.property import backup

pytestmark = pytest.mark.django_db


def test_a_file_that_comes_back_is_mirrored_where_it_is(mirror: Mirror) -> None:
    mirror.full()
    library = mirror.demo.library
    giver, taker = [n for n in library.ids("scene") if _files(mirror, n)][:2]
    had, has = _files(mirror, giver), _files(mirror, taker)
    # Handing a file over bumps neither scene; the taker is edited for another reason.
    library.edit("scene", giver, touch=False, files=had[1:])
    library.edit("scene", taker, files=[*has, had[0]])
    mirror.quick()
    library.edit("scene", giver, touch=False, files=had)
    library.edit("scene", taker, touch=False, files=has)

    mirror.full()

    assert mirror.differences() == []
    assert SceneFile.objects.filter(remote_id=had[0]["id"]).count() == 1


def test_a_file_that_two_scenes_have_is_mirrored_for_both(mirror: Mirror) -> None:
    library = mirror.demo.library
    first, second = [n for n in library.ids("scene") if _files(mirror, n)][:2]
    shared = [*_files(mirror, second), _files(mirror, first)[0]]
    mirror.full()
    library.edit("scene", second, files=shared, updated_at="2025-06-01T12:00:00Z")

    mirror.quick()

    assert mirror.differences() == []
    history = HistoryEntry.objects.count()
    mirror.full()
    with mirror_writes() as writes:
        mirror.full()
    assert (writes, HistoryEntry.objects.count()) == ([], history)
    assert mirror.verify(repair=True)["differences"] == 0
    assert mirror.differences() == []


def test_a_record_that_a_list_hid_and_that_is_gone_now_is_missed(
    mirror: Mirror,
) -> None:
    mirror.full()
    library = mirror.demo.library
    library.hidden = {"studio": frozenset({1})}
    mirror.quick()  # it is there, and this list looks as the next one does
    library.hidden = {}
    library.delete("studio", 1)

    mirror.quick()

    assert mirror.differences() == []


def test_a_resumed_sync_still_tells_what_the_guard_held(mirror: Mirror) -> None:
    mirror.full()
    for number in range(1, 41):
        mirror.demo.library.delete("tag", number)
    reporter = PlainReporter(stop_when=lambda: "scenes" in reporter.phases)
    with pytest.raises(Interrupted):
        mirror.full(reporter=reporter)

    result = mirror.full(reporter=PlainReporter(resume_from=reporter.saved))

    assert result["held"] == {"tags": 40}


def test_a_restore_that_follows_the_guards_alarm_brings_the_links_back(
    mirror: Mirror,
) -> None:
    mirror.full()
    library = mirror.demo.library
    kept = backup.take(library)
    library.merge_performers(range(2, 33), into=1)
    # Held, so that no performer dies; the scenes are read, as they are after the merge.
    mirror.full()
    backup.put_back(library, kept)

    mirror.quick(force_index=True)

    assert mirror.differences() == []


@pytest.mark.parametrize("decision", ["none", "keep"])
def test_one_of_many_held_tags_that_comes_back_has_all_read_again(
    mirror: Mirror, decision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "SAMPLE", 10)  # and tag 33 is not in it
    mirror.full()
    library = mirror.demo.library
    for number in (31, 32, *range(34, 60)):
        library.delete("tag", number)
    kept = backup.take(library)
    library.delete("tag", 33)
    mirror.full()  # held; scenes, performers and studios are read without tag 33
    if decision == "keep":
        keep_deletions(mirror.source.pk, "tags")
    backup.put_back(library, kept)

    mirror.quick(force_index=True)
    mirror.quick(accept_deletions=True)

    assert mirror.differences() == []


def test_a_tag_that_one_scene_brings_back_has_all_read_again(mirror: Mirror) -> None:
    mirror.full()
    library = mirror.demo.library
    number = next(n for n in library.ids("scene") if 3 in _scene(library, n)["tags"])
    kept = backup.take(library)
    library.delete("tag", 3)
    mirror.quick()
    backup.put_back(library, kept)

    mirror.scenes(number)
    mirror.quick()

    assert mirror.differences() == []


def test_a_new_parent_that_one_scene_brings_has_all_tags_read(mirror: Mirror) -> None:
    library = mirror.demo.library
    mirror.full()
    mirror.quick()
    parent = library.add("tag", name="Brand new parent")
    library.edit("tag", 5, touch=False, parents=[parent])
    library.edit("scene", 7, tags=[parent])
    _pass_ten_minutes(library)

    mirror.scenes(7)
    mirror.quick()

    assert mirror.differences() == []


def test_a_tag_that_one_scene_brought_and_that_is_gone_again_is_missed(
    mirror: Mirror,
) -> None:
    library = mirror.demo.library
    mirror.full()
    mirror.quick()
    brief = library.add("tag", name="Short lived")
    library.edit("scene", 7, tags=[brief])
    _pass_ten_minutes(library)
    mirror.scenes(7)
    library.delete("tag", brief)

    mirror.quick()

    assert mirror.differences() == []


def test_a_resumed_sync_begins_anew_where_other_fields_are_selected(
    mirror: Mirror,
) -> None:
    stopped = PlainReporter(stop_when=lambda: "studios" in stopped.phases)
    with pytest.raises(Interrupted):
        mirror.full(reporter=stopped)
    assert stopped.saved is not None
    assert (stopped.saved["stream"], stopped.saved["place"]) == ("tags", None)

    place = {**stopped.saved, "selection": stopped.saved["selection"] + 1}
    mirror.demo.requests.clear()
    mirror.full(reporter=PlainReporter(resume_from=place))

    assert mirror.demo.requests.count(operation="TagPage") > 0
    assert mirror.differences() == []


def _pass_ten_minutes(library: Library) -> None:
    """Let no edit so far be one that another may follow within its second."""
    then = library.now()
    library.now = lambda: then + timedelta(minutes=10)


def _scene(library: Library, number: int) -> dict[str, Any]:
    found = library.get("scene", number)
    assert found is not None
    return found


def _files(mirror: Mirror, number: int) -> list[dict[str, Any]]:
    scene = mirror.demo.library.get("scene", number)
    return list(scene["files"]) if scene else []
