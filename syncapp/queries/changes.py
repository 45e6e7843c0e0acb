"""What changed: by day, source and job, and the rows of each group."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from jobs.numbers import parse_id
from jobs.queries import titles_of
from syncapp.filters.changes import (
    ALL_WHAT,
    STREAM_NAMES,
    ChangeFilter,
    ParsedChangeFilter,
)
from syncapp.filters.ranges import in_days
from syncapp.models import ChangeSet, HistoryEntry, Source, What
from syncapp.queries.change_counts import counted_groups
from syncapp.queries.change_rows import (
    MODELS,
    ChangedRow,
    GroupKey,
    page_of_group,
    rows_of_groups,
)
from syncapp.queries.last_changed_by import ChangedBy
from syncapp.queries.paging import MOMENT, Count, KeysetCursor, OrderedRows, Sort

SETS, ROWS = 25, 50  # of a page: change sets, or rows of one group
FEW = 5  # rows of a group that are named where it is told
NEWEST = Sort("-at", "newest first", "at", descending=True, read=MOMENT)


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """What happened to rows of one stream by one job; `rows` are all, or none."""

    key: GroupKey
    found: Count
    rows: tuple[ChangedRow, ...] = ()

    @property
    def words(self) -> str:
        """Return it as people say it: 12 scenes came back."""
        stream = self.key.stream if self.found.number != 1 else self._one
        more = "+" if self.found.more else ""
        return f"{self.found.number:,}{more} {stream} {What(self.key.what).label}"

    @property
    def is_names(self) -> bool:
        """Return whether there is nothing to tell of a row but its name."""
        return self.key.what in {What.CAME, What.WENT}

    @property
    def address(self) -> str:
        """Return the name of the address of each row's page."""
        return f"syncapp:{self._one}"

    @property
    def _one(self) -> str:
        return self.key.stream.removesuffix("s")


@dataclass(frozen=True, slots=True)
class JobChanges:
    """All that one job changed, as far as the filter asks for it."""

    job: ChangedBy
    source: str
    at: datetime  # of its first change
    groups: tuple[ChangeGroup, ...]


@dataclass(frozen=True, slots=True)
class ChangeDay:
    day: date
    jobs: tuple[JobChanges, ...]


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """Days with their jobs, the newest first; of one group alone a page of its rows."""

    filters: ChangeFilter
    days: tuple[ChangeDay, ...]
    next: str  # the place where the following page begins; empty at the end
    sources: Mapping[int, str]  # the names of all there are
    kept_days: int  # for which changes are kept; 0 is for ever
    is_empty: bool  # nothing changed ever, whatever is asked for

    @property
    def several_sources(self) -> bool:
        return len(self.sources) > 1


def list_changes(parsed: ParsedChangeFilter, *, after: str = "") -> ChangesPage:
    """Return a page of what changed; a fixed number of queries. What is wrong is none.

    Days are those of the current zone.
    """
    filters = parsed.filters
    sources = dict(Source.objects.values_list("id", "name"))
    rows, following = ([], "") if parsed.wrong else _sets(filters, after)
    sets = _with_groups(filters, rows, sources)
    if rows and filters.group is not None:
        sets, following = _with_rows(sets, after)
    return ChangesPage(
        filters=filters,
        days=tuple(_by_day(sets)),
        next=following,
        sources=sources,
        kept_days=settings.HISTORY_DAYS,
        is_empty=not rows and not ChangeSet.objects.exists(),
    )


def _sets(filters: ChangeFilter, after: str) -> tuple[list[dict[str, Any]], str]:
    rows: QuerySet[Any, Any] = ChangeSet.objects.annotate(id=F("job_id"))
    rows = rows.filter(in_days("at", filters.days, timezone.localdate()))
    if filters.sources:
        rows = rows.filter(source_id__in=filters.sources)
    if filters.job is not None:
        rows = rows.filter(job_id=filters.job)
    if filters.streams or filters.happened:
        rows = rows.filter(_holds(filters))
    # Of a group it is a place among the rows.
    place = None if filters.group else KeysetCursor.read(after, NEWEST)
    listed = OrderedRows(rows, ("at", "source_id"), NEWEST)
    found = listed.read(place, SETS + 1)
    more = len(found) > SETS
    return found[:SETS], str(listed.place_of(found[SETS - 1])) if more else ""


def _wanted(filters: ChangeFilter) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return filters.streams or STREAM_NAMES, filters.happened or ALL_WHAT


def _holds(filters: ChangeFilter) -> Q:
    """Return which sets hold anything of what is asked for."""
    streams, happened = _wanted(filters)
    entries = HistoryEntry.objects.filter(
        job_id=OuterRef("job_id"), stream__in=streams, what__in=happened
    )
    found = Q(Exists(entries))
    if What.CAME in happened:
        for stream in streams:
            rows = MODELS[stream].objects.filter(first_seen_job=OuterRef("job_id"))
            found |= Q(Exists(rows))
    return found


def _with_groups(
    filters: ChangeFilter, sets: list[dict[str, Any]], sources: Mapping[int, str]
) -> list[JobChanges]:
    """Count what each job did; the rows of small groups are named at once."""
    job_ids = [row["id"] for row in sets]
    numbers = counted_groups(*_wanted(filters), job_ids)
    few = [key for key, found in numbers.items() if found.number <= FEW]
    rows = {} if filters.group else rows_of_groups(few)
    titles = titles_of(job_ids)
    return [
        JobChanges(
            job=ChangedBy(row["id"], titles.get(row["id"], "")),
            source=sources.get(row["source_id"], ""),
            at=row["at"],
            groups=tuple(_groups(row["id"], numbers, rows)),
        )
        for row in sets
    ]


def _groups(
    job_id: int,
    numbers: Mapping[GroupKey, Count],
    rows: Mapping[GroupKey, tuple[ChangedRow, ...]],
) -> Iterator[ChangeGroup]:
    for stream in STREAM_NAMES:
        for what in ALL_WHAT:
            key = GroupKey(job_id, stream, what)
            if (found := numbers.get(key)) is not None:
                yield ChangeGroup(key, found, rows.get(key, ()))


def _with_rows(sets: list[JobChanges], after: str) -> tuple[list[JobChanges], str]:
    """Put a page of its rows into the one group that was asked for."""
    ((only,),) = (one.groups for one in sets)
    rows, last = page_of_group(only.key, after=parse_id(after) or 0, size=ROWS)
    whole = replace(sets[0], groups=(replace(only, rows=rows),))
    return [whole], "" if last is None else str(last)


def _by_day(sets: Iterable[JobChanges]) -> Iterator[ChangeDay]:
    for day, jobs in groupby(sets, lambda one: timezone.localdate(one.at)):
        yield ChangeDay(day, tuple(jobs))
