"""What sync writes is found by what is written on it, and by new names at once."""

import math
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from syncapp import queries, services
from syncapp.filters.entity_query_string import parse_entity_filter
from syncapp.filters.query_string import parse_scene_filter
from syncapp.filters.scene_sql import filtered_scenes
from syncapp.filters.values import SceneFilter
from syncapp.job_handlers.library_reindex import REINDEX, reindex_if_behind
from syncapp.models import (
    INDEX_VERSION,
    MIRRORED,
    SEARCH,
    HistoryEntry,
    IndexState,
    Performer,
    Scene,
    SceneSearch,
    Studio,
    Tag,
)
from syncapp.sync import throttle
from syncapp.sync.purge import purge
from syncapp.sync.reindex import reindex
from tests.builders import NOON
from tests.mirror import Interrupted, Mirror, PlainReporter

pytestmark = pytest.mark.django_db


def found(text: str) -> list[int]:
    """Return the scenes that a search finds, by remote id."""
    rows = filtered_scenes(SceneFilter(search=text))
    return sorted(rows.values_list("remote_id", flat=True))


def named(stream: str, text: str) -> list[str]:
    parsed = parse_entity_filter(stream, {"q": [text]})
    page = queries.list_entities(stream, parsed, size=100)
    return [row.name for row in page.rows]


def search_writes(statements: CaptureQueriesContext) -> list[str]:
    return [
        each["sql"][:90]
        for each in statements
        for search in SEARCH.values()
        if f'INTO "{search._meta.db_table}"' in each["sql"]
    ]


@pytest.mark.parametrize(
    ("title", "typed"),
    [
        ("Ærøs kyst", "ærø"),
        ("Ærøs kyst", "AEROS"),
        ("Niš at night", "NIŠ"),
        ("Niš at night", "nis night"),
        ("Owl's Barn", "owls barn"),
        ("Owls Barn", "owl’s barn"),  # noqa: RUF001
        ("Café by the sea", "cafe\u0301"),
        ("Cafe\u0301 by the sea", "café"),
        ("東京都の海", "京都"),
        ("東京都の海", "海"),
        ("東京都の海", "東京"),
        ("The Fog, part 2", '"fog part" 2'),
        ("The Fog, part 2", "par fog*"),
    ],
)
def test_title_is_found_as_people_type_it(
    mirror: Mirror, title: str, typed: str
) -> None:
    mirror.demo.library.edit("scene", 5, title=title)
    mirror.quick()

    assert (5 in found(typed)) != (typed == "par fog*")
    assert found(f"{typed} zeppelinesque") == []


def test_scene_is_found_and_sorted_by_the_file_that_it_shows(mirror: Mirror) -> None:
    library = mirror.demo.library
    scene = next(s for s in library.records("scene") if s["files"])
    number = int(scene["id"])
    library.edit("scene", number, title="")
    mirror.quick()

    row = Scene.objects.get(remote_id=number)
    name = row.files.get(position=0).basename
    assert number in found(f'"{name}"')
    assert number in found(f'path:"{name}"')
    assert row.title_key != ""
    page = queries.list_scenes(sort="title", size=100)
    shown = [each.title for each in page.rows]
    assert shown


def test_new_names_find_scenes_at_once_and_write_none(mirror: Mirror) -> None:
    library = mirror.demo.library
    library.edit("scene", 5, tags=[3], performers=[2], studio=1)
    library.edit("scene", 6, tags=[4], performers=[3], studio=None)
    mirror.quick()
    library.edit("tag", 3, name="Mudflats of Zeist", aliases=["Wadden Quux"])
    library.edit("performer", 2, name="Zita Quince", alias_list=["The Quillfish"])
    library.edit("studio", 1, name="Zephyr Works", aliases=["Quoll Films"])

    with CaptureQueriesContext(connection) as statements:
        mirror.quick()

    assert not any("scenesearch" in sql for sql in search_writes(statements))
    for typed in ("zeist", "wadden quux", '"zita quince"', "quillf", "zephyr", "QUOLL"):
        assert 5 in found(typed), typed
        assert 6 not in found(typed), typed
    assert 5 in found("zeist quillfish quoll")
    assert 5 not in found("zeist -quillfish")
    assert named("tags", "quux wad") == ["Mudflats of Zeist"]
    assert named("performers", "quillfish") == ["Zita Quince"]
    assert named("studios", "quoll") == ["Zephyr Works"]


@pytest.mark.parametrize("typed", ["zita quince", "ZITA QUINCE", "the quill-fish"])
def test_typed_name_in_a_filter_is_who_is_called_so(mirror: Mirror, typed: str) -> None:
    library = mirror.demo.library
    library.edit("performer", 2, name="Zita Quíncé", alias_list=["The Quill Fish"])
    library.edit("performer", 3, name="Zita Quince Major", alias_list=[])
    mirror.quick()

    page = queries.list_scenes(parse_scene_filter({"performer": [typed]}))

    assert page.unclear == ()
    chosen = [each.name for each in page.chosen["performers"].values()]
    assert chosen == ["Zita Quíncé"]


def test_two_of_one_name_are_two_choices(mirror: Mirror) -> None:
    library = mirror.demo.library
    library.edit("performer", 2, name="Zita Quince", disambiguation="narrator")
    library.edit("performer", 3, name="Zita Quince", disambiguation="diver")
    mirror.quick()

    page = queries.list_scenes(parse_scene_filter({"performer": ["zita quince"]}))

    (unclear,) = page.unclear
    assert {each.note for each in unclear.meant} == {"narrator", "diver"}
    assert page.rows == ()


def test_names_are_ordered_by_sort_name_and_numbers_by_value(mirror: Mirror) -> None:
    library = mirror.demo.library
    names = {1: "Reel #123", 2: "Åland", 3: "Zulu", 4: "reel #2", 5: "Abbey"}
    for number, name in names.items():
        library.edit("tag", number, name=name, sort_name="")
    library.edit("tag", 3, sort_name="Aa")
    mirror.quick()

    rows = Tag.objects.filter(name__in=names.values()).order_by("name_key", "id")
    assert [row.name for row in rows] == [
        *("Zulu", "Abbey", "Åland", "reel #2", "Reel #123")
    ]


def test_an_edit_of_something_else_writes_no_search_row(mirror: Mirror) -> None:
    mirror.quick()
    mirror.demo.library.edit("scene", 5, rating100=80, tags=[3])
    with CaptureQueriesContext(connection) as rated:
        mirror.quick()
    mirror.demo.library.edit("scene", 5, code="Zwolle 9")
    with CaptureQueriesContext(connection) as coded:
        mirror.quick()
    with CaptureQueriesContext(connection) as unchanged:
        mirror.full()

    counts = [len(search_writes(each)) for each in (rated, coded, unchanged)]
    assert counts == [0, 1, 0]
    assert found("zwolle 9") == [5]
    changes = HistoryEntry.objects.order_by("at").values_list("changes", flat=True)
    assert [sorted(each) for each in changes] == [["rating100", "tags"], ["code"]]


def test_a_first_load_writes_search_rows_a_page_at_a_time(
    mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "LONG_S", math.inf)  # a slow machine parts pages
    with CaptureQueriesContext(connection) as statements:
        mirror.quick()

    assert len(search_writes(statements)) <= 8
    for model, search in SEARCH.items():
        ids = set(model.objects.values_list("id", flat=True))
        assert set(search.objects.values_list("id", flat=True)) == ids


def test_search_rows_go_with_their_rows(mirror: Mirror) -> None:
    mirror.quick()
    mirror.demo.library.delete("scene", 5)
    mirror.quick()
    key = Scene.objects.get(remote_id=5).pk
    title = Scene.objects.get(remote_id=5).title
    removed = SceneFilter(search=f'"{title}"', removed=True)

    assert filtered_scenes(removed).filter(pk=key).exists()
    assert 5 not in found(f'"{title}"')
    Scene.objects.filter(pk=key).update(deleted_at=NOON)
    purge(PlainReporter(), mirror.source.pk, Scene.objects.get(pk=key).synced_at)
    assert not SceneSearch.objects.filter(pk=key).exists()
    services.remove_source(mirror.source.pk)
    assert not any(search.objects.exists() for search in SEARCH.values())


# A mirror that an older program filled


def forget_search() -> None:
    """Leave the mirror as it was before there was a search table."""
    for model, search in SEARCH.items():
        search.objects.all().delete()
        key = "title_key" if model is Scene else "name_key"
        model.objects.update(**{key: "old"})
    IndexState.objects.update_or_create(pk=1, defaults={"version": 0})


def contents() -> dict[str, Any]:
    """Return what lists find and how they are ordered."""
    return {
        "found": [found(text) for text in ("a", "the", "film", "path:films", "mkv")],
        **{
            model.__name__: list(
                model.objects.order_by("id").values_list(
                    "title_key" if model is Scene else "name_key", flat=True
                )
            )
            for model in (Tag, Studio, Performer, Scene)
        },
    }


def test_reindex_makes_of_an_old_mirror_what_sync_would_have_made(
    mirror: Mirror,
) -> None:
    mirror.quick()
    Scene.objects.filter(remote_id=7).update(deleted_at=NOON)
    as_synced = contents()
    forget_search()
    asked = len(mirror.demo.requests)

    result = reindex(PlainReporter())

    assert contents() == as_synced
    assert result["rows"] == {
        "tags": Tag.objects.count(),
        "studios": Studio.objects.count(),
        "performers": Performer.objects.count(),
        "scenes": Scene.objects.count(),
    }
    assert SceneSearch.objects.count() == Scene.objects.count()
    assert IndexState.objects.get().version == INDEX_VERSION
    assert len(mirror.demo.requests) == asked


def test_reindex_that_was_cut_short_goes_on_where_it_was(mirror: Mirror) -> None:
    mirror.quick()
    as_synced = contents()
    forget_search()
    first = PlainReporter(stop_after_commits=3)

    with pytest.raises(Interrupted):
        reindex(first)
    assert IndexState.objects.get().version == 0
    second = PlainReporter(resume_from=first.saved)
    result = reindex(second)

    assert contents() == as_synced
    assert result["rows"]["scenes"] == Scene.objects.count()
    assert first.reached + second.reached == sorted(first.reached + second.reached)


def test_old_rows_that_did_not_change_are_not_written_for_their_order(
    mirror: Mirror,
) -> None:
    mirror.quick()
    Scene.objects.update(title_key="old")
    mirror.full(rewrite=True)

    assert not HistoryEntry.objects.exists()
    assert set(Scene.objects.values_list("title_key", flat=True)) == {"old"}


def test_a_mirror_that_is_behind_asks_for_the_job_once_and_says_so(
    mirror: Mirror,
) -> None:
    mirror.quick()
    assert reindex_if_behind() is None
    assert queries.list_scenes().indexing is None
    forget_search()

    asked, again = reindex_if_behind(), reindex_if_behind()

    assert asked is not None
    assert again is not None
    assert (asked.job_id, asked.created) == (again.job_id, True)
    assert queries.list_scenes().indexing == queries.Indexing(asked.job_id)
    assert queries.list_entities("tags").indexing == queries.Indexing(asked.job_id)
    assert REINDEX.lane == "long"


def test_an_empty_mirror_is_up_to_date(db: None) -> None:
    IndexState.objects.create(version=0)

    assert reindex_if_behind() is None
    assert IndexState.objects.get().version == INDEX_VERSION
    assert not any(model.objects.exists() for model in MIRRORED)


def test_verify_finds_rows_that_no_search_finds_and_repairs_them(
    mirror: Mirror,
) -> None:
    mirror.quick()
    lost = SceneSearch.objects.get(pk=Scene.objects.get(remote_id=5).pk)
    title = Scene.objects.get(remote_id=5).title
    lost.delete()
    SceneSearch.objects.filter(pk=Scene.objects.get(remote_id=6).pk).delete()

    told = mirror.verify("scenes")
    assert told["kinds"] == {"scenes": {"unsearched": 2}}
    assert "2 that no search finds: Scene 5; Scene 6." in mirror.reporter.lines[0][2]
    done = mirror.verify("scenes", repair=True)

    assert (done["repaired"], done["left"]) == (2, 0)
    assert 5 in found(f'"{title}"')
