"""Fresh databases, and the program's processes on them."""

import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tests.bench.goals import SQLITE
from tests.migrated import migrated

ROOT = Path(__file__).resolve().parents[2]
OURS = ("STEWARD_", "DATABASE_URL", "REDIS_URL", "DJANGO_")  # settings of a developer
TIMEOUT_S = 3 * 3600


class BenchFailed(Exception):
    """One of the measured programs failed; the text is what it said."""


@dataclass(frozen=True, slots=True)
class Place:
    """An empty, migrated database; processes find it by `env`."""

    env: dict[str, str]

    def python(self, *words: str) -> str:
        """Run a Python program there; returns what it printed."""
        done = subprocess.run(
            [sys.executable, *words],
            cwd=ROOT,
            env=self.env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
        return _checked(done.returncode, words, done.stdout, done.stderr)

    def measured(self, module: str, *words: str) -> dict[str, Any]:
        """Run a module of this folder; returns what it found."""
        out = self.python("-m", f"tests.bench.{module}", *words)
        found: dict[str, Any] = json.loads(out.splitlines()[-1])
        return found

    def conversed(
        self, module: str, answer: Callable[[str], object], *words: str
    ) -> dict[str, Any]:
        """Run a module that asks for something now and then; returns its last line."""
        with tempfile.TemporaryFile("w+") as errors:
            process = subprocess.Popen(
                [sys.executable, "-m", f"tests.bench.{module}", *words],
                cwd=ROOT,
                env=self.env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
            assert process.stdout is not None
            assert process.stdin is not None
            line = "{}"
            for line in process.stdout:
                if not line.startswith("{"):
                    process.stdin.write(f"{answer(line.strip())}\n")
                    process.stdin.flush()
            process.communicate()
            errors.seek(0)
            said = errors.read()
        found: dict[str, Any] = json.loads(
            _checked(process.returncode, [module], line, said)
        )
        return found


def _checked(code: int, words: Any, out: str, err: str) -> str:
    if code:
        msg = f"{' '.join(words)} ended with {code}:\n{out}\n{err}"
        raise BenchFailed(msg)
    return out


@contextmanager
def fresh_place(vendor: str, server: str) -> Iterator[Place]:
    """Make one, and remove it afterwards. `server`: the address of a PostgreSQL."""
    folder = Path(tempfile.mkdtemp(prefix="steward-bench-"))
    try:
        with _database(vendor, server, folder) as url:
            place = _place(folder, url)
            if vendor == SQLITE:
                _file(folder).write_bytes(migrated())
            else:
                place.python("manage.py", "migrate", "--verbosity", "0")
            yield place
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _place(folder: Path, url: str) -> Place:
    env = {key: value for key, value in os.environ.items() if not key.startswith(OURS)}
    env["STEWARD_DATA_DIR"] = str(folder)
    env["DJANGO_SETTINGS_MODULE"] = "config.settings"
    return Place({**env, "DATABASE_URL": url})


def _file(folder: Path) -> Path:
    return folder / "bench.sqlite3"


@contextmanager
def _database(vendor: str, server: str, folder: Path) -> Iterator[str]:
    if vendor == SQLITE:
        yield f"sqlite:///{_file(folder)}"
        return
    name = f"bench_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
