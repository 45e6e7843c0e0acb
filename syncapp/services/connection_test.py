"""Tries a Stash server step by step, so that a person sees which step fails and why."""

from dataclasses import dataclass
from datetime import UTC, datetime
from threading import BoundedSemaphore
from typing import Literal
from urllib.parse import urlsplit

from django.db.models.functions import Coalesce
from django.views.decorators.debug import sensitive_variables

from syncapp.models import Source
from syncapp.models.encryption import KeyLost
from syncapp.queries import SourcePage, source_page
from syncapp.services.errors import SourceNotFound, TooManyTests
from syncapp.services.sources import add_source
from syncapp.stash.client import Limits, Server, StashClient
from syncapp.stash.errors import (
    BadAddress,
    KeyRefused,
    NameUnknown,
    NotListening,
    StashError,
    StashIncompatible,
    StashNotReady,
    StashTimedOut,
    TlsFailed,
)

State = Literal["ok", "failed", "not reached"]
# Keep a server if it is well; keep it whatever it is; only try it.
Keep = Literal["connect", "keep", "test"]
NAMES = (
    "Name",
    "Connection",
    "Secure connection",
    "Stash",
    "API key",
    "Version and state",
    "Needed fields",
)
NAME, CONNECTION, TLS, STASH, KEY, VERSION, FIELDS = range(len(NAMES))
# A test asks whatever address was typed, from inside the network: never many at once.
_at_once = BoundedSemaphore(2)
LIMITS = Limits(connect_s=4, read_s=5, deadline_s=8, attempts=1)
# Which step an error belongs to; the first entry that it is an instance of. What is
# not listed came as an answer, but not as one of a Stash that is well.
FAILS: tuple[tuple[type[StashError], int], ...] = (
    (BadAddress, NAME),
    (NameUnknown, NAME),
    (NotListening, CONNECTION),
    (StashTimedOut, CONNECTION),
    (TlsFailed, TLS),
    (KeyRefused, KEY),
    (StashNotReady, VERSION),
    (StashIncompatible, FIELDS),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a connection test; `sentence` says what was found or what to do."""

    name: str
    state: State
    sentence: str


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of trying a server that is to become a source."""

    steps: tuple[Step, ...]
    source_id: int | None  # of the source that was kept

    @property
    def ok(self) -> bool:
        return all(step.state == "ok" for step in self.steps)

    @property
    def sentence(self) -> str:
        return "Connected: every step went well. Ask for the first sync below."


@sensitive_variables("api_key")
def test_connection(url: str, api_key: str) -> tuple[Step, ...]:
    """Try to reach a Stash, for 8 seconds at most; returns every step.

    After the first step that failed the others are not reached. Nothing is kept, and
    no text of the other side is handed on. Raises TooManyTests.
    """
    return _tried(url, api_key)[0]


def test_stored(source_id: int) -> tuple[Step, ...]:
    """Try a source with the key that is kept for it; the outcome is noted on it.

    Raises SourceNotFound, TooManyTests.
    """
    rows = Source.objects.filter(pk=source_id).values_list("url", "api_key")
    found = rows.first()
    if found is None:
        raise SourceNotFound(_gone(source_id))
    url, sealed = found
    try:
        steps, server = _tried(url, sealed.open())
    except KeyLost as exc:
        return _steps(KEY, str(exc), url, "", None)
    _note(source_id, steps, server)
    return steps


def press_test(source_id: int) -> tuple[SourcePage, tuple[Step, ...]]:
    """Try a source as `test_stored` does; returns how it stands after, and the steps.

    Raises SourceNotFound.
    """
    steps = test_stored(source_id)
    page = source_page(source_id)
    if page is None:
        raise SourceNotFound(_gone(source_id))
    return page, steps


@sensitive_variables("api_key")
def try_and_keep(name: str, url: str, api_key: str, *, keep: Keep) -> Tried:
    """Try a server; keep it as a source if it is well, or, with "keep", unasked.

    Raises BadName, BadKey, TooManyTests, and BadAddress for `url`.
    """
    if keep == "keep":
        return Tried((), add_source(name, url, api_key))
    steps, server = _tried(url, api_key)
    well = all(step.state == "ok" for step in steps)
    if keep == "test" or not well:
        return Tried(steps, None)
    source_id = add_source(name, url, api_key)
    _note(source_id, steps, server)
    return Tried(steps, source_id)


def _note(source_id: int, steps: tuple[Step, ...], server: Server | None) -> None:
    """Write on a source what came of trying it."""
    rows, now = Source.objects.filter(pk=source_id), datetime.now(UTC)
    trouble = " ".join(step.sentence for step in steps if step.state == "failed")
    if server is not None and not trouble:
        rows.update(
            version=server.version, reached_at=now, trouble="", trouble_since=None
        )
    else:
        rows.update(trouble=trouble, trouble_since=Coalesce("trouble_since", now))


def _gone(source_id: int) -> str:
    return f"Source {source_id} is not here: it may have been removed."


@sensitive_variables("api_key")
def _tried(url: str, api_key: str) -> tuple[tuple[Step, ...], Server | None]:
    if not _at_once.acquire(blocking=False):
        msg = "Two connections are being tested already: try again in a few seconds."
        raise TooManyTests(msg)
    client = None
    try:
        with StashClient(url, api_key, limits=LIMITS) as client:
            client.handshake()
    except StashError as exc:
        place = next((step for kind, step in FAILS if isinstance(exc, kind)), STASH)
        met = client.met if client else None
        return _steps(place, str(exc), url, api_key, met), met
    finally:
        _at_once.release()
    return _steps(len(NAMES), "", url, api_key, client.met), client.met


@sensitive_variables("api_key")
def _steps(
    failed: int, sentence: str, url: str, api_key: str, met: Server | None
) -> tuple[Step, ...]:
    """Return all steps: well before `failed`, not reached after it."""
    well = _good_news(url, api_key, met)
    steps = [Step(NAMES[place], "ok", well[place]) for place in range(failed)]
    if failed < len(NAMES):
        steps.append(Step(NAMES[failed], "failed", sentence))
    later = "Not tried: an earlier step failed."
    steps.extend(Step(name, "not reached", later) for name in NAMES[failed + 1 :])
    return tuple(steps)


@sensitive_variables("api_key")
def _good_news(url: str, api_key: str, met: Server | None) -> tuple[str, ...]:
    parts = urlsplit(url.strip())
    secure = parts.scheme.lower() == "https"
    version = f"Stash {met.version}, ready." if met and met.version else "Ready."
    return (
        f"{parts.hostname or 'The server'} was found.",
        "A server answers there.",
        "Its certificate is trusted." if secure else "Not used: this is plain http.",
        "It answers as Stash does.",
        "Accepted." if api_key.strip() else "None given, and none is asked for.",
        version,
        "Everything that Steward reads is there.",
    )
