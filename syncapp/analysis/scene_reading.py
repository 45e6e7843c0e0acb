"""Reads the texts of a scene, once for all detectors."""

from collections.abc import Iterable, Iterator

from syncapp.analysis.facts import SceneFacts
from syncapp.analysis.library import KnownLibrary
from syncapp.analysis.matcher import NameIndex
from syncapp.analysis.paths import path_parts
from syncapp.analysis.reading import Match, ReadText, SceneReading, Segment
from syncapp.analysis.words import read_words

LONGEST = 20_000  # characters of a text that are read


def read_scene(
    facts: SceneFacts,
    index: NameIndex,
    library: KnownLibrary,
    options: Iterable[str] = (),
) -> SceneReading:
    """Return what detectors get of a scene. The same facts are read alike anywhere."""
    paths = (_read_path(name, path, index, library) for name, path in _paths(facts))
    texts = (
        _read_text(name, text, index)
        for name, text in (("title", facts.title), ("details", facts.details))
        if text
    )
    return SceneReading(facts, (*paths, *texts), frozenset(options))


def _paths(facts: SceneFacts) -> Iterator[tuple[str, str]]:
    for place, file in enumerate(facts.files):
        if file.path:
            yield ("path" if place == 0 else f"path:{place}"), file.path


def _read_text(name: str, text: str, index: NameIndex) -> ReadText:
    tokens = read_words(text[:LONGEST])
    return ReadText(name, text, tokens, index.find(text, tokens))


def _read_path(
    name: str, path: str, index: NameIndex, library: KnownLibrary
) -> ReadText:
    segments = tuple(_segments(path, library.roots))
    tokens = read_words(path)
    matches = index.find(path, tokens)
    return ReadText(name, path, tokens, tuple(_within(matches, segments)), segments)


def _segments(path: str, roots: frozenset[str]) -> Iterator[Segment]:
    is_root = True
    for part in path_parts(path):
        is_root = is_root and not part.is_file and part.folder in roots
        yield Segment(part.start, part.end, part.is_file, is_root)


def _within(matches: Iterable[Match], segments: tuple[Segment, ...]) -> Iterator[Match]:
    """Yield matches but those of drives, servers and extensions."""
    for match in matches:
        if any(s.start <= match.start and match.end <= s.end for s in segments):
            yield match
