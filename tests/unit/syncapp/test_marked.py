"""Texts are cut where proposals rest on them, whatever their spans say."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncapp.analysis.proposals import TextSpan
from syncapp.queries.marked import AROUND, CUT, marked_pieces, marked_texts

PATH = "/films/Blue Planet/reel 1.mkv"


def told(text: str, *places: tuple[int, int]) -> str:
    """Return the text with what is marked in brackets."""
    pieces = marked_pieces(text, [TextSpan("path", *place) for place in places])
    return "".join(f"[{p.text}]" if p.is_marked else p.text for p in pieces)


@pytest.mark.parametrize(
    ("places", "wanted"),
    [
        ([], "/films/Blue Planet/reel 1.mkv"),
        ([(7, 18)], "/films/[Blue Planet]/reel 1.mkv"),
        ([(0, 6)], "[/films]/Blue Planet/reel 1.mkv"),
        ([(26, 29)], "/films/Blue Planet/reel 1.[mkv]"),
        ([(19, 23), (7, 11)], "/films/[Blue] Planet/[reel] 1.mkv"),
        ([(7, 14), (12, 18)], "/films/[Blue Planet]/reel 1.mkv"),
        ([(7, 18), (9, 11)], "/films/[Blue Planet]/reel 1.mkv"),
        ([(7, 11), (11, 18)], "/films/[Blue Planet]/reel 1.mkv"),
        ([(7, 18), (7, 18)], "/films/[Blue Planet]/reel 1.mkv"),
        ([(0, 29)], "[/films/Blue Planet/reel 1.mkv]"),
        ([(24, 900)], "/films/Blue Planet/reel [1.mkv]"),
        ([(-5, 6)], "[/films]/Blue Planet/reel 1.mkv"),
        ([(29, 40), (400, 500)], PATH),
        ([(9, 9), (12, 8), (-9, -2)], PATH),
        ([(0, 0), (7, 11)], "/films/[Blue] Planet/reel 1.mkv"),
    ],
)
def test_what_is_marked_stands_in_pieces_of_its_own(
    places: list[tuple[int, int]], wanted: str
) -> None:
    assert told(PATH, *places) == wanted


def test_a_text_that_is_empty_has_no_pieces() -> None:
    assert marked_pieces("", [TextSpan("title", 0, 4)]) == ()


@given(
    st.text(max_size=30),
    st.lists(st.tuples(st.integers(-5, 40), st.integers(-5, 40)), max_size=6),
)
def test_pieces_are_the_text_and_marks_are_what_the_spans_cover(
    text: str, places: list[tuple[int, int]]
) -> None:
    pieces = marked_pieces(text, [TextSpan("path", *place) for place in places])

    marks = [piece.is_marked for piece in pieces for _ in piece.text]
    covered = [any(a <= n < b for a, b in places) for n in range(len(text))]
    assert "".join(piece.text for piece in pieces) == text
    assert marks == covered
    assert all(piece.text for piece in pieces)
    assert all(a.is_marked != b.is_marked for a, b in pairwise(pieces))


def test_each_text_with_a_mark_is_told_by_its_name() -> None:
    texts = {"path": PATH, "path:1": "/b/reel.mkv", "title": "Reel", "details": "Sea"}
    spans = [
        TextSpan("path:1", 3, 7),
        TextSpan("path", 7, 11),
        TextSpan("title", 9, 12),
    ]

    found = marked_texts(texts, [*spans, TextSpan("gone", 0, 2)])

    assert [each.label for each in found] == ["Path of file 2", "Path"]


def test_a_long_text_is_shown_around_its_marks() -> None:
    text = "a" * 1_000 + "Sea" + "b" * 1_000 + "Tide" + "c" * 1_000

    (found,) = marked_texts(
        {"details": text},
        [TextSpan("details", 1_000, 1_003), TextSpan("details", 2_003, 2_007)],
    )

    assert [piece.text for piece in found.pieces] == [
        CUT + "a" * AROUND,
        "Sea",
        "b" * AROUND + CUT + "b" * AROUND,
        "Tide",
        "c" * AROUND + CUT,
    ]
