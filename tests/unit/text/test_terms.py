"""What is typed into a search box has one plain meaning, or is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncapp.text.terms import NOTHING, TOO_MANY, Term, Unsearchable, read_terms


def term(*words: str, **how: object) -> Term:
    return Term(words, **how)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", ()),
        ("Harbour dawn", (term("harbour"), term("dawn", is_prefix=True))),
        ('harbour "dawn"', (term("harbour"), term("dawn"))),
        ("“at dawn” x", (term("at", "dawn"), term("x", is_prefix=True))),
        ('"at dawn', (term("at", "dawn"),)),
        ("sci-fi", (term("sci", "fi", is_prefix=True),)),
        ("sea -fog", (term("sea"), term("fog", is_excluded=True))),
        ('-"red barn"', (term("red", "barn", is_excluded=True),)),
        ("har* reel", (term("har", is_prefix=True), term("reel", is_prefix=True))),
        ("reel 12", (term("reel"), term("12"))),
        ("12*", (term("12", is_prefix=True),)),
        ("path:films", (term("films", is_prefix=True, field="path"),)),
        (
            '-path:"a b" c',
            (term("a", "b", is_excluded=True, field="path"), term("c", is_prefix=True)),
        ),
        ("note:sea", (term("note", "sea", is_prefix=True),)),
        ("東京都", (term("東京", "京都", is_prefix=True),)),
        ("都", (term("都", is_prefix=True),)),
        ("- & sea", (term("sea", is_prefix=True),)),
        ("NEAR(a)", (term("near", "a", is_prefix=True),)),
        ("a\0b c", (term("a"), term("b"), term("c", is_prefix=True))),
    ],
)
def test_what_is_meant(text: str, meant: tuple[Term, ...]) -> None:
    assert read_terms(text) == meant


@pytest.mark.parametrize("text", ["!!!", '"', "-", '-"', "*", "()", "★", '-path:"!"'])
def test_what_holds_nothing_to_find_is_refused(text: str) -> None:
    with pytest.raises(Unsearchable, match=NOTHING):
        read_terms(text)


def test_endless_searches_are_refused() -> None:
    with pytest.raises(Unsearchable, match=TOO_MANY):
        read_terms("sea fog " * 5_000)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = read_terms(text)
    except Unsearchable:
        return
    assert bool(found) == bool(text.strip())
