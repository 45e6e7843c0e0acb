"""What the dashboard shows."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from jobs.queries import JobCard, active_jobs, list_jobs, worker_alive
from syncapp.models import MIRRORED, StreamState
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
    counts, states = _counts(), _states()
    panels = []
    for source in list_sources():
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
            )
        )
    return Dashboard(tuple(panels), tuple(ended[:LATEST]), worker_alive())


def _of_source(jobs: Iterable[JobCard], source_id: int) -> Iterator[JobCard]:
    return (job for job in jobs if job.params.get("source_id") == source_id)


def _counts() -> dict[tuple[int, str], int]:
    found = {}
    for model in MIRRORED:
        rows = model.objects.filter(deleted_at=None).order_by()
        for source_id, number in rows.values_list("source_id").annotate(n=Count("id")):
            found[source_id, f"{model._meta.model_name}s"] = number
    return found


def _states() -> Mapping[tuple[int, str], StreamState]:
    return {(s.source_id, s.stream): s for s in StreamState.objects.order_by()}


def _oldest(moments: Iterable[datetime | None]) -> datetime | None:
    """Return the earliest; None if one of them is missing."""
    known = list(moments)
    return None if None in known else min(m for m in known if m is not None)
