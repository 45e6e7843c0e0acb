"""Words of a text know where they stand in it, whatever folding does to letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncapp.analysis.words import _placed, read_words
from syncapp.text.folding import LETTERS, fold

ODD = "Ⱥİßﬁŉǅΐ½㍿'’ʼ\u0301\u0327\u200d\u00ad\u1161\u11a8가ﾞｶ日本กำ็ेक.-_/ aZ9"  # noqa: RUF001


def told(text: str) -> list[tuple[str, str]]:
    return [(token.word, text[token.start : token.end]) for token in read_words(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Jane_Doe.mp4", [("jane", "Jane"), ("doe", "Doe"), ("mp4", "mp4")]),
        ("O'Lovely", [("olovely", "O'Lovely")]),
        ("O’Lovely!", [("olovely", "O’Lovely")]),  # noqa: RUF001
        ("'quoted'", [("quoted", "quoted")]),
        ("‘quoted’", [("quoted", "quoted")]),  # noqa: RUF001
        ("xȺ/İz", [("xⱥ", "xȺ"), ("iz", "İz")]),
        ("ﬁlm x", [("film", "ﬁlm"), ("x", "x")]),
        ("Cafe\u0301 b", [("cafe", "Cafe\u0301"), ("b", "b")]),
        ("½a", [("1", "½"), ("2a", "½a")]),
        ("海2", [("海", "海"), ("2", "2")]),
        ("㍿", [("株", "㍿"), ("式", "㍿"), ("会", "㍿"), ("社", "㍿")]),
        ("ก็ดี", [("ก็", "ก็"), ("ดี", "ดี")]),
    ],
)
def test_words_and_their_places(text: str, found: list[tuple[str, str]]) -> None:
    assert told(text) == found


@given(st.text() | st.text(alphabet=ODD))
def test_a_word_stands_where_it_says(text: str) -> None:
    reached = 0
    for token in read_words(text):
        assert 0 <= token.start < token.end <= len(text)
        assert token.start >= reached or token.end >= reached
        reached = token.end
        again = [each.word for each in read_words(text[token.start : token.end])]
        assert token.word in again


@given(st.text() | st.text(alphabet=ODD))
def test_words_are_those_that_search_folds_to(text: str) -> None:
    folded = "".join(fold(text).translate(LETTERS).split())

    assert "".join(token.word for token in read_words(text)) == folded


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_the_short_way_for_ascii_and_the_long_one_agree(text: str) -> None:
    assert read_words(text) == tuple(_placed(text))
