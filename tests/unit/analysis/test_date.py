"""Dates are read where they are dates, and nowhere else."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncapp.analysis.dates import dates_in
from syncapp.analysis.detectors.date import DATE
from syncapp.analysis.library import DateOrder, Rules
from syncapp.analysis.month_names import MONTHS
from syncapp.analysis.proposals import HeldBack
from tests.hand_readings import TODAY, Shelf, proposed, read_scene, values

ISSUE, PLAN = "the list of the analysis issue", "the plan of the analysis"
STASH, USERS = "Stash's file names", "forum posts of people who tag"
RELEASES, CAMERAS = "names of releases", "names that cameras give"

# (name or path, the dates that are proposed, where such a name was met)
DATES = [
    ("Oct 28, 2009", ["2009-10-28"], ISSUE),
    ("7-14-2009", ["2009-07-14"], ISSUE),
    ("22.11.2011", ["2011-11-22"], ISSUE),
    ("17. März 2011 - Tides", ["2011-03-17"], USERS),
    ("Tides - 28 mars 1997", ["1997-03-28"], USERS),
    ("Tides (16 août 2019)", ["2019-08-16"], USERS),
    ("28 de diciembre de 2018 Tides", ["2018-12-28"], USERS),
    ("Tides 9 ottobre 2011", ["2011-10-09"], USERS),
    ("Tides - 29 сентября 2016", ["2016-09-29"], USERS),
    ("Tides - 2004", ["2004"], USERS),
    ("1999 - Tides", ["1999"], USERS),
    ("Blue Planet Films 2017", ["2017"], USERS),
    ("1997-11-21_08_15 - Arts - Tides", ["1997-11-21"], USERS),
    ("20200916-119273743", ["2020-09-16"], ISSUE),
    ("2009-08-01_6052", ["2009-08-01"], ISSUE),
    ("(2009) part 1", ["2009"], ISSUE),
    ("Lecture 2009-08-01", ["2009-08-01"], PLAN),
    ("Lecture.2009.08.01.Tides", ["2009-08-01"], PLAN),
    ("Lecture_2009_08_01_Tides", ["2009-08-01"], STASH),
    ("Lecture 2009 08 01 Tides", ["2009-08-01"], STASH),
    ("[2009-08-01] Tides", ["2009-08-01"], USERS),
    ("(2009.8.1) Tides", ["2009-08-01"], USERS),
    ("Tides 2009-8-1", ["2009-08-01"], USERS),
    ("tides2009-08-01", ["2009-08-01"], USERS),
    ("2009-08-01T12:30:00 Tides", ["2009-08-01"], CAMERAS),
    ("2009-08-01 12-30-00", ["2009-08-01"], CAMERAS),
    ("2009-08-01-02", ["2009-08-01"], CAMERAS),
    ("IMG_20200916_123456", ["2020-09-16"], CAMERAS),
    ("VID20200916123456", ["2020-09-16"], CAMERAS),
    ("PXL_20200916_123456789", ["2020-09-16"], CAMERAS),
    ("20200916T123456Z tides", ["2020-09-16"], CAMERAS),
    ("tides 20200916", ["2020-09-16"], STASH),
    ("28.10.2009 Tides", ["2009-10-28"], PLAN),
    ("28-10-2009 Tides", ["2009-10-28"], PLAN),
    ("28_10_2009 Tides", ["2009-10-28"], USERS),
    ("28 10 2009 Tides", ["2009-10-28"], USERS),
    ("Clip 22.11.2011", ["2011-11-22"], USERS),
    ("03.03.2011", ["2011-03-03"], USERS),
    ("2009.10.28.720p.WEB", ["2009-10-28"], RELEASES),
    ("Show.S01E02.2009.10.28", ["2009-10-28"], RELEASES),
    ("October 28 2009", ["2009-10-28"], STASH),
    ("Oct.28.2009", ["2009-10-28"], STASH),
    ("28 Oct 2009", ["2009-10-28"], STASH),
    ("28-Oct-2009", ["2009-10-28"], STASH),
    ("28Oct2009", ["2009-10-28"], USERS),
    ("28th of October, 2009", ["2009-10-28"], USERS),
    ("Sept. 1st, 2009", ["2009-09-01"], USERS),
    ("2009 Oct 28", ["2009-10-28"], USERS),
    ("2019 May 4", ["2019-05-04"], PLAN),
    ("Tides (May 4th 2019)", ["2019-05-04"], USERS),
    ("2009年10月28日", ["2009-10-28"], USERS),
    ("潮2009年10月", ["2009-10"], USERS),
    ("Arts.20.09.16.Tides", ["2020-09-16"], RELEASES),
    ("Blue.Planet.Films.09.08.01.Tides.XXX.1080p", ["2009-08-01"], RELEASES),
    ("[Arts] 20-09-16 Tides", ["2020-09-16"], RELEASES),
    ("20.09.16 Arts - Tides", ["2020-09-16"], USERS),
    ("Arts.98.10.28.Tides", ["1998-10-28"], RELEASES),
    ("Arts.28.10.09.Tides", ["2009-10-28"], USERS),
    ("03.04.2019", ["2019-04-03", "2019-03-04"], PLAN),
    ("Tides 4-3-2019", ["2019-03-04", "2019-04-03"], PLAN),
    ("2009-08-01 to 2009-08-15", ["2009-08-01", "2009-08-15"], USERS),
    ("2009-08-01 aka 01.08.2009", ["2009-08-01"], USERS),
    ("Tides (2009) 2009-08-01", ["2009-08-01"], USERS),
    ("Tides (2009)", ["2009"], USERS),
    ("Tides [1931]", ["1931"], USERS),
    ("Tides.1931.1080p.BluRay", ["1931"], RELEASES),
    ("Tides.of.2049.2017.2160p.UHD", ["2017"], RELEASES),
    ("2012.2009.720p.BluRay", ["2009"], RELEASES),
    ("Tides October 2009", ["2009-10"], STASH),
    ("/films/2015/Tides", ["2015"], PLAN),
    ("/films/2015/04/Tides", ["2015-04"], USERS),
    ("/films/2015/04/30/Tides", ["2015-04-30"], USERS),
    ("/films/2015/04 - April/Tides", ["2015-04"], USERS),
    ("/films/2015/April/Tides", ["2015-04"], USERS),
    ("/films/2015-04/Tides", ["2015-04"], USERS),
    ("/films/2015-04-30 Tides/part 1", ["2015-04-30"], USERS),
    (r"\\nas\films\2015\Tides", ["2015"], PLAN),
    (r"D:\films\2015-04-30\Tides", ["2015-04-30"], PLAN),
    ("/2020-01-01/Tides 2009-08-01", ["2009-08-01"], PLAN),
    ("/2020-01-01 new/2009-08-01/Tides", ["2009-08-01"], PLAN),
    ("/2009/Tides 03.04.2009", ["2009-04-03", "2009-03-04"], USERS),
    ("/2009-04/Tides 03.04.2009", ["2009-04-03"], USERS),
    ("/2009-08-01/Tides (2009)", ["2009-08-01"], USERS),
    ("Title (03.14.2019) (x)/", ["2019-03-14"], PLAN),
]

# (name or path, where such a name was met): no date
NO_DATES = [
    ("Class of 1999", USERS),
    ("Tides 1999 Again", USERS),
    ("Tides 1080p", PLAN),
    ("Tides 1080", PLAN),
    ("Tides 2160", PLAN),
    ("Tides (1080)", PLAN),
    ("Tides (2160)", PLAN),
    ("Tides 1920x1080", PLAN),
    ("Tides 1280x720p 60fps", RELEASES),
    ("Tides.H.264", PLAN),
    ("Tides.x264.10.12.2009", RELEASES),
    ("Tides.DTS.5.1.2009", RELEASES),
    ("Tides.DD.5.1.2009", RELEASES),
    ("Tides S01E02", ISSUE),
    ("Tides 12.30.45", ISSUE),
    ("Tides 12-30-45", ISSUE),
    ("Tides 12:30:45", ISSUE),
    ("20.09.16 Tides", PLAN),
    ("Tides 20.09.16", PLAN),
    ("Jane.Doe.20.09.16", PLAN),
    ("Arts Tides 20.09.16", PLAN),
    ("Arts.10.20.30.40", USERS),
    ("Arts 12.30.45", USERS),
    ("d41d8cd98f00b204e9800998ecf8427e", ISSUE),
    ("20091028-1234-4abc-8def-1234567890ab", ISSUE),
    ("a20091028b", ISSUE),
    ("120091028", ISSUE),
    ("200910281", ISSUE),
    ("119273743", ISSUE),
    ("12345678", PLAN),
    ("20201350", PLAN),
    ("20200230", PLAN),
    ("2009-13-01", PLAN),
    ("2009-02-30", PLAN),
    ("2009-00-00", PLAN),
    ("31.04.2009", PLAN),
    ("29.02.2009", PLAN),
    ("v2009.08.01", PLAN),
    ("v2.10.2009", PLAN),
    ("Tides v 2.10.2009", PLAN),
    ("Tides 1.2.10.2009", PLAN),
    ("Part.3.10.2009", USERS),
    ("Episode 3 10 2009", USERS),
    ("1.12.2009.08.01", USERS),
    ("1889-12-31", PLAN),
    ("1066-10-14 Hastings", PLAN),
    ("2024-05-18", PLAN),
    ("2049-01-01", PLAN),
    ("18.05.2024", PLAN),
    ("(2025)", PLAN),
    ("2001 A Reel of Tides", USERS),
    ("Tides of 2049", USERS),
    ("2012", USERS),
    ("2012.1080p.BluRay", RELEASES),
    ("Tides (1998) (2004)", USERS),
    ("/films/2009-10/Tides", USERS),
    ("/films/2015-13/Tides", USERS),
    ("/films/1080/Tides", PLAN),
    ("/films/2160/Tides", PLAN),
    ("May 2019", PLAN),
    ("Tides.HDR.BT.2020.1080p", RELEASES),
    ("Oct 28", USERS),
    ("192.168.1.2009", USERS),
    ("2009-08-01 2010-08-01 2011-08-01 2012-08-01", USERS),
    ("2009-08-01 " * 21, USERS),
    ("２００９-０８-０１ ٢٠٠٩", USERS),  # noqa: RUF001 - digits that are not ours
]


def in_file(name: str) -> str:
    return name if name.endswith("/") else f"{name}.mp4"


@pytest.mark.parametrize(("name", "dates", "met"), DATES)
def test_a_date_is_read(name: str, dates: list[str], met: str) -> None:
    assert values(DATE, read_scene(in_file(name))) == dates, met


@pytest.mark.parametrize(("name", "met"), NO_DATES)
def test_no_date_is_read(name: str, met: str) -> None:
    assert values(DATE, read_scene(in_file(name))) == [], met


@pytest.mark.parametrize(
    ("name", "marked"),
    [
        ("/a/Tides (Oct 28, 2009).mp4", ["Oct 28, 2009"]),
        ("/a/Tides (2009).mp4", ["2009"]),
        ("/2015/04/30/Tides.mp4", ["2015", "04", "30"]),
        ("/2009-04/Tides 03.04.2009.mp4", ["03.04.2009", "2009-04"]),
        ("VID_20200916_123456.mp4", ["20200916"]),
    ],
)
def test_the_date_is_marked_where_it_stands(name: str, marked: list[str]) -> None:
    [proposal] = proposed(DATE, read_scene(name))

    spans = proposal.evidence.spans
    assert [name[span.start : span.end] for span in spans] == marked


def test_dates_that_exclude_each_other_are_one_choice() -> None:
    two = proposed(DATE, read_scene("/a/03.04.2019.mp4"))

    assert [one.choice for one in two] == ["date", "date"]
    assert proposed(DATE, read_scene("/a/2019-04-03.mp4"))[0].choice == ""


def test_each_of_two_dates_is_marked_alone() -> None:
    name = "/a/2009-08-01 to 2009-08-15.mp4"

    for one in proposed(DATE, read_scene(name)):
        [span] = one.evidence.spans
        assert name[span.start : span.end] == one.value


@pytest.mark.parametrize(
    ("orders", "dates"),
    [
        ({"/films": DateOrder.DAY_FIRST}, ["2019-04-03"]),
        ({"/films/": DateOrder.MONTH_FIRST}, ["2019-03-04"]),
        (
            {"/films": DateOrder.DAY_FIRST, "/films/new": DateOrder.MONTH_FIRST},
            ["2019-03-04"],
        ),
        (
            {"/films": DateOrder.MONTH_FIRST, "/films/n": DateOrder.DAY_FIRST},
            ["2019-03-04"],
        ),
        ({"/other": DateOrder.DAY_FIRST}, ["2019-04-03", "2019-03-04"]),
    ],
)
def test_the_deepest_rule_tells_day_from_month(
    orders: dict[str, DateOrder], dates: list[str]
) -> None:
    shelf = Shelf(rules=Rules(date_orders=orders))

    found = values(DATE, read_scene("/films/new/03.04.2019.mp4", shelf=shelf), shelf)
    windows = read_scene(r"\films\new\03.04.2019.mp4", shelf=shelf)

    assert found == values(DATE, windows, shelf) == dates


def test_a_date_with_one_meaning_needs_no_rule() -> None:
    shelf = Shelf(rules=Rules(date_orders={"/films": DateOrder.MONTH_FIRST}))

    found = proposed(DATE, read_scene("/films/28.10.2009.mp4", shelf=shelf), shelf)

    assert [(one.value, one.evidence.kind) for one in found] == [
        ("2009-10-28", "file, year last")
    ]


@pytest.mark.parametrize("name", ["(2009) part 1.mp4", "/2015/a.mp4", "/2015-04/a.mp4"])
def test_a_source_that_keeps_whole_dates_alone_is_offered_no_other(name: str) -> None:
    shelf = Shelf(takes_partial_dates=False)
    found = list(DATE.find(read_scene(name, shelf=shelf), shelf.library()))

    assert values(DATE, read_scene(name, shelf=shelf), shelf) == []
    assert "whole dates" in str(found)


@pytest.mark.parametrize(
    ("has", "options", "kinds"),
    [
        ("", [], {"2009-08-01": "file, iso"}),
        ("2009-08-01", ["date.replace"], {}),
        ("2009-08-02", [], {}),
        ("2009-08-02", ["date.replace"], {"2009-08-01": "replaces the date"}),
        ("2009", [], {"2009-08-01": "fuller"}),
        ("2009-08", [], {"2009-08-01": "fuller"}),
        ("2010", [], {}),
        ("2010", ["date.replace"], {"2009-08-01": "replaces the date"}),
    ],
)
def test_a_date_that_is_there_stays(
    has: str, options: list[str], kinds: dict[str, str]
) -> None:
    scene = read_scene("/a/2009-08-01 Tides.mp4", date=has, options=options)

    assert {p.value: p.evidence.kind for p in proposed(DATE, scene)} == kinds


def test_a_partial_date_tells_which_meaning_is_right() -> None:
    scene = read_scene("/a/03.04.2019.mp4", date="2019-04")

    assert values(DATE, scene) == ["2019-04-03"]


def test_a_folder_with_another_date_is_said() -> None:
    [contested] = proposed(DATE, read_scene("/2020-01-01/Tides 2009-08-01.mp4"))

    assert contested.evidence.kind == "contested date"


def test_library_roots_are_no_evidence() -> None:
    shelf = Shelf(roots=("/2015",))

    assert values(DATE, read_scene("/2015/Tides.mp4", shelf=shelf), shelf) == []


def test_a_year_of_two_digits_is_held_back_and_says_why() -> None:
    found = list(DATE.find(read_scene("/a/Tides 09.08.01.mp4"), Shelf().library()))

    assert [type(one) for one in found] == [HeldBack]
    assert found[0].value == "2009-08-01"
    assert "studio" in str(found[0])


def test_the_reason_says_what_was_read() -> None:
    [proposal] = proposed(DATE, read_scene("/a/Tides (Oct 28, 2009).mp4"))

    assert proposal.evidence.sentence == (
        '"Oct 28, 2009": In the file\'s name, written with the name of its month.'
    )


NUMBERS = st.integers(0, 99_999_999).map(str)
PIECES = st.one_of(
    st.sampled_from([*"-._ /()[],T年月日", "May", "oct", "1080p", "Arts", "th", "of "]),
    NUMBERS,
    st.sampled_from(["2009", "08", "01", "28", "1999", "20200916"]),
    st.text(max_size=3),
)
NAMES = st.lists(PIECES, max_size=14).map("".join)


@given(NAMES)
def test_whatever_the_name_only_real_dates_are_read(name: str) -> None:
    studios = [range(m.start(), m.end()) for m in re.finditer("Arts", name)]
    for one in dates_in(name, 0, len(name), today=TODAY, studios=studios):
        assert 0 <= one.start < one.end <= len(name)
        for value in one.values:
            assert_real(value)
            assert_told(value, name[one.start : one.end])


@given(NAMES)
def test_whatever_the_path_spans_hold_the_digits(name: str) -> None:
    for one in proposed(DATE, read_scene(name)):
        parts = [name[span.start : span.end] for span in one.evidence.spans]
        assert_real(str(one.value))
        assert_told(str(one.value), " ".join(parts))


def assert_real(value: str) -> None:
    year, month, day = (*map(int, value.split("-")), 1, 1)[:3]
    assert year >= 1890
    assert date(year, month, day) <= TODAY


def assert_told(value: str, text: str) -> None:
    """Assert that each number of a date stands in a text, a month maybe by its name."""
    year, *others = value.split("-")
    assert year[2:] in text
    for place, number in enumerate(others):
        named = place == 0 and MONTHS[int(number) - 1][:3] in text.lower()
        assert str(int(number)) in text or named
