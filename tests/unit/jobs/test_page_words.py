"""How values are written on pages."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from jobs.templatetags.pages import (
    ago,
    at,
    duration,
    plain,
    tables,
    thousands,
    took,
    web_link,
)

START = datetime(2024, 5, 17, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("url", ["http://nas:9999/scenes/1", "https://films.example/a"])
def test_web_addresses_become_links(url: str) -> None:
    assert web_link(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:msgbox(1)",
        "//evil.example/x",
        "http:alert(1)",
        "http://[",
        "/scenes/1",
        "",
    ],
)
def test_other_addresses_do_not(url: str) -> None:
    assert web_link(url) == ""


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00"), (59.9, "0:59"), (754, "12:34"), (3_725, "1:02:05"), (None, "")],
)
def test_length_of_a_film(seconds: float | None, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.56, "0.6 s"), (12, "12 s"), (75, "1 min 15 s"), (7_265, "2 h 1 min")],
)
def test_time_that_something_took(seconds: float, text: str) -> None:
    assert took(START, START + timedelta(seconds=seconds)) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (5, "just now"),
        (200, "3 min ago"),
        (7_200, "2 h ago"),
        (90_000, "yesterday"),
        (400_000, "4 days ago"),
    ],
)
def test_time_that_has_passed(seconds: int, text: str) -> None:
    assert f">{text}</time>" in ago(datetime.now(UTC) - timedelta(seconds=seconds))


def test_exact_time_carries_its_zone() -> None:
    assert at(START) == (
        '<time datetime="2024-05-17T12:00:00+00:00" '
        'title="17 May 2024, 12:00:00 UTC">17 May 2024, 12:00:00 UTC</time>'
    )


def test_what_never_was_says_so() -> None:
    assert (ago(None), at(None, "not yet")) == ("never", "not yet")


def test_numbers_have_thousands_and_other_things_stay() -> None:
    assert [thousands(x) for x in (1234567, None, "0.30", True)] == [
        "1,234,567",
        "",
        "0.30",
        "yes",
    ]


def test_parameters_are_plain_words() -> None:
    assert [plain(x) for x in ([3, 5], [], True, "x")] == ["3, 5", "", "yes", "x"]


def test_result_of_a_sync_is_a_table_by_stream() -> None:
    result = {
        "streams": {"tags": {"new": 2, "gone": 0}, "scenes": {"new": 5, "gone": 1}},
        "held": {},
    }

    (table,) = tables(result)

    assert table.title == "streams"
    assert table.columns == ("new", "gone")
    assert table.rows == (("tags", (2, 0)), ("scenes", (5, 1)))


def test_flat_results_are_tables_too() -> None:
    found = tables({"checked": 3, "held": {"scenes": 40}})

    assert [(t.title, t.rows) for t in found] == [
        ("", (("checked", (3,)),)),
        ("held", (("scenes", (40,)),)),
    ]


def test_the_first_moment_is_written_also_where_clocks_lie_behind() -> None:
    first = datetime(1, 1, 1, tzinfo=UTC)
    with timezone.override("America/New_York"):
        written = at(first), ago(first)

    assert all(">1 Jan " in words for words in written)
