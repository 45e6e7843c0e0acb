"""The fault bench: `python -m tests.faults [sqlite|postgres|all] [--faults N] ...`.

Each database is tried in a process of its own, on a fresh database, with the real
programs. The exit code is 1 if anything was lost, stuck, done twice or left behind.
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

from tests.faults.ground import fresh

DATABASES = ("sqlite", "postgres")


def main() -> int:
    options = _read()
    if options.what == "all":
        return max(_again(database) for database in DATABASES)
    with fresh(options.what, options.broker) as ground:
        os.environ.update(ground.environment())
        django.setup()
        bench: Any = import_module("tests.faults.bench")  # its models want Django
        report = bench.run(ground, options.faults, options.seed)
    print(report, flush=True)
    if options.json is not None:
        options.json.write_text(json.dumps(report.as_json(), indent=2))
    return 1 if report.wrong else 0


def _read() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("what", nargs="?", choices=[*DATABASES, "all"], default="all")
    parser.add_argument("--broker", choices=["orm", "redis"], default="orm")
    parser.add_argument("--faults", type=int, default=30)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10_000))
    parser.add_argument("--json", type=Path, help="Write the report there as well.")
    return parser.parse_args()


def _again(database: str) -> int:
    """Run this program once more for one database; returns its exit code."""
    words = [database if word == "all" else word for word in sys.argv[1:]]
    if database not in words:
        words.insert(0, database)
    program = [sys.executable, "-m", "tests.faults", *words]
    return subprocess.run(program, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
