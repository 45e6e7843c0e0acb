"""What the last syncs of a source did."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jobs.queries import JobCard, latest_jobs
from jobs.units import figure
from syncapp.queries.sources import SourceLine, source_line

SHOWN = 20
DID = ("new", "changed", "gone", "revived", "skipped")  # what is worth a word


@dataclass(frozen=True, slots=True)
class SyncLine:
    """One sync, purge or verification of a source."""

    job_id: int
    title: str
    status: str
    at: datetime  # when it was asked for
    started_at: datetime | None
    finished_at: datetime | None
    did: str  # "12 new, 3 changed"
    cost: str  # "41 requests, 1.2 MB"
    seen: int


@dataclass(frozen=True, slots=True)
class SourcePage:
    """A source with its last syncs."""

    source: SourceLine
    syncs: tuple[SyncLine, ...]


def source_page(source_id: int) -> SourcePage | None:
    """Return what the page of a source shows; None if it is not there."""
    source = source_line(source_id)
    return None if source is None else SourcePage(source, sync_history(source_id))


def sync_history(source_id: int) -> tuple[SyncLine, ...]:
    """Return the last syncs of a source, the newest first."""
    cards = latest_jobs("sync.", {"source_id": source_id}, limit=SHOWN)
    return tuple(_sync_line(card) for card in cards)


def _sync_line(card: JobCard) -> SyncLine:
    counts, costs = _sums(card.result, "streams"), _sums(card.result, "costs")
    return SyncLine(
        job_id=card.job_id,
        title=card.title.rpartition(" · ")[0] or card.title,
        status=card.status,
        at=card.created_at,
        started_at=card.started_at,
        finished_at=card.finished_at,
        did=_did(card, counts),
        cost=_cost(costs),
        seen=int(counts.get("seen", 0)),
    )


def _did(card: JobCard, counts: Mapping[str, float]) -> str:
    result = card.result
    told = {
        **{name: counts.get(name, 0) for name in DID},
        "held back": _total(result.get("held")),
        "purged": _total(result.get("purged")),
        "repaired": _numbers(result).get("repaired", 0),
    }
    parts = [f"{number:,.0f} {word}" for word, number in told.items() if number]
    if (differences := _numbers(result).get("differences")) is not None:
        found = f"{differences:,.0f} differences" if differences else "all equal"
        parts.insert(0, found)
    if not parts and card.status == "succeeded":
        return "nothing to do"
    return ", ".join(parts)


def _cost(costs: Mapping[str, float]) -> str:
    if not costs:
        return ""
    requests, size = int(costs.get("requests", 0)), costs.get("bytes", 0)
    asked = f"{requests:,} request{'' if requests == 1 else 's'}"
    return f"{asked}, {figure('bytes', int(size))}"


def _total(part: Any) -> float:
    return sum(_numbers(part).values())


def _sums(result: Mapping[str, Any], name: str) -> dict[str, float]:
    """Return the figures of all streams together."""
    sums: dict[str, float] = {}
    streams = result.get(name)
    for figures in streams.values() if isinstance(streams, Mapping) else ():
        for what, number in _numbers(figures).items():
            sums[what] = sums.get(what, 0) + number
    return sums


def _numbers(part: Any) -> dict[str, float]:
    if not isinstance(part, Mapping):
        return {}
    return {name: n for name, n in part.items() if isinstance(n, int | float)}
