"""The index of a source is compared with the mirror, whatever way it comes in pages."""

import pytest

from syncapp.models import Tag
from syncapp.models.keys import row_id
from syncapp.stash.shapes import IndexRow
from syncapp.sync.index import ROWS, diff_index
from syncapp.sync.record_diff import MIRRORED_COLUMNS
from syncapp.sync.statements import execute, upsert
from syncapp.sync.streams.tags import COLUMNS
from tests.builders import NOON, STAMP, make_source

pytestmark = pytest.mark.django_db
OWN: tuple[object, ...] = ("Dunes", "", "", [], [], True, False, "dunes")
JOBS = (None,) * 5  # nobody deleted it, changed it or brought it
MANY = 2 * ROWS + 700


def listed(*numbers: int) -> list[IndexRow]:
    return [IndexRow(number, STAMP, STAMP) for number in numbers]


@pytest.mark.parametrize("size", [999, 1_000, ROWS, MANY])
def test_long_index_in_pages_of_any_size_is_compared_whole(size: int) -> None:
    source_id = make_source().pk
    times = (STAMP, STAMP, NOON, NOON)
    rows = [
        (row_id(source_id, n), source_id, n, *times, 7, False, NOON, *JOBS, *OWN)
        for n in range(1, MANY + 1)
    ]
    execute(upsert(Tag, (*MIRRORED_COLUMNS, *COLUMNS), rows))
    gone = [1, ROWS, ROWS + 1, MANY]
    there = [n for n in range(1, MANY + 3) if n not in gone]
    pages = [listed(*there[at : at + size]) for at in range(0, len(there), size)]

    found = diff_index(Tag, source_id, [*pages, []])

    assert found.to_read == [MANY + 1, MANY + 2]
    assert found.gone == [row_id(source_id, n) for n in gone]
    assert (found.mirrored, found.known) == (MANY, MANY - 4)
