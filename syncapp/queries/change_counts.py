"""How many rows each job changed: counted up to a cap, beyond it as the job told."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import IntegerField, OuterRef, QuerySet, Subquery

from jobs.queries import results_of
from syncapp.job_handlers.leads import COUNTED
from syncapp.models import ChangeSet, HistoryEntry, What
from syncapp.queries.change_rows import MODELS, GroupKey
from syncapp.queries.paging import Count

CAP = 10_000  # to count 500,000 takes longer than all else of the page
TOLD_AS = {what.value: name for name, what in COUNTED.items()}


class CountOf(Subquery):
    """The number of rows of a subquery, which Django can only count as a whole."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def counted_groups(
    streams: Iterable[str], happened: Iterable[str], job_ids: list[int]
) -> dict[GroupKey, Count]:
    """Return the groups of these jobs that hold anything; at most two queries."""
    kinds = [(stream, what) for stream in streams for what in happened]
    columns = {f"{stream}_{what}": _counted(stream, what) for stream, what in kinds}
    sets = ChangeSet.objects.filter(job_id__in=job_ids).annotate(**columns).order_by()
    found = {
        GroupKey(row["job_id"], stream, what): row[f"{stream}_{what}"]
        for row in sets.values("job_id", *columns)
        for stream, what in kinds
        if row[f"{stream}_{what}"]
    }
    told = results_of(key.job_id for key, number in found.items() if number > CAP)
    return {key: _count(key, number, told) for key, number in found.items()}


def _counted(stream: str, what: str) -> CountOf:
    rows: QuerySet[Any, Any] = HistoryEntry.objects.filter(
        job_id=OuterRef("job_id"), stream=stream, what=what
    )
    ids = rows.order_by("row_id").values("row_id").distinct()
    if what == What.CAME:
        brought = MODELS[stream].objects.filter(first_seen_job=OuterRef("job_id"))
        ids = brought.order_by().values("id")
    return CountOf(ids[: CAP + 1])


def _count(key: GroupKey, number: int, told: Mapping[int, Any]) -> Count:
    """Return a number; a large one as the job's result has it, if that is known."""
    if number <= CAP:
        return Count(number)
    figures = told.get(key.job_id, {}).get("streams", {}).get(key.stream, {})
    more = figures.get(TOLD_AS[key.what], 0)
    return Count(more) if more > CAP else Count(CAP, more=True)
