"""What `make prove` runs: histories of a library, of its syncs and of its plans.

Then the tests of which `make test` does less, with their whole number: FULL.

`python -m tests.prove [--examples 300] [--steps 40] [--seed N] [sqlite postgres]`
"""

import argparse
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from tests.postgres import NoPostgres, database_url
from tests.run import OURS, ROOT

EXAMPLES = {"sqlite": 300, "postgres": 60}
STEPS = 40
PLANS = {"sqlite": "1000", "postgres": "200"}  # histories of plans
COMPARED, SETTLED = "= compared", "= settled"
# What looked at nothing proved nothing.
LOOKED_AT = {
    COMPARED: "times mirror and source were compared",
    SETTLED: "times the end of a change was looked at",
}
WHAT = (
    "tests/property/test_mirror_converges.py",
    "tests/property/test_plans_hold.py",
)
FULL = {
    "PROVE_ROUNDS": ("50", "tests/integration/jobs/test_one_per_key.py"),
    "PROVE_RECORDS": ("10000", "tests/property/test_any_record.py"),
}


def prove(database: str, env: Mapping[str, str], folder: Path) -> bool:
    """Run the machine on one database and print its figures; says if all was well."""
    report = folder / f"{database}.json"
    began = time.monotonic()
    with ExitStack() as stack:
        given = {**env, "PROVE_REPORT": str(report)}
        given["STEWARD_DATA_DIR"] = str(folder / database)
        if database == "postgres":
            given["DATABASE_URL"] = stack.enter_context(database_url())
        given |= {name: number for name, (number, _) in FULL.items()}
        given["PROVE_PLANS"] = PLANS[database]
        files = [*WHAT, *(file for _, file in FULL.values())]
        code = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", *files],
            cwd=ROOT,
            env=given,
            check=False,
        ).returncode
    steps = json.loads(report.read_text()) if report.exists() else {}
    failed = bool(code) or not all(steps.get(name) for name in LOOKED_AT)
    _print(database, steps, (time.monotonic() - began) / 60, failed=failed)
    return not failed


def _print(
    database: str, steps: Mapping[str, int], minutes: float, *, failed: bool
) -> None:
    print(f"\n== {database}")
    for name, count in sorted(steps.items(), key=lambda item: -item[1]):
        if name not in LOOKED_AT:
            print(f"{count:>8,}  {name}")
    for name, what in LOOKED_AT.items():
        print(f"{steps.get(name, 0):>8,}  {what}")
    print(f"{minutes:.1f} minutes, {int(failed)} failures", flush=True)


def main() -> int:
    """Read the arguments, prove, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.prove")
    parser.add_argument("databases", nargs="*", metavar="sqlite|postgres")
    parser.add_argument("--examples", type=int, help="of syncs on each database")
    parser.add_argument("--steps", type=int, default=STEPS, help="of each history")
    parser.add_argument("--seed", type=int, help="as printed by a run, to repeat it")
    options = parser.parse_args()
    databases = options.databases or list(EXAMPLES)
    if unknown := set(databases) - EXAMPLES.keys():
        parser.error(f"no such database: {', '.join(sorted(unknown))}")
    seed = secrets.randbelow(10**6) if options.seed is None else options.seed
    env = {key: value for key, value in os.environ.items() if not key.startswith(OURS)}
    env |= {"PROVE_STEPS": str(options.steps), "PROVE_SEED": str(seed)}
    well = True
    with tempfile.TemporaryDirectory(prefix="steward-prove-") as name:
        for database in databases:
            examples = options.examples or EXAMPLES[database]
            print(f"{examples} histories of syncs, {options.steps} steps each")
            print(f"{PLANS[database]} histories of plans, --seed {seed}")
            env["PROVE_EXAMPLES"] = str(examples)
            try:
                well &= prove(database, env, Path(name))
            except NoPostgres as exc:
                print(f"PostgreSQL was left out: {exc}")
                well = False
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
