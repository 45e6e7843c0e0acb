"""Asks for syncs and verifications: each call is one job, whoever asks."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from django.db import transaction

from jobs.enums import JSON, Trigger
from jobs.numbers import LARGEST_ID
from jobs.services import JobRef, create_job
from syncapp.job_handlers.params import (
    MOST_CHOSEN,
    MOST_SAMPLED,
    SAMPLE_ROWS,
    STREAM_NAMES,
)
from syncapp.models import MIRRORED, Scene
from syncapp.models.keys import REMOTE_BITS, remote_id
from syncapp.services.errors import (
    BadRequest,
    NothingChosen,
    NotMirrored,
    SceneNotFound,
    UnknownMode,
    UnknownStream,
)
from syncapp.services.sources import lock_source
from syncapp.sync.dirty import mark_dirty

TITLES = {"quick": "Quick sync", "full": "Full sync"}
MODELS = dict(zip(STREAM_NAMES, MIRRORED, strict=True))


def start_sync(  # noqa: PLR0913 - what makes one sync differ from another
    source_id: int,
    mode: str,
    streams: Iterable[str] = (),
    *,
    by: int | None = None,
    trigger: str = Trigger.BUTTON,
    accept_deletions: bool = False,
    rewrite: bool = False,
) -> JobRef:
    """Ask for a quick or a full sync of a source; of all its streams if none is named.

    Two asks for the same are one job while it is queued or running. `rewrite` compares
    every column with the source, also of rows whose record has not changed.

    Raises SourceNotFound, UnknownMode, UnknownStream.
    """
    if mode not in TITLES:
        msg = f"There is no sync {mode!r}: ask for quick or full."
        raise UnknownMode(msg)
    wanted = _in_order(streams)
    params: dict[str, JSON] = {
        "streams": wanted,
        "accept_deletions": accept_deletions,
        "rewrite": rewrite,
    }
    of = f" of {', '.join(wanted)}" if wanted else ""
    what = f"{TITLES[mode]}{of}"
    return create_for_source(
        f"sync.{mode}", what, source_id, params, by=by, trigger=trigger
    )


def start_verify(
    source_id: int,
    streams: Iterable[str] = (),
    *,
    sample: int = SAMPLE_ROWS,
    repair: bool = False,
    by: int | None = None,
    trigger: str = Trigger.BUTTON,
) -> JobRef:
    """Ask to compare the mirror with the source, and with `repair` to make it right.

    Of each stream `sample` rows are compared column by column; with 0, all.

    Raises SourceNotFound, UnknownStream, BadRequest.
    """
    if not 0 <= sample <= MOST_SAMPLED:
        msg = f"Compare 1 to {MOST_SAMPLED:,} rows of each stream, or all."
        raise BadRequest(msg)
    wanted = _in_order(streams)
    params: dict[str, JSON] = {
        "streams": wanted,
        "sample": sample,
        "repair": repair,
    }
    of = f" {', '.join(wanted)}" if wanted else ""
    what = f"{'Verify and repair' if repair else 'Verify'}{of}"
    return create_for_source(
        "sync.verify", what, source_id, params, by=by, trigger=trigger
    )


def sync_scenes(
    source_id: int,
    remote_ids: Iterable[int],
    *,
    by: int | None = None,
    trigger: str = Trigger.BUTTON,
) -> JobRef:
    """Ask for a sync of these scenes, named by the source's own ids.

    Raises SourceNotFound, NothingChosen.
    """
    ids = sorted(set(remote_ids))
    if not ids:
        msg = "No scene was chosen: choose one or more."
        raise NothingChosen(msg)
    if len(ids) > MOST_CHOSEN or not 0 <= ids[0] <= ids[-1] < 2**REMOTE_BITS:
        msg = f"Choose at most {MOST_CHOSEN:,} scenes, by the ids that Stash uses."
        raise NothingChosen(msg)
    what = f"scene {ids[0]}" if len(ids) == 1 else f"{len(ids)} scenes"
    params: dict[str, JSON] = {"ids": ids}
    title = f"Sync of {what}"
    return create_for_source(
        "sync.scenes", title, source_id, params, by=by, trigger=trigger
    )


def create_for_source(
    kind: str,
    what: str,
    source_id: int,
    params: Mapping[str, JSON],
    *,
    by: int | None,
    trigger: str = Trigger.BUTTON,
) -> JobRef:
    """Make the job while the source cannot be removed; its title ends with its name."""
    with transaction.atomic():
        title = f"{what} · {lock_source(source_id)}"
        every = {"source_id": source_id, **params}
        return create_job(kind, every, title=title, trigger=trigger, by=by)


def resync_one(stream: str, row_id: int, *, by: int | None = None) -> JobRef:
    """Ask to read this row of the mirror again; see `resync`.

    Raises NotMirrored, and what `resync` raises.
    """
    refs = resync(stream, [row_id], by=by)
    if not refs:
        msg = "It is not in the mirror: reload the page, choose again."
        raise NotMirrored(msg)
    return refs[0]


def resync(
    stream: str, row_ids: Iterable[int], *, by: int | None = None
) -> tuple[JobRef, ...]:
    """Ask to read these rows of the mirror again; returns a job for each source.

    Chosen scenes are read alone. Rows of other streams are marked as not known any
    more, and a quick sync of their stream reads what is marked.

    Raises UnknownStream, NothingChosen, SceneNotFound.
    """
    _in_order([stream])
    keys = sorted(set(row_ids))
    if not keys:
        msg = f"None of the {stream} was chosen: choose one or more."
        raise NothingChosen(msg)
    model = MODELS[stream]
    with transaction.atomic():
        storable = [key for key in keys if 0 <= key <= LARGEST_ID]
        rows = model.objects.filter(id__in=storable).order_by("id")
        found = list(rows.values_list("source_id", "id"))
        if model is Scene and len(found) < len(keys):
            msg = "A chosen scene is not in the mirror: reload the page, choose again."
            raise SceneNotFound(msg)
        if model is not Scene:
            mark_dirty(rows)
        return tuple(
            sync_scenes(source_id, [remote_id(key) for _, key in group], by=by)
            if model is Scene
            else start_sync(source_id, "quick", [stream], by=by)
            for source_id, group in groupby(found, key=lambda pair: pair[0])
        )


def _in_order(streams: Iterable[str]) -> list[str]:
    """Return the streams in foreign-key order; none at all if all are named."""
    named = set(streams)
    unknown = sorted(named.difference(STREAM_NAMES))
    if unknown:
        msg = f"There is no stream {unknown[0]!r}: there are {_listed(STREAM_NAMES)}."
        raise UnknownStream(msg)
    if len(named) == len(STREAM_NAMES):
        return []
    return [name for name in STREAM_NAMES if name in named]


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
