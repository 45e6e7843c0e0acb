"""Writes a page of an analysis: its changes, and that its scenes were analysed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from syncapp.analysis.facts import SceneFacts
from syncapp.analysis.gather import GatheredScene
from syncapp.analysis.library import EntityKind, KnownLibrary
from syncapp.analysis.merging import Grounds, MergedProposal, current
from syncapp.analysis.proposals import Op, SceneField, TextSpan
from syncapp.filters.number_list import number_list
from syncapp.models import Change, Plan, SceneAnalysis
from syncapp.models.change_states import ChangeState
from syncapp.models.plans import KEY, NAME
from syncapp.sync.statements import Row, execute, upsert
from syncapp.text.digests import digest_of

KIND_OF = {
    SceneField.STUDIO: EntityKind.STUDIO,
    SceneField.PERFORMERS: EntityKind.PERFORMER,
    SceneField.TAGS: EntityKind.TAG,
}
OF_GROUNDS = (
    *("detector", "detector_version", "evidence_kind", "sentence", "spans"),
    "confidence",
)
UNIQUE = ("scene_id", "field", "op", "value_key")
SCENE_ID = 0  # place of it in COLUMNS
COLUMNS = (
    *("scene_id", "field", "op", "entity_id", "value", "value_key"),
    *("before_id", "before", *OF_GROUNDS, "level", "more_evidence"),
    *("cause", "cause_key", "choice", "state", "objection"),
)


@dataclass(frozen=True, slots=True)
class PlanSketch:
    """A plan as it is going to be stored with its first change."""

    source_id: int
    name: str
    scope: str
    detectors: Mapping[str, int]  # versions by name
    kind: str = "analysis"
    query: str = ""
    options: Sequence[str] = ()
    by: int | None = None


@dataclass(slots=True)
class ScenesRead:
    """What one page of scenes came to."""

    scenes: list[GatheredScene] = field(default_factory=list)
    proposed: list[tuple[SceneFacts, MergedProposal]] = field(default_factory=list)
    dismissed: int = 0
    unanswered: int = 0


def make_plan(sketch: PlanSketch, job_id: int | None) -> int:
    return Plan.objects.create(
        source_id=sketch.source_id,
        name=sketch.name[:NAME],
        kind=sketch.kind,
        scope=sketch.scope,
        query=sketch.query,
        detectors=dict(sketch.detectors),
        options=list(sketch.options),
        job_id=job_id,
        by_id=sketch.by,
        created_at=datetime.now(UTC),
    ).pk


def change_rows(
    proposed: Iterable[tuple[SceneFacts, MergedProposal]], library: KnownLibrary
) -> list[Row]:
    """Return what is going to be stored of these, in the order of COLUMNS."""
    return [_change_row(facts, each, library) for facts, each in proposed]


def unstored(plan_id: int, rows: Sequence[Row]) -> list[Row]:
    """Return the rows that a plan does not have already; one statement.

    A tag may be proposed by what looks at a scene and by what looks at all of them.
    """
    ids = sorted({row[SCENE_ID] for row in rows})
    there = Change.objects.filter(plan_id=plan_id, scene_id__in=number_list(ids))
    keys = set(there.order_by().values_list(*UNIQUE))
    places = [COLUMNS.index(name) for name in UNIQUE]
    return [row for row in rows if tuple(row[n] for n in places) not in keys]


def store_changes(plan_id: int, rows: Iterable[Row]) -> None:
    """Add these to a plan; each has to be new to it.

    As few statements as each database takes: made one by one, the objects of a page
    would cost more than all that was found out about it, under the lock of the write.
    """
    whole = [(plan_id, *row) for row in rows]
    columns = ("plan_id", *COLUMNS)
    execute(upsert(Change, columns, whole, kept=columns))


def mark_analysed(scenes: Iterable[GatheredScene], digest: str) -> None:
    """Note that these were analysed, as what they were when they were read."""
    now = datetime.now(UTC)
    rows = [(each.facts.scene_id, now, each.synced_at, digest) for each in scenes]
    columns = ("scene_id", "analysed_at", "synced_at", "digest")
    execute(upsert(SceneAnalysis, columns, rows))


def _change_row(
    facts: SceneFacts, proposal: MergedProposal, library: KnownLibrary
) -> Row:
    before = current(facts, proposal.field) if proposal.op is Op.SET else ""
    field, op, value_key = proposal.key
    told = _told(proposal.first)
    return (
        *(facts.scene_id, field, op),
        _entity_id(proposal.value),
        name_of(proposal.field, proposal.value, library),
        value_key,
        _entity_id(before),
        name_of(proposal.field, before, library),
        *(told[name] for name in OF_GROUNDS),
        proposal.level.value,
        [_told(each) for each in proposal.grounds[1:]],
        *(proposal.cause, digest_of(proposal.cause), _short(proposal.choice)),
        *(ChangeState.PROPOSED.value, ""),
    )


def name_of(
    of_field: SceneField, value: int | str | None, library: KnownLibrary
) -> str:
    """Return what a person calls a value; a number is an entity's row id."""
    if not isinstance(value, int):
        return value or ""
    entity = library.entities.get((KIND_OF[of_field], value))
    if entity is None:
        return ""
    more = f" ({entity.disambiguation})" if entity.disambiguation else ""
    return f"{entity.name}{more}"


def _entity_id(value: int | str | None) -> int | None:
    return value if isinstance(value, int) else None


def _told(grounds: Grounds) -> dict[str, Any]:
    evidence = grounds.evidence
    return {
        "detector": grounds.detector,
        "detector_version": grounds.version,
        "evidence_kind": evidence.kind,
        "sentence": evidence.sentence,
        "spans": list(map(_plain_span, evidence.spans)),
        "confidence": grounds.confidence,
        "level": grounds.level.value,
    }


def _plain_span(span: TextSpan) -> list[str | int]:
    return [span.text, span.start, span.end]


def _short(choice: str) -> str:
    return choice if len(choice) <= KEY else digest_of(choice)
