"""The filter of performers, tags and studios stands in an address, and is read back."""

from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncapp.filters.entity_query_string import (
    entity_filter_params,
    parse_entity_filter,
)
from syncapp.filters.values import EntityFilter, EntityMissing
from tests.unit.filters.test_query_string import (
    DAYS,
    IDS,
    TEXTS,
    WHOLE,
    can_be_searched,
    ranges,
)

FILTERS = st.builds(
    EntityFilter,
    search=TEXTS.filter(can_be_searched),
    missing=st.frozensets(st.sampled_from(EntityMissing)).map(
        lambda some: tuple(each for each in EntityMissing if each in some)
    ),
    scenes=ranges(WHOLE),
    rating=ranges(st.integers(0, 100)),
    added=ranges(DAYS),
    updated=ranges(DAYS),
    changed=ranges(DAYS),
    favorite=st.booleans(),
    sources=IDS,
    job=st.none() | WHOLE,
    removed=st.booleans(),
)


@given(FILTERS)
def test_what_was_written_is_read_as_it_was(filters: EntityFilter) -> None:
    address = urlencode(entity_filter_params(filters))

    parsed = parse_entity_filter("performers", parse_qs(address))

    assert (parsed.filters, parsed.wrong) == (filters, {})
    assert urlencode(entity_filter_params(parsed.filters)) == address


@pytest.mark.parametrize(
    ("stream", "name", "text", "sentence"),
    [
        ("tags", "rating_from", "60", "There is no filter “rating_from”."),
        ("studios", "rating_from", "x", "“x” is not a number up to 100."),
        ("tags", "none", "files", "“files” is nothing that can be missing here."),
        ("performers", "scenes_to", "few", "“few” is not a number."),
        ("performers", "folder", "/films", "There is no filter “folder”."),
        ("studios", "source", "Home", "“Home” is not the id of a source."),
    ],
)
def test_what_is_wrong_is_told_beside_its_parameter(
    stream: str, name: str, text: str, sentence: str
) -> None:
    parsed = parse_entity_filter(stream, {name: [text]})

    assert list(parsed.wrong) == [name]
    assert sentence in parsed.wrong[name]
    assert parsed.filters == EntityFilter()


def test_several_may_be_missing_at_once() -> None:
    parsed = parse_entity_filter("tags", {"none": ["scenes", "aliases"]})

    assert parsed.filters.missing == (EntityMissing.ALIASES, EntityMissing.SCENES)
