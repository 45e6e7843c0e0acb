"""What is read of the mirror, to compare scenes with each other."""

from typing import Any

import pytest
from django.utils import timezone

from syncapp.analysis.facts import FileFacts
from syncapp.analysis.mirror_fingerprints import fingerprinted_scenes
from syncapp.models import SceneFile, Source
from tests.builders import make_scene, make_source, make_tag

pytestmark = pytest.mark.django_db


@pytest.fixture
def source() -> Source:
    return make_source()


def scenes_of(source: Source, numbers: int) -> list[Any]:
    return [make_scene(source, n, f"Reel {n}") for n in range(1, numbers + 1)]


def test_a_scene_is_read_with_all_its_files_the_first_one_first(source: Source) -> None:
    scene = make_scene(source, 3, "Harbour at Dawn", organized=True)
    SceneFile.objects.filter(scene=scene).update(position=1, phash=None)
    SceneFile.objects.create(
        scene=scene,
        remote_id=9,
        position=0,
        path="/films/dawn.mkv",
        phash=-1,
        fingerprints=[["oshash", "ab12"], ["md5", "cd34"]],
    )

    (read,) = fingerprinted_scenes(source.pk)

    assert (read.scene_id, read.title, read.organized) == (
        scene.pk,
        "Harbour at Dawn",
        True,
    )
    assert read.files == (
        FileFacts(
            path="/films/dawn.mkv",
            phash=2**64 - 1,
            fingerprints=(("oshash", "ab12"), ("md5", "cd34")),
        ),
        FileFacts(
            path="/films/reel 3.mkv",
            duration=3_725.4,
            width=1920,
            height=1080,
            size=1_500_000_000,
            fingerprints=(("oshash", "5c1a3a0e77d4a7f1"),),
        ),
    )


def test_only_live_scenes_of_the_source_that_have_files_are_read(
    source: Source,
) -> None:
    first, gone, bare, last = scenes_of(source, 4)
    gone.deleted_at = timezone.now()
    gone.save()
    SceneFile.objects.filter(scene=bare).delete()
    make_scene(make_source("Lecture archive"), 1, "Lecture")

    read = [each.scene_id for each in fingerprinted_scenes(source.pk, page=1)]

    assert read == [first.pk, last.pk]


def test_of_tags_the_one_that_was_asked_for_is_told(source: Source) -> None:
    tag, other = make_tag(source, 1, "Twice"), make_tag(source, 2, "Sea")
    make_scene(source, 1, "Reel 1", tags=[tag, other])
    make_scene(source, 2, "Reel 2", tags=[other])

    read = [each.tag_ids for each in fingerprinted_scenes(source.pk, tag.pk)]

    assert read == [{tag.pk}, set()]


@pytest.mark.parametrize(("page", "statements"), [(2, 3 * 3 + 1), (100, 3 + 1)])
def test_each_page_is_three_statements(
    source: Source, django_assert_num_queries: Any, page: int, statements: int
) -> None:
    scenes = scenes_of(source, 5)

    with django_assert_num_queries(statements):
        read = list(fingerprinted_scenes(source.pk, 1, page=page))

    assert [each.scene_id for each in read] == [each.pk for each in scenes]
