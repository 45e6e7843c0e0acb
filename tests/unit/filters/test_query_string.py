"""A filter stands in an address, and is read back as what it was."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncapp.filters.query_string import (
    LARGEST,
    MOST_CHOSEN,
    PARAMS,
    Param,
    Reading,
    filter_params,
    parse_scene_filter,
)
from syncapp.filters.values import ALL_LEVELS, Choice, Missing, Range, SceneFilter
from syncapp.text.terms import Unsearchable, read_terms

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30).map(
    str.strip
)
IDS = st.frozensets(st.integers(0, LARGEST), max_size=4).map(
    lambda ids: tuple(sorted(ids))
)
WHOLE = st.integers(0, 10**9)
DECIMALS = st.integers(0, 10**9).map(lambda n: n / 1_000)
DAYS = st.dates().map(str) | st.integers(0, 9_999).map("{}d".format)
DATES = st.dates().map(str).flatmap(lambda d: st.sampled_from([d[:4], d[:7], d]))


def can_be_searched(text: str) -> bool:
    try:
        return bool(read_terms(text)) or not text
    except Unsearchable:
        return False


def ranges(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Range[Any]]:
    ends = st.none() | values
    return st.builds(Range, ends, ends)


def choices(*, single: bool = False, below: bool = True) -> st.SearchStrategy[Choice]:
    depth = st.sampled_from([0, 1, 7, ALL_LEVELS]) if below else st.just(0)
    none: st.SearchStrategy[tuple[int, ...]] = st.just(())
    return st.builds(
        Choice, all=none if single else IDS, any=IDS, none=IDS, depth=depth
    )


FILTERS = st.builds(
    SceneFilter,
    search=TEXTS.filter(can_be_searched),
    studios=choices(single=True),
    tags=choices(),
    performers=choices(below=False),
    missing=st.frozensets(st.sampled_from(Missing)).map(
        lambda some: tuple(each for each in Missing if each in some)
    ),
    date=ranges(DATES),
    added=ranges(DAYS),
    updated=ranges(DAYS),
    changed=ranges(DAYS),
    duration=ranges(DECIMALS),
    size=ranges(WHOLE),
    height=ranges(WHOLE),
    frame_rate=ranges(DECIMALS),
    bit_rate=ranges(WHOLE),
    rating=ranges(st.integers(0, 100)),
    plays=ranges(WHOLE),
    o_counter=ranges(WHOLE),
    organized=st.none() | st.booleans(),
    favorite_people=st.booleans(),
    several_files=st.booleans(),
    folder=TEXTS,
    sources=IDS,
    job=st.none() | st.integers(0, LARGEST),
    removed=st.booleans(),
)


def names_of(param: Param) -> set[str]:
    """Return the parameters that it asks about."""
    asked: set[str] = set()

    class Asking(Reading):
        def every(self, name: str) -> list[str]:
            asked.add(name)
            return []

    param.read(Asking({}))
    return asked


@given(FILTERS)
def test_what_was_written_is_read_as_it_was(filters: SceneFilter) -> None:
    address = urlencode(filter_params(filters))

    parsed = parse_scene_filter(parse_qs(address))

    assert (parsed.filters, parsed.names, parsed.wrong) == (filters, {}, {})
    assert urlencode(filter_params(parsed.filters)) == address


@pytest.mark.parametrize(
    ("name", "texts", "sentence"),
    [
        ("tagg", ["1"], "There is no filter “tagg”."),
        ("q", ["a", "b"], "“q” is given more than once: give it once."),
        ("none", ["rating"], "“rating” is nothing that can be missing here."),
        ("date_from", ["2011-02-30"], "“2011-02-30” is not a date, such as 2011"),
        ("date_to", ["04/2011"], "“04/2011” is not a date"),
        ("added_from", ["lately"], "“lately” is not a day, such as 2026-11-27"),
        ("duration_to", ["long"], "“long” is not a time, such as 90"),
        ("size_from", ["-1"], "“-1” is not a size, such as 700 MB"),
        ("height_from", ["1080p"], "“1080p” is not a number."),
        ("rating_from", ["101"], "“101” is not a number up to 100."),
        ("plays_from", [str(2**63)], "is not a number."),
        ("organized", ["maybe"], "“maybe” is not yes or no."),
        ("removed", ["true"], "“true” is not 1."),
        ("tag_depth", ["21"], "“21” is not a number of levels up to 20, or “all”."),
        ("source", ["Home"], "“Home” is not the id of a source."),
        ("folder", ["x" * 501], "is not a text of 500 characters."),
        ("q", ["a\0b"], "is not a text of 500 characters."),
        ("tag", [str(n) for n in range(MOST_CHOSEN + 1)], "No more than 100 can be"),
    ],
)
def test_what_is_wrong_is_told_beside_its_parameter(
    name: str, texts: Sequence[str], sentence: str
) -> None:
    parsed = parse_scene_filter({name: texts})

    assert list(parsed.wrong) == [name]
    assert sentence in parsed.wrong[name]
    assert parsed.filters == SceneFilter()


@pytest.mark.parametrize(
    ("params", "meant"),
    [
        ({"size_from": ["1.5 GB"]}, SceneFilter(size=Range(1_500_000_000))),
        ({"bit_rate_to": ["8 Mbit/s"]}, SceneFilter(bit_rate=Range(None, 8_000_000))),
        ({"duration_from": ["1:02:05"]}, SceneFilter(duration=Range(3_725.0))),
        ({"duration_to": ["1:30"]}, SceneFilter(duration=Range(None, 90.0))),
        ({"changed_from": ["Yesterday"]}, SceneFilter(changed=Range("1d"))),
        ({"tag": ["7", "4", "7"]}, SceneFilter(tags=Choice(all=(4, 7)))),
        ({"studio": ["7", "4"]}, SceneFilter(studios=Choice(any=(4, 7)))),
        ({"q": ["", " reel "], "tag": [""]}, SceneFilter(search="reel")),
    ],
)
def test_what_people_type_is_read(
    params: dict[str, list[str]], meant: SceneFilter
) -> None:
    parsed = parse_scene_filter(params)

    assert (parsed.filters, parsed.wrong) == (meant, {})


def test_a_name_where_an_id_belongs_is_noted() -> None:
    parsed = parse_scene_filter({"tag": ["Harbour", "12"], "no_tag": ["Fog"]})

    assert parsed.filters.tags == Choice(all=(12,))
    assert parsed.names == {"tag": ("Harbour",), "no_tag": ("Fog",)}
    assert parsed.wrong == {}


def test_a_number_that_no_row_has_is_no_id() -> None:
    assert parse_scene_filter({"tag": ["9" * 19]}).names == {"tag": ("9" * 19,)}


NAMES = sorted({name for each in PARAMS.values() for name in names_of(each)})


@given(st.dictionaries(st.sampled_from(NAMES), st.lists(st.text(max_size=25))))
def test_nothing_that_is_typed_is_an_error(params: dict[str, list[str]]) -> None:
    parsed = parse_scene_filter(params)

    again = parse_scene_filter(parse_qs(urlencode(filter_params(parsed.filters))))
    assert (again.filters, again.wrong) == (parsed.filters, {})
