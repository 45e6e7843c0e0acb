"""Measures a whole analysis: names and scenes of a mirror, to the changes of a plan.

`python -m tests.bench.analysis fill SCENES`, then without words in a process of its
own, so that nothing of the filling is in its memory; its last line is JSON. All names
are invented: 50,000 with aliases for any number of scenes, two of them in each path.
"""

import json
import sys
import time
from collections.abc import Iterator
from random import Random
from resource import RUSAGE_SELF, getrusage
from typing import Any

import django

NAMES = 50_000
TOGETHER = 5_000  # rows of one statement


def fill(scenes: int) -> int:
    """Fill the empty mirror; returns the source's id."""
    from syncapp.analysis.library import EntityKind
    from syncapp.models import Performer, Scene, SceneFile, Source, Studio, Tag
    from tests.bench.names import invented_entities
    from tests.builders import mirrored

    source = Source.objects.create(name="Archive", url="http://archive.invalid:9999")
    models: dict[EntityKind, Any] = {
        EntityKind.PERFORMER: Performer,
        EntityKind.STUDIO: Studio,
        EntityKind.TAG: Tag,
    }
    entities = invented_entities(Random(14), NAMES)
    for kind, model in models.items():
        rows = (
            model(
                **mirrored(source, each.entity_id),
                name=each.name,
                aliases=list(each.aliases),
            )
            for each in entities
            if each.kind is kind
        )
        _insert(model, rows)
    _insert(Scene, (Scene(**mirrored(source, n + 1)) for n in range(scenes)))
    _insert(SceneFile, _files(source.pk, entities, scenes))
    return source.pk


def _insert(model: Any, rows: Iterator[Any]) -> None:
    while some := [row for _, row in zip(range(TOGETHER), rows, strict=False)]:
        model.objects.bulk_create(some)


def _files(source_id: int, entities: Any, scenes: int) -> Iterator[Any]:
    from syncapp.models import SceneFile
    from syncapp.models.keys import row_id
    from tests.bench.names import invented_path

    chance = Random(15)
    for number in range(1, scenes + 1):
        path = invented_path(chance, entities)
        yield SceneFile(
            scene_id=row_id(source_id, number),
            remote_id=number,
            position=0,
            path=path,
            basename=path.rpartition("/")[2],
        )


def measure() -> dict[str, Any]:
    """Analyse all that is there; returns how fast that was and what it held."""
    from syncapp.analysis.analyse import run_analysis
    from syncapp.analysis.looking import AnalysisRequest
    from syncapp.models import Change, Scene, Source
    from syncapp.sync.tuning import tuned
    from tests.bench.gauge import gauged
    from tests.mirror import PlainReporter

    scenes, source_id = Scene.objects.count(), Source.objects.get().pk
    held = getrusage(RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    with tuned(), gauged() as gauge:
        run_analysis(PlainReporter(), AnalysisRequest(source_id))
    seconds = time.perf_counter() - began
    return {
        "analysis": scenes / seconds,
        "analysis_mb": (getrusage(RUSAGE_SELF).ru_maxrss - held) / 1024,
        "analysis_statements": 1000 * gauge.statements / scenes,
        "analysis_changes": Change.objects.count() / scenes,
    }


def main() -> None:
    """Fill, or measure and print."""
    django.setup()
    if sys.argv[1:]:
        from tests.bench.big_library import settle

        fill(int(sys.argv[2]))
        settle()
    else:
        print(json.dumps(measure()))


if __name__ == "__main__":
    main()
