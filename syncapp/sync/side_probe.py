"""Finds scenes that changed without a trace in their own times.

They were played or counted, or their files were moved, renamed or scanned again. What
is found is marked to be read again. What a full sync alone can show is told in
docs/syncing.md.
"""

from collections.abc import Callable, Collection, Mapping
from hashlib import blake2b
from typing import Any, TypeVar

from django.db.models import QuerySet

from syncapp.models import SceneFile
from syncapp.models.keys import row_id, row_range
from syncapp.stash import side_reading
from syncapp.stash.batches import batches
from syncapp.stash.errors import QueryFailed
from syncapp.stash.reading import NEWEST
from syncapp.stash.sense import Listed
from syncapp.stash.side_reading import Activity, ActivityRow, Told
from syncapp.sync.context import SyncContext
from syncapp.sync.dirty import mark_dirty
from syncapp.sync.stream import Stream
from syncapp.sync.stream_state import note_side_probe, side_probe_of
from syncapp.sync.streams.fields import moment

T = TypeVar("T")
MOST_PAGES = 20
DIGEST_BYTES = 16
KEYS = 1_000  # rows that are marked by one statement
SideProbe = dict[str, Any]  # {"play_count": scenes, "o_counter": scenes, "folders": ""}


def take_side_probe(context: SyncContext) -> SideProbe:
    """Return what the source tells now, to be kept once every record was read."""
    return _forgiving(context, lambda: _told(context)[0]) or {}


def mark_unlisted(context: SyncContext, stream: Stream) -> None:
    """Have scenes read again of which the source tells something that we do not know.

    It goes back through the latest as long as all of them are news, or as scenes are
    missing that had none of it before. What was taken back is for a full sync.
    """
    if stream.has_files:
        _forgiving(context, lambda: _mark(context, stream))


def _forgiving(context: SyncContext, ask: Callable[[], T]) -> T | None:
    """Ask, and go on without the answer if the source cannot give it."""
    try:
        return ask()
    except QueryFailed as exc:
        context.reporter.log(
            "warning",
            "side_probe_failed",
            f"{exc} So plays, and files that were moved, may wait for a full sync.",
        )
        return None


def _told(
    context: SyncContext,
) -> tuple[SideProbe, Mapping[Activity, Told], frozenset[str]]:
    """Return the probe, the latest of each activity, and the folders there are."""
    client = context.reader.client
    context.reporter.check()
    looked = side_reading.first_look(client)
    probe: SideProbe = {
        each.counter: told.ever
        for each, told in looked.items()
        if told.ever is not None
    }
    folders: frozenset[str] = frozenset()
    if side_reading.lists_files(context.server):
        pages = side_reading.folder_paths(client)
        folders = frozenset(path.rstrip("/\\") for page in pages for path in page)
        text = "\n".join(sorted(folders)).encode(errors="surrogatepass")
        probe["folders"] = blake2b(text, digest_size=DIGEST_BYTES).hexdigest()
    return probe, looked, folders


def _mark(context: SyncContext, stream: Stream) -> None:
    before = side_probe_of(context.source_id, stream)
    probe, looked, folders = _told(context)
    keys: set[int] = set()
    for activity, told in looked.items():
        had = before.get(activity.counter)
        if had is None:
            had = _count_active(context, stream, activity)
        more = 0 if told.ever is None else told.ever - had
        keys |= _active(context, stream, activity, told.latest, more)
    if "folders" in probe:
        keys |= _refiled(context)
        if probe["folders"] != before.get("folders"):
            keys |= _outside(context, folders)
    if not keys and probe == before:
        return
    for batch in batches(sorted(keys), KEYS):  # each alone: others write as well
        with context.reporter.atomic():
            mark_dirty(stream.model.objects.filter(id__in=batch))
    with context.reporter.atomic():
        note_side_probe(context.source_id, stream, probe)


def _active(
    context: SyncContext,
    stream: Stream,
    activity: Activity,
    latest: Listed,
    more: int,
) -> set[int]:
    """Return the rows of scenes with other activity than we know.

    `more` scenes had it than when it was counted last; `latest` is the first page.
    """
    columns = ("id", activity.counter, *filter(None, [activity.moment]))
    found: set[int] = set()
    page, listed = 0, latest
    while listed.rows:
        told = {row_id(context.source_id, row.remote_id): row for row in listed.rows}
        kept = stream.model.objects.filter(id__in=told, deleted_at=None)
        known = {key: values for key, *values in kept.values_list(*columns)}
        moved = {key for key in known if _is_news(told[key], *known[key])}
        found |= moved
        # What we do not know is found by the index, and had none of it before.
        more -= sum(key not in known or not known[key][0] for key in told)
        page += 1
        is_news = bool(known) and len(moved) == len(known)
        is_last = listed.told < NEWEST or page == MOST_PAGES
        if is_last or not (is_news or more > 0):
            break
        context.reporter.check()
        listed = side_reading.further_look(context.reader.client, activity, page)
    return found


def _count_active(context: SyncContext, stream: Stream, activity: Activity) -> int:
    """Return how many scenes had it, as far as the mirror knows."""
    low, end = row_range(context.source_id)
    rows = stream.model.objects.filter(id__gte=low, id__lt=end, deleted_at=None)
    return rows.filter(**{f"{activity.counter}__gt": 0}).count()


def _is_news(told: ActivityRow, times: int | None, at: Any = None) -> bool:
    return told.times != (times or 0) or at != moment(told.at)


def _refiled(context: SyncContext) -> set[int]:
    """Return the rows of scenes with files that were moved or scanned again."""
    found: set[int] = set()
    for page in range(MOST_PAGES):
        context.reporter.check()
        listed = side_reading.newest_files(context.reader.client, page)
        told = {row.remote_id: row for row in listed.rows}
        kept = _files(context).filter(remote_id__in=told)
        known = list(
            kept.values_list("remote_id", "scene_id", "path", "remote_updated_at")
        )
        moved = [
            scene
            for key, scene, path, updated_at in known
            if (path, updated_at) != (told[key].path, moment(told[key].updated_at))
        ]
        found.update(moved)
        if listed.told < NEWEST or len(moved) < len(known):
            break
    return found


def _files(context: SyncContext) -> "QuerySet[Any, Any]":
    """Return the files of live scenes of this source."""
    low, end = row_range(context.source_id)
    return SceneFile.objects.filter(
        scene_id__gte=low, scene_id__lt=end, scene__deleted_at=None
    ).order_by()


def _outside(context: SyncContext, folders: Collection[str]) -> set[int]:
    """Return the rows of scenes with a file in a folder that is no more."""
    rows = _files(context).values_list("scene_id", "path", "basename").iterator()
    return {scene for scene, *where in rows if _folder(*where) not in folders}


def _folder(path: str, name: str) -> str:
    """Return the folder of a file, whatever parts the names of its server's paths."""
    if name and path.endswith(name):
        return path[: -len(name)].rstrip("/\\")
    cut = max(path.rfind("/"), path.rfind("\\"))
    return path[: max(cut, 0)].rstrip("/\\")
