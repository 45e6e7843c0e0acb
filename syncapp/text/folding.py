"""Brings texts into the one form in which they are looked for, and sorted.

It is done here alone, and the databases get tokens: what one finds, the other finds.
"""

import re
import unicodedata
from collections.abc import Iterator

KEY = 100  # characters of a text that a list is ordered by
LONGEST = 64  # characters of a token
# Left out, so that "owl's" is "owls": apostrophes, what looks like one, and marks that
# nobody sees.
SILENT = dict.fromkeys(
    [
        *map(ord, "'`´‘’‚‛′ʹʻʼʽʾʿˈ՚׳ꞌ＇"),  # noqa: RUF001 - that is the point
        *(0xAD, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
    ]
)
# Letters that no decomposition leads back to plain ones.
PLAIN = str.maketrans(
    {"æ": "ae", "œ": "oe", "þ": "th", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i"}  # noqa: RUF001
    | {"ħ": "h", "ŧ": "t", "ŋ": "n", "ĸ": "k", "ɨ": "i", "ƀ": "b", "ɓ": "b", "ɗ": "d"}
    | {"ƒ": "f", "ɠ": "g", "ƙ": "k", "ƶ": "z", "ȷ": "j"}
)
WORDS = re.compile("[0-9a-z]+")
NUMBERS = re.compile("0*([0-9]+)")
# Scripts that put no spaces between words, and Korean, whose words take on endings.
CJK = re.compile(
    "[\u1100-\u11ff\u3005-\u3007\u3040-\u30ff\u3100-\u312f\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7ff\uf900-\ufaff\U0001b000-\U0001b16f"
    "\U00020000-\U000323af]+"
)
# Marks behind letters of Latin, Greek and Cyrillic; the vowels of Indic scripts are
# marks as well, and stay.
ACCENTS = re.compile(
    "([a-z\u00e0-\u02af\u0370-\u052f\u1c80-\u1c8f\u1d00-\u1dbf\u1e00-\u1fff\u2c60-\u2c7f"
    "\ua640-\ua69f\ua720-\ua7ff\uab30-\uab6f])"
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f]+"
)


class _Letters(dict[int, str]):
    """What each character is in a token: itself, an ASCII digit, or a gap."""

    def __missing__(self, point: int) -> str:
        letter = chr(point)
        digit = unicodedata.decimal(letter, None)
        if digit is not None:
            letter = str(digit)
        elif unicodedata.category(letter)[0] not in "LMN":
            letter = " "
        return self.setdefault(point, letter)


LETTERS = _Letters()


class _Plain(dict[int, str]):
    """Each character that folds to ASCII wherever it stands; the others as they are."""

    def __missing__(self, point: int) -> str:
        folded = _folded(chr(point))
        return self.setdefault(point, folded if folded.isascii() else chr(point))


ALONE = _Plain()


def fold(text: str) -> str:
    """Return `text` without what tells no words apart: case, accents, apostrophes."""
    if text.isascii():  # most are, and a first load folds a lot of them
        return text.replace("'", "").replace("`", "").lower()
    plain = text.translate(ALONE)  # of many others each letter folds by itself
    return plain if plain.isascii() else _folded(text)


def _folded(text: str) -> str:
    # Twice: some are made of what is silent by NFKC, others keep it from seeing so.
    composed = unicodedata.normalize("NFKC", text.translate(SILENT))
    folded = composed.translate(SILENT).casefold()
    plain = ACCENTS.sub(r"\1", unicodedata.normalize("NFKD", folded))
    return unicodedata.normalize("NFC", plain).translate(PLAIN).casefold()


def tokens(text: str) -> list[str]:
    """Return the words of a text, folded; a run of CJK as pairs of its letters.

    The last letter of a run follows its pairs, so that each letter begins a token.
    """
    folded = fold(text)
    if folded.isascii():
        return [word[:LONGEST] for word in WORDS.findall(folded)]
    words = folded.translate(LETTERS).split()
    if CJK.search(folded):
        words = [part for word in words for part in _split_runs(word)]
    return [word[:LONGEST] for word in words]


def _split_runs(word: str) -> Iterator[str]:
    at = 0
    for run in CJK.finditer(word):
        if at < run.start():
            yield word[at : run.start()]
        letters = run[0]
        yield from (letters[n : n + 2] for n in range(len(letters) - 1))
        yield letters[-1]
        at = run.end()
    if at < len(word):
        yield word[at:]


def order_key(text: str) -> str:
    """Return what a text is sorted by, as bytes are, on any database.

    Its words, with numbers by their value: 2 stands before 123. What stands between
    and before words makes no difference; a text without any is sorted as it is.
    """
    folded = fold(text[: 4 * KEY])  # a fold makes a text longer, hardly ever shorter
    if folded.isascii():
        words = " ".join(WORDS.findall(folded))
    else:
        words = " ".join(folded.translate(LETTERS).split())
    key = NUMBERS.sub(_by_value, words) or folded.strip().replace("\0", "")
    return key[:KEY]


def _by_value(found: "re.Match[str]") -> str:
    """Return the digits behind their number, which is of two digits itself."""
    digits = found[1]
    return f"{min(len(digits), 99):02}{digits}"
