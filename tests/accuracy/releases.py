"""Names of real releases with their dates, from the tests inside guessit's wheel.

They are read where they are installed, for the bench alone; none stands here.
"""

from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

from syncapp.analysis.confidence import ConfidenceTable, Level
from syncapp.analysis.facts import FileFacts, SceneFacts
from syncapp.analysis.proposals import Field
from tests.accuracy.evaluation import pairs_of, scored
from tests.accuracy.judging import Score, at_level, confident
from tests.accuracy.labelled import Labelled
from tests.accuracy.seam import DETECTORS, read_labelled
from tests.accuracy.truth import LabelledScene, Part, Told

FILES = ("movies.yml", "episodes.yml", "various.yml")
WITHOUT_TRUTH = "__default__"


@cache
def release_names() -> tuple[LabelledScene, ...]:
    """Return names with the date or the year in them; none without guessit."""
    spec = find_spec("guessit")
    if spec is None or spec.origin is None:
        return ()
    folder = Path(spec.origin).parent / "test"
    told = (pair for name in FILES for pair in _told(folder / name))
    return tuple(
        LabelledScene(SceneFacts(n, (FileFacts(name),)), "", {Field.DATE: Told(right)})
        for n, (name, right) in enumerate(told, 1)
    )


def _told(file: Path) -> Iterator[tuple[str, frozenset[int | str]]]:
    if not file.exists():
        return
    entries: dict[str, Any] = yaml.safe_load(file.read_text())
    for name, truth in entries.items():
        if name != WITHOUT_TRUTH and isinstance(truth, dict):
            day = truth.get("date") or truth.get("year")
            yield str(name), frozenset([str(day)] if day else [])


def release_dates(table: ConfidenceTable) -> Score:
    """Return how right the dates of these names are at "likely"."""
    data = Labelled(Part.TUNE, release_names(), entities={}, regulars={})
    likely = (
        (scene, at_level(confident(said, table), Level.LIKELY))
        for scene, said in pairs_of(DETECTORS, data, read_labelled)
    )
    return scored(likely)[Field.DATE]


def release_line(table: ConfidenceTable) -> str:
    score = release_dates(table)
    return (
        f"{len(release_names()):,} names of real releases: dates at likely "
        f"{score.precision:.3f} right of {score.right + score.wrong}, "
        f"{score.recall:.3f} found of {score.told}; nothing is asked of them."
    )
