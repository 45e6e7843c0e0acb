"""What lists narrow scenes by is worked out with each write, and anew when asked."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from syncapp.filters.values import MISSING_BITS, Missing
from syncapp.models import HistoryEntry, Scene, SceneFile, SceneTag
from syncapp.sync.facts import facts_statements
from syncapp.sync.statements import execute
from syncapp.sync.streams.facts import FACTS, phash_of
from syncapp.sync.streams.scenes import SCENES
from syncapp.sync.streams.tags import TAGS
from tests.mirror import Mirror

pytestmark = pytest.mark.django_db


def all_facts() -> list[tuple[object, ...]]:
    files = SceneFile.objects.order_by("scene_id", "remote_id").values_list("phash")
    return [*Scene.objects.order_by("id").values_list("id", *FACTS), *files]


def test_sync_writes_what_the_links_and_files_say(mirror: Mirror) -> None:
    mirror.full()

    scenes = Scene.objects.order_by("id").prefetch_related("files")
    for scene in scenes[:50]:
        files = sorted(scene.files.all(), key=lambda file: file.position)
        assert scene.tag_count == SceneTag.objects.filter(scene=scene).count()
        assert scene.file_count == len(files)
        told = (files[0].duration, files[0].size) if files else (None, None)
        assert (scene.duration, scene.size) == told
        assert bool(scene.missing & MISSING_BITS[Missing.TITLE]) == (scene.title == "")


def test_stored_rows_get_the_same_facts_without_a_source(mirror: Mirror) -> None:
    mirror.full()
    wanted = all_facts()
    keys = [*Scene.objects.values_list("id", flat=True)]
    Scene.objects.update(**dict.fromkeys(FACTS))
    SceneFile.objects.update(phash=None)

    execute(facts_statements(SCENES, keys))

    assert all_facts() == wanted
    assert any(row[-1] is not None for row in wanted)
    assert facts_statements(SCENES, keys) == []


def test_rows_that_are_not_there_are_passed_over() -> None:
    with CaptureQueriesContext(connection) as asked:
        assert facts_statements(SCENES, [7]) == []
        assert facts_statements(TAGS, [7]) == []
    assert len(asked) <= 4


def test_facts_that_are_not_known_make_no_change_of_a_scene(mirror: Mirror) -> None:
    mirror.full()
    Scene.objects.update(**dict.fromkeys(FACTS), content_hash=5)

    mirror.full()

    assert not HistoryEntry.objects.exists()
    assert not Scene.objects.filter(content_hash=5).exists()


def test_verify_says_nothing_of_facts(mirror: Mirror) -> None:
    mirror.full()
    Scene.objects.update(**dict.fromkeys(FACTS))

    assert mirror.verify()["differences"] == 0


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("00ab", 171),
        ("7fffffffffffffff", 2**63 - 1),
        ("8000000000000000", -(2**63)),
        ("FFFFFFFFFFFFFFFF", -1),
        ("", None),
        ("0x1f", None),
        ("1" * 17, None),
        ("-5", None),
        ("٣", None),
    ],
)
def test_phash_is_a_number_with_a_sign(value: str, number: int | None) -> None:
    assert phash_of([["oshash", "5"], ["phash", value]]) == number
