"""Measures the index of names: how long it takes to make, how much it holds.

By itself: `python -m tests.bench.names`.
"""

import time
import tracemalloc
from datetime import date
from random import Random

from syncapp.analysis.facts import FileFacts, SceneFacts
from syncapp.analysis.library import EntityKind, KnownLibrary, KnownName, Rules
from syncapp.analysis.matcher import build_index
from syncapp.analysis.scene_reading import read_scene
from syncapp.analysis.words import read_words

NAMES = 50_000
PATHS = 20_000
SYLLABLES = [a + b for a in "bdfghklmnprstvw" for b in "aeio"]


def invented_name(chance: Random, words: int) -> str:
    """Return a name that nobody has."""
    return " ".join(
        "".join(chance.choices(SYLLABLES, k=chance.randint(3, 4))).title()
        for _ in range(words)
    )


def invented_entities(chance: Random, names: int) -> list[KnownName]:
    """Return studios, performers and tags with so many names and aliases in all."""
    kinds = [EntityKind.PERFORMER] * 8 + [EntityKind.STUDIO, EntityKind.TAG]
    found: list[KnownName] = []
    while names > 0:
        kind = chance.choice(kinds)
        name = invented_name(chance, 1 if chance.random() < 0.2 else 2)
        aliases = [invented_name(chance, 2) for _ in range(chance.choice((0, 0, 1, 2)))]
        found.append(KnownName(kind, len(found) + 1, name, aliases=tuple(aliases)))
        names -= 1 + len(aliases)
    return found


def invented_path(chance: Random, entities: list[KnownName]) -> str:
    """Return a path that holds some of the names."""
    one, two = (chance.choice(entities).name for _ in range(2))
    words = invented_name(chance, 4)
    return (
        f"/data/films/{one}/2019/"
        f"{two.replace(' ', '.')}.19.04.{chance.randint(1, 28):02}.{words}.1080p.mp4"
    )


def name_figures(names: int = NAMES) -> dict[str, float]:
    """Return seconds and MB of the index, paths and scenes that it reads a second."""
    chance = Random(14)
    entities = invented_entities(chance, names)
    paths = [invented_path(chance, entities) for _ in range(PATHS)]
    began = time.perf_counter()
    index = build_index(entities)
    built = time.perf_counter() - began
    read = [(path, read_words(path)) for path in paths]
    began = time.perf_counter()
    found = sum(len(index.find(path, tokens)) for path, tokens in read)
    walked = time.perf_counter() - began
    assert found > PATHS
    library = KnownLibrary(
        {(e.kind, e.entity_id): e for e in entities}, Rules(), _today()
    )
    scenes = [SceneFacts(n, (FileFacts(path),)) for n, path in enumerate(paths)]
    began = time.perf_counter()
    for facts in scenes:
        read_scene(facts, index, library)
    whole = time.perf_counter() - began
    return {
        "index_s": built,
        "index_mb": _megabytes(entities),
        "index_paths": PATHS / walked,
        "reading_scenes": PATHS / whole,
    }


def _today() -> date:
    return date(2020, 1, 1)


def _megabytes(entities: list[KnownName]) -> float:
    tracemalloc.start()
    index = build_index(entities)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert index.digest
    return held / 1e6


if __name__ == "__main__":
    for key, value in name_figures().items():
        print(f"{key:>15} {value:12,.2f}")
