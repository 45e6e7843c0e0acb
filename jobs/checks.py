"""System checks: the kinds of job are sound, and q2 keeps out of their way."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.utils.module_loading import import_string

from jobs.enums import Lane
from jobs.queue.registry import Handler, names_in


def check_handlers(**_options: Any) -> list[CheckMessage]:
    path = settings.JOB_HANDLERS
    try:
        handlers = import_string(path)
    except ImportError as exc:
        return [Error(f"JOB_HANDLERS cannot be imported: {exc}.", id="jobs.E001")]
    return [*_twice(handlers), *_bad_keys(handlers), *_bad_lanes(handlers)]


def _twice(handlers: Sequence[Handler]) -> list[CheckMessage]:
    counts = Counter(handler.kind for handler in handlers)
    return [
        Error(f"Job kind {kind!r} is registered {count} times.", id="jobs.E002")
        for kind, count in counts.items()
        if count > 1
    ]


def _bad_keys(handlers: Sequence[Handler]) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    for handler in handlers:
        for template in filter(None, (handler.dedupe, handler.exclusive)):
            try:
                names_in(template)
            except ValueError as exc:
                msg = f"A key of job kind {handler.kind!r} cannot be used: {exc}."
                found.append(Error(msg, id="jobs.E003"))
    return found


def _bad_lanes(handlers: Sequence[Handler]) -> list[CheckMessage]:
    known = ", ".join(Lane)
    return [
        Error(
            f"Job kind {handler.kind!r} names the lane {handler.lane!r}; there are "
            f"{known}.",
            id="jobs.E005",
        )
        for handler in handlers
        if handler.lane not in set(Lane)
    ]


def check_queue(**_options: Any) -> list[CheckMessage]:
    queue: dict[str, Any] = settings.Q_CLUSTER
    if queue["timeout"] < queue["retry"]:
        return []
    msg = "Q_CLUSTER: `timeout` must be below `retry`, or q2 runs its messages twice."
    return [Error(msg, id="jobs.E004")]


CHECKS = (check_handlers, check_queue)
