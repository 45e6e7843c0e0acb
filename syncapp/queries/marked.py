"""Texts with the characters marked that a proposal rests on."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from syncapp.analysis.proposals import TextSpan

AROUND = 80  # characters that are shown on each side of what is marked
CUT = "…"
# How the texts that spans point into are called, by `TextSpan.text`.
TEXT_WORDS = {"path": "Path", "title": "Title", "details": "Details"}


@dataclass(frozen=True, slots=True)
class TextPiece:
    text: str
    is_marked: bool


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A text of a scene, cut into what is marked and what is between."""

    label: str
    pieces: tuple[TextPiece, ...]


def marked_pieces(text: str, spans: Iterable[TextSpan]) -> tuple[TextPiece, ...]:
    """Cut a text into marked and unmarked pieces; put together they are the text.

    Spans that overlap or touch are one mark; what of them lies outside the text is
    left out, for the text may be another by now. `TextSpan.text` is not looked at.
    """
    pieces, done = [], 0
    for start, end in _joined(text, spans):
        if start > done:
            pieces.append(TextPiece(text[done:start], is_marked=False))
        pieces.append(TextPiece(text[start:end], is_marked=True))
        done = end
    if done < len(text):
        pieces.append(TextPiece(text[done:], is_marked=False))
    return tuple(pieces)


def marked_texts(
    texts: Mapping[str, str], spans: Iterable[TextSpan]
) -> tuple[MarkedText, ...]:
    """Return each text that has a mark, long ones only around their marks.

    `texts`: by the name that a span uses. A text that is not here is left out.
    """
    by_text: dict[str, list[TextSpan]] = {}
    for span in spans:
        by_text.setdefault(span.text, []).append(span)
    found = []
    for name, own in by_text.items():
        pieces = marked_pieces(texts.get(name, ""), own)
        if any(piece.is_marked for piece in pieces):
            found.append(MarkedText(_label(name), excerpt(pieces)))
    return tuple(found)


def excerpt(pieces: tuple[TextPiece, ...]) -> tuple[TextPiece, ...]:
    """Shorten what is not marked to what stands beside a mark."""
    last = len(pieces) - 1
    return tuple(
        piece
        if piece.is_marked
        else TextPiece(
            _shortened(piece.text, is_first=not place, is_last=place == last),
            is_marked=False,
        )
        for place, piece in enumerate(pieces)
    )


def _joined(text: str, spans: Iterable[TextSpan]) -> Iterator[tuple[int, int]]:
    """Yield the marked places in order, none of which touches another."""
    begin = end = 0
    for start, stop in sorted((max(0, s.start), min(s.end, len(text))) for s in spans):
        if stop <= start:
            continue
        if start > end:
            if end > begin:
                yield begin, end
            begin, end = start, stop
        else:
            end = max(end, stop)
    if end > begin:
        yield begin, end


def _shortened(text: str, *, is_first: bool, is_last: bool) -> str:
    before = 0 if is_first else AROUND  # behind the mark that stands before it
    behind = 0 if is_last else AROUND
    if len(text) <= before + behind + len(CUT):
        return text
    return text[:before] + CUT + (text[-behind:] if behind else "")


def _label(name: str) -> str:
    """Return the words for a span's text: "path:1" is the path of the second file."""
    kind, _, place = name.partition(":")
    word = TEXT_WORDS.get(kind, kind)
    return f"{word} of file {int(place) + 1}" if place.isdecimal() else word
