"""Asks for work on many scenes: those that were chosen, or all that match a filter.

A job is of one source, so scenes of several sources are a job for each.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from urllib.parse import urlencode

from django.db import transaction

from jobs.enums import JSON
from jobs.numbers import LARGEST_ID
from jobs.services import JobRef
from syncapp.filters.query_string import ParsedFilter, filter_params
from syncapp.job_handlers.params import MOST_CHOSEN
from syncapp.models import Scene, SceneSet, SceneSetPart, Source
from syncapp.models.keys import remote_id
from syncapp.models.packed_ids import RowIds, SourceIds, gather, unpacked
from syncapp.queries.matching import MatchingScenes, find_matching
from syncapp.services.errors import BadRequest, NothingChosen, SceneNotFound
from syncapp.services.sources import lock_source
from syncapp.services.start_jobs import create_for_source, sync_scenes
from syncapp.stash.bounds import RECORDS

MOST_TICKED = 5_000  # scenes that are chosen one by one
GONE = (
    "The chosen scenes are not in the mirror any more: reload the page, choose again."
)


@dataclass(frozen=True, slots=True)
class AskedJob:
    """A job that was asked for, or was there already for the same scenes."""

    ref: JobRef
    source: str  # its name
    scenes: int


@dataclass(frozen=True, slots=True)
class AskedJobs:
    """A job for each source."""

    jobs: tuple[AskedJob, ...]
    left_out: int = 0  # were chosen, and are not in the mirror any more


def scenes_in_words(number: int) -> str:
    return "1 scene" if number == 1 else f"{number:,} scenes"


AskOne = Callable[[SourceIds], JobRef]


@dataclass(frozen=True, slots=True)
class FoundIds:
    """The scenes that work was asked for, and how they were found."""

    ids: RowIds
    query: str = ""  # of the filter; empty: they were chosen one by one
    left_out: int = 0


def resync_chosen(row_ids: Iterable[int], *, by: int | None = None) -> AskedJobs:
    """Ask to read these scenes again; what is not in the mirror is left out.

    Raises NothingChosen, SceneNotFound if none is there, SourceNotFound.
    """
    found = chosen_scenes(row_ids)
    return ask_for_each(found, partial(_ask_one, query="", by=by))


def resync_matching(
    parsed: ParsedFilter, digest: str, *, by: int | None = None
) -> AskedJobs | MatchingScenes:
    """Ask to read all scenes again that match, if they are those of `digest`.

    If they are others by now, or the filter cannot be used, nothing is done; what
    matches is returned, to be shown.

    Raises NothingChosen, BadRequest, SourceNotFound.
    """
    found = confirmed_scenes(parsed, digest)
    if isinstance(found, MatchingScenes):
        return found
    return ask_for_each(found, partial(_ask_one, query=found.query, by=by))


def chosen_scenes(row_ids: Iterable[int]) -> FoundIds:
    """Return those of these scenes that are in the mirror.

    Raises NothingChosen, and SceneNotFound if none is there.
    """
    keys = sorted(set(row_ids))
    if not keys:
        msg = "None of the scenes was chosen: choose one or more."
        raise NothingChosen(msg)
    if len(keys) > MOST_TICKED:
        msg = (
            f"At most {MOST_TICKED:,} scenes can be chosen one by one. “Select all "
            "matching” takes as many as a library has."
        )
        raise NothingChosen(msg)
    storable = [key for key in keys if 0 <= key <= LARGEST_ID]
    rows = Scene.objects.filter(id__in=storable).order_by("id")
    ids = gather(rows.values_list("id", flat=True))
    if not ids.count:
        raise SceneNotFound(GONE)
    return FoundIds(ids, left_out=len(keys) - ids.count)


def confirmed_scenes(parsed: ParsedFilter, digest: str) -> FoundIds | MatchingScenes:
    """Return all scenes that match if they are those of `digest`; else what matches.

    Raises NothingChosen, BadRequest.
    """
    found, ids = find_matching(parsed)
    if not found.digest or found.digest != digest:
        return found
    if not found.count:
        msg = "No scene matches any more, so there is nothing to do."
        raise NothingChosen(msg)
    if found.too_many:
        msg = f"At most {RECORDS:,} scenes can be worked on at once: narrow the filter."
        raise BadRequest(msg)
    return FoundIds(ids, urlencode(filter_params(found.filters)))


def ask_for_each(found: FoundIds, ask_one: AskOne) -> AskedJobs:
    """Ask for a job for each source: all of them, or none."""
    names = dict(Source.objects.values_list("id", "name"))
    with transaction.atomic():
        jobs = tuple(
            AskedJob(ask_one(each), names.get(each.source_id, ""), each.count)
            for each in found.ids.sources
        )
    return AskedJobs(jobs, found.left_out)


def _ask_one(ids: SourceIds, query: str, *, by: int | None) -> JobRef:
    """Ask for a job: of few scenes it holds the ids, of many the set with them."""
    if ids.count <= MOST_CHOSEN:
        keys = [key for part in ids.parts for key in unpacked(part)]
        return sync_scenes(ids.source_id, map(remote_id, keys), by=by)
    params: dict[str, JSON] = {"scene_set": freeze_scenes(ids, query)}
    what = f"Sync of {ids.count:,} scenes"
    return create_for_source("sync.scene_set", what, ids.source_id, params, by=by)


def freeze_scenes(ids: SourceIds, query: str) -> int:
    """Keep these scenes as a set, in the transaction around; returns its id.

    Raises SourceNotFound.
    """
    lock_source(ids.source_id)  # of two who ask at once the second finds the set
    now = datetime.now(UTC)
    known = SceneSet.objects.filter(source_id=ids.source_id, digest=ids.digest)
    if known.update(used_at=now, query=query):
        return known.values_list("pk", flat=True).get()
    made = SceneSet.objects.create(
        source_id=ids.source_id,
        digest=ids.digest,
        count=ids.count,
        query=query,
        created_at=now,
        used_at=now,
    )
    SceneSetPart.objects.bulk_create(
        SceneSetPart(scene_set=made, number=number, ids=part)
        for number, part in enumerate(ids.parts)
    )
    return made.pk
