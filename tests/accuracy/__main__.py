"""Shows whoever writes detectors how they do on an open part, and what they get wrong.

`python -m tests.accuracy [tune|calibrate] [--field FIELD] [--show N] [--ids N] [--fit]`

Confidence is that of the repository; `--fit` measures it for this time alone.
"""

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

from syncapp.analysis.confidence import Level, read_table
from syncapp.analysis.proposals import Field
from tests.accuracy.evaluation import evaluate, fit, pairs_of
from tests.accuracy.judging import JUDGED, Said, at_level, confident, rightness
from tests.accuracy.labelled import SCENES, Labelled, labelled
from tests.accuracy.report import calibration_table, score_table
from tests.accuracy.seam import DETECTORS, read_labelled
from tests.accuracy.truth import LabelledScene, Part, Value

NAMES = {Field.STUDIO: "studio", Field.PERFORMERS: "performer", Field.TAGS: "tag"}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.accuracy")
    open_parts = [Part.TUNE.value, Part.CALIBRATE.value]
    parser.add_argument("part", nargs="?", choices=open_parts, default=open_parts[0])
    parser.add_argument("--field", choices=[str(about) for about in JUDGED])
    parser.add_argument("--show", type=int, default=10, help="scenes, of each sort")
    parser.add_argument("--ids", type=int, default=SCENES)
    parser.add_argument("--fit", action="store_true", help="measure confidence anew")
    return parser.parse_args()


def _named(data: Labelled, about: Field, value: Value) -> str:
    """Return a value with its name, where it is an id."""
    for (kind, row_id), entity in data.entities.items():
        if kind == NAMES.get(about) and row_id == value:
            return f"{entity.name} ({value})"
    return repr(value)


def _faults(
    data: Labelled, about: Field, scene: LabelledScene, said: list[Said]
) -> Iterator[tuple[str, str]]:
    """Yield what is wrong and what is missed, each with a line that shows it."""
    path = scene.facts.files[0].path
    shown = f"{path} | {scene.facts.title}" if scene.facts.title else path
    ours = [one for one in said if one.field is about]
    for one in ours:
        if rightness(scene, one) == 0.0:
            value = _named(data, about, one.value)
            yield "wrong", f"{value} by {one.kind}\n      {shown}"
    right = scene.told(about).right
    if right and not right & {one.value for one in ours}:
        values = ", ".join(_named(data, about, value) for value in right)
        yield "missed", f"{values}\n      {shown}"


def main() -> int:
    options = _options()
    part, ids = Part(options.part), options.ids
    today = datetime.now(UTC).date()
    new = fit(DETECTORS, read_labelled, ids=ids, today=today) if options.fit else None
    table = new or read_table()
    found = evaluate(DETECTORS, read_labelled, table=table, part=part, ids=ids)
    print(score_table(part, found), calibration_table(found), sep="\n\n")
    data = labelled(part, ids)
    left = {
        (Field(about), sort): options.show
        for about in ([options.field] if options.field else JUDGED)
        for sort in ("wrong", "missed")
    }
    for scene, said in pairs_of(DETECTORS, data, read_labelled):
        likely = at_level(confident(said, table), Level.LIKELY)
        for about, sort in [key for key, more in left.items() if more]:
            for fault, line in _faults(data, about, scene, likely):
                if fault == sort:
                    left[about, sort] -= 1
                    print(f"{about} {sort} at likely: {line}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
