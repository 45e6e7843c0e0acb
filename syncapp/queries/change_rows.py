"""The rows that jobs changed, with their names, and what changed in each."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import chain
from typing import Any, NamedTuple

from django.db.models import Q

from syncapp.models import HistoryEntry, Scene, What
from syncapp.models.library import Mirrored
from syncapp.queries.entity_list import MODELS as OF_NAMES
from syncapp.queries.entity_list import shown_name
from syncapp.queries.history import Changes, FieldChange, changes_in_words
from syncapp.queries.scene_titles import shown_titles

MODELS: Mapping[str, type[Mirrored]] = {"scenes": Scene, **OF_NAMES}
NOTHING: Changes = {}  # of a row that came


@dataclass(frozen=True, slots=True)
class GroupKey:
    """Rows of one stream that one job did the same to; the last is a value of What."""

    job_id: int
    stream: str
    what: str


@dataclass(frozen=True, slots=True)
class ChangedRow:
    row_id: int
    name: str
    is_removed: bool  # by now
    changes: tuple[tuple[FieldChange, ...], ...]  # of each time that it was changed


class ChangeOfRow(NamedTuple):
    """A row of a group, and what was kept of one change of it."""

    key: GroupKey
    row_id: int
    changes: Changes


def rows_of_groups(keys: Iterable[GroupKey]) -> dict[GroupKey, tuple[ChangedRow, ...]]:
    """Return all rows of some groups, which have to be small; at most 14 queries."""
    by_kind: dict[tuple[str, str], list[int]] = {}
    for key in keys:
        by_kind.setdefault((key.stream, key.what), []).append(key.job_id)
    return _named([*chain(_that_came(by_kind), _entries(by_kind))])


def page_of_group(
    key: GroupKey, *, after: int, size: int
) -> tuple[tuple[ChangedRow, ...], int | None]:
    """Return a page of a group, by row id, and the last of it if more follow.

    At most seven queries.
    """
    if key.what == What.CAME:
        rows = MODELS[key.stream].objects.filter(first_seen_job=key.job_id)
        ids = rows.filter(id__gt=after).order_by("id").values_list("id", flat=True)
        row_ids = list(ids[: size + 1])
        found = [ChangeOfRow(key, row_id, NOTHING) for row_id in row_ids[:size]]
    else:
        entries = HistoryEntry.objects.filter(**asdict(key))
        row_ids = _distinct(entries.filter(row_id__gt=after), size + 1)
        shown = entries.filter(row_id__in=row_ids[:size]).order_by("row_id", "at")
        pairs = shown.values_list("row_id", "changes")
        found = [ChangeOfRow(key, *pair) for pair in pairs]
    following = row_ids[size - 1] if len(row_ids) > size else None
    return _named(found).get(key, ()), following


def _distinct(entries: Any, most: int) -> list[int]:
    ids = entries.order_by("row_id").values_list("row_id", flat=True)
    return list(ids.distinct()[:most])


def _that_came(by_kind: Mapping[tuple[str, str], list[int]]) -> Iterator[ChangeOfRow]:
    for (stream, what), job_ids in by_kind.items():
        if what == What.CAME:
            rows = MODELS[stream].objects.filter(first_seen_job__in=job_ids)
            pairs = rows.order_by("id").values_list("first_seen_job", "id")
            for job_id, row_id in pairs:
                yield ChangeOfRow(GroupKey(job_id, stream, what), row_id, NOTHING)


def _entries(by_kind: Mapping[tuple[str, str], list[int]]) -> Iterator[ChangeOfRow]:
    wanted = Q()
    for (stream, what), job_ids in by_kind.items():
        if what != What.CAME:
            wanted |= Q(stream=stream, what=what, job_id__in=job_ids)
    if wanted:
        yield from _entries_of(_row_ids(wanted), wanted)


def _row_ids(wanted: Q) -> set[int]:
    """Return which rows these are, by an index that holds all that is asked for.

    SQLite, which knows averages alone, would read every entry for their changes if one
    job had very many.
    """
    columns = ("job_id", "stream", "what", "row_id")
    rows = HistoryEntry.objects.filter(wanted).order_by().values_list(*columns)
    return {row_id for *_, row_id in rows}


def _entries_of(row_ids: set[int], wanted: Q) -> Iterator[ChangeOfRow]:
    columns = ("row_id", "at", "job_id", "stream", "what", "changes")
    entries: Any = HistoryEntry.objects.filter(wanted, row_id__in=row_ids).order_by()
    for row_id, _, *key, changes in sorted(entries.values_list(*columns), key=_order):
        yield ChangeOfRow(GroupKey(*key), row_id, changes)


def _order(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return row[:2]


def _named(found: list[ChangeOfRow]) -> dict[GroupKey, tuple[ChangedRow, ...]]:
    """Put the changes of a row together, in words; a query for each kind of name."""
    told: dict[GroupKey, dict[int, list[tuple[FieldChange, ...]]]] = {}
    for each, fields in zip(
        found, changes_in_words([each.changes for each in found]), strict=True
    ):
        told.setdefault(each.key, {}).setdefault(each.row_id, []).append(fields)
    names = _names(found)
    return {
        key: tuple(
            ChangedRow(row_id, *names[key.stream].get(row_id, GONE), tuple(changes))
            for row_id, changes in rows.items()
        )
        for key, rows in told.items()
    }


Name = tuple[str, bool]  # as it is shown, and whether the row is removed
GONE: Name = ("No longer here", True)  # it was purged while the page was read


def _names(found: list[ChangeOfRow]) -> dict[str, dict[int, Name]]:
    ids: dict[str, set[int]] = {}
    for each in found:
        ids.setdefault(each.key.stream, set()).add(each.row_id)
    return {
        stream: _scene_names(row_ids)
        if stream == "scenes"
        else _entity_names(MODELS[stream], row_ids)
        for stream, row_ids in ids.items()
    }


def _entity_names(model: type[Mirrored], row_ids: set[int]) -> dict[int, Name]:
    rows = model.objects.filter(id__in=row_ids)
    found = rows.values_list("id", "name", "deleted_at")
    return {key: (shown_name(name), bool(gone)) for key, name, gone in found}


def _scene_names(row_ids: set[int]) -> dict[int, Name]:
    rows = Scene.objects.filter(id__in=row_ids)
    found = list(rows.values_list("id", "title", "deleted_at"))
    titles = shown_titles({key: title for key, title, _ in found})
    return {key: (titles[key], bool(gone)) for key, _, gone in found}
