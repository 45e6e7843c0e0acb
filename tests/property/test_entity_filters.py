"""The SQL of an entity filter finds what a plain loop over the rows finds."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.utils import timezone

from syncapp.filters.entity_sql import filtered_entities
from syncapp.filters.values import EntityFilter, EntityMissing, Range
from syncapp.models import Performer, Studio, Tag
from syncapp.models.library import Mirrored
from syncapp.sync.reindex import search_statements
from syncapp.sync.statements import execute
from syncapp.sync.streams import STREAMS
from syncapp.text.folding import tokens
from syncapp.text.terms import read_terms
from tests.builders import make_source
from tests.property.shelf import MOMENTS, NOW, stamps
from tests.property.test_scene_filters import day, stand_there, within

pytestmark = pytest.mark.django_db
ROWS, FILTERS = 400, 200
WORDS = ("Harbour", "dusk", "100%", "under_score", "Fog")
SEARCHES = ("harbour", "HARB", "100%", "under_score", "quay", "fog -quay", '"dusk 7"')
LACKS: Mapping[EntityMissing, Any] = {
    EntityMissing.ALIASES: lambda row: not row["aliases"],
    EntityMissing.STASH_IDS: lambda row: not row["stash_ids"],
    EntityMissing.SCENES: lambda row: not row["scene_count"],
}


def make_rows(model: type[Mirrored], random: Random) -> dict[int, dict[str, Any]]:
    sources = [make_source().pk, make_source("Lectures", url="http://b").pk]
    rows = {}
    for number in range(1, ROWS + 1):
        at = NOW - timedelta(hours=random.randint(0, 24 * 40))
        told = {
            **stamps(random.choice(sources), number, at),
            "name": f"{random.choice(WORDS)} {number}",
            "aliases": random.choice([[], ["Quay"]]),
            "stash_ids": random.choice([[], [["https://ids.example", "0a"]]]),
            "scene_count": random.choice([0, 0, 1, 7, 120]),
            "favorite": random.random() < 0.3,
            "changed_by_job": random.choice([7, 8, None]),
            "deleted_at": random.choice([None, None, datetime(2026, 5, 1, tzinfo=UTC)]),
        }
        if model is not Tag:
            told["rating100"] = random.choice([None, 20, 60, 61, 100])
        rows[told["id"]] = told
    model.objects.bulk_create([model(**told) for told in rows.values()])
    (stream,) = (each for each in STREAMS if each.model is model)
    execute(search_statements(stream, list(rows)))
    return rows


def says(row: Mapping[str, Any], text: str) -> bool:
    names = [tokens(name) for name in (row["name"], *row["aliases"])]
    return all(
        any(stand_there(term, words) for words in names) != term.is_excluded
        for term in read_terms(text)
    )


def fits(row: Mapping[str, Any], filters: EntityFilter) -> bool:
    return all(
        (
            (row["deleted_at"] is not None) == filters.removed,
            says(row, filters.search),
            all(LACKS[each](row) for each in filters.missing),
            within(row["scene_count"], filters.scenes),
            within(row.get("rating100"), filters.rating),
            *(
                within(
                    str(timezone.localdate(row[column])),
                    Range(
                        day(getattr(filters, name).low),
                        day(getattr(filters, name).high),
                    ),
                )
                for name, column in MOMENTS.items()
            ),
            not filters.favorite or row["favorite"],
            not filters.sources or row["source_id"] in filters.sources,
            filters.job in {None, row["changed_by_job"]},
        )
    )


def make_filter(model: type[Mirrored], sources: list[int], random: Random) -> Any:
    """Return a filter of one to three conditions."""

    def span(*values: Any) -> Range[Any]:
        low, high = random.choice([None, *values]), random.choice([None, *values])
        return Range(low, high)

    days = ("0d", "3d", "30d", "2026-05-01", "2026-04-20")
    made: dict[str, Any] = {
        "search": lambda: random.choice(SEARCHES),
        "missing": lambda: tuple(m for m in EntityMissing if random.random() < 0.3),
        "scenes": lambda: span(0, 1, 7, 100),
        **{name: lambda: span(*days) for name in MOMENTS},
        "favorite": lambda: True,
        "sources": lambda: (random.choice(sources),),
        "job": lambda: random.choice([7, 8, 9]),
        "removed": lambda: True,
    }
    if model is not Tag:
        made["rating"] = lambda: span(0, 60, 61)
    some = random.sample(sorted(made), random.randint(1, 3))
    return EntityFilter(**{name: made[name]() for name in some})


@pytest.mark.parametrize("model", [Performer, Tag, Studio])
def test_sql_finds_what_a_plain_loop_finds(model: type[Mirrored]) -> None:
    random = Random(13)
    rows = make_rows(model, random)
    sources = sorted({row["source_id"] for row in rows.values()})
    some = 0

    for _ in range(FILTERS):
        filters = make_filter(model, sources, random)
        found = set(filtered_entities(model, filters).values_list("id", flat=True))
        wanted = {key for key, row in rows.items() if fits(row, filters)}
        assert found == wanted, filters
        some += bool(wanted)

    assert some > FILTERS // 3
