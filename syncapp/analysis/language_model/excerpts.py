"""What of a scene's texts is shown to a model; nothing else can be quoted."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from syncapp.analysis.language_model.sizes import fitting_length
from syncapp.analysis.proposals import TextSpan
from syncapp.analysis.reading import ReadText, SceneReading

# Tokens of each text. Of more files than two the names hardly tell more.
MOST_TOKENS = {"path": 160, "path:1": 80, "title": 80, "details": 120}
HALVES = re.compile("[\ud800-\udfff]")  # of pairs: no answer could hold them


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A part of a text, character by character as it is."""

    name: str  # as `TextSpan.text`
    start: int  # in the text
    text: str

    def span_of(self, quote: str) -> TextSpan | None:
        """Return where the quote stands in the text, None if it does not."""
        at = self.text.find(quote)
        if at < 0:
            return None
        return TextSpan(self.name, self.start + at, self.start + at + len(quote))


def excerpts(reading: SceneReading) -> tuple[Excerpt, ...]:
    """Return what a model gets to see of a scene: of paths the end, else the start."""
    return tuple(_excerpts(reading))


def _excerpts(reading: SceneReading) -> Iterator[Excerpt]:
    for text in reading.texts:
        most = MOST_TOKENS.get(text.name)
        if most is None:
            continue
        start, end = _shown(text, most)
        if shown := text.text[start:end].strip():
            start = text.text.index(shown, start)
            yield Excerpt(text.name, start, HALVES.sub("\ufffd", shown))


def _shown(text: ReadText, most: int) -> tuple[int, int]:
    """Return from where to where a text is shown; library roots tell nothing."""
    if not text.name.startswith("path"):
        return 0, fitting_length(text.text, most)
    below = (part.start for part in text.segments if not part.is_root)
    top = next(below, 0)
    return len(text.text) - fitting_length(text.text[top:][::-1], most), len(text.text)
