"""Installations of Steward for the browser: a data folder and programs of their own."""

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.request import urlopen

from tests.migrated import DATABASE, put_migrated
from tests.ports import free_port
from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]
# Of a start: 15 s alone, and some minutes beside a whole suite on a slow machine.
START_S, STOP_S = 240.0, 15.0
NAME, PASSWORD = "ada", secrets.token_urlsafe(16)


class Installation:
    """Steward as somebody just unpacked it; nothing of this process reaches into it.

    The browser's driver keeps an event loop in the test's thread, where the ORM may
    not be called: what a test wants from the database, it sees on the pages.
    """

    def __init__(self, folder: Path, **settings: str) -> None:
        self.data = folder / "data"
        self.log = folder / "log"
        self.port = free_port()
        self.env = {
            "PATH": os.environ["PATH"],
            "STEWARD_DATA_DIR": str(self.data),
            "STEWARD_DEMO": "0",
            "STEWARD_JOB_SCHEDULES": "0",  # no job comes by itself
            "STEWARD_PORT": str(self.port),
            **settings,
        }

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def manage(self, *words: str, said: str = "", **settings: str) -> str:
        """Run a command of the installation to its end; returns what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env={**self.env, **settings},
            input=said,
            capture_output=True,
            text=True,
            timeout=START_S,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def set_up(self) -> None:
        """Make its database with the first administrator, without a page."""
        self.data.mkdir(parents=True)
        (self.data / DATABASE).write_bytes(_with_administrator())

    @contextmanager
    def up(self) -> Iterator["subprocess.Popen[bytes]"]:
        """Run `manage.py up`: everything, as a person starts it; yields its process."""
        with self._program("manage.py", "up") as process:
            yield process

    @contextmanager
    def web(self) -> Iterator[None]:
        """Run the web server alone: nothing on the pages moves."""
        argv = ["-m", "uvicorn", "config.asgi:application", "--lifespan", "off"]
        with self._program(*argv, "--port", str(self.port), STEWARD_ROLE="web"):
            yield

    @contextmanager
    def worker(self) -> Iterator[None]:
        """Run a worker alone, beside `web`, which must run when it starts."""
        with self._program("manage.py", "worker"):
            yield

    @contextmanager
    def _program(
        self, *argv: str, **settings: str
    ) -> Iterator["subprocess.Popen[bytes]"]:
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *argv],
                cwd=ROOT,
                env={**self.env, **settings},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            wait_until(lambda: self._answers(process), within=START_S)
            yield process
        finally:
            _stop(process)

    def _answers(self, process: "subprocess.Popen[bytes]") -> bool:
        assert process.poll() is None, self.log.read_text()
        try:
            with urlopen(f"{self.address}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


@cache
def _with_administrator() -> bytes:
    with tempfile.TemporaryDirectory(prefix="steward-set-up-") as name:
        site = Installation(Path(name))
        put_migrated(site.data)
        site.manage(
            "createsuperuser",
            "--noinput",
            *("--username", NAME, "--email", "ada@films.example"),
            DJANGO_SUPERUSER_PASSWORD=PASSWORD,
        )
        return (site.data / DATABASE).read_bytes()


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
