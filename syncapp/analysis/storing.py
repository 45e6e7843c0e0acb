"""Writes a page of an analysis: its changes, and that its scenes were analysed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from syncapp.analysis.facts import SceneFacts
from syncapp.analysis.finding_keys import digest_of
from syncapp.analysis.gather import GatheredScene
from syncapp.analysis.library import EntityKind, Library
from syncapp.analysis.merging import Grounds, MergedProposal, current
from syncapp.analysis.proposals import Field, Op, Span
from syncapp.models import Change, Plan, SceneAnalysis
from syncapp.models.plans import KEY, NAME

KIND_OF = {
    Field.STUDIO: EntityKind.STUDIO,
    Field.PERFORMERS: EntityKind.PERFORMER,
    Field.TAGS: EntityKind.TAG,
}
BATCH = 500  # rows of one statement


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


def store_changes(
    plan_id: int,
    proposed: Iterable[tuple[SceneFacts, MergedProposal]],
    library: Library,
) -> None:
    """Add these to a plan, but for those that it has."""
    Change.objects.bulk_create(
        (_change(plan_id, facts, each, library) for facts, each in proposed),
        batch_size=BATCH,
        # A tag may be proposed by what looks at a scene and by what looks at all.
        ignore_conflicts=True,
    )


def mark_analysed(scenes: Iterable[GatheredScene], digest: str) -> None:
    """Note that these were analysed, as what they were when they were read."""
    now = datetime.now(UTC)
    SceneAnalysis.objects.bulk_create(
        (
            SceneAnalysis(
                scene_id=each.facts.scene_id,
                analysed_at=now,
                synced_at=each.synced_at,
                digest=digest,
            )
            for each in scenes
        ),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["scene_id"],
        update_fields=["analysed_at", "synced_at", "digest"],
    )


def _change(
    plan_id: int, facts: SceneFacts, proposal: MergedProposal, library: Library
) -> Change:
    first, (_, _, value_key) = proposal.first, proposal.key
    before = current(facts, proposal.field) if proposal.op is Op.SET else ""
    return Change(
        plan_id=plan_id,
        scene_id=facts.scene_id,
        field=proposal.field.value,
        op=proposal.op.value,
        entity_id=_entity_id(proposal.value),
        value=name_of(proposal.field, proposal.value, library),
        value_key=value_key,
        before_id=_entity_id(before),
        before=name_of(proposal.field, before, library),
        **_told(first),
        more_evidence=[_plain(each) for each in proposal.grounds[1:]],
        confidence=first.confidence,
        level=first.level,
        cause=proposal.cause,
        cause_key=digest_of(proposal.cause),
        choice=_short(proposal.choice),
    )


def name_of(of_field: Field, value: int | str | None, library: Library) -> str:
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
    }


def _plain(grounds: Grounds) -> dict[str, Any]:
    return {
        **_told(grounds),
        "confidence": grounds.confidence,
        "level": grounds.level,
    }


def _plain_span(span: Span) -> list[str | int]:
    return [span.text, span.start, span.end]


def _short(choice: str) -> str:
    return choice if len(choice) <= KEY else digest_of(choice)
