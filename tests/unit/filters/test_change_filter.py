"""What an address asks of the page of changes, read and written again."""

from hypothesis import given
from hypothesis import strategies as st

from syncapp.filters.changes import (
    ALL_WHAT,
    STREAM_NAMES,
    ChangeFilter,
    change_params,
    parse_change_filter,
)
from syncapp.filters.values import Range

DAYS = st.sampled_from([None, "0d", "7d", "2026-11-27"])
FILTERS = st.builds(
    ChangeFilter,
    days=st.builds(Range, DAYS, DAYS),
    sources=st.sets(st.integers(1, 2**40), max_size=3).map(lambda s: tuple(sorted(s))),
    streams=st.sets(st.sampled_from(STREAM_NAMES)).map(
        lambda chosen: tuple(name for name in STREAM_NAMES if name in chosen)
    ),
    happened=st.sets(st.sampled_from(ALL_WHAT)).map(
        lambda chosen: tuple(what for what in ALL_WHAT if what in chosen)
    ),
    job=st.none() | st.integers(0, 2**62),
)


@given(FILTERS)
def test_what_is_written_is_read_again(filters: ChangeFilter) -> None:
    params: dict[str, list[str]] = {}
    for name, value in change_params(filters):
        params.setdefault(name, []).append(value)

    parsed = parse_change_filter(params)

    assert (parsed.filters, parsed.wrong) == (filters, {})


def test_one_of_each_is_one_list() -> None:
    one = ChangeFilter(streams=("tags",), happened=("went",), job=7)

    assert one.group == (7, "tags", "went")
    assert ChangeFilter(streams=("tags",), job=7).group is None
