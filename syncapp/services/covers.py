"""The pictures of what is mirrored: from the disk, or on their way from the source."""

import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from syncapp.models import Performer, Scene, Source, Studio, Tag
from syncapp.models.encryption import KeyLost
from syncapp.models.library import Mirrored
from syncapp.services.cover_fetching import (
    AT_ONCE,
    AWAY,
    Cover,
    Standing,
    Tell,
    WayToCovers,
    cover_of,
)
from syncapp.services.cover_files import CoverFiles, CoverName
from syncapp.stash.errors import StashError
from syncapp.stash.pictures import Picture, PictureClient

MODELS: Mapping[str, type[Mirrored]] = {
    "scene": Scene,
    "performer": Performer,
    "tag": Tag,
    "studio": Studio,
}
FOLDER = "covers"
# A picture may change without its row's time: what is older is asked for once more,
# while the old one is shown.
PICTURE_S, NONE_S = 7 * 86_400, 86_400
REMOVED = Cover(Standing.REMOVED)


class _Row(NamedTuple):
    """What a picture's name is made of."""

    remote_id: int
    updated_at: datetime
    deleted_at: datetime | None
    source_id: int
    url: str


def find_cover(kind: str, row_id: int, tell: Tell) -> Cover | None:
    """Return how the picture of a row stands; None if there is no such row.

    What is not kept here is on its way when this returns, and nothing has waited:
    `tell` is called when it comes.
    """
    row = _row(kind, row_id) if settings.COVERS else None
    if row is None:
        return None
    if row.deleted_at:
        return REMOVED
    name = _name(kind, row_id, row)
    kept = cover_files().read(name)
    if kept is None:
        return WAYS.ask(row.source_id, name, row.remote_id, tell)
    longest = PICTURE_S if kept.picture.body else NONE_S
    if time.time() - kept.fetched_at > longest:
        WAYS.ask(row.source_id, name, row.remote_id, tell)
    return cover_of(kept.picture)


def forget_covers(source_id: int) -> None:
    """Delete what is kept of a source's pictures."""
    cover_files().forget_source(source_id)


def cover_files() -> CoverFiles:
    return CoverFiles(Path(settings.DATA_DIR) / FOLDER, settings.COVERS_MB * 2**20)


def _row(kind: str, row_id: int) -> _Row | None:
    if (model := MODELS.get(kind)) is None:
        return None
    rows = model.objects.filter(pk=row_id).order_by()
    columns = ("remote_id", "remote_updated_at", "deleted_at", "source_id")
    found = rows.values_list(*columns, "source__url").first()
    return None if found is None else _Row(*found)


def _name(kind: str, row_id: int, row: _Row) -> CoverName:
    """Return the name of the picture of this state of a row, from this server."""
    state = f"{row.url} {row.updated_at.timestamp()}".encode()
    return CoverName(kind, row_id, blake2b(state, digest_size=8).hexdigest())


class _Sealed(NamedTuple):
    """What leads to a source, as it is stored: another means another way."""

    url: str
    api_key: str
    certificate: str
    headers: str


class Ways:
    """The ways to the sources' pictures, one each, as long as nothing changes there."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="covers")
        self._ways: dict[int, tuple[_Sealed, WayToCovers]] = {}

    def ask(self, source_id: int, name: CoverName, remote_id: int, tell: Tell) -> Cover:
        """Ask for a picture, where the source can be asked at all."""
        source = Source.objects.filter(pk=source_id).first()
        if source is None:
            return AWAY
        try:
            way = self._way(source)
        except (KeyLost, StashError):  # told where the source itself is shown
            return AWAY
        return way.ask(name, remote_id, tell)

    def _way(self, source: Source) -> WayToCovers:
        key, headers = str.__str__(source.api_key), str.__str__(source.headers)
        sealed = _Sealed(source.url, key, source.certificate, headers)
        with self._lock:
            known, way = self._ways.get(source.pk, (None, None))
            if way is None or known != sealed:
                client = PictureClient(
                    source.url, source.api_key.open(), way_in=source.way_in()
                )
                if way is not None:
                    way.close()
                way = WayToCovers(client, self._threads, _keep)
                self._ways[source.pk] = (sealed, way)
            return way

    def close(self) -> None:
        """Forget all ways."""
        with self._lock:
            for _, way in self._ways.values():
                way.close()
            self._ways.clear()


def _keep(name: CoverName, picture: Picture) -> None:
    cover_files().keep(name, picture)


WAYS = Ways()
