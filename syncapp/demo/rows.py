"""Ready bytes of untouched scenes, kept on disk, so that large libraries serve fast."""

from array import array
from collections.abc import Sequence
from tempfile import TemporaryFile
from typing import IO

import msgspec

from syncapp.demo.library import Library
from syncapp.demo.projection import Projection

BLOCK = 250
_encode = msgspec.json.Encoder().encode


class Rows:
    """The encoded scenes of one selection.

    A block of 250 is encoded whole when the first of its scenes is asked for in a page,
    and kept in a nameless temporary file until merges or deletions change the links.
    Edited scenes, and single ones, are encoded afresh.
    """

    def __init__(self, library: Library, projection: Projection) -> None:
        self._library = library
        self._projection = projection
        index = {"id", "created_at", "updated_at"}
        self._read = (
            library.untouched_stamps
            if projection.fields() <= index
            else library.untouched
        )
        self._file: IO[bytes] = TemporaryFile()  # noqa: SIM115 - lives with self
        self._end = 0
        self._links = -1
        self._blocks: dict[int, tuple[int, array[int]]] = {}  # (offset, ends of rows)

    def close(self) -> None:
        self._file.close()

    def encoded(self, ids: Sequence[int]) -> list[bytes]:
        """Return each scene as JSON, in the order of the ids."""
        library = self._library
        kept = self._projection.lasting and not library.shuffle
        if not kept or not _dense(ids):
            return [self._fresh(number) for number in ids]
        if self._links != library.links_version:
            self._links, self._end, self._blocks = library.links_version, 0, {}
        return self._from_blocks(ids)

    def _from_blocks(self, ids: Sequence[int]) -> list[bytes]:
        rows: list[bytes] = []
        current, data, ends = -1, b"", array("I")
        for number in ids:
            if not self._library.is_untouched("scene", number):
                rows.append(self._fresh(number))
                continue
            block, place = divmod(number - 1, BLOCK)
            if block != current:
                current, (data, ends) = block, self._block(block)
            rows.append(data[ends[place] : ends[place + 1]])
        return rows

    def _fresh(self, number: int) -> bytes:
        record = self._library.get("scene", number)
        return b"null" if record is None else self._row(record)

    def _row(self, record: dict[str, object]) -> bytes:
        return _encode(self._projection(self._library, record))

    def _block(self, block: int) -> tuple[bytes, "array[int]"]:
        if block in self._blocks:
            offset, ends = self._blocks[block]
            self._file.seek(offset)
            return self._file.read(ends[-1]), ends
        library, first = self._library, block * BLOCK + 1
        last = min(first + BLOCK, library.catalogue.scenes + 1)
        rows = [self._row(self._read(number)) for number in range(first, last)]
        ends = array("I", [0])
        for row in rows:
            ends.append(ends[-1] + len(row))
        data = b"".join(rows)
        self._file.seek(self._end)
        self._file.write(data)
        self._blocks[block] = (self._end, ends)
        self._end += len(data)
        return data, ends


def _dense(ids: Sequence[int]) -> bool:
    """Say whether the ids are a page of neighbours, worth encoding whole blocks for."""
    return len(ids) >= BLOCK // 4 and max(ids) - min(ids) < 4 * len(ids)
