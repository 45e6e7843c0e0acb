"""Fixtures of every test, and the rules that no test may break."""

import inspect
import ipaddress
import os
import socket
import threading
import time
from collections.abc import Callable, Generator, Iterator
from functools import partialmethod
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import OperationalError, connection, transaction
from django.test import TransactionTestCase
from psycopg.errors import DeadlockDetected
from pytest_django import DjangoDbBlocker

from config.env import lanes
from syncapp.demo import DemoServer, Library
from tests.workers import KNOBS, SHARED, Worker

# One cluster starts faster than two. Jobs are announced where it listens, by this
# process and those it starts, also while a flushed table does not know it.
os.environ.setdefault("STEWARD_LANES", KNOBS["STEWARD_LANES"])
settings.LANES = lanes(os.environ["STEWARD_LANES"])
FLUSHES = 3
MADE_BY_DJANGO = ("django_content_type", "auth_permission")
_connect = socket.socket.connect
_getaddrinfo = socket.getaddrinfo


class LeftLoopback(BaseException):
    """A test reached for the network; nothing in a program under test catches this."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse async tests that would write outside their transaction; sort the rest.

    Under the plain mark, code behind `sync_to_async` runs in another thread with a
    connection of its own: its rows are committed and leak into the next test.
    """
    wrong = [item.nodeid for item in items if _leaks_rows(item)]
    if wrong:
        msg = "Async tests need `django_db(transaction=True)`: " + ", ".join(wrong)
        raise pytest.UsageError(msg)
    # The worker that tests share is started once, not wherever such tests begin.
    items.sort(key=lambda item: "worker" not in getattr(item, "fixturenames", ()))
    items[:] = _long_ones_first(items)


def _long_ones_first(items: list[pytest.Item]) -> list[pytest.Item]:
    """Put what has a time limit of its own at the front of each process's share.

    Otherwise a test of two minutes that comes last leaves the other processes idle:
    they can take over what nobody has begun, not half of a test.
    """
    shares = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    long = [item for item in items if item.get_closest_marker("timeout")]
    short = [item for item in items if not item.get_closest_marker("timeout")]
    found = []
    for share in range(shares):
        end = len(items) * (share + 1) // shares - len(items) * share // shares
        ours = long[share::shares]
        found += ours + short[: end - len(ours)]
        del short[: end - len(ours)]
    return found + short


def _leaks_rows(item: pytest.Item) -> bool:
    test = getattr(item, "obj", None)
    if not inspect.iscoroutinefunction(inspect.unwrap(test) if test else None):
        return False
    fixtures = set(getattr(item, "fixturenames", ()))
    mark = item.get_closest_marker("django_db")
    touches = mark is not None or bool(fixtures & {"db", "transactional_db"})
    whole = bool(mark and mark.kwargs.get("transaction"))
    return touches and not whole and "transactional_db" not in fixtures


def is_loopback(host: str) -> bool:
    """Return whether `host` is this machine, named or by number."""
    if host in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def _nothing_leaves_loopback() -> Iterator[None]:
    """Make every other name unknown and every other address an error."""

    def connect(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not is_loopback(str(address[0])):
            self.close()
            msg = f"A test tried to connect to {address!r}."
            raise LeftLoopback(msg)
        _connect(self, address)

    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host or ""
        if not is_loopback(name) and not name.replace(".", "").isdigit():
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return _getaddrinfo(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        patch.setattr(socket, "getaddrinfo", getaddrinfo)
        yield


@pytest.fixture(autouse=True, scope="session")
def _no_thread_is_left_at_work() -> Iterator[None]:
    """Find what a test left running in circles: all tests after it pay for that."""
    yield
    before = _seconds_of_threads()
    time.sleep(1)
    after = _seconds_of_threads()
    busy = [id_ for id_, spent in after.items() if spent - before.get(id_, spent) > 0.1]
    names = {thread.native_id: thread.name for thread in threading.enumerate()}
    assert not busy, f"still at work: {[names.get(id_, id_) for id_ in busy]}"


def _seconds_of_threads() -> dict[int, float]:
    """Return how long each thread of this process but ours has computed, by its id."""
    ours = threading.get_native_id()
    threads = psutil.Process().threads()
    return {t.id: t.user_time + t.system_time for t in threads if t.id != ours}


@pytest.fixture(autouse=True, scope="session")
def _passwords_are_hashed_in_no_time() -> Iterator[None]:
    """Hash a password once, not a million times; a hash says how often it was done."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PBKDF2PasswordHasher, "iterations", 1)
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> None:
    """Remove what a killed run left of its SQLite database.

    Django deletes the file itself; a log left beside it would be played into the
    next one.
    """
    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        name = Path(database["TEST"]["NAME"])
        for end in ("", "-wal", "-shm"):
            name.with_name(name.name + end).unlink(missing_ok=True)


class _Flush:
    """Deletes after a test what it committed, and leaves the empty tables alone.

    Django empties all forty and makes every permission anew, which takes longer than
    most tests. That is done only where a test has changed the permissions.
    """

    def __init__(self, whole: Callable[[TransactionTestCase], None]) -> None:
        self.whole = whole
        quote = connection.ops.quote_name
        names = connection.introspection.django_table_names(include_views=False)
        self.tables = [quote(name) for name in names if name not in MADE_BY_DJANGO]
        self.at_first = self.made_by_django()

    def run(self, case: TransactionTestCase) -> None:
        for left in reversed(range(FLUSHES)):
            try:
                self.delete_rows()
                break
            except OperationalError as exc:  # a worker and we waited for each other
                if not left or not isinstance(exc.__cause__, DeadlockDetected):
                    raise
        if self.made_by_django() != self.at_first:
            self.whole(case)

    def delete_rows(self) -> None:
        """Wait until nobody writes; then delete what is there."""
        asks = [f"SELECT '{t}' WHERE EXISTS (SELECT 1 FROM {t})" for t in self.tables]
        every = ", ".join(self.tables)
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":  # on SQLite there is one writer
                cursor.execute(f"LOCK TABLE {every} IN SHARE ROW EXCLUSIVE MODE")
            cursor.execute(" UNION ALL ".join(asks))
            for (table,) in cursor.fetchall():
                cursor.execute(f"DELETE FROM {table}")

    def made_by_django(self) -> Any:
        """Return how many rows there are of what Django makes by itself."""
        counts = [f"(SELECT count(*) FROM {table})" for table in MADE_BY_DJANGO]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(counts)}")
            return cursor.fetchone()


def _flush_after(case: TransactionTestCase, flush: _Flush) -> None:
    flush.run(case)


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """End other connections before the database is dropped: threads keep theirs."""
    cases: Any = TransactionTestCase  # its stubs leave out what is private
    with django_db_blocker.unblock():
        flush = _Flush(cases._fixture_teardown)
    with pytest.MonkeyPatch.context() as patch:
        once = partialmethod(_flush_after, flush)
        patch.setattr(cases, "_fixture_teardown", once)
        yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(autouse=True)
def _no_worker_unasked(request: pytest.FixtureRequest) -> None:
    """Stop the worker of tests before: it would take this test's jobs."""
    if "worker" not in request.fixturenames:
        SHARED.stop()


@pytest.fixture(scope="session")
def _worker_ends_before_its_database(django_db_setup: None) -> Iterator[None]:
    yield
    SHARED.stop()


@pytest.fixture
def worker(_worker_ends_before_its_database: None, transactional_db: None) -> Worker:
    """Give a running `manage.py worker`; what the test commits is what it sees."""
    if not SHARED.runs:
        SHARED.start()
    return SHARED


@pytest.fixture
def demo() -> Iterator[DemoServer]:
    """Give a Stash server on loopback: a small invented catalogue, no key."""
    with DemoServer(Library(seed=1, scenes=60), port=0, api_key="") as server:
        yield server


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, Any, Any]:
    """Let a report hold nothing that cannot be sent: halves of pairs in a log."""
    report = yield
    report.sections = [
        (name, text.encode(errors="backslashreplace").decode())
        for name, text in report.sections
    ]
    return report
