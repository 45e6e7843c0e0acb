"""Marks are tags for what a file is, and only those that a person mapped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncapp.analysis.detectors.marks import MARK_NAMES, MARKS
from syncapp.analysis.library import Rules
from syncapp.analysis.proposals import Op
from tests.hand_readings import Shelf, proposed, read_scene

PLAN, FILES = "the plan of the analysis", "files of libraries"
ALL = {
    "4K": 1,
    "2160p": 2,
    "1080p": 3,
    "720p": 4,
    "SD": 5,
    "8K": 6,
    "1440p": 7,
    "60fps": 11,
    "24fps": 12,
    "30fps": 13,
    "50fps": 14,
    "HEVC": 21,
    "H.265": 22,
    "h264": 23,
    "AV1": 24,
    "xvid": 25,
    "short": 31,
    "long": 32,
}

# (the first file, the tags that are proposed, where such a file was met)
MARKED = [
    ({"width": 1920, "height": 1080}, [3], PLAN),
    ({"width": 3840, "height": 2160}, [2], PLAN),
    ({"width": 4096, "height": 2160}, [2], FILES),
    ({"width": 7680, "height": 4320}, [6], FILES),
    ({"width": 2560, "height": 1440}, [7], FILES),
    ({"width": 1280, "height": 720}, [4], PLAN),
    ({"width": 1920, "height": 804}, [3], FILES),
    ({"width": 1920, "height": 1072}, [3], FILES),
    ({"width": 1440, "height": 1080}, [3], FILES),
    ({"width": 1080, "height": 1920}, [3], FILES),
    ({"width": 720, "height": 480}, [5], FILES),
    ({"width": 720, "height": 576}, [], FILES),
    ({"width": 160, "height": 120}, [], FILES),
    ({"width": 0, "height": 0}, [], FILES),
    ({"width": None, "height": 1080}, [], FILES),
    ({"width": -1920, "height": 1080}, [], FILES),
    ({"frame_rate": 60.0}, [11], PLAN),
    ({"frame_rate": 59.94}, [11], FILES),
    ({"frame_rate": 23.976}, [12], FILES),
    ({"frame_rate": 29.97}, [13], FILES),
    ({"frame_rate": 25.0}, [], FILES),
    ({"frame_rate": 15.0}, [], FILES),
    ({"frame_rate": 0.0}, [], FILES),
    ({"frame_rate": 90_000.0}, [], FILES),
    ({"video_codec": "hevc"}, [21], PLAN),
    ({"video_codec": "H265"}, [21], FILES),
    ({"video_codec": "h264"}, [23], PLAN),
    ({"video_codec": "av1"}, [24], FILES),
    ({"video_codec": "mpeg4"}, [25], FILES),
    ({"video_codec": "vp9"}, [], FILES),
    ({"video_codec": "unknown"}, [], FILES),
    ({"duration": 120.0}, [31], PLAN),
    ({"duration": 1200.0}, [], PLAN),
    ({"duration": 3600.0}, [32], PLAN),
    ({"duration": 0.0}, [], FILES),
    ({"duration": -1.0}, [], FILES),
    (
        {"width": 1920, "height": 1080, "frame_rate": 60.0, "video_codec": "hevc"},
        [3, 11, 21],
        PLAN,
    ),
    ({}, [], FILES),
]


def mapped(**marks: int) -> Shelf:
    return Shelf(rules=Rules(marks=marks))


EVERY = Shelf(rules=Rules(marks=ALL))


@pytest.mark.parametrize(("file", "tags", "met"), MARKED)
def test_a_file_has_its_marks(
    file: dict[str, object], tags: list[int], met: str
) -> None:
    found = proposed(MARKS, read_scene("/a.mp4", file=file), EVERY)

    assert [one.value for one in found] == tags, met
    assert {one.op for one in found} <= {Op.ADD}


@pytest.mark.parametrize(
    ("marks", "tags"),
    [
        ({}, []),
        ({"1080p": 3}, []),
        ({"4k": 1}, [1]),
        ({" UHD ": 9}, [9]),
        ({"4K": 1, "2160P": 2}, [2]),
        ({"720p": 4, "HD": 8}, []),
    ],
)
def test_of_synonyms_one_is_proposed_as_mapped(
    marks: dict[str, int], tags: list[int]
) -> None:
    shelf = mapped(**marks)
    scene = read_scene("/a.mp4", file={"width": 3840, "height": 2160})

    assert [one.value for one in proposed(MARKS, scene, shelf)] == tags


@pytest.mark.parametrize("has", [1, 2])
def test_beside_a_synonym_nothing_is_proposed(has: int) -> None:
    scene = read_scene(
        "/a.mp4", file={"width": 3840, "height": 2160}, tag_ids=frozenset({has})
    )

    assert proposed(MARKS, scene, EVERY) == []


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ({"width": 1920, "height": 1080}, "1080p"),
        ({"frame_rate": 59.94}, "60fps"),
        ({"video_codec": "h265"}, "hevc"),
        ({"duration": 7200.0}, "long"),
    ],
)
def test_what_may_be_mapped_is_found(file: dict[str, object], name: str) -> None:
    shelf = mapped(**{mark: at for at, mark in enumerate(MARK_NAMES)})

    found = proposed(MARKS, read_scene("/a.mp4", file=file), shelf)

    assert [MARK_NAMES[int(one.value)] for one in found] == [name]


def test_the_first_file_counts() -> None:
    nothing = read_scene("")

    assert proposed(MARKS, nothing, EVERY) == []


@pytest.mark.parametrize(
    ("has", "options", "removed"),
    [
        ({2, 3, 4, 99}, [], []),
        ({2, 3, 4, 99}, ["marks.remove_lower"], [3, 4]),
        ({1, 6}, ["marks.remove_lower"], []),
    ],
)
def test_lower_resolutions_go_only_if_asked_for(
    has: set[int], options: list[str], removed: list[int]
) -> None:
    scene = read_scene(
        "/a.mp4",
        file={"width": 3840, "height": 2160},
        tag_ids=frozenset(has),
        options=options,
    )

    found = proposed(MARKS, scene, EVERY)

    assert [(one.op, one.value) for one in found] == [(Op.REMOVE, t) for t in removed]


def test_a_tag_that_stands_for_two_resolutions_stays() -> None:
    shelf = mapped(**{"2160p": 1, "1080p": 1})
    scene = read_scene(
        "/a.mp4",
        file={"width": 3840, "height": 2160},
        tag_ids=frozenset({1}),
        options=["marks.remove_lower"],
    )

    assert proposed(MARKS, scene, shelf) == []


def test_the_reason_says_what_was_measured() -> None:
    scene = read_scene("/a.mp4", file={"width": 1920, "height": 804})

    [proposal] = proposed(MARKS, scene, EVERY)

    assert proposal.evidence.sentence == 'The first file has 1920 x 804: "1080p".'
    assert proposal.cause == "mark: 1080p"


SIZES = st.one_of(st.none(), st.integers(-5, 10_000))
NUMBERS = st.one_of(st.none(), st.floats())


@given(SIZES, SIZES, NUMBERS, NUMBERS)
def test_whatever_the_file_no_kind_has_two_marks(
    width: int | None, height: int | None, rate: float | None, length: float | None
) -> None:
    file = {"width": width, "height": height, "frame_rate": rate, "duration": length}

    kinds = [
        one.evidence.kind
        for one in proposed(MARKS, read_scene("/a.mp4", file=file), EVERY)
    ]

    assert len(kinds) == len(set(kinds))
