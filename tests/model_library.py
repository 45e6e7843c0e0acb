"""Invented scenes and names to ask a model about."""

import random
from collections.abc import Iterable
from datetime import date
from typing import Any

from syncapp.analysis.facts import FileFacts, SceneFacts
from syncapp.analysis.language_model.asking import ToldByModel
from syncapp.analysis.library import EntityKind, KnownLibrary, KnownName, Rules
from syncapp.analysis.proposals import Proposal
from syncapp.analysis.reading import Match, ReadText, SceneReading, Segment

BLUE_PLANET = KnownName(EntityKind.STUDIO, 31, "Blue Planet Films", scenes=900)
NORTH_ARCHIVE = KnownName(EntityKind.STUDIO, 32, "North Archive", scenes=40)
JANE = KnownName(EntityKind.PERFORMER, 51, "Jane Doe", aliases=("J. Döe",), scenes=70)
JOE = KnownName(EntityKind.PERFORMER, 52, "Joe Doe", scenes=12)
LAKE = KnownName(EntityKind.TAG, 71, "Lake", scenes=300)
LECTURE = KnownName(EntityKind.TAG, 72, "Lecture", scenes=8)
SIX = (BLUE_PLANET, NORTH_ARCHIVE, JANE, JOE, LAKE, LECTURE)
PATH = "/media/Blue Planet Films/Jane Doe at the Lake.mp4"
# In many scripts, some of them long: what a prompt has to hold in the worst case.
WORDS = (
    *("north", "lake", "archive", "stage", "river", "lecture", "winter", "blue", "old"),
    *("Østgård", "Čeněk", "日本映画記録保存会", "湖", "северный", "архив", "θάλασσα"),
    *("대한민국기록영화", "สารคดี", "🎬🎭", "film-2009", "O'Lovely", "Überwasserfilm"),
)


NO_RULES = Rules()


def library_of(*entities: KnownName, rules: Rules = NO_RULES) -> KnownLibrary:
    return KnownLibrary(
        {(e.kind, e.entity_id): e for e in entities}, rules, date(2026, 5, 1)
    )


def large_library(names: int = 50_000) -> KnownLibrary:
    """Return a library of names that share their words with thousands of others."""
    chance = random.Random(7)
    kinds = tuple(EntityKind)
    return library_of(
        *(
            KnownName(
                kinds[number % 3],
                number,
                f"{' '.join(chance.choices(WORDS, k=4))} {number}",
                disambiguation=chance.choice(("", "the one of the north")),
                aliases=(" ".join(chance.choices(WORDS, k=3)),),
                scenes=chance.randrange(1000),
            )
            for number in range(names)
        )
    )


def reading(
    scene_id: int,
    path: str = PATH,
    *,
    title: str = "",
    details: str = "",
    matches: Iterable[Match] = (),
    segments: Iterable[Segment] = (),
    **facts: Any,
) -> SceneReading:
    return SceneReading(
        SceneFacts(scene_id, (FileFacts(path),), title, details, **facts),
        (
            ReadText("path", path, (), tuple(matches), tuple(segments)),
            ReadText("title", title, (), ()),
            ReadText("details", details, (), ()),
        ),
    )


def values(told: ToldByModel) -> set[int | str]:
    """Return the values that are proposed; an outage fails the test."""
    assert isinstance(told, tuple), told
    assert all(isinstance(each, Proposal) for each in told)
    return {each.value for each in told}
