"""How a command that waited for a sync ends."""

from jobs.registry import Ended

OK, FAILED, INCOMPLETE, NO_SOURCE = 0, 1, 3, 5
SOURCE_TROUBLE = {
    *("unreachable", "no_such_name", "refused", "tls_failed", "timed_out", "busy"),
    *("key_refused", "not_stash", "not_ready"),
}


def exit_code(job: Ended) -> int:
    """Return the code of a sync that was waited for."""
    if job.status == "succeeded":
        return INCOMPLETE if left_out(job) else OK
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
