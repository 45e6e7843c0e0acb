"""The fault bench: `python -m tests.faults [sqlite|postgres|all|mixed] ...`.

Each run has a process of its own, a fresh database and the real programs. The exit code
is 1 if anything was lost, stuck, done twice or left behind.
"""

import argparse
import json
import os
import secrets
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import django

from tests.faults.environment import Environment, fresh

DATABASES = ("sqlite", "postgres")
BROKERS = ("orm", "redis")


def main() -> int:
    options = _read()
    if options.what == "all":
        return max(_again(database, options.broker) for database in DATABASES)
    database = options.what if options.what in DATABASES else options.database
    with fresh(database or "sqlite", options.broker) as environment:
        os.environ.update(environment.variables())
        django.setup()
        return _do(options, environment)


def _do(options: argparse.Namespace, environment: Environment) -> int:
    # Imported here: their models want Django set up for this environment.
    if options.what == "mixed":
        mixed: Any = import_module("tests.faults.mixed")
        report = mixed.run(environment, options.seconds)
    else:
        bench: Any = import_module("tests.faults.bench")
        report = bench.run(environment, options.faults, options.seed, options.only)
        if options.json is not None:
            options.json.write_text(json.dumps(report.as_json(), indent=2))
    print(report, flush=True)
    return 1 if report.wrong else 0


def _read() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parts = [*DATABASES, "all", "mixed"]
    parser.add_argument("what", nargs="?", choices=parts, default="all")
    parser.add_argument("--broker", choices=BROKERS, default="orm")
    parser.add_argument("--faults", type=int, default=30)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10_000))
    parser.add_argument("--only", default="", help="Faults with this in their name.")
    parser.add_argument("--seconds", type=float, default=600, help="Of mixed load.")
    parser.add_argument("--database", choices=DATABASES, help="For mixed.")
    parser.add_argument("--json", type=Path, help="Write the report there as well.")
    return parser.parse_args()


def _again(what: str, broker: str) -> int:
    """Run this program once more for one database; returns its exit code."""
    given = _read()
    words = [what, "--broker", broker, "--faults", str(given.faults)]
    words += ["--seed", str(given.seed), "--only", given.only]
    if given.json is not None:
        words += ["--json", str(given.json.with_stem(f"{given.json.stem}-{what}"))]
    program = [sys.executable, "-m", "tests.faults", *words]
    return subprocess.run(program, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
