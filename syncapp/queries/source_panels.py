"""What the dashboard shows."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet, Value

from jobs.queries import JobCard, active_jobs, list_jobs, worker_alive
from syncapp.models import MIRRORED, StreamState
from syncapp.models.keys import row_range
from syncapp.models.library import Mirrored
from syncapp.queries.plan_overview import plans_to_look_at
from syncapp.queries.sources import SourceLine, list_sources

STREAMS = ("scenes", "performers", "tags", "studios")  # as people look for them
LATEST, LOOKED_THROUGH = 8, 50


@dataclass(frozen=True, slots=True)
class StreamLine:
    name: str
    count: int  # live rows
    held: int  # deletions that wait for a person's word
    held_since: datetime | None = None

    @property
    def url_name(self) -> str:
        return f"syncapp:{self.name}"


@dataclass(frozen=True, slots=True)
class SourcePanel:
    source: SourceLine
    streams: tuple[StreamLine, ...]
    synced_at: datetime | None  # when every stream had been brought up to date
    full_at: datetime | None  # when every stream had been read whole
    active: tuple[JobCard, ...]
    last_job: JobCard | None  # the latest that has ended, of the recent ones
    plans: int  # that wait for a decision

    @property
    def held(self) -> tuple[StreamLine, ...]:
        return tuple(stream for stream in self.streams if stream.held)


@dataclass(frozen=True, slots=True)
class Dashboard:
    panels: tuple[SourcePanel, ...]
    ended: tuple[JobCard, ...]  # the latest
    worker_alive: bool

    @property
    def is_alone(self) -> bool:
        """Return whether there is one source at most."""
        return len(self.panels) <= 1

    @property
    def busy(self) -> bool:
        return any(panel.active for panel in self.panels)


def dashboard() -> Dashboard:
    """Return the state of every source; a fixed number of queries."""
    active, latest = active_jobs(), list_jobs(limit=LOOKED_THROUGH).rows
    ended = [job for job in latest if not job.is_active]
    sources, states = list_sources(), _states()
    counts = _counts([source.source_id for source in sources])
    plans = plans_to_look_at()
    panels = []
    for source in sources:
        own = {name: states.get((source.source_id, name)) for name in STREAMS}
        panels.append(
            SourcePanel(
                source=source,
                streams=tuple(
                    StreamLine(
                        name,
                        counts.get((source.source_id, name), 0),
                        state.held_deletions if (state := own[name]) else 0,
                        state.held_since if state else None,
                    )
                    for name in STREAMS
                ),
                synced_at=_oldest(s.synced_at if s else None for s in own.values()),
                full_at=_oldest(s.full_at if s else None for s in own.values()),
                active=tuple(_of_source(reversed(active), source.source_id)),
                last_job=next(_of_source(ended, source.source_id), None),
                plans=plans.get(source.source_id, 0),
            )
        )
    return Dashboard(tuple(panels), tuple(ended[:LATEST]), worker_alive())


def _of_source(jobs: Iterable[JobCard], source_id: int) -> Iterator[JobCard]:
    return (job for job in jobs if job.params.get("source_id") == source_id)


def _counts(source_ids: Sequence[int]) -> Mapping[tuple[int, str], int]:
    """Return how many live rows each source has: all of them without the removed.

    Both are counted in an index each, where a row's id tells its source.
    """
    found: Counter[tuple[int, str]] = Counter()
    for model in MIRRORED:
        for source_id, sign, number in _numbers(model, source_ids):
            found[source_id, f"{model._meta.model_name}s"] += sign * number
    return found


def _numbers(model: type[Mirrored], source_ids: Sequence[int]) -> "QuerySet[Any, Any]":
    """Return what adds up to each source's number of live rows, in one query."""
    counted = []
    for source_id in source_ids:
        low, end = row_range(source_id)
        own = model.objects.filter(id__gte=low, id__lt=end).order_by()
        for sign, rows in ((1, own), (-1, own.filter(deleted_at__isnull=False))):
            told = rows.annotate(of=Value(source_id), sign=Value(sign))
            counted.append(told.values_list("of", "sign").annotate(n=Count("id")))
    none = model.objects.none()
    return none.union(*counted, all=True) if counted else none


def _states() -> Mapping[tuple[int, str], StreamState]:
    return {(s.source_id, s.stream): s for s in StreamState.objects.order_by()}


def _oldest(moments: Iterable[datetime | None]) -> datetime | None:
    """Return the earliest; None if one of them is missing."""
    known = list(moments)
    return None if None in known else min(m for m in known if m is not None)
