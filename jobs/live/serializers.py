"""A job as plain JSON, for pages that bring themselves up to date.

The words are those of the templates: a page shows the same, live or loaded anew.
"""

from collections.abc import Iterable

from jobs.enums import JSON
from jobs.queries import JobCard, JobCounts, JobEventRow
from jobs.templatetags.pages import (
    exact,
    line,
    shape,
    state,
    tables,
    thousands,
    took,
)

Values = dict[str, JSON]


def of_counts(counts: JobCounts, newest_id: int) -> Values:
    return {
        "running": counts.running,
        "queued": counts.queued,
        "failed": counts.failed,
        "text": counts.sentence,
        "newest": newest_id,
    }


def of_job(card: JobCard) -> Values:
    """Return what the page of a job shows of it."""
    return {
        **of_row(card),
        "bars": [_bar(p.name, p.done, p.total) for p in card.phases],
        "attempt": f"{card.attempt} of {card.max_attempts}",
        "figures": [
            thousands(value)
            for table in tables(card.result)
            for _, values in table.rows
            for value in values
        ],
    }


def of_row(card: JobCard) -> Values:
    """Return what a list shows of a job."""
    return {
        "id": card.job_id,
        "status": card.status,
        "word": state(card),
        "shape": shape(card),
        "line": line(card),
        "outlook": card.outlook,
        "took": took(card.started_at, card.finished_at),
        "bar": _bar(card.title, card.progress_done, card.progress_total),
    }


def of_events(events: Iterable[JobEventRow]) -> list[JSON]:
    return [
        {
            "seq": event.seq,
            "at": event.at.isoformat(timespec="seconds"),
            "when": exact(event.at),
            "level": event.level,
            "text": event.message or event.code,
        }
        for event in events
    ]


def _bar(name: str, done: int, total: int | None) -> Values:
    if total is None:
        return {"name": name, "text": thousands(done) if done else ""}
    text = f"{thousands(done)} of {thousands(total)}"
    # Nothing to do is all done; a bar's maximum may not be 0.
    return {
        "name": name,
        "text": text,
        "done": done if total else 1,
        "total": total or 1,
    }
