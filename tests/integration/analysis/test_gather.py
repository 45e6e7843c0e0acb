"""Scenes and names are read out of the mirror as facts, some hundred at once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from syncapp.analysis import gather
from syncapp.analysis.errors import AnalysisStopped
from syncapp.analysis.gather import WantedScenes, scenes_by_id
from syncapp.analysis.library import DateOrder, EntityKind, SpellingEffect
from syncapp.analysis.names import (
    read_entities,
    read_regulars,
    read_rules,
    scenes_below,
)
from syncapp.analysis.storing import mark_analysed
from syncapp.models import Scene, SceneFile
from syncapp.services import (
    SpellingOf,
    keep_date_order,
    keep_mark,
    keep_roots,
    keep_spelling,
)
from tests.builders import (
    NOON,
    make_performer,
    make_scene,
    make_scene_set,
    make_source,
    make_studio,
    make_tag,
)
from tests.integration.analysis.conftest import SCENES, Archive

pytestmark = pytest.mark.django_db


def numbers(archive: Archive, wanted: WantedScenes, after: int = -1) -> list[list[int]]:
    """Return the scenes of each page, by the source's ids."""
    first = archive.key(0)
    return [
        [each.facts.scene_id - first for each in part.scenes]
        for part in wanted.parts(after)
    ]


def test_a_scene_is_read_with_all_that_is_its() -> None:
    source = make_source()
    studio, tag = make_studio(source, 1, "Tideline Films"), make_tag(source, 1, "Sea")
    people = [make_performer(source, n, f"Narrator {n}") for n in (1, 2)]
    scene = make_scene(
        source,
        5,
        "Reef",
        studio=studio,
        tags=[tag],
        performers=people,
        date="2011-04",
        details="By night.",
        code="R5",
        urls=["http://archive.example/5"],
        organized=True,
    )
    SceneFile.objects.filter(scene=scene).update(phash=-2)
    SceneFile.objects.create(
        scene=scene,
        remote_id=99,
        position=1,
        path="/more/reef.avi",
        basename="reef.avi",
    )

    (found,) = scenes_by_id([scene.pk])

    facts = found.facts
    assert replace(facts, files=()) == replace(
        facts.__class__(scene.pk),
        title="Reef",
        details="By night.",
        code="R5",
        date="2011-04",
        urls=("http://archive.example/5",),
        studio_id=studio.pk,
        performer_ids=frozenset(each.pk for each in people),
        tag_ids=frozenset({tag.pk}),
        organized=True,
    )
    assert [file.path for file in facts.files] == [
        "/films/reel 5.mkv",
        "/more/reef.avi",
    ]
    first = facts.files[0]
    assert (first.width, first.height, first.duration) == (1920, 1080, 3_725.4)
    assert first.phash == 2**64 - 2
    assert first.fingerprints == (("oshash", "5c1a3a0e77d4a7f1"),)
    assert found.synced_at == NOON


def test_a_page_takes_four_statements_however_many_scenes(archive: Archive) -> None:
    for many in (1, SCENES):
        with CaptureQueriesContext(connection) as sent:
            found = list(scenes_by_id(archive.keys(range(1, many + 1))))

        assert (len(found), len(sent)) == (many, 4)


def test_a_set_is_read_page_by_page_and_from_a_place_on(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gather, "PAGE", 3)
    set_id = make_scene_set(archive.source, archive.keys(range(2, 11)), part=5)
    wanted = WantedScenes(archive.source.pk, set_id)

    assert numbers(archive, wanted) == [[2, 3, 4], [5, 6], [7, 8, 9], [10]]
    assert numbers(archive, wanted, archive.key(5)) == [[6], [7, 8, 9], [10]]
    assert numbers(archive, wanted, archive.key(10)) == []
    assert wanted.count() == 9


def test_a_scene_that_went_meanwhile_is_passed_over(archive: Archive) -> None:
    set_id = make_scene_set(archive.source, archive.keys([1, 2, 3, 99]))
    Scene.objects.filter(pk=archive.key(2)).update(deleted_at=NOON)

    (part,) = WantedScenes(archive.source.pk, set_id).parts()

    assert [each.facts.scene_id for each in part.scenes] == archive.keys([1, 3])
    assert len(part.ids) == 4


def test_a_set_that_is_gone_is_told(archive: Archive) -> None:
    with pytest.raises(AnalysisStopped, match="choose again"):
        WantedScenes(archive.source.pk, 77).count()


def test_what_changed_since_is_what_is_not_analysed(archive: Archive) -> None:
    wanted = WantedScenes(archive.source.pk, digest="d")
    other = make_source("Other archive")
    make_scene(other, 1, "Elsewhere")
    assert wanted.count() == SCENES

    mark_analysed(scenes_by_id(archive.keys(range(1, SCENES + 1))), "d")
    assert numbers(archive, wanted) == []

    later = NOON + timedelta(seconds=1)
    Scene.objects.filter(pk__in=archive.keys([3, 5, 7])).update(synced_at=later)
    Scene.objects.filter(pk=archive.key(5)).update(organized=True)
    Scene.objects.filter(pk=archive.key(7)).update(deleted_at=NOON)
    make_scene(archive.source, 50, "New")

    assert numbers(archive, wanted) == [[3, 50]]
    assert numbers(archive, replace(wanted, with_organized=True)) == [[3, 5, 50]]


def test_what_other_detectors_analysed_is_not_analysed(archive: Archive) -> None:
    mark_analysed(scenes_by_id(archive.keys(range(1, SCENES + 1))), "before")

    assert WantedScenes(archive.source.pk, digest="after").count() == SCENES


def test_a_scene_that_is_analysed_again_has_one_note(archive: Archive) -> None:
    mark_analysed(scenes_by_id(archive.keys([1])), "one")
    mark_analysed(scenes_by_id(archive.keys([1])), "two")

    assert WantedScenes(archive.source.pk, digest="two").count() == SCENES - 1


def test_names_are_read_with_aliases_parents_and_what_is_ignored() -> None:
    source = make_source()
    parent = make_studio(source, 1, "Tideline Films")
    child = make_studio(source, 2, "Tideline Shorts", parent=parent, aliases=["TLS"])
    sea = make_tag(source, 1, "Sea")
    pools = make_tag(source, 2, "Tide pools", parent=sea, ignore_auto_tag=True)
    jane = make_performer(source, 1, "Jane Doe", disambiguation="diver")
    make_tag(source, 3, "Gone", deleted_at=NOON)
    make_tag(make_source("Other archive"), 1, "Elsewhere")

    found = read_entities(source.pk)

    assert len(found) == 5
    shorts = found[EntityKind.STUDIO, child.pk]
    assert (shorts.parent_ids, shorts.aliases) == ((parent.pk,), ("TLS",))
    tide = found[EntityKind.TAG, pools.pk]
    assert (tide.parent_ids, tide.is_ignored) == ((sea.pk,), True)
    assert found[EntityKind.PERFORMER, jane.pk].disambiguation == "diver"


def test_who_shares_a_name_is_counted_by_studio() -> None:
    source = make_source()
    films, shorts = make_studio(source, 1, "Films"), make_studio(source, 2, "Shorts")
    one = make_performer(source, 1, "Jane Doe")
    two = make_performer(source, 2, "J. D.", aliases=["JANE DOE"])
    alone = make_performer(source, 3, "Joe Doe")
    for number, (studio, person) in enumerate(
        [(films, one), (films, one), (films, two), (shorts, two), (films, alone)], 1
    ):
        make_scene(source, number, "", studio=studio, performers=[person])
    make_scene(source, 9, "", studio=films, performers=[one], deleted_at=NOON)

    found = read_regulars(read_entities(source.pk))

    assert found == {films.pk: {one.pk: 2, two.pk: 1}, shorts.pk: {two.pk: 1}}


def test_folders_are_counted_with_all_that_is_below(archive: Archive) -> None:
    below, scenes = scenes_below(archive.source.pk)

    assert scenes == SCENES
    assert below == {
        "/films": SCENES,
        "/films/Tideline Films": SCENES // 2,
        "/films/Blue Planet": SCENES // 2,
    }


def test_rules_are_read_as_they_were_kept(archive: Archive) -> None:
    source_id, studio = archive.source.pk, archive.key(1)
    assert read_rules(source_id).roots is None

    keep_spelling(source_id, "May", effect="off")
    keep_spelling(
        source_id,
        "Reel",
        effect="with_studio",
        of=SpellingOf("tag", archive.key(1)),
        studio_id=studio,
    )
    keep_date_order(source_id, "/films", order="dmy")
    keep_mark(source_id, "1080P", tag_id=archive.key(1))
    keep_roots(source_id, [])

    rules = read_rules(source_id)
    assert [rule.spelling for rule in rules.spellings] == ["May", "Reel"]
    assert rules.spellings[0].kind is None
    second = rules.spellings[1]
    assert (second.effect, second.kind) == (SpellingEffect.WITH_STUDIO, EntityKind.TAG)
    assert second.studio_id == studio
    assert rules.date_orders == {"/films": DateOrder.DAY_FIRST}
    assert rules.marks == {"1080p": archive.key(1)}
    assert rules.roots == frozenset()
