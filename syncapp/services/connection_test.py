"""Tries a Stash server step by step, so that a person sees which step fails and why."""

from dataclasses import dataclass
from datetime import UTC, datetime
from threading import BoundedSemaphore
from typing import Literal
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models.functions import Coalesce
from django.views.decorators.debug import sensitive_variables

from syncapp.models import Source
from syncapp.models.encryption import KeyLost
from syncapp.queries import SourcePage, source_page
from syncapp.services.errors import SourceNotFound, TooManyTests
from syncapp.services.sources import (
    add_source,
    checked_address,
    set_analyse_after_sync,
)
from syncapp.stash.client import Limits, StashClient
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
from syncapp.stash.server import stash_called
from syncapp.stash.way_in import OPEN, WayIn

OK = "ok"
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
class ConnectionTest:
    """What came of trying a server: every step, and the outcome for programs."""

    steps: tuple[Step, ...]
    code: str  # "ok", or what is wrong: "unreachable", "key_refused", ...
    version: str  # of the Stash; empty unless it told

    @property
    def ok(self) -> bool:
        return self.code == OK

    @property
    def sentence(self) -> str:
        """Return what is wrong, or that all is well."""
        failed = [step.sentence for step in self.steps if step.state == "failed"]
        return " ".join(failed) or f"The source answers: {stash_called(self.version)}."


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


def test_source(source_id: int) -> ConnectionTest:
    """Try a source with the key that is kept for it; the outcome is noted on it.

    Raises SourceNotFound, TooManyTests.
    """
    source = Source.objects.filter(pk=source_id).first()
    if source is None:
        raise SourceNotFound(source_id)
    try:
        test = test_connection(source.url, source.api_key.open(), source.way_in())
    except KeyLost as exc:
        steps = _steps(KEY, str(exc), source.url, "", "")
        return ConnectionTest(steps, "key_lost", "")
    _note(source_id, test)
    return test


def test_source_for_page(source_id: int) -> tuple[SourcePage, tuple[Step, ...]]:
    """Try a source as `test_source` does; returns how it stands after, and the steps.

    One call, for a view crosses to the database once.
    """
    test = test_source(source_id)
    page = source_page(source_id)
    if page is None:
        raise SourceNotFound(source_id)
    return page, test.steps


@sensitive_variables("api_key", "way_in")
def try_and_keep(
    name: str,
    url: str,
    api_key: str,
    *,
    keep: Keep,
    way_in: WayIn = OPEN,
    analyse_after_sync: bool = False,
) -> Tried:
    """Try a server; keep it as a source if it is well, or, with "keep", unasked.

    `analyse_after_sync` is of the source that is kept.

    Raises BadName, BadKey, TooManyTests, and BadAddress for `url`.
    """
    if keep == "keep":
        source_id = add_source(name, url, api_key, way_in=way_in)
        set_analyse_after_sync(source_id, on=analyse_after_sync)
        return Tried((), source_id)
    test = test_connection(checked_address(url), api_key, way_in)
    if keep == "test" or not test.ok:
        return Tried(test.steps, None)
    with transaction.atomic():
        source_id = add_source(name, url, api_key, way_in=way_in)
        set_analyse_after_sync(source_id, on=analyse_after_sync)
        _note(source_id, test)
    return Tried(test.steps, source_id)


def _note(source_id: int, test: ConnectionTest) -> None:
    """Write on a source what came of trying it."""
    rows, now = Source.objects.filter(pk=source_id), datetime.now(UTC)
    if test.ok:
        rows.update(
            version=test.version, reached_at=now, trouble="", trouble_since=None
        )
    else:
        rows.update(trouble=test.sentence, trouble_since=Coalesce("trouble_since", now))


@sensitive_variables("api_key", "way_in")
def test_connection(
    url: str,
    api_key: str,
    way_in: WayIn = OPEN,  # noqa: PT028 - by its name alone it is a test
) -> ConnectionTest:
    """Try to reach a Stash, for 8 seconds at most; returns every step.

    After the first step that failed the others are not reached. Nothing is kept, and
    no text of the other side is handed on. Raises TooManyTests.
    """
    if not _at_once.acquire(blocking=False):
        msg = "Two connections are being tested already: try again in a few seconds."
        raise TooManyTests(msg)
    client, failed, sentence, code = None, len(NAMES), "", OK
    try:
        with StashClient(url, api_key, way_in=way_in, limits=LIMITS) as client:
            client.handshake()
    except StashError as exc:
        failed = next((step for kind, step in FAILS if isinstance(exc, kind)), STASH)
        sentence, code = str(exc), exc.code
    finally:
        _at_once.release()
    met = client.met if client else None
    version = met.version if met else ""
    return ConnectionTest(
        _steps(failed, sentence, url, api_key, version), code, version
    )


@sensitive_variables("api_key")
def _steps(
    failed: int, sentence: str, url: str, api_key: str, version: str
) -> tuple[Step, ...]:
    """Return all steps: well before `failed`, not reached after it."""
    well = _good_news(url, api_key, version)
    steps = [Step(NAMES[place], "ok", well[place]) for place in range(failed)]
    if failed < len(NAMES):
        steps.append(Step(NAMES[failed], "failed", sentence))
    later = "Not tried: an earlier step failed."
    steps.extend(Step(name, "not reached", later) for name in NAMES[failed + 1 :])
    return tuple(steps)


@sensitive_variables("api_key")
def _good_news(url: str, api_key: str, version: str) -> tuple[str, ...]:
    parts = urlsplit(url.strip())
    secure = parts.scheme.lower() == "https"
    ready = f"Stash {version}, ready." if version else "Ready."
    return (
        f"{parts.hostname or 'The server'} was found.",
        "A server answers there.",
        "Its certificate is trusted." if secure else "Not used: this is plain http.",
        "It answers as Stash does.",
        "Accepted." if api_key.strip() else "None given, and none is asked for.",
        ready,
        "Everything that Steward reads is there.",
    )
