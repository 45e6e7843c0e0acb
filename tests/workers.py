"""Real workers for tests: `manage.py worker` on the test database, with its kills."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psutil
from django.db import connection

from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parent.parent
START_S, STOP_S = 60.0, 15.0
PROCESSES = 2
BESIDE_WORKERS = 4  # q2's main, sentinel, monitor, pusher
# Short, but not so short that a busy machine lets a lease run out.
KNOBS = {
    "STEWARD_JOB_LEASE_S": "6",
    "STEWARD_JOB_REAP_S": "1",
    "STEWARD_JOB_SWEEP_S": "8",
    "STEWARD_LANES": f"long+short+system:{PROCESSES}",  # one cluster starts faster
    # No job comes by itself into the middle of a test that did not ask for it.
    "STEWARD_JOB_SCHEDULES": "0",
    "STEWARD_JOB_HANDLERS": "tests.handlers.HANDLERS",
}


def database_url() -> str:
    """Return the address of the database that this test uses."""
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    who = f"{quote(given['USER'])}:{quote(given['PASSWORD'], safe='')}"
    return f"postgres://{who}@{given['HOST']}:{given['PORT']}/{given['NAME']}"


def is_alive(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


class Worker:
    """A `manage.py worker` and everything below it."""

    def __init__(self, env: dict[str, str]) -> None:
        self.env = env
        self.process: subprocess.Popen[bytes] | None = None
        self.file: IO[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self.process is not None, "the worker was not started"
        return self.process.pid

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def log(self) -> str:
        """Return what it has written so far."""
        return Path(self.file.name).read_text() if self.file else ""

    def start(self) -> None:
        self.file = tempfile.NamedTemporaryFile(prefix="worker-", suffix=".log")  # noqa: SIM115
        self.process = subprocess.Popen(
            [sys.executable, "-W", "default", "manage.py", "worker"],
            cwd=ROOT,
            env={**os.environ, **KNOBS, "DATABASE_URL": database_url(), **self.env},
            stdin=subprocess.DEVNULL,
            stdout=self.file,
            stderr=self.file,
            start_new_session=True,
        )
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Wait for a whole cluster, a first one or one that replaces another."""
        lanes = self.env.get("STEWARD_LANES", KNOBS["STEWARD_LANES"])
        groups = [int(group.split(":")[1]) for group in lanes.split(",")]
        whole = sum(groups) + len(groups) * BESIDE_WORKERS
        try:
            wait_until(lambda: len(self.below()) >= whole, within=START_S)
        except AssertionError as exc:
            exc.add_note(self.log)
            raise

    def below(self) -> list[psutil.Process]:
        """Return its living processes without itself: q2's main first."""
        try:
            below = psutil.Process(self.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []
        return [process for process in below if is_alive(process)]

    def workers(self) -> list[psutil.Process]:
        """Return q2's worker processes: the first that its sentinel made."""
        sentinel = self.below()[1]
        made = sorted(sentinel.children(), key=lambda child: child.pid)
        return made[:PROCESSES]

    def terminate(self) -> int:
        """Ask it to stop, as a service manager does; returns its exit code."""
        assert self.process is not None, "the worker was not started"
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_S)

    def kill(self) -> None:
        assert self.process is not None, "the worker was not started"
        self.process.kill()
        self.process.wait(STOP_S)

    def stop(self) -> None:
        """End it and all below it, if it still runs."""
        if self.runs:
            below = self.below()
            try:
                self.terminate()
            except subprocess.TimeoutExpired:
                self.kill()
            for process in filter(is_alive, below):
                process.kill()
        if self.file is not None:
            self.file.close()
        self.process = self.file = None


@contextmanager
def start_worker(**env: str) -> Iterator[Worker]:
    """Run a worker on the test database; `env` overrides its settings."""
    worker = Worker(env)
    try:
        worker.start()
        yield worker
    finally:
        worker.stop()


# Of all tests that ask for a `worker`; the first of them starts it.
SHARED = Worker({})
