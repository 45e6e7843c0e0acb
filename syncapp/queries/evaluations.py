"""Evaluations of the detectors on a person's own data, out of their jobs' results."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jobs.enums import JSON
from jobs.errors import JobNotFound
from jobs.queries import JobCard, job_card
from syncapp.analysis.evaluate import ALL_LEVELS, HIDDEN
from syncapp.models import Plan, Source
from syncapp.queries.offered_detectors import offered_detectors

EVALUATION_KIND = "analysis.evaluate"
LEVELS = ("certain", "likely", "look", ALL_LEVELS)
LEVEL_NAMES = {"look": "to look at", ALL_LEVELS: "all levels"}
FIELDS = tuple(each.value for each in HIDDEN)


@dataclass(frozen=True, slots=True)
class EvaluationRow:
    """How often one detector is right at one level; shares are in percent."""

    field: str
    detector: str  # its title
    level: str  # in words
    is_sum: bool
    proposed: int
    right: int
    precision: float
    recall: float
    choices: int
    choices_with_right: int


@dataclass(frozen=True, slots=True)
class EvaluationPage:
    card: JobCard
    source_id: int
    source: str
    organized: int  # scenes that are organised
    compared: int  # of them
    known: tuple[tuple[str, int], ...]  # hidden values, by field
    rows: tuple[EvaluationRow, ...]


def evaluation_by_job(job_id: int) -> EvaluationPage | None:
    """Return an evaluation; None if the job is one of another kind.

    Raises JobNotFound.
    """
    card = job_card(job_id)
    if card.kind != EVALUATION_KIND:
        return None
    source_id = _number(card.params, "source_id")
    names = Source.objects.filter(pk=source_id).values_list("name", flat=True)
    scenes, known = _part(card.result, "scenes"), _part(card.result, "known_values")
    return EvaluationPage(
        card=card,
        source_id=source_id,
        source=names.first() or "",
        organized=_number(scenes, "organized"),
        compared=_number(scenes, "compared"),
        known=tuple((name, _number(known, name)) for name in FIELDS if name in known),
        rows=evaluation_rows(card.result),
    )


def evaluation_rows(result: Mapping[str, JSON]) -> tuple[EvaluationRow, ...]:
    """Return the table of a result, in its order: a database may keep none."""
    found = _part(result, "accuracy")
    titles = [each.title for each in offered_detectors()]
    rows = [(*_names(key), line) for key, line in found.items()]
    rows.sort(
        key=lambda row: (
            _place(FIELDS, row[0]),
            _place(titles, row[1]),
            _place(LEVELS, row[2]),
        )
    )
    return tuple(_row(*row) for row in rows)


def plan_of_job(job_id: int) -> int | None:
    """Return the plan that a job made, or applied, if there is one."""
    rows = Plan.objects.filter(job_id=job_id).order_by("-id")
    made = rows.values_list("id", flat=True).first()
    return _applied_by(job_id) if made is None else made


def _applied_by(job_id: int) -> int | None:
    try:
        plan_id = _number(job_card(job_id).params, "plan_id")
    except JobNotFound:
        return None
    return plan_id if Plan.objects.filter(pk=plan_id).exists() else None


def _row(of_field: str, detector: str, level: str, line: Any) -> EvaluationRow:
    return EvaluationRow(
        of_field,
        detector,
        LEVEL_NAMES.get(level, level),
        is_sum=level == ALL_LEVELS,
        proposed=_number(line, "proposed"),
        right=_number(line, "right"),
        precision=float(line.get("precision_percent", 0)),
        recall=float(line.get("recall_percent", 0)),
        choices=_number(line, "choices"),
        choices_with_right=_number(line, "choices_with_right"),
    )


def _names(key: str) -> tuple[str, str, str]:
    """Return field, detector and level of "studio, Studio, certain"."""
    of_field, _, rest = key.partition(", ")
    detector, _, level = rest.rpartition(", ")
    return of_field, detector, level


def _place(names: Any, name: str) -> int:
    return names.index(name) if name in names else len(names)


def _part(result: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = result.get(name)
    return found if isinstance(found, Mapping) else {}


def _number(told: Mapping[str, Any], name: str) -> int:
    return int(told.get(name) or 0)
