"""Rows written in bulk are read back by the ORM as they were given."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from syncapp.models import SceneTag, Source, Tag
from syncapp.sync.record_diff import MIRRORED_COLUMNS
from syncapp.sync.statements import (
    SQLITE_VARIABLES,
    add_to_counts,
    delete_pairs,
    execute,
    set_columns,
    upsert,
)
from syncapp.sync.streams.tags import COLUMNS

pytestmark = pytest.mark.django_db
ALL = (*MIRRORED_COLUMNS, *COLUMNS)
MOMENT = datetime(2026, 3, 29, 1, 30, 5, 123456, tzinfo=timezone(timedelta(hours=-10)))


def row(number: int, name: str = "Dunes") -> tuple[object, ...]:
    shared = (number, 1, number, "a", "b", MOMENT, MOMENT, -5, True, MOMENT, None, 12)
    came = (None, MOMENT, 12)
    own = (name, "", "", ["x", "Ü\u2028"], [["e", "1"]], True, False, "dunes")
    return (*shared, *came, *own)


@pytest.fixture
def _source() -> None:
    Source.objects.create(pk=1, name="Film archive", url="http://nas:9999")


@pytest.mark.usefixtures("_source")
def test_every_column_reads_back_as_given() -> None:
    execute(upsert(Tag, ALL, [row(1, 'He said "1%" \\ \u00df \U0001f30a')]))

    assert Tag.objects.values_list(*ALL).get() == row(
        1, 'He said "1%" \\ \u00df \U0001f30a'
    )
    assert Tag.objects.get(remote_updated_at=MOMENT.astimezone(UTC)).scene_count == 0


@pytest.mark.usefixtures("_source")
def test_rows_that_exist_are_updated_and_keep_other_columns() -> None:
    execute(upsert(Tag, ALL, [row(1), row(2)]))
    execute(add_to_counts(Tag, [(1, 4), (2, 0)]))

    execute(upsert(Tag, ALL, [row(1, "Heath"), row(3)]))

    found = Tag.objects.order_by("id").values_list("id", "name", "scene_count")
    assert list(found) == [(1, "Heath", 4), (2, "Dunes", 0), (3, "Dunes", 0)]


@pytest.mark.usefixtures("_source")
def test_more_rows_than_one_statement_takes() -> None:
    execute(upsert(Tag, ALL, [row(number) for number in range(1, 2501)]))

    assert Tag.objects.count() == 2500


def test_pairs_are_written_once_and_removed_exactly() -> None:
    columns = ("scene_id", "tag_id")
    execute(upsert(SceneTag, columns, [(1, 2), (1, 3), (2, 3)]))
    execute(upsert(SceneTag, columns, [(1, 2)]))

    execute(delete_pairs(SceneTag, columns, [(1, 3), (9, 9)]))

    assert set(SceneTag.objects.values_list(*columns)) == {(1, 2), (2, 3)}


@pytest.mark.usefixtures("_source")
def test_columns_of_rows_that_exist_are_set_and_others_left() -> None:
    execute(upsert(Tag, ALL, [row(1), row(2)]))

    execute(
        set_columns(Tag, ("content_hash", "unsettled"), [(1, 0, False), (7, 1, True)])
    )

    found = Tag.objects.order_by("id").values_list("id", "content_hash", "unsettled")
    assert list(found) == [(1, 0, False), (2, -5, True)]


@pytest.mark.usefixtures("_source")
def test_more_pairs_are_removed_than_one_statement_takes() -> None:
    pairs = [(number, 1) for number in range(1, SQLITE_VARIABLES)]

    with CaptureQueriesContext(connection) as queries:
        execute(delete_pairs(SceneTag, ("scene_id", "tag_id"), pairs))
        execute(add_to_counts(Tag, pairs))

    assert len(queries.captured_queries) == 4


@pytest.mark.usefixtures("_source")
def test_columns_that_are_kept_are_written_once_alone() -> None:
    execute(upsert(Tag, ALL, [row(1)]))

    execute(upsert(Tag, ALL, [row(1, "Heath"), row(2, "Heath")], kept=("name",)))

    names = Tag.objects.order_by("id").values_list("name", flat=True)
    assert list(names) == ["Dunes", "Heath"]
