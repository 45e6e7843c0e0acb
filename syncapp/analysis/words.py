"""Reads a text as folded words, each with where it stands in the text.

Words are folded as for search (`syncapp.text.folding`), so that what is found by a name
is matched by it. Places come from a table of what each character folds to, never from
arithmetic: one letter may fold to several, or to none.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from syncapp.analysis.reading import Token
from syncapp.text.folding import CJK, LETTERS, SILENT, fold

# Of an ASCII text that is in lower case. Apostrophes within a word are not told.
ASCII_WORDS = re.compile("[0-9a-z]+(?:['`]+[0-9a-z]+)*")
UNHEARD = str.maketrans("", "", "'`")
# Scripts without spaces beside those of CJK: Thai, Lao, Burmese, Khmer.
SPACELESS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
SILENT_LETTERS = "".join(map(chr, SILENT))
KEPT_CHUNKS = 20_000


def read_words(text: str) -> tuple[Token, ...]:
    """Return the words of a text; each letter of a script without spaces is one."""
    if not text.isascii():
        return tuple(_placed(text))
    lowered = text.lower()
    found = ASCII_WORDS.finditer(lowered)
    if "'" in lowered or "`" in lowered:
        return tuple(Token(m[0].translate(UNHEARD), *m.span()) for m in found)
    return tuple([Token(m[0], *m.span()) for m in found])


def is_borderless(word: str) -> bool:
    """Return whether a word is a letter of a script that puts no spaces."""
    return not word.isascii() and bool(CJK.match(word) or SPACELESS.match(word))


def _placed(text: str) -> Iterator[Token]:
    word, start, end = "", 0, 0
    for begin, stop, part in _letters(text):
        is_alone = is_borderless(part)
        if word and (is_alone or part == " "):
            yield Token(word, start, end)
            word = ""
        if is_alone:
            yield Token(part, begin, stop)
        elif part != " ":
            start, end = (start if word else begin), stop
            word += part
    if word:
        yield Token(word, start, end)


def _letters(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield folded letters, each with where the piece is that folds to it by itself."""
    begin = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or BEGINS[ord(text[at])]:
            chunk = text[begin:at]
            heard = len(chunk.rstrip(SILENT_LETTERS)) or len(chunk)
            for part in _parts(chunk):
                yield begin, begin + heard, part
            begin = at


@lru_cache(KEPT_CHUNKS)
def _parts(chunk: str) -> tuple[str, ...]:
    """Return the folded letters of a chunk, a space for each gap.

    Vowels above and below a letter of a script without spaces stay with it.
    """
    parts: list[str] = []
    for letter in fold(chunk).translate(LETTERS):
        is_mark = unicodedata.category(letter)[0] == "M"
        if is_mark and parts and is_borderless(parts[-1]):
            parts[-1] += letter
        else:
            parts.append(letter)
    return tuple(parts)


class _Begins(dict[int, bool]):
    """Whether a character can never be folded into one with what stands before it."""

    def __missing__(self, point: int) -> bool:
        first = unicodedata.normalize("NFKD", chr(point))[0]
        joins = (
            point in SILENT
            or unicodedata.combining(first)
            or unicodedata.category(first)[0] == "M"
            or "\u1160" <= first <= "\u11ff"  # vowels and endings of a Korean syllable
        )
        return self.setdefault(point, not joins)


BEGINS = _Begins()
