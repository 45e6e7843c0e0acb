"""Pictures that are kept on disk: as many as a bound allows, the last used ones.

Several processes may share the folder: a file appears whole or not at all, and one that
was cut or changed since is as good as none.
"""

import logging
import os
import secrets
import shutil
import struct
import time
from collections.abc import Iterator
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from syncapp.models.keys import source_of
from syncapp.stash.pictures import NONE, Picture, content_type_of

SHARES = 64  # folders, each with its share of the bound: that much is looked at a write
BLOCK = 4_096  # bytes, which the smallest file takes
USED_S = 3_600.0  # a use is noted so often at most
DRAFT_S = 3_600.0  # a draft as old as this belongs to a process that died
FREE = 256 * 2**20  # bytes that are left to the database
HEAD = struct.Struct(">d16s")  # when it was fetched, and what the rest must add up to

logger = logging.getLogger(__name__)


class CoverName(NamedTuple):
    """Which picture: whose, and of which state of that row."""

    kind: str
    row_id: int
    version: str  # hexadecimal

    @property
    def share(self) -> str:
        return f"{self.row_id % SHARES:02x}"

    @property
    def stem(self) -> str:
        return f"{self.kind}-{self.row_id}-"

    @property
    def file(self) -> str:
        return self.stem + self.version


class Kept(NamedTuple):
    picture: Picture
    fetched_at: float  # seconds of the epoch


class _File(NamedTuple):
    used_at: float
    size: int  # on disk
    path: Path


class CoverFiles:
    """The pictures below a folder, of `most` bytes in all; with 0 none is kept."""

    def __init__(self, folder: Path, most: int) -> None:
        self.folder = folder
        self.most = most

    def read(self, name: CoverName) -> Kept | None:
        """Return a picture, NONE included; None if it is not kept."""
        path = self._path(name)
        try:
            data = path.read_bytes()
            used_at = path.stat().st_mtime
        except OSError:
            return None
        kept = _unpacked(data)
        if kept is not None and time.time() - used_at > USED_S:
            with suppress(OSError):
                os.utime(path)
        return kept

    def keep(self, name: CoverName, picture: Picture) -> None:
        """Keep a picture if there is room; a disk that is full or shut is no error."""
        data = _packed(picture)
        if _on_disk(len(data)) > self.most // SHARES:
            return
        path = self._path(name)
        try:
            for folder in (self.folder, path.parent):
                folder.mkdir(mode=0o700, exist_ok=True)
            if shutil.disk_usage(path.parent).free < FREE:
                return
            self._make_room(name, _on_disk(len(data)))
            _write(path, data)
        except OSError as exc:
            logger.warning("A picture was not kept: %s.", exc.strerror)

    def forget_source(self, source_id: int) -> None:
        """Delete all pictures of a source."""
        for share in self.folder.glob("[0-9a-f][0-9a-f]"):
            for file in _files(share):
                if source_of(_row_id(file.path)) == source_id:
                    _delete(file.path)

    def _path(self, name: CoverName) -> Path:
        return self.folder / name.share / name.file

    def _make_room(self, name: CoverName, size: int) -> None:
        """Delete what stands for the same row, then what was not used for longest."""
        left = []
        for file in sorted(_files(self.folder / name.share)):
            if _is_over(file, name):
                _delete(file.path)
            else:
                left.append(file)
        taken = size + sum(file.size for file in left)
        for file in left:
            if taken <= self.most // SHARES:
                return
            _delete(file.path)
            taken -= file.size


def _is_over(file: _File, name: CoverName) -> bool:
    is_draft = file.path.name.startswith(".")
    if is_draft:
        return time.time() - file.used_at > DRAFT_S
    return file.path.name.startswith(name.stem)


def _files(folder: Path) -> Iterator[_File]:
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(OSError):  # another process was faster
                found = entry.stat(follow_symlinks=False)
                size = _on_disk(found.st_size)
                yield _File(found.st_mtime, size, Path(entry.path))


def _row_id(path: Path) -> int:
    """Return whose picture a file is, -1 for one that is not of ours."""
    part = path.name.split("-")[1:2]
    return int(part[0]) if part and part[0].isdecimal() else -1


def _on_disk(size: int) -> int:
    return -(-size // BLOCK) * BLOCK


def _delete(path: Path) -> None:
    with suppress(OSError):
        path.unlink()


def _packed(picture: Picture) -> bytes:
    digest = blake2b(picture.body, digest_size=16).digest()
    return HEAD.pack(time.time(), digest) + picture.body


def _unpacked(data: bytes) -> Kept | None:
    if len(data) < HEAD.size:
        return None
    fetched_at, digest = HEAD.unpack_from(data)
    body = data[HEAD.size :]
    if blake2b(body, digest_size=16).digest() != digest:
        return None
    picture = Picture(content_type_of(body), body) if body else NONE
    return Kept(picture, fetched_at)


def _write(path: Path, data: bytes) -> None:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        draft.replace(path)
    except OSError:
        _delete(draft)
        raise
