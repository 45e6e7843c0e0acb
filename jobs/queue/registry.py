"""The kinds of job: what runs them, and which keys their jobs hold."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from string import Formatter
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from jobs.enums import JSON, Lane, Status
from jobs.errors import BadParams, NotAllowed, UnknownKind
from jobs.models import KEY_LENGTH
from jobs.queue import params as parameters
from jobs.queue.context import JobContext
from jobs.viewer import RUN_JOB, Viewer

Params = Mapping[str, JSON]
DIGEST_BYTES = 16


class Ended(Protocol):
    """What is known of a job that has ended."""

    @property
    def status(self) -> str: ...
    @property
    def error_code(self) -> str: ...
    @property
    def result(self) -> Params: ...


def plain_exit(job: Ended) -> int:
    return 0 if job.status == Status.SUCCEEDED else 1


def nothing_to_check(_params: Params) -> None:
    """Take what the type of the parameters takes."""


def nowhere(_job_id: int, _part: str, _row: str, _column: str) -> str:
    """Lead from no number of a result anywhere."""
    return ""


@dataclass(frozen=True, slots=True)
class Handler:
    """What does one kind of job; `dedupe` and `exclusive` are templates over params."""

    kind: str  # "sync.quick"
    title: str  # "Quick sync"
    run: Callable[[JobContext, Params], Params | None]  # returns the job's result
    params: type[Any] | None = None  # a frozen dataclass; None: any there may be
    check: Callable[[Params], None] = nothing_to_check  # raises BadParams: not there
    permission: str = RUN_JOB  # of who may ask for one, or have it made by a schedule
    dedupe: str | None = None  # "sync.quick:{source_id}:{streams}"
    exclusive: str | None = None  # "source:{source_id}"
    max_attempts: int = 5  # in a row that brought the job no further
    lane: str = Lane.SHORT.value
    priority: int = 0  # the higher goes first, and is given way to
    exit_code: Callable[[Ended], int] = plain_exit  # of a command that waited for it
    # The page that shows what a number of a job's result counts, or "": by the job's
    # id, the part of the result, and the number's row and column in it.
    leads_to: Callable[[int, str, str, str], str] = nowhere

    def dedupe_key(self, params: Params) -> str | None:
        return self._key(self.dedupe, params)

    def exclusive_key(self, params: Params) -> str | None:
        return self._key(self.exclusive, params)

    def completed(self, given: Params) -> dict[str, JSON]:
        """Return the parameters with the defaults of what is not given.

        Raises BadParams for what is unknown, missing, or of another type.
        """
        if self.params is None:
            return dict(given)
        return parameters.completed(self.kind, self.params, given)

    @property
    def takes(self) -> tuple[str, ...]:
        """Return the parameters that may be left out."""
        return () if self.params is None else parameters.optional(self.params)

    @property
    def needs(self) -> tuple[str, ...]:
        """Return the parameters that must be given."""
        if self.params is not None:
            return parameters.needed(self.params)
        templates = filter(None, (self.dedupe, self.exclusive))
        names = (name for template in templates for name in names_in(template))
        return tuple(dict.fromkeys(names))

    def _key(self, template: str | None, params: Params) -> str | None:
        if template is None:
            return None
        missing = [name for name in names_in(template) if name not in params]
        if missing:
            wanted = ", ".join(missing)
            msg = f"A job of kind {self.kind!r} needs the parameters: {wanted}."
            raise BadParams(msg)
        values = {name: _as_text(params[name]) for name in names_in(template)}
        return _shorten(template.format(**values))


def names_in(template: str) -> tuple[str, ...]:
    """Return the parameters that a key is made of; raises ValueError."""
    parts = Formatter().parse(template)
    names = tuple(name for _, name, _, _ in parts if name is not None)
    if not all(name.isidentifier() for name in names):
        msg = f"{template!r} names something that is not a parameter"
        raise ValueError(msg)
    return names


def _as_text(value: JSON) -> str:
    """Return a value's part of a key: the order of a list makes no difference."""
    if isinstance(value, list | tuple):
        return ",".join(sorted(map(str, value))) or "all"
    return str(value)


def _shorten(key: str) -> str:
    if len(key) <= KEY_LENGTH:
        return key
    digest = blake2b(key.encode(), digest_size=DIGEST_BYTES).hexdigest()
    return f"{key[: KEY_LENGTH - len(digest) - 1]}:{digest}"


@cache
def _handlers(path: str) -> dict[str, Handler]:
    return {handler.kind: handler for handler in import_string(path)}


def get(kind: str) -> Handler:
    """Return what does this kind of job; raises UnknownKind."""
    handler = _handlers(settings.JOB_HANDLERS).get(kind)
    if handler is None:
        known = ", ".join(kinds())
        msg = f"No handler for job kind {kind!r}. Registered kinds: {known}."
        raise UnknownKind(msg)
    return handler


def way_from(kind: str) -> Callable[[int, str, str, str], str]:
    """Return `leads_to` of this kind; of one that is no more, what leads nowhere."""
    handler = _handlers(settings.JOB_HANDLERS).get(kind)
    return nowhere if handler is None else handler.leads_to


def kinds() -> tuple[str, ...]:
    """Return all kinds, sorted."""
    return tuple(sorted(_handlers(settings.JOB_HANDLERS)))


def checked_params(kind: str, params: Params) -> dict[str, JSON]:
    """Return the parameters of a job that can be made: with defaults, and storable.

    Raises UnknownKind or BadParams.
    """
    if not isinstance(params, Mapping):
        msg = "Its parameters are no object: change it, and give each one a name."
        raise BadParams(msg)
    handler = get(kind)
    whole = handler.completed(params)
    handler.dedupe_key(whole)
    handler.exclusive_key(whole)
    try:
        unstorable = "\\u0000" in json.dumps(whole, allow_nan=False)
    except (TypeError, ValueError):
        unstorable = True
    if unstorable:
        msg = "The parameters hold what cannot be stored: NaN, or a NUL character."
        raise BadParams(msg)
    handler.check(whole)
    return whole


def check_right(kind: str, viewer: Viewer | None) -> None:
    """Raise NotAllowed unless this person may have jobs of the kind made.

    Nobody (None) is Steward itself, or who types its commands. Raises UnknownKind.
    """
    handler = get(kind)
    if viewer is not None and not viewer.may(handler.permission):
        msg = (
            f"“{handler.title}” is for who may ask for it by hand: it needs the right "
            f"{handler.permission}, which you do not hold."
        )
        raise NotAllowed(msg)
