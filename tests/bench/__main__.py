"""What `make bench` runs: every figure of docs/performance.md, on both databases.

`python -m tests.bench [sqlite postgres] [--scenes 20000 100000] [--json FILE]`
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

from tests.bench.table import Row, read, save
from tests.postgres import NoPostgres, database_url
from tests.run import OURS, ROOT

SIZES = (20_000, 100_000)
NAME = "bench"
HEAD = f"{'database':<11}{'scenes':>8}  {'what':<58}{'figure':>18}  goal"


def measured(database: str, scenes: int) -> list[Row]:
    """Return all figures of one size, from an empty database that goes afterwards."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(OURS)}
    with ExitStack() as stack:
        prefix = "steward-bench-"
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix=prefix))
        env = {
            **kept,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "STEWARD_DATA_DIR": folder,
        }
        if database == "postgres":
            env["DATABASE_URL"] = stack.enter_context(_fresh_postgres())
        argv = ["-m", "tests.bench.measure", "--scenes", str(scenes)]
        done = subprocess.run(
            [sys.executable, *argv],
            cwd=ROOT,
            env=env,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    return read(done.stdout)


@contextmanager
def _fresh_postgres() -> Iterator[str]:
    with database_url() as server:
        with psycopg.connect(server, autocommit=True) as own:
            own.execute(f"CREATE DATABASE {NAME}")
        base, _, _ = server.rpartition("/")
        yield f"{base}/{NAME}"
        with psycopg.connect(server, autocommit=True) as own:
            own.execute(f"DROP DATABASE {NAME} WITH (FORCE)")


def main() -> int:
    """Read the arguments, measure, print the table; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description="Measure Steward. Figures swing on a busy machine, ratios less.",
    )
    parser.add_argument("databases", nargs="*", help="sqlite, postgres; both if none")
    parser.add_argument(
        "--scenes", type=int, nargs="+", default=SIZES, help="sizes of the library"
    )
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="write the rows there"
    )
    options = parser.parse_args()
    databases = options.databases or ["sqlite", "postgres"]
    if unknown := set(databases) - {"sqlite", "postgres"}:
        parser.error(f"no such database: {', '.join(sorted(unknown))}")
    print(HEAD, file=sys.stderr, flush=True)
    rows: list[Row] = []
    for scenes in options.scenes:
        for database in databases:
            try:
                rows.extend(measured(database, scenes))
            except NoPostgres as exc:
                print(f"PostgreSQL was left out: {exc}", file=sys.stderr)
    print(HEAD)
    print("\n".join(row.line() for row in rows))
    goals = [row.met for row in rows if row.met is not None]
    print(f"{sum(goals)} of {len(goals)} goals met.")
    if options.json:
        save(rows, options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
