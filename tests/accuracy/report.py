"""What the bench tells of accuracy: its rows, and tables beside the baselines."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache

from syncapp.analysis.confidence import Level, read_table, write_table
from syncapp.analysis.proposals import SceneField
from tests.accuracy.baselines import HAS_GUESSIT, NO_GUESSIT
from tests.accuracy.evaluation import Calibration, Evaluation, evaluate, fit
from tests.accuracy.judging import JUDGED, LEVELS, Score, Scores
from tests.accuracy.releases import release_line
from tests.accuracy.seam import DETECTORS, read_labelled
from tests.accuracy.truth import Part

ASKED = (SceneField.STUDIO, SceneField.PERFORMERS, SceneField.DATE, SceneField.TITLE)
CHOICE = "a choice counts as right once in as many times as it has values"


@cache
def sealed_evaluation(ids: int, *, write: bool) -> Evaluation:
    """Return what the sealed fifth says; `write`: with confidence measured anew."""
    if write:
        today = datetime.now(UTC).date()
        write_table(fit(DETECTORS, read_labelled, ids=ids, today=today))
    return evaluate(
        DETECTORS, read_labelled, table=read_table(), part=Part.SEALED, ids=ids
    )


def accuracy_values(ids: int, *, write: bool) -> dict[str, float]:
    """Return the rows of the bench."""
    return row_values(sealed_evaluation(ids, write=write))


def row_values(found: Evaluation) -> dict[str, float]:
    likely = found.by_level[Level.LIKELY]
    values: dict[str, float] = {}
    for about in ASKED:
        values[f"accuracy_{about}_precision"] = likely[about].bound
        values[f"accuracy_{about}_recall"] = likely[about].recall
    values["accuracy_behind"] = len(behind(likely, found.baselines.values()))
    values["accuracy_calibration"] = found.calibration_error
    values["accuracy_broken_levels"] = found.broken_levels
    values["accuracy_decisions"] = found.reviewed.share
    return values


def behind(ours: Scores, others: Iterable[Scores]) -> list[str]:
    """Return where another program is right more often, or finds more."""
    every = [*others]
    return [
        f"{about} {what}"
        for about in ASKED
        for what in ("precision", "recall")
        if any(getattr(o[about], what) > getattr(ours[about], what) for o in every)
    ]


def accuracy_tables(ids: int, *, write: bool) -> str:
    found = sealed_evaluation(ids, write=write)
    tables = [score_table("sealed", found), calibration_table(found)]
    tables.append(release_line(read_table()) if HAS_GUESSIT else NO_GUESSIT)
    return "\n\n".join(tables)


def score_table(name: str, found: Evaluation) -> str:
    """Return a row for each level and each baseline, a column for each field."""
    head = [f"{name}: right (at least), found", *map(str, JUDGED)]
    rows = [head, ["---"] * len(head)]
    rows += [[f"{level} and above", *_cells(found.by_level[level])] for level in LEVELS]
    rows += [[other, *_cells(scores)] for other, scores in found.baselines.items()]
    return f"{_drawn(rows)}\n{found.scenes:,} scenes; guessit was asked for some."


def _cells(scores: Scores) -> list[str]:
    return [_cell(scores[about]) for about in JUDGED]


def _cell(score: Score) -> str:
    if not score.right + score.wrong:
        return "-"
    return f"{score.precision:.3f} ({score.bound:.3f}), {score.recall:.3f}"


def calibration_table(found: Evaluation) -> str:
    head = ["confidence", "stated", "observed", "of"]
    rows = [head, ["---"] * len(head)]
    rows += [_told(one) for one in (*found.levels, *found.kinds)]
    return f"{_drawn(rows)}\nEach level by itself; {CHOICE}."


def _told(one: Calibration) -> list[str]:
    return [one.name, f"{one.stated:.3f}", f"{one.observed:.3f}", f"{one.of:,}"]


def _drawn(rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
