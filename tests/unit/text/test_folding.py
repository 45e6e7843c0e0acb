"""Texts that people take for the same are folded to the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncapp.text.documents import SearchTexts, fts5_row, tsvector
from syncapp.text.folding import KEY, _folded, fold, order_key, tokens


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ærø", ["aero"]),
        ("NIŠ", ["nis"]),
        ("Owl's Barn", ["owls", "barn"]),
        ("Owl\u2019s Barn", ["owls", "barn"]),
        ("Cafe\u0301", ["cafe"]),
        ("Café", ["cafe"]),
        ("İstanbul, ılık", ["istanbul", "ilik"]),  # noqa: RUF001
        ("Straße Łódź Đorđe þing", ["strasse", "lodz", "dorde", "thing"]),
        ("Ёлка и Άλφας", ["елка", "и", "αλφασ"]),
        ("हिन्दी", ["हिन्दी"]),
        ("sea_level-2.1/b\\c", ["sea", "level", "2", "1", "b", "c"]),
        ("ｆｕｌｌ ﬁlm ٣", ["full", "film", "3"]),  # noqa: RUF001
        ("東京都 tower", ["東京", "京都", "都", "tower"]),
        ("海2", ["海", "2"]),
        ("한국어", ["한국", "국어", "어"]),
        ("so\u00adft\u200fly", ["softly"]),
        ("!? ★ \0", []),
    ],
)
def test_words_of_a_text(text: str, found: list[str]) -> None:
    assert tokens(text) == found


@given(st.text())
def test_folding_twice_changes_nothing_and_tokens_fit_both_databases(text: str) -> None:
    found = tokens(text)

    assert tokens(" ".join(found).replace("\0", "")) is not None
    assert fold(fold(text)) == fold(text)
    for token in found:
        assert token
        assert not set(token) & set(" '\"\\·:*&|!()\0\t\n")
        assert not token.isascii() or token.isalnum()
        assert token == token.lower() or not token.isascii()


@given(st.text())
def test_keys_are_short_and_storable(text: str) -> None:
    key = order_key(text)

    assert len(key) <= KEY
    assert "\0" not in key


def test_names_are_ordered_by_what_they_say() -> None:
    titles = [
        "Åland",
        "Abbey",
        "Reel #123",
        "reel #2",
        "“Atoll”",
        "Reel 2b",
        "7",
    ]

    assert sorted(titles, key=order_key) == [
        *("7", "Abbey", "Åland", "“Atoll”", "reel #2", "Reel 2b", "Reel #123")
    ]


def test_a_row_of_each_database_holds_the_same() -> None:
    document = SearchTexts(("Dawn", "B2"), ("/films/a.mkv",), ("The sea",), ("·=dawn",))

    assert fts5_row(document) == ["dawn · b2", "films a mkv", "the sea", "·=dawn"]
    assert tsvector(document) == (
        "'dawn':1A 'b2':3A 'films':5B 'a':6B 'mkv':7B 'the':9C 'sea':10C '·=dawn'"
    )


def test_a_word_counts_255_times_in_a_row_and_no_text_is_endless() -> None:
    endless = SearchTexts(details=("the sea " * 50_000,))

    details = fts5_row(endless)[2].split(" ")
    assert details.count("sea") == details.count("the") == 255
    assert len(details) <= 10_000
    assert len(tsvector(endless)) < 20_000


@given(st.text())
def test_the_short_way_and_the_long_one_fold_alike(text: str) -> None:
    assert fold(text) == _folded(text)
