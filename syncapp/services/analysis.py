"""Asks for analyses: each is one job of one source, whoever asks."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from jobs.enums import JSON, Trigger
from jobs.services import JobRef
from syncapp.analysis.errors import AnalysisStopped
from syncapp.analysis.evaluation import EVALUATED, MOST_EVALUATED
from syncapp.analysis.looking import chosen_detectors, unknown_options
from syncapp.filters.query_string import ParsedFilter
from syncapp.models.keys import REMOTE_BITS, row_id
from syncapp.models.packed_ids import SourceIds
from syncapp.models.plans import NAME
from syncapp.queries.matching import MatchingScenes
from syncapp.services.errors import BadRequest, NothingChosen
from syncapp.services.scene_sets import (
    AskedJobs,
    FoundIds,
    ask_for_each,
    chosen_scenes,
    confirmed_scenes,
    freeze_scenes,
    scenes_in_words,
)
from syncapp.services.start_jobs import create_for_source


@dataclass(frozen=True, slots=True)
class AnalysisChoices:
    """With what to analyse; no detectors are all that run unasked."""

    detectors: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    organized: bool = False  # scenes that are organised as well
    ignored: bool = False  # names as well that the source leaves out of its own tagging
    name: str = ""  # of the plan


USUAL = AnalysisChoices()


def start_analysis(
    source_id: int,
    choices: AnalysisChoices = USUAL,
    *,
    by: int | None = None,
    trigger: str = Trigger.BUTTON,
) -> JobRef:
    """Ask to analyse what is not analysed since it changed.

    Two asks are one job while it is queued or running, whatever their choices.

    Raises SourceNotFound, BadRequest.
    """
    return _ask(source_id, choices, what="what changed", by=by, trigger=trigger)


def analyse_chosen(
    row_ids: Iterable[int],
    choices: AnalysisChoices = USUAL,
    *,
    by: int | None = None,
    trigger: str = Trigger.BUTTON,
) -> AskedJobs:
    """Ask to analyse these scenes; what is not in the mirror is left out.

    Raises NothingChosen, SceneNotFound if none is there, SourceNotFound, BadRequest.
    """
    return _ask_each(chosen_scenes(row_ids), choices, by=by, trigger=trigger)


def analyse_remote(
    source_id: int,
    remote_ids: Iterable[int],
    choices: AnalysisChoices = USUAL,
    *,
    by: int | None = None,
    trigger: str = Trigger.BUTTON,
) -> AskedJobs:
    """Ask to analyse these scenes of a source, named by the source's own ids.

    Raises NothingChosen, SceneNotFound if none is there, SourceNotFound, BadRequest.
    """
    ids = list(remote_ids)
    if any(not 0 <= each < 2**REMOTE_BITS for each in ids):
        msg = "Choose scenes by the ids that Stash uses."
        raise NothingChosen(msg)
    row_ids = (row_id(source_id, each) for each in ids)
    return analyse_chosen(row_ids, choices, by=by, trigger=trigger)


def analyse_matching(
    parsed: ParsedFilter,
    digest: str,
    choices: AnalysisChoices = USUAL,
    *,
    by: int | None = None,
    trigger: str = Trigger.BUTTON,
) -> AskedJobs | MatchingScenes:
    """Ask to analyse all scenes that match, if they are those of `digest`.

    If they are others by now, or the filter cannot be used, nothing is done; what
    matches is returned, to be shown.

    Raises NothingChosen, BadRequest, SourceNotFound.
    """
    found = confirmed_scenes(parsed, digest)
    if isinstance(found, MatchingScenes):
        return found
    return _ask_each(found, choices, by=by, trigger=trigger)


def _ask_each(
    found: FoundIds, choices: AnalysisChoices, *, by: int | None, trigger: str
) -> AskedJobs:
    ask_one = partial(
        _ask_for_set, query=found.query, choices=choices, by=by, trigger=trigger
    )
    return ask_for_each(found, ask_one)


def _ask_for_set(
    ids: SourceIds,
    *,
    query: str,
    choices: AnalysisChoices,
    by: int | None,
    trigger: str,
) -> JobRef:
    return _ask(
        ids.source_id,
        choices,
        what=scenes_in_words(ids.count),
        by=by,
        scene_set=freeze_scenes(ids, query),
        trigger=trigger,
    )


def _ask(
    source_id: int,
    choices: AnalysisChoices,
    *,
    what: str,
    by: int | None,
    scene_set: int = 0,
    trigger: str = Trigger.BUTTON,
) -> JobRef:
    _check(choices)
    params: dict[str, JSON] = {
        "scene_set": scene_set,
        "detectors": list(choices.detectors),
        "options": list(choices.options),
        "organized": choices.organized,
        "ignored": choices.ignored,
        "name": choices.name.strip() or f"Analysis of {what}",
        "by": by or 0,
    }
    title = f"Analysis of {what}"
    return create_for_source(
        "analysis.run", title, source_id, params, by=by, trigger=trigger
    )


def _check(choices: AnalysisChoices) -> None:
    try:
        chosen_detectors(choices.detectors)
    except AnalysisStopped as exc:
        raise BadRequest(str(exc)) from exc
    if unknown := unknown_options(choices.options):
        msg = f"There is no option {unknown[0]!r} of any detector."
        raise BadRequest(msg)
    if len(choices.name) > NAME or not (choices.name + "x").isprintable():
        msg = f"A plan's name is one line of at most {NAME} characters."
        raise BadRequest(msg)


def start_evaluation(
    source_id: int,
    choices: AnalysisChoices = USUAL,
    *,
    scenes: int = EVALUATED,
    by: int | None = None,
    trigger: str = Trigger.BUTTON,
) -> JobRef:
    """Ask how often the detectors are right on this source's organised scenes.

    Raises SourceNotFound, BadRequest.
    """
    _check(choices)
    if not 0 < scenes <= MOST_EVALUATED:
        msg = f"Evaluate on 1 to {MOST_EVALUATED:,} scenes."
        raise BadRequest(msg)
    params: dict[str, JSON] = {
        "scenes": scenes,
        "detectors": list(choices.detectors),
        "options": list(choices.options),
    }
    return create_for_source(
        "analysis.evaluate",
        "Evaluation of analysis",
        source_id,
        params,
        by=by,
        trigger=trigger,
    )
