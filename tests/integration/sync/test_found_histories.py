"""Histories that the machine of tests/property found, each as short as it is."""

from typing import Any

import pytest

from syncapp.models import SceneFile
from tests.mirror import Interrupted, Mirror, PlainReporter
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


def _files(mirror: Mirror, number: int) -> list[dict[str, Any]]:
    scene = mirror.demo.library.get("scene", number)
    return list(scene["files"]) if scene else []
