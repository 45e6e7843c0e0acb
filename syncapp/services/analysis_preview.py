"""Shows what an analysis would do, before it is asked for; nothing is stored."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from syncapp.analysis.dismissed import with_scenes
from syncapp.analysis.errors import AnalysisStopped
from syncapp.analysis.gather import GatheredScene, WantedScenes, scenes_by_id
from syncapp.analysis.looking import (
    Analysis,
    AnalysisRequest,
    chosen_detectors,
    digest_of_run,
    prepare_analysis,
    versions_of,
)
from syncapp.analysis.merging import MergedProposal
from syncapp.analysis.storing import name_of
from syncapp.filters.number_list import number_list
from syncapp.filters.query_string import ParsedFilter
from syncapp.models import Scene, Source
from syncapp.models.keys import source_of
from syncapp.models.packed_ids import RowIds, gather
from syncapp.queries.matching import MatchingScenes, find_matching
from syncapp.queries.scene_titles import titles_of_scenes
from syncapp.services.analysis import USUAL, AnalysisChoices
from syncapp.services.errors import BadRequest, SourceNotFound
from syncapp.services.scene_sets import chosen_scenes

SAMPLE = 200  # scenes that a preview looks at
DRAWN = 5 * SAMPLE  # of which those are taken that the analysis would take
ENOUGH_S = 5.0  # after which it looks at no further scene
EXAMPLES = 8
LEVELS = {"certain": "certain", "likely": "likely", "look": "to look at"}


@dataclass(frozen=True, slots=True)
class AskedScope:
    """Which scenes are meant: one of the three is told."""

    chosen: tuple[int, ...] = ()
    matching: ParsedFilter | None = None
    unanalysed: int = 0  # of this source what is not analysed since it changed


@dataclass(frozen=True, slots=True)
class AnalysisScope:
    """The scenes that an analysis is of."""

    count: int
    by_source: tuple[tuple[str, int], ...]  # (its name, scenes)
    left_out: int = 0  # were chosen, and are not in the mirror any more
    found: MatchingScenes | None = None  # of a filter


@dataclass(frozen=True, slots=True)
class DetectorCount:
    """How many proposals one detector would make of the sample, by level."""

    title: str
    certain: int
    likely: int
    look: int

    @property
    def total(self) -> int:
        return self.certain + self.likely + self.look


@dataclass(frozen=True, slots=True)
class PreviewExample:
    scene_id: int
    scene: str
    field: str
    op: str
    value: str
    sentence: str
    level: str  # in words


@dataclass(frozen=True, slots=True)
class AnalysisPreview:
    """What came of a sample of the scenes."""

    scenes: int  # that were looked at
    with_proposals: int
    dismissed: int
    counts: tuple[DetectorCount, ...]
    examples: tuple[PreviewExample, ...]
    organized: int  # of `drawn`, left out
    drawn: int
    of: int  # scenes of the whole scope
    ran_out: bool  # of time, before the whole sample was looked at

    @property
    def total(self) -> int:
        return sum(each.total for each in self.counts)

    @property
    def expected(self) -> int:
        """About how many proposals the whole scope would bring."""
        if not self.scenes or not self.drawn:
            return 0
        analysed = self.of * (self.drawn - self.organized) / self.drawn
        return round(self.total / self.scenes * analysed)


@dataclass(slots=True)
class _Seen:
    """What was found so far."""

    looked: int = 0
    with_proposals: int = 0
    dismissed: int = 0
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: list[tuple[int, MergedProposal, str]] = field(default_factory=list)


def scope_of(asked: AskedScope, choices: AnalysisChoices = USUAL) -> AnalysisScope:
    """Return which scenes are meant.

    Raises NothingChosen, SceneNotFound, SourceNotFound, BadRequest.
    """
    return gathered(asked, choices)[0]


def preview_analysis(
    asked: AskedScope, choices: AnalysisChoices
) -> tuple[AnalysisScope, AnalysisPreview]:
    """Return which scenes are meant, and what would be proposed of a sample of them.

    Raises what `scope_of` does.
    """
    scope, ids = gathered(asked, choices)
    drawn = ids.some(DRAWN)
    taken = drawn if choices.organized else _not_organized(drawn)
    seen = _look(_evenly(taken, SAMPLE), choices)
    counts = tuple(_counts(seen, choices))
    preview = AnalysisPreview(
        scenes=seen.looked,
        with_proposals=seen.with_proposals,
        dismissed=seen.dismissed,
        counts=counts,
        examples=tuple(_examples(seen)),
        organized=len(drawn) - len(taken),
        drawn=len(drawn),
        of=scope.count,
        ran_out=seen.looked < min(len(taken), SAMPLE),
    )
    return scope, preview


def gathered(
    asked: AskedScope, choices: AnalysisChoices = USUAL
) -> tuple[AnalysisScope, RowIds]:
    """Return which scenes are meant, with their ids; raises what `scope_of` does."""
    if asked.matching is not None:
        found, ids = find_matching(asked.matching)
        return AnalysisScope(found.count, found.by_source, found=found), ids
    names = dict(Source.objects.values_list("id", "name"))
    left_out = 0
    if asked.unanalysed:
        ids = _unanalysed(asked.unanalysed, choices, names.get(asked.unanalysed))
    else:
        chosen = chosen_scenes(asked.chosen)
        ids, left_out = chosen.ids, chosen.left_out
    by_source = tuple((names.get(s.source_id, ""), s.count) for s in ids.sources)
    return AnalysisScope(ids.count, by_source, left_out), ids


def _unanalysed(source_id: int, choices: AnalysisChoices, name: str | None) -> RowIds:
    if name is None:
        raise SourceNotFound(source_id)
    try:
        versions = versions_of(choices.detectors)
    except AnalysisStopped as exc:
        raise BadRequest(str(exc)) from exc
    wanted = WantedScenes(
        source_id,
        with_organized=choices.organized,
        digest=digest_of_run(versions, choices.options),
    )
    return gather(wanted.unanalysed_ids())


def _not_organized(ids: Sequence[int]) -> tuple[int, ...]:
    rows = Scene.objects.filter(id__in=number_list(list(ids)), organized=False)
    return tuple(rows.order_by("id").values_list("id", flat=True))


def _evenly(ids: Sequence[int], most: int) -> Sequence[int]:
    return ids[:: max(1, -(-len(ids) // most))]


def _look(ids: Sequence[int], choices: AnalysisChoices) -> _Seen:
    """Look at these scenes as a run would, until the time is over."""
    seen = _Seen()
    for source_id, group in groupby(ids, key=source_of):
        analysis = _prepared(source_id, choices)
        until = time.monotonic() + ENOUGH_S
        own = list(group)
        dismissed = with_scenes(analysis.dismissed, own)
        analysis = replace(analysis, dismissed=dismissed)
        for scene in scenes_by_id(own):
            if time.monotonic() > until:
                return seen
            _see(scene, analysis, seen)
    return seen


def _prepared(source_id: int, choices: AnalysisChoices) -> Analysis:
    request = AnalysisRequest(
        source_id,
        detectors=choices.detectors,
        options=choices.options,
        with_ignored=choices.ignored,
    )
    try:
        return prepare_analysis(request)
    except AnalysisStopped as exc:
        raise BadRequest(str(exc)) from exc


def _see(scene: GatheredScene, analysis: Analysis, seen: _Seen) -> None:
    merged = analysis.merged(scene.facts)
    seen.looked += 1
    seen.dismissed += merged.dismissed
    seen.with_proposals += bool(merged.proposals)
    for each in merged.proposals:
        kind = (each.first.detector, each.level.value)
        # The first of each kind is an example: they show what there is.
        if kind not in seen.counts and len(seen.examples) < EXAMPLES:
            value = name_of(each.field, each.value, analysis.library)
            seen.examples.append((scene.facts.scene_id, each, value))
        seen.counts[kind] += 1


def _counts(seen: _Seen, choices: AnalysisChoices) -> Iterator[DetectorCount]:
    # What needs all scenes, or a language model, is in no preview of some.
    for each in chosen_detectors(choices.detectors):
        yield DetectorCount(
            each.title, *(seen.counts[each.name, level] for level in LEVELS)
        )


def _examples(seen: _Seen) -> Iterator[PreviewExample]:
    titles = titles_of_scenes(scene_id for scene_id, _, _ in seen.examples)
    for scene_id, each, value in seen.examples:
        yield PreviewExample(
            scene_id,
            titles[scene_id],
            each.field.value,
            each.op.value,
            value,
            each.first.evidence.sentence,
            LEVELS[each.level.value],
        )
