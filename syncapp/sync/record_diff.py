"""Finds what has to be written so that the mirror equals a page of records."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from syncapp.models.history import What
from syncapp.models.keys import row_range, source_of
from syncapp.models.library import SceneFile
from syncapp.sync.field_diff import diff_fields, frozen_file
from syncapp.sync.stream import FILE_COLUMNS, LinkTable, Parsed, Stream
from syncapp.text.documents import SearchTexts

MIRRORED_COLUMNS = (
    "id",
    "source_id",
    "remote_id",
    "remote_created_text",
    "remote_updated_text",
    "remote_created_at",
    "remote_updated_at",
    "content_hash",
    "unsettled",
    "synced_at",
    "deleted_at",
    "changed_by_job",
    "deleted_by_job",
    "first_seen_at",
    "first_seen_job",
)
FIRST_SEEN = MIRRORED_COLUMNS[-2:]  # stay as they are when a row is written again
OWN = len(MIRRORED_COLUMNS)  # where a row's own columns begin
REMOTE_TIMES = slice(3, 7)
HASH, UNSETTLED, SYNCED_AT, JOB, FIRST_JOB = 7, 8, 9, 11, 14

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Stored:
    """What the mirror holds of a record, as far as every page needs it."""

    content_hash: int
    unsettled: bool
    alive: bool
    updated_text: str  # parsed only where it is needed: it costs more than the rest


@dataclass(frozen=True, slots=True)
class Incoming:
    """A decoded record: its whole row, links and files."""

    row: tuple[Any, ...]  # MIRRORED_COLUMNS, then the stream's own
    parsed: Parsed

    @property
    def version(self) -> Parsed:
        """Return what it is going to be here: without links to what is not there."""
        return Parsed(self.row[OWN:], self.parsed.links, self.parsed.files)


@dataclass(frozen=True, slots=True)
class StoredRows:
    """What the mirror holds of some records, by row id."""

    stream: Stream
    rows: Mapping[int, tuple[Any, ...]]
    links: Sequence[Mapping[int, frozenset[int]]]  # one for each link table
    files: Mapping[Pair, tuple[Any, ...]]  # by scene and file
    files_of: Mapping[int, list[tuple[Any, ...]]]

    def links_of(self, key: int) -> list[frozenset[int]]:
        return [held.get(key, frozenset()) for held in self.links]

    def version(self, key: int) -> Parsed:
        """Return a row's content; there has to be one."""
        files = tuple(self.files_of.get(key, ()))
        return Parsed(self.rows[key][OWN:], tuple(self.links_of(key)), files)

    def equals(self, key: int, record: Incoming) -> bool:
        """Return whether a row that is here has all that the record says."""
        return (
            _content(self.stream, self.rows[key]) == _content(self.stream, record.row)
            and self.links_of(key) == list(record.parsed.links)
            and {frozen_file(file) for file in self.files_of.get(key, ())}
            == {frozen_file(file) for file in record.parsed.files}
        )


@dataclass(slots=True)
class Writes:
    """What one transaction is going to write."""

    rows: list[tuple[Any, ...]] = field(default_factory=list)
    # (row id, hash, unsettled) of rows whose content is what we hold already.
    hashes: list[tuple[int, int, bool]] = field(default_factory=list)
    added: list[list[Pair]] = field(default_factory=list)  # a list per link table
    removed: list[list[Pair]] = field(default_factory=list)
    files: list[tuple[Any, ...]] = field(default_factory=list)
    lost_files: set[Pair] = field(default_factory=set)
    scenes_losing_files: set[int] = field(default_factory=set)  # perhaps, to these
    documents: list[tuple[int, SearchTexts]] = field(default_factory=list)
    history: list[tuple[Any, ...]] = field(default_factory=list)  # of HistoryEntry
    counts: dict[str, Counter[int]] = field(default_factory=dict)  # by stream name

    def __bool__(self) -> bool:
        return bool(self.rows or self.hashes)


def diff_records(
    stream: Stream,
    incoming: Mapping[int, Incoming],
    stored: Mapping[int, Stored],
    *,
    counted: bool = True,
) -> Writes:
    """Compare decoded records with the rows, links and files that we hold.

    `incoming` and `stored` go by row id; `stored` knows every row of the mirror among
    them. Lists without an order come shuffled from Stash, so a record may differ in its
    text and be the same in content: then only its hash is kept. Without `counted`
    nothing is said of scene counts.
    """
    held = load_stored(stream, [key for key in incoming if key in stored])
    writes = Writes(
        added=[[] for _ in stream.links], removed=[[] for _ in stream.links]
    )
    for key, record in incoming.items():
        before = stored.get(key) if key in held.rows else None
        if before is not None and before.alive and held.equals(key, record):
            kept = record.row[HASH], record.row[UNSETTLED]
            if kept != (before.content_hash, before.unsettled):
                writes.hashes.append((key, *kept))
            continue
        writes.rows.append(record.row)
        _link_writes(writes, key, (held.links_of(key), record.parsed.links))
        if counted:
            was_counted = before is not None and before.alive
            _count(stream, writes, held if was_counted else None, record)
        _find_document(stream, writes, held, record)
        if before is not None:
            _note(stream, writes, held, record, revived=not before.alive)
    _file_writes(writes, held.files, incoming)
    return writes


def _find_document(
    stream: Stream, writes: Writes, held: StoredRows, record: Incoming
) -> None:
    """Collect what a row is found by, if it is new or another than before."""
    key, document = record.row[0], stream.document(record.version)
    if key not in held.rows or stream.document(held.version(key)) != document:
        writes.documents.append((key, document))


def load_stored(stream: Stream, keys: list[int]) -> StoredRows:
    """Return what the mirror holds of rows; a query for each of their tables."""
    files = _files(keys) if stream.has_files else {}
    files_of: dict[int, list[tuple[Any, ...]]] = {}
    for file in files.values():
        files_of.setdefault(file[0], []).append(file)
    links = [_pairs(table, keys) for table in stream.links]
    return StoredRows(stream, _stored_rows(stream, keys), links, files, files_of)


def _note(
    stream: Stream,
    writes: Writes,
    held: StoredRows,
    record: Incoming,
    *,
    revived: bool,
) -> None:
    """Note what a record changes; of what this very job brought, it came is enough."""
    row = record.row
    key, at, job_id = row[0], row[SYNCED_AT], row[JOB]
    is_own = job_id is not None and held.rows[key][FIRST_JOB] == job_id
    if is_own and not revived:
        return
    found = diff_fields(stream, held.version(key), record.version)
    what = What.BACK if revived else What.CHANGED
    writes.history.append((stream.name, key, at, job_id, what.value, found))


def _content(stream: Stream, row: tuple[Any, ...]) -> tuple[Any, ...]:
    return (*row[REMOTE_TIMES], *row[OWN : OWN + stream.told])


def _stored_rows(stream: Stream, keys: list[int]) -> dict[int, tuple[Any, ...]]:
    if not keys:
        return {}
    found = stream.model.objects.filter(id__in=keys)
    columns = (*MIRRORED_COLUMNS, *stream.columns)
    return {row[0]: row for row in found.values_list(*columns)}


def _pairs(table: LinkTable, owners: list[int]) -> dict[int, frozenset[int]]:
    if not owners:
        return {}
    found: dict[int, set[int]] = {}
    rows = table.model.objects.filter(**{f"{table.owner}__in": owners})
    for owner, to in rows.values_list(table.owner, table.target):
        found.setdefault(owner, set()).add(to)
    return {owner: frozenset(held) for owner, held in found.items()}


def _files(owners: list[int]) -> dict[Pair, tuple[Any, ...]]:
    if not owners:
        return {}
    rows = SceneFile.objects.filter(scene_id__in=owners).order_by()
    return {row[:2]: row for row in rows.values_list(*FILE_COLUMNS)}


def _link_writes(
    writes: Writes,
    owner: int,
    sides: tuple[Iterable[frozenset[int]], Iterable[frozenset[int]]],
) -> None:
    for place, (old, new) in enumerate(zip(*sides, strict=True)):
        writes.added[place].extend(product((owner,), new - old))
        writes.removed[place].extend(product((owner,), old - new))


def _count(
    stream: Stream, writes: Writes, held: StoredRows | None, record: Incoming
) -> None:
    """Move the counts of rows that a row points to; it counted if it is in `held`."""
    key = record.row[0]
    for column in stream.to_one:
        if column.counted:
            place = OWN + stream.columns.index(column.column)
            counter = writes.counts.setdefault(column.to, Counter())
            if held is not None and held.rows[key][place] is not None:
                counter[held.rows[key][place]] -= 1
            if record.row[place] is not None:
                counter[record.row[place]] += 1
    for place, table in enumerate(stream.links):
        if table.counted:
            counter = writes.counts.setdefault(table.to, Counter())
            new = record.parsed.links[place]
            old = held.links_of(key)[place] if held is not None else frozenset()
            counter.update(new - old)
            counter.subtract(old - new)


def _file_writes(
    writes: Writes,
    held: Mapping[Pair, tuple[Any, ...]],
    incoming: Mapping[int, Incoming],
) -> None:
    """Collect files to write and to delete.

    One that comes to a scene may have left another, which nothing else would tell: that
    scene is read again. It may as well have stayed, for scenes can share a file.
    """
    now = {
        file[:2]: file for record in incoming.values() for file in record.parsed.files
    }
    writes.files = [file for key, file in now.items() if held.get(key) != file]
    writes.lost_files = set(held) - set(now)
    if fresh := now.keys() - held.keys():
        low, end = row_range(source_of(min(incoming)))
        elsewhere = SceneFile.objects.filter(
            remote_id__in={file_id for _, file_id in fresh},
            scene_id__gte=low,
            scene_id__lt=end,
            scene__deleted_at=None,
        ).exclude(scene_id__in=list(incoming))
        losing = elsewhere.order_by().values_list("scene_id", flat=True)
        writes.scenes_losing_files = set(losing)
