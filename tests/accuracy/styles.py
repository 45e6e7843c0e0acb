"""How people write a name or a title into a path: `{title.lower.dots}`.

What a style takes away, a careful reader cannot put back; `visible` is what is left.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence

SMALL = frozenset(
    [
        "a",
        "an",
        "and",
        "at",
        "by",
        "for",
        "from",
        "in",
        "of",
        "on",
        "or",
        "the",
        "to",
        "with",
    ]
)
APOSTROPHES = re.compile("['’`]")  # noqa: RUF001 - people type all of them
FLAT = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "æ": "ae", "Æ": "Ae", "ı": "i"}  # noqa: RUF001
    | {"İ": "I", "Þ": "Th", "đ": "d", "Đ": "D", "ß": "ss"}
)
# Letters that are something else without their marks: they are left as they are.
FOREIGN = re.compile("[\u0400-\u9fff\uac00-\ud7ff]")


def flat(text: str) -> str:
    """Return the text as a keyboard without accents types it."""
    if FOREIGN.search(text):
        return text
    parts = unicodedata.normalize("NFD", text.translate(FLAT))
    return "".join(part for part in parts if not unicodedata.combining(part))


def _plain_words(text: str) -> list[str]:
    bare = APOSTROPHES.sub("", text)
    return re.sub(r"[^\w\s]", " ", bare).replace("_", " ").split()


def _joined(text: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in _plain_words(text))


STYLES: dict[str, Callable[[str], str]] = {
    "lower": str.lower,
    "upper": str.upper,
    "flat": flat,
    "bare": lambda text: APOSTROPHES.sub("", text),
    "curly": lambda text: APOSTROPHES.sub("’", text),  # noqa: RUF001
    "nfd": lambda text: unicodedata.normalize("NFD", text),
    "dots": lambda text: ".".join(_plain_words(text)),
    "under": lambda text: "_".join(_plain_words(text)),
    "dashes": lambda text: "-".join(_plain_words(text)),
    "plus": lambda text: "+".join(_plain_words(text)),
    "joined": _joined,
}
SEPARATING = frozenset({"dots", "under", "dashes", "plus"})


def styled(text: str, styles: Sequence[str]) -> str:
    for style in styles:
        text = STYLES[style](text)
    return text


def visible(text: str, styles: Sequence[str]) -> str:
    """Return what a reader makes of a styled title: its words, as they are cased."""
    for style in styles:
        text = (
            " ".join(_plain_words(text)) if style in SEPARATING else STYLES[style](text)
        )
    return unicodedata.normalize("NFC", text)


def casings(text: str) -> frozenset[str]:
    """Return a title as read, and as well cased where it is in one case."""
    found = {text, unicodedata.normalize("NFD", text)}
    if text in {text.lower(), text.upper()} and not FOREIGN.search(text):
        words = text.lower().split(" ")
        capitals = [word[:1].upper() + word[1:] for word in words]
        well = [
            word if n and word in SMALL else big
            for n, (word, big) in enumerate(zip(words, capitals, strict=True))
        ]
        found |= {" ".join(capitals), " ".join(well), text.lower().capitalize()}
    return frozenset(found)
