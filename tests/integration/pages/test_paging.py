"""Lists: pages follow each other without gap or repeat; counts stop somewhere."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.cache import cache

from syncapp import queries
from syncapp.filters.query_string import ParsedFilter, parse_scene_filter
from syncapp.models import Scene, Source, Tag
from syncapp.queries import paging
from syncapp.queries.paging import CAP, END, PAGE, KeysetCursor, OrderedRows
from syncapp.queries.scene_list import SORTS
from syncapp.text.folding import order_key
from tests.builders import indexed_at_once, make_scene, make_source, make_tag

pytestmark = pytest.mark.django_db(transaction=True)
Look = Callable[[], object]


def test_pages_of_scenes_follow_each_other_without_gap_or_repeat(
    transactional_db: None,
) -> None:
    source = make_source()
    with indexed_at_once():
        for number in range(1, 2 * PAGE + 4):
            make_scene(
                source, number, f"Reel {number}", date="2024-05" if number % 3 else ""
            )

    seen, after, pages = [], "", 0
    while pages == 0 or after:
        page = queries.list_scenes(after=after)
        seen += [row.scene_id for row in page.rows]
        after, pages = page.next, pages + 1

    expected = Scene.objects.order_by("-date", "-id").values_list("id", flat=True)
    assert pages == 3
    assert seen == list(expected)


def test_pages_of_names_follow_each_other_without_gap_or_repeat(
    transactional_db: None,
) -> None:
    source = make_source()
    with indexed_at_once():
        for number in range(1, 2 * PAGE + 4):
            make_tag(source, number, "Sea" if number % 2 else f"Øre {number % 7}")

    seen, after, pages = [], "", 0
    while pages == 0 or after:
        page = queries.list_entities("tags", after=after)
        seen += [row.row_id for row in page.rows]
        after, pages = page.next, pages + 1

    assert pages == 3
    tags = Tag.objects.values_list("name", "id")
    assert seen == [
        key for _, key in sorted((order_key(name), key) for name, key in tags)
    ]


@pytest.mark.parametrize("sort", ["-added", "-updated"])
@pytest.mark.parametrize(
    ("moment", "rows"),
    [
        ("0001-01-01T00:00:00+00:00", 0),
        ("9999-12-31T23:59:59+00:00", 1),
        ("0001-01-01T00:00:00+14:00", 1),  # no moment in UTC: the list's beginning
        ("9999-12-31T23:59:59-12:00", 1),
    ],
)
def test_a_page_begins_at_any_moment_that_an_address_can_name(
    sort: str, moment: str, rows: int, transactional_db: None
) -> None:
    make_scene(make_source(), 1, "Reel 1")
    order, text = SORTS[sort], f"{moment}~1"
    listed = OrderedRows(Scene.objects.all(), (), order)

    behind = listed.read(KeysetCursor.read(text, order), 2)

    assert len(behind) == rows
    # Behind the last row there is the last page again.
    assert len(queries.list_scenes(sort=sort, after=text).rows) == 1


def test_counts_stop_at_a_cap(transactional_db: None) -> None:
    source = make_source()
    template = make_tag(source, 1, "Reel")
    Tag.objects.bulk_create(
        Tag(**{**_values(template), "id": template.pk + number})
        for number in range(2, CAP + 20)
    )

    found = queries.list_entities("tags").found

    assert (found.number, found.more) == (CAP, True)


@pytest.mark.parametrize("sort", list(SORTS))
@pytest.mark.parametrize(
    "asked", [{}, {"rating_from": ["40"], "organized": ["no"]}], ids=["all", "some"]
)
def test_every_order_pages_without_gap_or_repeat(
    sort: str, asked: dict[str, list[str]], transactional_db: None
) -> None:
    source, filters = make_source(), parse_scene_filter(asked)
    with indexed_at_once():
        for number in range(1, 62):
            make_scene(
                source,
                number,
                f"Reel {number % 9}",
                date="2024-05" if number % 3 else "",
                rating100=number % 5 * 20 or None,
                remote_created_at=datetime(2024, 5, number % 7 + 1, tzinfo=UTC),
            )

    seen, after, pages = [], "", 0
    while pages == 0 or after:
        page = queries.list_scenes(filters, sort=sort, after=after, size=25)
        seen += [row.scene_id for row in page.rows]
        after, pages = page.next, pages + 1

    assert seen == in_order(sort, {"rating100__gte": 40} if asked else {})


@indexed_at_once()
def many_scenes(source: Source) -> None:
    """Make 61 scenes, of which many have a key in common, and some have none."""
    for number in range(1, 62):
        make_scene(
            source,
            number,
            f"Reel {number % 5}" if number % 8 else "",
            date=f"2024-0{number % 4 + 1}" if number % 3 else "",
            rating100=number % 4 * 20 or None,
            remote_created_at=datetime(2024, 5, number % 7 + 1, tzinfo=UTC),
            remote_updated_at=datetime(2024, 6, number % 7 + 1, tzinfo=UTC),
        )


@pytest.mark.parametrize("sort", list(SORTS))
def test_pages_lead_back_as_they_led_there(sort: str, transactional_db: None) -> None:
    many_scenes(make_source())
    forward = [queries.list_scenes(sort=sort, size=25)]
    while forward[-1].next:
        forward.append(queries.list_scenes(sort=sort, size=25, after=forward[-1].next))

    back = [forward[-1]]
    while back[-1].previous:
        back.append(queries.list_scenes(sort=sort, size=25, before=back[-1].previous))

    assert [page.begins for page in forward] == [0, 25, 50]
    assert [page.rows for page in reversed(back)] == [page.rows for page in forward]
    assert [page.begins for page in back] == [50, 25, 0]
    assert {page.found.number for page in [*forward, *back]} == {61}


@pytest.mark.parametrize("sort", list(SORTS))
def test_the_last_page_is_the_end_of_the_list(
    sort: str, transactional_db: None
) -> None:
    many_scenes(make_source())

    last = queries.list_scenes(sort=sort, size=25, before=END)

    ids = [row.scene_id for row in last.rows]
    assert ids == in_order(sort, {})[-25:]
    assert (last.begins, last.next, last.found.number) == (36, "", 61)


def test_a_page_whose_rows_went_is_no_dead_end(transactional_db: None) -> None:
    many_scenes(make_source())
    first = queries.list_scenes(sort="title", size=25)
    second = queries.list_scenes(sort="title", size=25, after=first.next)
    kept = [row.scene_id for row in first.rows[:10]]
    Scene.objects.exclude(pk__in=kept).delete()

    behind = queries.list_scenes(sort="title", size=25, after=second.next)
    before = queries.list_scenes(sort="title", size=25, before=second.previous)

    for page in (behind, before):
        assert [row.scene_id for row in page.rows] == kept
        assert (page.previous, page.next, page.begins) == ("", "", 0)
        assert page.found.number == 10


def test_rows_that_went_before_are_not_counted(transactional_db: None) -> None:
    many_scenes(make_source())
    first = queries.list_scenes(size=25)
    gone = [row.scene_id for row in first.rows[5:]]
    Scene.objects.filter(pk__in=gone).delete()

    second = queries.list_scenes(size=25, after=first.next)
    back = queries.list_scenes(size=25, before=second.previous)

    assert (second.begins, second.found.number) == (5, 41)
    # Where five rows are left before it, the page before is the first, and whole.
    assert (back.begins, len(back.rows)) == (0, 25)


@pytest.mark.parametrize("before", ["END", "x~", "2024~x", "~"])
def test_what_is_no_place_is_the_beginning(before: str, transactional_db: None) -> None:
    many_scenes(make_source())

    page = queries.list_scenes(size=25, before=before)

    assert page.rows == queries.list_scenes(size=25).rows


def test_a_place_beyond_the_cap_is_not_counted(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "CAP", 40)
    many_scenes(make_source())
    first = queries.list_scenes(size=25)
    second = queries.list_scenes(size=25, after=first.next)

    third = queries.list_scenes(size=25, after=second.next)

    assert [page.begins for page in (first, second, third)] == [0, 25, None]
    assert (third.found.number, third.found.more) == (40, True)
    assert third.previous
    assert third.next == ""


def test_what_is_suggested_is_remembered_for_a_while(source: Source) -> None:
    before = queries.list_scenes().suggestions
    Tag.objects.update(name="Tide pools")

    meanwhile = queries.list_scenes().suggestions
    cache.clear()  # as a minute does
    after = queries.list_scenes().suggestions

    assert before.tags == meanwhile.tags != after.tags == ("Tide pools",)


def in_order(sort: str, condition: dict[str, Any]) -> list[int]:
    """Return the ids of scenes in an order; those without a key stand last."""
    order = SORTS[sort]
    rows = Scene.objects.filter(**condition).order_by(*order.ordering())
    keys = list(rows.values_list("id", order.column))
    keyed = [row_id for row_id, key in keys if key != order.empty]
    return [*keyed, *(row_id for row_id, key in keys if key == order.empty)]


def searched(text: str) -> ParsedFilter:
    return parse_scene_filter({"q": [text]})


def test_who_turns_the_pages_of_a_search_is_told_what_is_found_by_then(
    transactional_db: None,
) -> None:
    source, filters = make_source(), searched("reel")
    with indexed_at_once():
        for number in range(1, 61):
            make_scene(source, number, f"Reel {number}")
    first = queries.list_scenes(filters, size=25)
    make_scene(source, 61, "Reel of the day")

    second = queries.list_scenes(filters, size=25, after=first.next)
    other = queries.list_scenes(searched("Reel o"), size=25)

    counts = [page.found.number for page in (first, second, other)]
    assert counts == [60, 61, 1]


def test_a_search_that_fits_a_page_counts_what_it_shows(source: Source) -> None:
    filters = searched("harbour at dusk")
    before = queries.list_scenes(filters)
    for number in (801, 802):
        make_scene(source, number, "The harbour at dusk")

    after = queries.list_scenes(filters)

    assert len(before.rows) == before.found.number
    assert after.found.number == len(after.rows) == before.found.number + 2


@pytest.mark.parametrize("sort", ["-rating", "rating"])
def test_scenes_without_a_rating_stand_last(sort: str, source: Source) -> None:
    Scene.objects.filter(remote_id=2).update(rating100=0)

    page = queries.list_scenes(sort=sort)

    assert [row.rating100 for row in page.rows] == [0, None, None]


@pytest.mark.parametrize("stream", ["performers", "tags", "studios"])
@pytest.mark.parametrize("sort", ["name", "-name", "-scenes", "scenes"])
def test_names_are_sorted_both_ways(stream: str, sort: str, source: Source) -> None:
    page = queries.list_entities(stream, sort=sort)
    other = queries.list_entities(stream, sort=sort.removeprefix("-"))

    rows = [row.row_id for row in page.rows]
    told = [row.row_id for row in other.rows]
    assert page.sort == sort
    assert rows == (told[::-1] if sort.startswith("-") else told)


def _values(row: Tag) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.fields}
