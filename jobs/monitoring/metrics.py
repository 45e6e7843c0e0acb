"""Figures for a monitoring program, in Prometheus' text format."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count
from django.db.models.functions import Now

from jobs.enums import Lane
from jobs.models import Job, MetricCounter, Schedule
from jobs.monitoring import workers
from jobs.queue import recovery, untaken

Labels = Mapping[str, str]
TALLIES = {
    recovery.LEASE_LOST: "Jobs taken back because their lease ran out.",
    recovery.RECOVERED: "Jobs queued again after their worker died.",
    recovery.REPLACED: "Clusters replaced: a process of them died or was frozen.",
    recovery.DROPPED: "Messages dropped because they asked for what is not Steward's.",
}


@dataclass(frozen=True, slots=True)
class Family:
    """One figure, for each set of labels."""

    name: str
    kind: str  # gauge or counter
    text: str
    samples: tuple[tuple[Labels, float], ...]


def exposition() -> str:
    """Return all figures as text; each call asks the database."""
    lines: list[str] = []
    for family in (*_lanes(), _jobs(), _schedules(), *_tallies()):
        lines += [
            f"# HELP {family.name} {family.text}",
            f"# TYPE {family.name} {family.kind}",
            *(_sample(family.name, *sample) for sample in family.samples),
        ]
    return "\n".join(lines) + "\n"


def _sample(name: str, labels: Labels, value: float) -> str:
    escaped = (f'{key}="{_escape(text)}"' for key, text in labels.items())
    inside = ",".join(escaped)
    return f"{name}{{{inside}}} {value:g}" if inside else f"{name} {value:g}"


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _lanes() -> Iterable[Family]:
    page = workers.overview()
    waited = untaken.waited_s()
    for name, text, values in (
        (
            "steward_jobs_waiting",
            "Jobs that wait, by lane.",
            {row.lane: row.waiting for row in page.lanes},
        ),
        (
            "steward_jobs_running",
            "Jobs that run, by lane.",
            {row.lane: row.running for row in page.lanes},
        ),
        (
            "steward_oldest_waiting_seconds",
            "How long a job has waited that could start, since it could, by lane.",
            {lane: waited.get(lane, 0.0) for lane in Lane},
        ),
        (
            "steward_lane_paused",
            "1 while a lane is paused.",
            {row.lane: int(row.paused_at is not None) for row in page.lanes},
        ),
        (
            "steward_lane_processes",
            "Jobs that living workers can run at once, by lane.",
            {row.lane: row.processes for row in page.lanes},
        ),
    ):
        samples = tuple(({"lane": lane}, value) for lane, value in values.items())
        yield Family(name, "gauge", text, samples)


def _jobs() -> Family:
    rows = Job.objects.order_by().values_list("kind", "status").annotate(n=Count("pk"))
    samples = tuple(({"kind": k, "status": s}, float(n)) for k, s, n in rows)
    text = "Jobs that are kept, by kind and status; old ones are removed."
    return Family("steward_jobs", "gauge", text, samples)


def _schedules() -> Family:
    overdue = Schedule.objects.filter(enabled=True, next_at__lte=Now()).order_by()
    times = overdue.annotate(now=Now()).values_list("now", "next_at")
    lag_s = max(((now - at).total_seconds() for now, at in times), default=0.0)
    text = "By how much the schedule that is latest is late; 0 if none is due."
    return Family("steward_schedule_lag_seconds", "gauge", text, (({}, lag_s),))


def _tallies() -> Iterable[Family]:
    counts = dict(MetricCounter.objects.values_list("name", "count"))
    for name, text in TALLIES.items():
        samples: tuple[tuple[Labels, float], ...] = (({}, counts.get(name, 0)),)
        yield Family(f"steward_{name}_total", "counter", text, samples)
