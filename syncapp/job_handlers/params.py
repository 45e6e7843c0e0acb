"""The parameters of the syncs: what each kind takes, and that its source is there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jobs.errors import BadParams
from syncapp.analysis.errors import AnalysisStopped
from syncapp.analysis.looking import chosen_detectors
from syncapp.models import Plan, SceneSet, Source
from syncapp.models.keys import REMOTE_BITS
from syncapp.sync.streams import STREAMS

STREAM_NAMES = tuple(stream.name for stream in STREAMS)
MOST_CHOSEN = 1_000  # of one request: what one form can hold
SAMPLE_ROWS, MOST_SAMPLED = 200, 100_000  # of each stream, to be compared
MOST_DAYS = 36_500
MANAGE_SOURCE = "syncapp.manage_source"


@dataclass(frozen=True, slots=True)
class SyncParams:
    """Of a quick or a full sync; no streams are all of them."""

    source_id: int
    streams: tuple[str, ...] = ()
    accept_deletions: bool = False
    rewrite: bool = False

    def __post_init__(self) -> None:
        _check_streams(self.streams)


@dataclass(frozen=True, slots=True)
class ScenesParams:
    """Of a sync of chosen scenes, by the source's own ids."""

    source_id: int
    ids: tuple[int, ...]

    def __post_init__(self) -> None:
        if not 0 < len(self.ids) <= MOST_CHOSEN:
            msg = f"Choose 1 to {MOST_CHOSEN:,} scenes in 'ids'."
            raise BadParams(msg)
        if not 0 <= min(self.ids) <= max(self.ids) < 2**REMOTE_BITS:
            msg = "The 'ids' must be those that Stash uses."
            raise BadParams(msg)


@dataclass(frozen=True, slots=True)
class SceneSetParams:
    """Of a sync of a set of scenes, by the set's id."""

    source_id: int
    scene_set: int


@dataclass(frozen=True, slots=True)
class VerifyParams:
    """Of a comparison; a sample of 0 rows is all of them."""

    source_id: int
    streams: tuple[str, ...] = ()
    sample: int = SAMPLE_ROWS
    repair: bool = False

    def __post_init__(self) -> None:
        _check_streams(self.streams)
        if not 0 <= self.sample <= MOST_SAMPLED:
            msg = f"Choose a 'sample' of 1 to {MOST_SAMPLED:,} rows, or 0 for all."
            raise BadParams(msg)


@dataclass(frozen=True, slots=True)
class AnalysisParams:
    """Of an analysis; without a set of scenes of what changed since the last."""

    source_id: int
    scene_set: int = 0
    detectors: tuple[str, ...] = ()  # none are all that run unasked
    options: tuple[str, ...] = ()
    organized: bool = False
    ignored: bool = False
    name: str = "Analysis"  # of the plan
    by: int = 0  # a person's id; 0: nobody's


@dataclass(frozen=True, slots=True)
class PlanParams:
    """Of what is done with one plan of a source."""

    source_id: int
    plan_id: int


@dataclass(frozen=True, slots=True)
class UndoParams:
    """Of what takes a plan back: all of it, or one change, one cause, one field."""

    source_id: int
    plan_id: int
    change_id: int = 0
    cause: str = ""  # its key
    field: str = ""
    by: int = 0  # a person's id; 0: nobody's


@dataclass(frozen=True, slots=True)
class LibraryParams:
    """Of what is done to the mirror of all sources: none."""


@dataclass(frozen=True, slots=True)
class PurgeParams:
    """Of a purge of what was deleted so many days ago, when it runs or `before` that.

    `before` is of a purge that was looked at first: it drops what was shown, no more.
    """

    source_id: int
    days: int
    before: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.days <= MOST_DAYS:
            msg = f"Choose 0 to {MOST_DAYS:,} 'days'."
            raise BadParams(msg)
        if self.before and not _is_moment(self.before):
            msg = "Write 'before' as 2026-05-17T12:00:00+00:00, or leave it out."
            raise BadParams(msg)


@dataclass(frozen=True, slots=True)
class HistoryParams:
    """Of the clearing of old history: how old is a setting."""


def source_is_there(params: Mapping[str, Any]) -> None:
    """Raise BadParams for a source that is not here."""
    if not Source.objects.filter(pk=params["source_id"]).exists():
        msg = f"Source {params['source_id']} is not here: it may have been removed."
        raise BadParams(msg)


def scene_set_is_there(params: Mapping[str, Any]) -> None:
    """Raise BadParams for a source that is not here, or a set that is not of it."""
    source_is_there(params)
    number, source_id = params["scene_set"], params["source_id"]
    if not SceneSet.objects.filter(pk=number, source_id=source_id).exists():
        msg = f"There is no set {number} of scenes of this source."
        raise BadParams(msg)


def plan_is_there(params: Mapping[str, Any]) -> None:
    """Raise BadParams for a plan that is not of this source."""
    plans = Plan.objects.filter(pk=params["plan_id"], source_id=params["source_id"])
    if not plans.exists():
        msg = f"Plan {params['plan_id']} is not here: it may have been deleted."
        raise BadParams(msg)


def analysis_can_begin(params: Mapping[str, Any]) -> None:
    """Raise BadParams for a source or a set that is not here, or no such detector."""
    if params["scene_set"]:
        scene_set_is_there(params)
    detectors_are_there(params)


def detectors_are_there(params: Mapping[str, Any]) -> None:
    """Raise BadParams for a source that is not here, or no such detector."""
    source_is_there(params)
    try:
        chosen_detectors(params["detectors"])
    except AnalysisStopped as exc:
        raise BadParams(str(exc)) from exc


def _check_streams(streams: Sequence[str]) -> None:
    unknown = [name for name in streams if name not in STREAM_NAMES]
    if unknown:
        known = ", ".join(STREAM_NAMES)
        msg = f"There is no stream {unknown[0]!r} for 'streams': there are {known}."
        raise BadParams(msg)


def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
