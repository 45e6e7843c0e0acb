"""A small archive of which there is much to propose, and toy detectors."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from syncapp.analysis import detectors, looking
from syncapp.analysis.analyse import run_analysis
from syncapp.analysis.looking import AnalysisRequest
from syncapp.models import Change, Plan, Scene, SceneFile, SceneSet, Source
from syncapp.models.keys import row_id
from tests.builders import (
    NOON,
    STAMP,
    indexed_at_once,
    make_scene,
    make_scene_set,
    make_source,
    make_studio,
    make_tag,
)
from tests.mirror import PlainReporter
from tests.toy_detectors import TOYS, toy_confidence

SCENES = 12


@pytest.fixture(autouse=True)
def _toys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detectors, "DETECTORS", TOYS)
    monkeypatch.setattr(looking, "confidence_of", toy_confidence)


@dataclass
class Archive:
    """A source, and what is done with its mirror."""

    source: Source
    reporter: PlainReporter

    def key(self, number: int) -> int:
        return row_id(self.source.pk, number)

    def keys(self, numbers: Iterable[int]) -> list[int]:
        return [self.key(number) for number in numbers]

    def run(self, *, reporter: PlainReporter | None = None, **asked: Any) -> Any:
        """Analyse what is asked for; by default what is not analysed."""
        self.reporter = reporter or PlainReporter()
        return run_analysis(self.reporter, AnalysisRequest(self.source.pk, **asked))

    def run_over(self, numbers: Sequence[int], **asked: Any) -> Any:
        SceneSet.objects.all().delete()  # the same scenes may be asked for again
        set_id = make_scene_set(self.source, self.keys(numbers), part=5)
        return self.run(scene_set=set_id, **asked)


@pytest.fixture
@indexed_at_once()
def archive(db: None) -> Archive:
    """Give 12 scenes: all below a studio's folder, each fourth with no title."""
    source = make_source()
    make_studio(source, 1, "Tideline Films")
    make_studio(source, 2, "Blue Planet", aliases=["Planet Blue"])
    make_tag(source, 1, "harbour")
    for number in range(1, SCENES + 1):
        folder = "Tideline Films" if number % 2 else "Blue Planet"
        make_scene(
            source,
            number,
            "" if number % 4 == 0 else f"The harbour at dawn {number}",
            path=f"/films/{folder}/reel {number}.mkv",
        )
    return Archive(source, PlainReporter())


def many_scenes(source: Source, count: int) -> None:
    """Make scenes by the thousand: two of three below a studio's folder."""
    make_studio(source, 1, "Tideline Films")
    rows, files = [], []
    for number in range(1, count + 1):
        key = row_id(source.pk, number)
        folder = "Tideline Films" if number % 3 else "Various"
        rows.append(_scene(source, number, key))
        files.append(
            SceneFile(
                scene_id=key,
                remote_id=number,
                position=0,
                path=f"/films/{folder}/reel {number}.mkv",
                basename=f"reel {number}.mkv",
            )
        )
    Scene.objects.bulk_create(rows, batch_size=500)
    SceneFile.objects.bulk_create(files, batch_size=500)


def _scene(source: Source, number: int, key: int) -> Scene:
    return Scene(
        id=key,
        source=source,
        remote_id=number,
        title=f"Reel {number}",
        remote_created_text=STAMP,
        remote_updated_text=STAMP,
        remote_created_at=NOON,
        remote_updated_at=NOON,
        content_hash=7,
        synced_at=NOON,
    )


COLUMNS = (
    *("scene_id", "field", "op", "entity_id", "value", "value_key", "before_id"),
    *("before", "detector", "detector_version", "evidence_kind", "sentence", "spans"),
    *("more_evidence", "confidence", "level", "cause", "cause_key", "choice", "state"),
)


def stored(plan_id: int | None = None) -> list[tuple[Any, ...]]:
    """Return the changes of a plan, or of the only one, without their ids."""
    plan_id = plan_id or Plan.objects.get().pk
    rows = Change.objects.filter(plan_id=plan_id).order_by("scene_id", "id")
    return list(rows.values_list(*COLUMNS))
