"""What differs between mirror and source is found, named, and repaired."""

from typing import Any

import pytest

from syncapp.models import (
    Performer,
    Scene,
    SceneFile,
    SceneTag,
    StreamState,
    Studio,
    Tag,
    TagParent,
)
from tests.comparison import wrong_counts
from tests.mirror import Interrupted, Mirror, PlainReporter, mirror_writes

pytestmark = pytest.mark.django_db


def kinds(result: dict[str, Any], stream: str) -> dict[str, int]:
    """Return the kinds of difference that were found in a stream."""
    found: dict[str, int] = result["kinds"].get(stream, {})
    return found


def said(mirror: Mirror, code: str) -> str:
    return "\n".join(text for _, what, text in mirror.reporter.lines if what == code)


def healed(mirror: Mirror) -> bool:
    """Return whether nothing differs any more, by our own and by the other look."""
    again = mirror.verify()
    return again["differences"] == 0 and mirror.differences() == []


@pytest.mark.parametrize("sample", [0, 10])
def test_mirror_that_is_right_is_left_as_it_is(mirror: Mirror, sample: int) -> None:
    mirror.full()

    with mirror_writes() as writes:
        result = mirror.verify(sample=sample, repair=True)

    assert writes == []
    assert (result["differences"], mirror.reporter.lines) == (0, [])
    assert result["verified"]["scenes"] == {
        "source": 400,
        "mirror": 400,
        "compared": sample or 400,
        "differences": 0,
    }
    assert result["costs"]["scenes"]["requests"] > 0


def test_title_changed_by_hand_is_found_with_both_values(mirror: Mirror) -> None:
    mirror.full()
    right = Scene.objects.get(remote_id=5).title
    Scene.objects.filter(remote_id=5).update(title="Not what the source says")

    result = mirror.verify()

    assert kinds(result, "scenes") == {"wrong": 1}
    assert "Scene 5 “Not what the source says”" in said(mirror, "verify_wrong")
    assert f"the source says {right!r}" in said(mirror, "verify_wrong")
    assert Scene.objects.get(remote_id=5).title == "Not what the source says"


def test_title_changed_by_hand_is_repaired(mirror: Mirror) -> None:
    mirror.full()
    Scene.objects.filter(remote_id=5).update(title="Not what the source says")

    result = mirror.verify(repair=True)

    assert (result["repaired"], result["left"]) == (1, 0)
    assert result["verified"]["scenes"]["repaired"] == 1
    assert said(mirror, "repaired") == "1 difference was repaired, 0 left."
    assert healed(mirror)


@pytest.mark.parametrize(
    ("model", "stream", "values"),
    [
        (Tag, "tags", {"aliases": ["none of its own"]}),
        (Studio, "studios", {"parent_id": None, "rating100": 3}),
        (Performer, "performers", {"birthdate": "1801"}),
        (Scene, "scenes", {"last_played_at": None, "play_count": 77}),
        (Scene, "scenes", {"remote_updated_at": "2001-01-01T00:00:00Z"}),
    ],
)
def test_any_stored_column_is_compared(
    mirror: Mirror, model: Any, stream: str, values: dict[str, Any]
) -> None:
    mirror.full()
    model.objects.filter(remote_id=2).update(**values)

    result = mirror.verify(repair=True)

    assert kinds(result, stream) == {"wrong": 1}
    assert healed(mirror)


def test_links_and_files_are_compared(mirror: Mirror) -> None:
    mirror.full()
    first = SceneTag.objects.order_by("scene_id").first()
    assert first is not None
    SceneTag.objects.filter(scene_id=first.scene_id, tag_id=first.tag_id).delete()
    file = SceneFile.objects.exclude(scene_id=first.scene_id).order_by("pk").first()
    assert file is not None
    SceneFile.objects.filter(pk=file.pk).update(size=1)

    result = mirror.verify(repair=True)

    assert kinds(result, "scenes") == {"wrong": 2}
    assert kinds(result, "tags") == {"miscounted": 1}
    assert "files is" in said(mirror, "verify_wrong")
    assert healed(mirror)


def test_wrong_counts_are_found_and_set_right(mirror: Mirror) -> None:
    mirror.full()
    Tag.objects.filter(remote_id=2).update(scene_count=7_000)
    Performer.objects.filter(remote_id=1).update(scene_count=0)
    Studio.objects.update(scene_count=1_234)

    result = mirror.verify(repair=True)

    assert kinds(result, "tags") == {"miscounted": 1}
    assert kinds(result, "performers") == {"miscounted": 1}
    assert kinds(result, "studios") == {"miscounted": Studio.objects.count()}
    assert "says 7,000, it is linked to" in said(mirror, "verify_miscounted")
    assert wrong_counts(mirror.source.pk) == []
    assert healed(mirror)


def test_dangling_link_is_found_and_its_owner_read_again(mirror: Mirror) -> None:
    mirror.full()
    scene = Scene.objects.get(remote_id=5)
    nowhere = scene.pk - 5 + 900_000
    SceneTag.objects.create(scene_id=scene.pk, tag_id=nowhere)
    TagParent.objects.create(tag_id=scene.pk - 5 + 3, parent_id=nowhere)
    Scene.objects.filter(remote_id=6).update(studio_id=nowhere)

    result = mirror.verify(sample=1, repair=True)

    assert kinds(result, "scenes")["dangling"] == 2
    assert kinds(result, "tags")["dangling"] == 1
    assert "Scene 5 to tag 900000" in said(mirror, "verify_dangling")
    assert "Scene 6 to studio 900000" in said(mirror, "verify_dangling")
    assert "Tag 3 to parent 900000" in said(mirror, "verify_dangling")
    assert healed(mirror)


def test_row_that_is_missing_comes_back_with_nothing_of_the_old_one(
    mirror: Mirror,
) -> None:
    mirror.full()
    scene = Scene.objects.get(remote_id=5)
    SceneTag.objects.get_or_create(scene_id=scene.pk, tag_id=scene.pk - 5 + 1)
    Scene.objects.filter(pk=scene.pk)._raw_delete("default")

    result = mirror.verify(repair=True)

    assert kinds(result, "scenes")["missing"] == 1
    assert kinds(result, "scenes")["orphaned"] > 0
    assert "scenes: 1 not in the mirror: Scene 5." in said(mirror, "verify_missing")
    assert healed(mirror)


def test_what_was_edited_since_the_last_sync_is_called_that(mirror: Mirror) -> None:
    mirror.full()
    library = mirror.demo.library
    library.edit("scene", 5, title="Tides")
    library.delete("performer", 3)
    library.add("tag", name="Mudflats")

    result = mirror.verify()

    assert kinds(result, "scenes")["outdated"] == 1
    assert kinds(result, "performers") == {"extra": 1}
    assert kinds(result, "tags") == {"missing": 1}
    assert "wrong" not in kinds(result, "tags")
    assert "Performer 3" in said(mirror, "verify_extra")


def test_sample_compares_so_many_rows_of_each_stream(mirror: Mirror) -> None:
    mirror.full()

    result = mirror.verify("tags", "scenes", sample=30)

    assert {n: v["compared"] for n, v in result["verified"].items()} == {
        "tags": 30,
        "scenes": 30,
    }


def test_only_a_few_examples_of_a_kind_are_named(mirror: Mirror) -> None:
    mirror.full()
    Scene.objects.update(director="Nobody")

    result = mirror.verify()

    assert kinds(result, "scenes") == {"wrong": 400}
    assert said(mirror, "verify_wrong").count("Scene ") == 5
    assert said(mirror, "verify_wrong").endswith("and 395 more.")


def test_repair_that_was_broken_off_leaves_out_no_stream_when_it_goes_on(
    mirror: Mirror,
) -> None:
    mirror.full()
    StreamState.objects.filter(stream="scenes").update(selection_version=0)
    Tag.objects.filter(remote_id=5).update(scene_count=7_000)
    stopped = PlainReporter()
    stopped.stop_when = lambda: (stopped.saved or {}).get("stream") == "scenes"
    with pytest.raises(Interrupted):
        mirror.verify(repair=True, reporter=stopped)
    Tag.objects.filter(remote_id=6).update(name="Not what the source says")

    again = PlainReporter(resume_from=stopped.saved)
    result = mirror.verify(repair=True, reporter=again)

    assert kinds(result, "tags")["wrong"] == 1
    assert result["left"] == 0
    assert healed(mirror)


@pytest.mark.parametrize("model", [Scene, Tag])
def test_row_marked_as_deleted_by_hand_comes_back(mirror: Mirror, model: Any) -> None:
    mirror.full()
    model.objects.filter(remote_id=2).update(deleted_at="2001-01-01T00:00:00Z")

    result = mirror.verify(repair=True)

    assert result["kinds"][f"{model.__name__.lower()}s"]["missing"] == 1
    assert healed(mirror)


def test_deletions_that_wait_for_a_person_are_left(mirror: Mirror) -> None:
    mirror.full()
    for number in range(1, 81):
        mirror.demo.library.delete("scene", number)

    result = mirror.verify(repair=True)

    assert (result["held"], result["left"]) == ({"scenes": 80}, 80)
    assert not Scene.objects.exclude(deleted_at=None).exists()


def test_records_that_were_deleted_and_merged_are_no_difference(
    mirror: Mirror,
) -> None:
    mirror.full()
    mirror.demo.library.merge_tags([4, 5], into=6)
    for kind, number in (("performer", 3), ("studio", 2), ("scene", 10)):
        mirror.demo.library.delete(kind, number)
    mirror.quick()

    assert mirror.verify()["kinds"] == {}
