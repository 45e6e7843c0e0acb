"""Readings of scenes, made by hand: what a matcher would find is told to them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import count

from syncapp.analysis.detector import Detector
from syncapp.analysis.facts import FileFacts, SceneFacts
from syncapp.analysis.library import EntityKind, KnownLibrary, KnownName, Rules
from syncapp.analysis.proposals import HeldBack, Proposal
from syncapp.analysis.reading import Match, ReadText, SceneReading, Segment, Token

TODAY = date(2024, 5, 17)
STUDIOS = ("Blue Planet Films", "Arts", "Lantern", "NorthSea")
PEOPLE = ("Jane Doe", "Joe Doe", "Ada Brook", "May", "Owl O'Lovely")
PART = re.compile(r"[^/\\]+")


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a test's library knows."""

    studios: tuple[str, ...] = STUDIOS
    performers: tuple[str, ...] = PEOPLE
    rules: Rules = field(default_factory=Rules)
    roots: tuple[str, ...] = ()
    takes_partial_dates: bool = True

    def entities(self) -> list[KnownName]:
        ids = count(1)
        kinds = {
            EntityKind.STUDIO: self.studios,
            EntityKind.PERFORMER: self.performers,
        }
        return [KnownName(k, next(ids), n) for k, names in kinds.items() for n in names]

    def library(self) -> KnownLibrary:
        return KnownLibrary(
            entities={(e.kind, e.entity_id): e for e in self.entities()},
            rules=self.rules,
            today=TODAY,
            roots=frozenset(self.roots),
            takes_partial_dates=self.takes_partial_dates,
        )


PLAIN_SHELF = Shelf()


def read_path(path: str, shelf: Shelf = PLAIN_SHELF, name: str = "path") -> ReadText:
    return ReadText(
        name=name,
        text=path,
        tokens=tuple(
            Token(w[0].lower(), *w.span()) for w in re.finditer("[0-9A-Za-z]+", path)
        ),
        matches=tuple(_matches(path, shelf.entities())),
        segments=tuple(_segments(path, shelf.roots)),
    )


def _segments(path: str, roots: Iterable[str]) -> Iterable[Segment]:
    parts = list(PART.finditer(path))
    for part in parts[:-1]:
        start, end = part.span()
        yield Segment(start, end, is_file=False, is_root=path[:end] in roots)
    for part in parts[-1:]:
        stem, dot, extension = part[0].rpartition(".")
        is_extension = bool(re.fullmatch("[0-9a-z]{2,4}", extension)) and bool(stem)
        end = part.start() + len(stem) if dot and is_extension else part.end()
        yield Segment(part.start(), end, is_file=True, is_root=False)


def _matches(path: str, entities: Iterable[KnownName]) -> Iterable[Match]:
    found = [
        Match(one.kind, (one.entity_id,), *where.span(), one.name, is_alias=False)
        for one in entities
        for where in re.finditer(_pattern(one.name), path, re.IGNORECASE)
    ]
    for one in sorted(found, key=lambda match: match.start):
        if not any(_lies_in(one, other) for other in found):
            yield one


def _pattern(name: str) -> str:
    words = r"[-._ ]*".join(map(re.escape, name.split()))
    return rf"(?<![A-Za-z]){words}(?![A-Za-z])"


def _lies_in(one: Match, other: Match) -> bool:
    inside = other.start <= one.start and one.end <= other.end
    return inside and other.end - other.start > one.end - one.start


def read_scene(
    path: str = "",
    *,
    shelf: Shelf = PLAIN_SHELF,
    file: Mapping[str, object] | None = None,
    options: Iterable[str] = (),
    **facts: object,
) -> SceneReading:
    texts = (read_path(path, shelf),) if path else ()
    files = (FileFacts(path, **(file or {})),) if path else ()  # type: ignore[arg-type]
    known = SceneFacts(1, files, **facts)  # type: ignore[arg-type]
    return SceneReading(known, texts, frozenset(options))


def proposed(
    detector: Detector, reading: SceneReading, shelf: Shelf = PLAIN_SHELF
) -> list[Proposal]:
    """Return what a detector proposes; each with a kind that it declares."""
    found = list(detector.find(reading, shelf.library()))
    proposals = [one for one in found if isinstance(one, Proposal)]
    assert {one.evidence.kind for one in proposals} <= set(detector.kinds)
    assert all(isinstance(one, Proposal | HeldBack) for one in found)
    return proposals


def values(
    detector: Detector, reading: SceneReading, shelf: Shelf = PLAIN_SHELF
) -> list[int | str]:
    return [one.value for one in proposed(detector, reading, shelf)]
