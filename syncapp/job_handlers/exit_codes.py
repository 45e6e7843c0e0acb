"""How a command ends: done, not done, done in part, busy, or without its source.

2 is wrong use and 130 interrupted: see `syncapp.management.wait_for_job`.
"""

from jobs.queue.registry import Ended

OK, FAILED, INCOMPLETE, BUSY, NO_SOURCE = 0, 1, 3, 4, 5
SOURCE_TROUBLE = {
    *("unreachable", "no_such_name", "refused", "tls_failed", "timed_out", "busy"),
    *("key_refused", "proxy_refused", "not_stash", "not_ready"),
}


def sync_exit(job: Ended) -> int:
    """Return the code of a sync that was waited for."""
    return _code(job, left_out(job))


def verify_exit(job: Ended) -> int:
    """Return the code of a comparison that was waited for."""
    return _code(job, differences(job))


def apply_exit(job: Ended) -> int:
    """Return the code of an apply that was waited for."""
    return _code(job, not_written(job))


def _code(job: Ended, undone: list[str]) -> int:
    if job.status == "succeeded":
        return INCOMPLETE if undone else OK
    return NO_SOURCE if job.error_code in SOURCE_TROUBLE else FAILED


def left_out(job: Ended) -> list[str]:
    """Return, stream by stream, what a sync that succeeded did not do."""
    streams, held = job.result.get("streams"), job.result.get("held")
    parts = []
    for name, counts in streams.items() if isinstance(streams, dict) else ():
        if counts.get("skipped"):
            parts.append(f"{counts['skipped']} of the {name} were skipped")
    for name, count in held.items() if isinstance(held, dict) else ():
        parts.append(f"{count} deletions of {name} wait for --accept-deletions")
    return parts


def differences(job: Ended) -> list[str]:
    """Return what differs after a comparison that succeeded, or after its repair."""
    if "left" not in job.result:
        number = job.result.get("differences", 0)
        return [f"{number} differences were found; see --repair"] if number else []
    number = job.result["left"]
    rest = [f"{number} differences could not be repaired"] if number else []
    return [*left_out(job), *rest]


def not_written(job: Ended) -> list[str]:
    """Return what an apply that succeeded did not do of what was accepted."""
    counts = job.result.get("changes")
    told = counts if isinstance(counts, dict) else {}
    words = {
        "conflict": "were not written: somebody changed the same since",
        "failed": "could not be written",
        "changed_since": "were written and changed again at once",
    }
    return [f"{told[name]} {said}" for name, said in words.items() if told.get(name)]
