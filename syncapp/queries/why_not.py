"""What an analysis would say of one scene, and what it holds back, with its reasons."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from syncapp.analysis.detector import Detector
from syncapp.analysis.dismissed import with_scenes
from syncapp.analysis.facts import SceneFacts
from syncapp.analysis.gather import scenes_by_id
from syncapp.analysis.library import KnownLibrary
from syncapp.analysis.looking import AnalysisRequest, Explanation, prepare_analysis
from syncapp.analysis.merging import MergedProposal
from syncapp.analysis.proposals import HeldBack
from syncapp.analysis.storing import name_of
from syncapp.models import SceneAnalysis, Source
from syncapp.models.keys import source_of
from syncapp.queries.marked import MarkedText, marked_texts
from syncapp.queries.scene_titles import shown_titles

MOST_TOLD = 100  # of either kind
LEVEL_WORDS = {"look": "to look at"}


@dataclass(frozen=True, slots=True)
class ToldReason:
    """One reason for a proposal."""

    detector: str
    level: str  # in words
    sentence: str
    texts: tuple[MarkedText, ...]


@dataclass(frozen=True, slots=True)
class ToldProposal:
    """What would be proposed."""

    field: str
    op: str
    value: str
    is_choice: bool  # a person has to choose between it and others
    grounds: tuple[ToldReason, ...]


@dataclass(frozen=True, slots=True)
class ToldHeldBack:
    """What was considered, and is not proposed."""

    field: str
    value: str
    detector: str
    reason: str
    texts: tuple[MarkedText, ...]


@dataclass(frozen=True, slots=True)
class SceneSaid:
    """All that an analysis says of a scene as it is now."""

    scene_id: int
    title: str
    source_id: int
    source: str
    organized: bool
    analysed_at: datetime | None
    is_behind: bool  # it changed since it was analysed
    proposals: tuple[ToldProposal, ...]
    held_back: tuple[ToldHeldBack, ...]
    more: int  # that were held back, and are not told
    dismissed: int


def scene_said(scene_id: int) -> SceneSaid | None:
    """Return what an analysis says of a scene now; None if it is not in the mirror.

    The same as a run over all would find. It reads the names of the whole library.
    """
    scene = next(scenes_by_id([scene_id]), None)
    if scene is None:
        return None
    source_id, facts = source_of(scene_id), scene.facts
    analysis = prepare_analysis(AnalysisRequest(source_id))
    dismissed = with_scenes(analysis.dismissed, [scene_id])
    found = replace(analysis, dismissed=dismissed).explained(facts)
    run = SceneAnalysis.objects.filter(pk=scene_id).first()
    source = Source.objects.filter(pk=source_id).values_list("name", flat=True).first()
    told = _held_back(found, facts, analysis.library)
    return SceneSaid(
        scene_id=scene_id,
        title=shown_titles({scene_id: facts.title})[scene_id],
        source_id=source_id,
        source=source or "",
        organized=facts.organized,
        analysed_at=run.analysed_at if run else None,
        is_behind=run is not None and run.synced_at != scene.synced_at,
        proposals=tuple(_proposals(found, facts, analysis.library)),
        held_back=told[:MOST_TOLD],
        more=max(0, len(told) - MOST_TOLD),
        dismissed=found.merged.dismissed,
    )


def texts_of(facts: SceneFacts) -> dict[str, str]:
    """Return the texts of a scene, by the names that spans use."""
    paths = {
        f"path:{place}" if place else "path": file.path
        for place, file in enumerate(facts.files)
    }
    return {**paths, "title": facts.title, "details": facts.details}


def _proposals(
    found: Explanation, facts: SceneFacts, library: KnownLibrary
) -> Iterator[ToldProposal]:
    for each in found.merged.proposals[:MOST_TOLD]:
        yield ToldProposal(
            each.field.value,
            each.op.value,
            name_of(each.field, each.value, library),
            is_choice=bool(each.choice),
            grounds=tuple(_grounds(each, texts_of(facts))),
        )


def _grounds(proposal: MergedProposal, texts: dict[str, str]) -> Iterator[ToldReason]:
    for each in proposal.grounds:
        level = proposal.level if each is proposal.first else each.level
        yield ToldReason(
            each.detector,
            LEVEL_WORDS.get(level.value, level.value),
            each.evidence.sentence,
            marked_texts(texts, each.evidence.spans),
        )


def _held_back(
    found: Explanation, facts: SceneFacts, library: KnownLibrary
) -> tuple[ToldHeldBack, ...]:
    """Return what was held back, each reason once."""
    texts = texts_of(facts)
    told = (_held(*each, texts=texts, library=library) for each in found.held_back)
    return tuple(dict.fromkeys(told))


def _held(
    detector: Detector, held: HeldBack, *, texts: dict[str, str], library: KnownLibrary
) -> ToldHeldBack:
    return ToldHeldBack(
        held.field.value,
        name_of(held.field, held.value, library),
        detector.title,
        held.reason,
        marked_texts(texts, held.spans),
    )
