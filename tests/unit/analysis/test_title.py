"""A title is what a file's name says beside all else; or there is none."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncapp.analysis.detectors.title import TITLE
from syncapp.analysis.proposals import HeldBack
from syncapp.text.folding import tokens
from tests.hand_readings import PEOPLE, STUDIOS, Shelf, proposed, read_scene, values

PLAN, ISSUE = "the plan of the analysis", "the list of the analysis issue"
RELEASES, USERS = "names of releases", "names that people give"
CAMERAS, SITES = "names that cameras give", "names of downloads"

# (file name, title, where such a name was met)
TITLES = [
    ("Tides at Dawn", "Tides at Dawn", USERS),
    ("Tides.at.Dawn", "Tides at Dawn", RELEASES),
    ("Tides_at_Dawn", "Tides at Dawn", RELEASES),
    ("Tides-at-Dawn", "Tides at Dawn", SITES),
    ("Tides%20at%20Dawn", "Tides at Dawn", SITES),
    ("tides at dawn", "tides at dawn", PLAN),
    ("TIDES AT DAWN", "TIDES AT DAWN", PLAN),
    ("Tides at Dawn Part 2", "Tides at Dawn Part 2", PLAN),
    ("Tides at Dawn - Part 2", "Tides at Dawn - Part 2", PLAN),
    ("Tides at Dawn (Part 2)", "Tides at Dawn (Part 2)", PLAN),
    ("Tides at Dawn - 2", "Tides at Dawn - 2", USERS),
    ("Tides.at.Dawn.Part.2.1080p.WEB-DL.x264-GRP", "Tides at Dawn Part 2", RELEASES),
    ("What's Up, Sea!", "What's Up, Sea!", PLAN),
    ("Who Sails Here?", "Who Sails Here?", PLAN),
    ("Sailors' Rest", "Sailors' Rest", PLAN),
    ("Owl’s Barn", "Owl’s Barn", PLAN),  # noqa: RUF001
    ("Harbour Runner 2049", "Harbour Runner 2049", PLAN),
    ("Class of 1999", "Class of 1999", PLAN),
    ("2001 A Reel of Tides", "2001 A Reel of Tides", PLAN),
    ("2001.A.Reel.of.Tides.1968.1080p.BluRay", "2001 A Reel of Tides", RELEASES),
    ("Tides of 2049.2017.2160p", "Tides of 2049", RELEASES),
    ("12 Angry Gulls", "12 Angry Gulls", RELEASES),
    ("12.Angry.Gulls.1957.720p.x264", "12 Angry Gulls", RELEASES),
    ("Spider-Crab Far from Home", "Spider-Crab Far from Home", RELEASES),
    ("Spider-Crab.Far.From.Home", "Spider-Crab Far From Home", RELEASES),
    ("Dr. Nook", "Dr. Nook", USERS),
    ("The.S.E.A.L.S.Return", "The S.E.A.L.S. Return", RELEASES),
    ("Tides at Dawn (1931)", "Tides at Dawn", PLAN),
    ("Tides.at.Dawn.(1931).BDRip.720p.DTS.X264-GRP", "Tides at Dawn", RELEASES),
    ("Tides.at.Dawn.1931.FRENCH.DVDRip.XviD-GRP", "Tides at Dawn", RELEASES),
    ("Tides.at.Dawn.2016.COMPLETE.BLURAY-GRP", "Tides at Dawn", RELEASES),
    ("Tides.at.Dawn.720p.HDDVD.DTS.x264-GRP", "Tides at Dawn", RELEASES),
    ("Tides at Dawn 1080p WEB x265 AAC5.1 GRP", "Tides at Dawn", RELEASES),
    ("Tides at Dawn 1080p", "Tides at Dawn", PLAN),
    ("Tides at Dawn x265", "Tides at Dawn", PLAN),
    ("Tides at Dawn WEB-DL", "Tides at Dawn", PLAN),
    ("Tides at Dawn 60fps", "Tides at Dawn", PLAN),
    ("Tides at Dawn 1920x1080 10bit", "Tides at Dawn", PLAN),
    ("Tides at Dawn (4K HEVC)", "Tides at Dawn", PLAN),
    ("Tides at Dawn [1080p]", "Tides at Dawn", PLAN),
    ("Tides at Dawn (VHS 12)", "Tides at Dawn (VHS 12)", USERS),
    ("Tides at Dawn VHS-Rip", "Tides at Dawn", RELEASES),
    ("tides-dawn", "tides dawn", SITES),
    ("Spider-Crab", "Spider-Crab", USERS),
    ("ÜberDenFluss", "Über Den Fluss", USERS),
    ("SummerOf1976TheTide", "Summer Of 1976 The Tide", USERS),
    ("Goodbye, Jane Doe", "Goodbye, Jane Doe", USERS),
    ("Arts presents The Long Tide", "The Long Tide", USERS),
    ("The Long Tide by Arts", "The Long Tide", USERS),
    ("Jane Doe S01E02 The Tide", "S01E02 The Tide", USERS),
    ("Jane Doe · Joe Doe The Long Tide", "The Long Tide", USERS),
    ("Bo Velder & Cy Tarn - The Long Tide", "The Long Tide", USERS),
    ("Tides at Dawn [1080p] Part 2", "Tides at Dawn Part 2", USERS),
    ("[rip by sealion] Tides at Dawn [tags, more]", "Tides at Dawn", PLAN),
    ("{tags} Tides at Dawn", "Tides at Dawn", PLAN),
    ("[www.example.org] Tides.at.Dawn.720p", "Tides at Dawn", SITES),
    ("www.example.org - Tides at Dawn", "Tides at Dawn", SITES),
    ("[h265 - HEVC] Tides at Dawn [1080p DTS]", "Tides at Dawn", RELEASES),
    ("[d41d8cd98f00b204] Tides at Dawn", "Tides at Dawn", SITES),
    ("01 - Tides at Dawn", "Tides at Dawn", USERS),
    ("01. Tides at Dawn", "Tides at Dawn", USERS),
    ("01-Tides at Dawn", "Tides at Dawn", USERS),
    ("(1) Tides at Dawn", "Tides at Dawn", RELEASES),
    ("#4 Tides at Dawn", "Tides at Dawn", USERS),
    ("ABC-123 - Tides at Dawn", "Tides at Dawn", USERS),
    ("2009-08-01 Tides at Dawn", "Tides at Dawn", PLAN),
    ("Tides at Dawn 2009-08-01", "Tides at Dawn", PLAN),
    ("Tides at Dawn (Oct 28, 2009)", "Tides at Dawn", PLAN),
    ("2009-08-01_tides_at_dawn", "tides at dawn", USERS),
    ("2009-08-01-tides-at-dawn", "tides at dawn", SITES),
    ("Blue Planet Films - Tides at Dawn", "Tides at Dawn", PLAN),
    ("Blue Planet Films - Jane Doe - Tides at Dawn", "Tides at Dawn", PLAN),
    ("Arts - Tides at Dawn", "Tides at Dawn", PLAN),
    ("Arts - 2009-08-01 - Tides at Dawn [1080p]", "Tides at Dawn", PLAN),
    ("[Arts] Jane Doe - Tides at Dawn", "Tides at Dawn", PLAN),
    ("(Arts) Tides at Dawn", "Tides at Dawn", PLAN),
    ("Tides at Dawn (Jane Doe, Joe Doe)", "Tides at Dawn", PLAN),
    ("Tides at Dawn (Jane Doe & Joe Doe) [1080p]", "Tides at Dawn", PLAN),
    ("Tides at Dawn - Jane Doe", "Tides at Dawn", PLAN),
    ("Jane Doe & Joe Doe - Tides at Dawn", "Tides at Dawn", PLAN),
    ("Jane Doe, Joe Doe and Ada Brook - Tides at Dawn", "Tides at Dawn", PLAN),
    ("Jane Doe feat. Joe Doe - Tides at Dawn", "Tides at Dawn", PLAN),
    ("Tides at Dawn feat. Jane Doe", "Tides at Dawn", PLAN),
    ("Tides at Dawn starring Jane Doe and Joe Doe", "Tides at Dawn", PLAN),
    ("Tides at Dawn with Jane Doe", "Tides at Dawn", PLAN),
    ("Jane Doe Tides at Dawn", "Tides at Dawn", PLAN),
    ("Arts.20.09.16.Jane.Doe.Tides.At.Dawn.XXX.1080p-GRP", "Tides At Dawn", RELEASES),
    (
        "Arts.20.09.16.Jane.Doe.And.Joe.Doe.Tides.At.Dawn.1080p.WEB",
        "Tides At Dawn",
        RELEASES,
    ),
    ("NorthSea.20.09.16.Tides.At.Dawn.720p", "Tides At Dawn", RELEASES),
    ("Owl O'Lovely - Tides at Dawn", "Tides at Dawn", ISSUE),
    ("May - Tides at Dawn", "Tides at Dawn", PLAN),
    ("May Storms", "May Storms", PLAN),
    ("Storms in May", "Storms in May", PLAN),
    ("Lantern at Dawn", "Lantern at Dawn", PLAN),
    ("The Life of Jane Doe", "The Life of Jane Doe", PLAN),
    ("Jane Doe's Diary", "Jane Doe's Diary", PLAN),
    ("Jane Doe in Paris", "Jane Doe in Paris", PLAN),
    ("Finding Jane Doe", "Finding Jane Doe", PLAN),
    ("Arts - The Life of Jane Doe", "The Life of Jane Doe", PLAN),
    ("Arts_2009-08-01_Jane_Doe_The_Long_Tide_1080p", "The Long Tide", RELEASES),
    ("2009-08-01 Blue Planet Films Jane Doe The Long Tide", "The Long Tide", USERS),
    ("Jane Doe (The Long Tide)", "The Long Tide", USERS),
    ("Lecture on Oct 28, 2009", "Lecture", ISSUE),
    ("Oct 28, 2009 – lecture", "lecture", ISSUE),  # noqa: RUF001
    ("Tides at Dawn - S01E02 - Ebb", "Tides at Dawn - S01E02 - Ebb", RELEASES),
    ("Tides at Dawn - Copy", "Tides at Dawn", USERS),
    ("Tides at Dawn HD", "Tides at Dawn", USERS),
    ("HD - Tides at Dawn", "Tides at Dawn", USERS),
    ("Tides at Dawn... Again", "Tides at Dawn... Again", USERS),
    ("U.S. Coasts", "U.S. Coasts", USERS),
    ("Ada Brook: Tides at Dawn", "Tides at Dawn", USERS),
    ("Jane & Joe Doe at Sea", "Jane & Joe Doe at Sea", USERS),
    ("潮の音", "潮の音", USERS),
    ("Arts - 潮の音 [1080p]", "潮の音", USERS),
    ("Łódź nad rzeką", "Łódź nad rzeką", USERS),
    ("Jane.Doe.en.Joe.Doe.Tides.At.Dawn", "Tides At Dawn", RELEASES),
    ("Jane.Doe.+.Joe.Doe.Tides.At.Dawn", "Tides At Dawn", RELEASES),
    ("Arts.20.09.16.Jane.Doe.Tides.At.Dawn.HD.WEB-GRP", "Tides At Dawn", RELEASES),
    ("Arts.20.09.16.Jane.Doe.Tides.At.Dawn.WEB", "Tides At Dawn", RELEASES),
    ("Interview with Jane Doe", "Interview with Jane Doe", USERS),
    ("An Evening with Jane Doe", "An Evening with Jane Doe", USERS),
    ("Arts - 2009-08-01 - Meet Jane Doe", "Meet Jane Doe", USERS),
    ("Jane Doe Explains the Tide", "Jane Doe Explains the Tide", USERS),
    ("Jane Doe and the Tide", "Jane Doe and the Tide", USERS),
    ("Inside Blue Planet Films", "Inside Blue Planet Films", USERS),
    ("Blue Planet Films presents Tides at Dawn", "Tides at Dawn", USERS),
    ("Tides at Dawn, narrated by Jane Doe", "Tides at Dawn", USERS),
    ("Tides at Dawn (directed by Jane Doe)", "Tides at Dawn", USERS),
    ("Tides at Dawn - read by Jane Doe", "Tides at Dawn", USERS),
    ("Jane_Doe_and_Joe_Doe_-_Tides_at_Dawn", "Tides at Dawn", USERS),
    ("Jane Doe Twelve Tides - A Dawn", "Twelve Tides - A Dawn", USERS),
    ('Jane Doe "Tides at Dawn"', "Tides at Dawn", USERS),
    ("Blue Planet Films «Tides at Dawn» 1999", "Tides at Dawn", USERS),
    ('The "Long" Tide', 'The "Long" Tide', USERS),
    ("Tides at Dawn (1)", "Tides at Dawn", USERS),
    ("Tides at Dawn - Copy (2)", "Tides at Dawn", USERS),
    ("03) Tides at Dawn", "Tides at Dawn", USERS),
    ("05 Tides at Dawn", "Tides at Dawn", USERS),
    ("TidesAtDawn", "Tides At Dawn", USERS),
    ("Tides at Dawn-x7Gh29sKq1_", "Tides at Dawn", SITES),
    ("17. März 2011 - Tides at Dawn", "Tides at Dawn", USERS),
    ("Tides at Dawn - December 2002", "Tides at Dawn", USERS),
    ("Tides at Dawn - 2004", "Tides at Dawn", USERS),
    ("Tides.at.Dawn.2005.1280x720.HDTV.x264-GRP", "Tides at Dawn", RELEASES),
    ("Tides: A Study - Reel One", "Tides: A Study - Reel One", USERS),
]

# (file name, where such a name was met): no title
NO_TITLES = [
    ("Jane Doe", PLAN),
    ("jane.doe", PLAN),
    ("May", PLAN),
    ("Arts", PLAN),
    ("Arts - Jane Doe", PLAN),
    ("Arts - Jane Doe - 2009-08-01 [1080p]", PLAN),
    ("Arts.20.09.16.Jane.Doe.1080p", PLAN),
    ("Jane Doe & Joe Doe", PLAN),
    ("Jane Doe (1)", USERS),
    ("Jane Doe - 2", USERS),
    ("Jane Doe - Part 2", USERS),
    ("2009-08-01", PLAN),
    ("2009-08-01_6052", ISSUE),
    ("20200916-119273743", ISSUE),
    ("22.11.2011", ISSUE),
    ("(2009) part 1", ISSUE),
    ("1080p", PLAN),
    ("1080p.x264", PLAN),
    ("[Jane Doe]", ISSUE),
    ("Part 2", PLAN),
    ("Episode 3", PLAN),
    ("S01E02", PLAN),
    ("s01e02.1080p", PLAN),
    ("Scene 4", PLAN),
    ("cd1", PLAN),
    ("Vol. 2", PLAN),
    ("12", PLAN),
    ("#4", PLAN),
    ("119273743", PLAN),
    ("IMG_1234", PLAN),
    ("IMG_1234 (1)", CAMERAS),
    ("DSC0001", PLAN),
    ("DSCN0001", CAMERAS),
    ("VID_20200916_123456", PLAN),
    ("VID-20200916-WA0001", CAMERAS),
    ("PXL_20200916_123456789", CAMERAS),
    ("MVI_0042", CAMERAS),
    ("GOPR0042", CAMERAS),
    ("GX010042", CAMERAS),
    ("DJI_0042", CAMERAS),
    ("P1010042", CAMERAS),
    ("100_0042", CAMERAS),
    ("Screenshot_20200916-123456", CAMERAS),
    ("Screen Recording 2020-09-16 at 12.34.56", CAMERAS),
    ("WhatsApp Video 2020-09-16 at 12.34.56", CAMERAS),
    ("d41d8cd98f00b204e9800998ecf8427e", PLAN),
    ("550e8400-e29b-41d4-a716-446655440000", PLAN),
    ("5f3a9c21", PLAN),
    ("x7Gh29sKq1", PLAN),
    ("ABC-123", PLAN),
    ("abc-123", PLAN),
    ("ABC 1234", PLAN),
    ("video", PLAN),
    ("trailer", PLAN),
    ("video (1)", PLAN),
    ("untitled", PLAN),
    ("Untitled 3", PLAN),
    ("New Movie", PLAN),
    ("tmp_output", PLAN),
    ("asdf", PLAN),
    ("qwertz", PLAN),
    ("sdfghjk", PLAN),
    ("aaaa", PLAN),
    ("---", PLAN),
    ("...", PLAN),
    ("★ !?", PLAN),
    ("(", PLAN),
]


@pytest.mark.parametrize(("name", "title", "met"), TITLES)
def test_a_title_is_left(name: str, title: str, met: str) -> None:
    assert values(TITLE, read_scene(f"/films/{name}.mp4")) == [title], met


@pytest.mark.parametrize(("name", "met"), NO_TITLES)
def test_nothing_is_left(name: str, met: str) -> None:
    assert values(TITLE, read_scene(f"/films/{name}.mp4")) == [], met


@pytest.mark.parametrize(
    ("path", "titles"),
    [
        ("/a/Tides.at.Dawn.2009.1080p-GRP/d41d8cd98f00b204e9800998ecf8427e.mkv", True),
        ("/a/Arts/Tides at Dawn (22.11.2011)/scene.mkv", True),
        ("/a/Tides at Dawn/scene.mkv", False),
        ("/a/Tides at Dawn 2009-08-01/IMG_1234.mp4", False),
    ],
)
def test_a_folder_named_as_a_file_is_tells_what_its_file_does_not(
    path: str,
    titles: bool,  # noqa: FBT001
) -> None:
    found = proposed(TITLE, read_scene(path))

    assert [one.value for one in found] == ["Tides at Dawn"] * titles
    assert {one.evidence.kind for one in found} <= {"a folder's title"}


def test_a_title_that_is_there_stays() -> None:
    assert values(TITLE, read_scene("/films/Tides at Dawn.mp4", title="Ebb")) == []
    assert values(TITLE, read_scene("/films/Tides at Dawn.mp4", title=" ")) != []


@pytest.mark.parametrize(
    "facts",
    [
        {"code": "Tides at Dawn"},
        {"code": "TIDES-AT-DAWN"},
        {"studio_id": 1},
        {"performer_ids": frozenset({2})},
    ],
)
def test_no_title_equals_another_field(facts: dict[str, Any]) -> None:
    shelf = Shelf(studios=("Tides at Dawn",), performers=("Tides-at-Dawn",))
    bare = Shelf(studios=(), performers=())  # the path itself names nobody
    reading = read_scene("/films/Tides.at.Dawn.mp4", shelf=bare, **facts)

    found = list(TITLE.find(reading, shelf.library()))

    assert [type(one) for one in found] == [HeldBack]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Tides at Dawn", "plain"),
        ("tides at dawn", "in lower case"),
        ("潮の音", "plain"),
        ("Tides at Dawn 2009-08-01", "plain"),
        ("Tides.at.Dawn.1931.1080p.x264-GRP", "release"),
        ("Arts - Tides at Dawn", "parted title"),
        ("Jane Doe Tide at Dawn", "names before"),
        ("Jane Doe Tides at Dawn", "maybe what they do"),
        ("Jane Doe Interview", "one word behind a name"),
        ("Jane Doe May Tide at Dawn", "maybe another name"),
        ("Jane Doe (The Long Tide)", "peeled"),
        ("Jane Doe: The Long Tide", "behind a name and a sign"),
        ("Jane Doe The Long Tide", "article behind a name"),
        ("Jane.Doe.Tide.at.Dawn", "names and no day"),
        ("Jane.Doe.The.Tide", "names and no day"),
        ("2009.08.01.Jane.Doe.Tide.at.Dawn", "one name in a release"),
        ("Jane.Doe.And.Joe.Doe.Tide.at.Dawn", "peeled in a release"),
        ("2009.08.01.Jane.Doe.12.Tides", "number behind a name"),
        ("Arts.Jane.Doe.Tide.at.Dawn", "may begin with a name"),
        ("Jane_Doe_Joe_Doe_Tide_at_Dawn", "strung together"),
        ("Tides at Dawn Jane Doe", "names behind"),
        ("Tides at Dawn, narrated by Jane Doe", "role told"),
        ("Tides at Dawn - Part 2", "with a part"),
        ("Ebb Tide - Tides at Dawn", "behind another name"),
        ("The Ebb, the Tide and the Flow", "lists things"),
        ("Bo Velder and Cy Tarn", "may list people"),
        ("Bo and Cy", "may list people"),
        ("Anne-Marie d'Orvaux, Ludo van den Broek", "may list people"),
        ("1999-08-01 - Bo Velder & Cy Tarn", "may list people"),
        ("1999-08-01 - Ebb & Flow", "parted title"),
        ("Bo, Cy & Di - Tides at Dawn", "behind a list"),
        ("TidesAtDawn", "capitals part words"),
        ("jane doe tide at dawn", "names before"),
        ("Tides at Dawn with Jane Doe", "credited"),
        ("Interview feat. Jane Doe", "plain"),
        ("Ebb - Tides at Dawn", "two parts"),
        ("Ebb - Arts - Tides at Dawn", "several"),
    ],
)
def test_each_way_to_a_title_is_a_kind(name: str, kind: str) -> None:
    [proposal] = proposed(TITLE, read_scene(f"/films/{name}.mp4"))

    assert proposal.evidence.kind == kind


@pytest.mark.parametrize(
    ("name", "marked"),
    [
        ("/a/Arts - Tides at Dawn [1080p].mp4", ["Tides at Dawn"]),
        ("/a/Ebb - Arts - Tides.mp4", ["Ebb", "Tides"]),
        ("/a/Jane.Doe.Tides.At.Dawn.mp4", ["Tides.At.Dawn"]),
    ],
)
def test_what_became_the_title_is_marked(name: str, marked: list[str]) -> None:
    [proposal] = proposed(TITLE, read_scene(name))

    spans = proposal.evidence.spans
    assert [name[span.start : span.end] for span in spans] == marked


PIECES = st.one_of(
    st.sampled_from([*STUDIOS, *PEOPLE, "1080p", "x264-GRP", "2009-08-01", "(2009)"]),
    st.sampled_from([*" -_.[](){}&,'", " - ", "Tides", "at", "Part 2", "。"]),
    st.text(max_size=4),
)
NAMES = st.lists(PIECES, max_size=10).map("".join)


@given(NAMES)
def test_whatever_the_name_no_title_is_made_up(name: str) -> None:
    for one in proposed(TITLE, read_scene(name)):
        title = str(one.value)
        assert title
        assert title == " ".join(title.split())
        assert title not in (*STUDIOS, *PEOPLE)
        said = [name[s.start : s.end] for s in one.evidence.spans]
        words = [word for part in said for word in tokens(part)]
        assert "".join(tokens(title)) == "".join(words)  # capitals may part more


HASHES = st.from_regex("[0-9]{3}[0-9a-f]{9,37}", fullmatch=True)


@given(st.one_of(st.uuids().map(str), HASHES))
def test_hashes_and_numbers_are_no_titles(name: str) -> None:
    assert values(TITLE, read_scene(f"{name}.mp4")) == []
