"""Lists: pages follow each other without gap or repeat; counts stop somewhere."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.core.cache import cache

from syncapp import queries
from syncapp.filters.query_string import ParsedFilter, parse_scene_filter
from syncapp.models import Scene, Source, Tag
from syncapp.queries.paging import CAP, PAGE
from syncapp.queries.scene_list import SORTS
from syncapp.text.folding import order_key
from tests.builders import make_scene, make_source, make_tag

pytestmark = pytest.mark.django_db(transaction=True)
Look = Callable[[], object]


def test_pages_of_scenes_follow_each_other_without_gap_or_repeat(
    transactional_db: None,
) -> None:
    source = make_source()
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

    page = queries.list_scenes(sort=sort, after=f"{moment}~1")

    assert len(page.rows) == rows


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

    rows = Scene.objects.order_by(*SORTS[sort].ordering())
    if asked:
        rows = rows.filter(rating100__gte=40)
    assert seen == list(rows.values_list("id", flat=True))


def test_what_is_suggested_is_remembered_for_a_while(source: Source) -> None:
    before = queries.list_scenes().suggestions
    Tag.objects.update(name="Tide pools")

    meanwhile = queries.list_scenes().suggestions
    cache.clear()  # as a minute does
    after = queries.list_scenes().suggestions

    assert before.tags == meanwhile.tags != after.tags == ("Tide pools",)


def searched(text: str) -> ParsedFilter:
    return parse_scene_filter({"q": [text]})


def test_who_turns_the_pages_of_a_search_has_it_counted_once(
    transactional_db: None,
) -> None:
    source, filters = make_source(), searched("reel")
    for number in range(1, 61):
        make_scene(source, number, f"Reel {number}")
    first = queries.list_scenes(filters, size=25)
    make_scene(source, 61, "Reel of the day")

    second = queries.list_scenes(filters, size=25, after=first.next)
    other = queries.list_scenes(searched("Reel o"), size=25)
    cache.clear()  # as ten seconds do
    again = queries.list_scenes(filters, size=25)

    counts = [page.found.number for page in (first, second, other, again)]
    assert counts == [60, 60, 1, 61]


def test_a_search_that_fits_a_page_counts_what_it_shows(source: Source) -> None:
    filters = searched("harbour at dusk")
    before = queries.list_scenes(filters)
    for number in (801, 802):
        make_scene(source, number, "The harbour at dusk")

    after = queries.list_scenes(filters)

    assert len(before.rows) == before.found.number
    assert after.found.number == len(after.rows) == before.found.number + 2


def test_scenes_without_a_rating_stand_last(source: Source) -> None:
    Scene.objects.filter(remote_id=2).update(rating100=0)

    page = queries.list_scenes(sort="-rating")

    assert [row.rating100 for row in page.rows] == [0, None, None]


def _values(row: Tag) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.fields}
