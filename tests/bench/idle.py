"""Prints what Steward costs while it has nothing to do; judges nothing.

`python -m tests.bench.idle [sqlite|postgres|all] [--seconds N] [--jobs N]`
"""

import argparse
import sys
from dataclasses import replace

from tests.bench.__main__ import server_of
from tests.bench.goals import POSTGRES, SQLITE
from tests.bench.places import fresh_place
from tests.ports import free_port

LINES = (
    ("asked_a_second", "{:.1f} {asked} a second"),
    ("core_percent", "{:.2f} % of a core"),
    ("processes", "{} processes"),
    ("pss_mb", "{:.0f} MB of PSS in all"),
    ("pss_after_mb", "{:.0f} MB after the jobs"),
    ("claimed_p50_ms", "created to claimed: p50 {:.0f} ms"),
    ("claimed_p95_ms", "created to claimed: p95 {:.0f} ms"),
)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.idle")
    choices = [SQLITE, POSTGRES, "all"]
    parser.add_argument("database", nargs="?", choices=choices, default="all")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--jobs", type=int, default=100)
    return parser.parse_args()


def _measure(vendor: str, seconds: float, jobs: int) -> None:
    with server_of(vendor) as server, fresh_place(vendor, server) as empty:
        folder = empty.env["STEWARD_DATA_DIR"]
        own = {
            "DJANGO_SETTINGS_MODULE": "tests.bench.counted_settings",
            "BENCH_COUNT_FILE": f"{folder}/asked",
            "STEWARD_PORT": str(free_port()),
            "STEWARD_JOB_HANDLERS": "tests.handlers.HANDLERS",
        }
        place = replace(empty, env={**empty.env, **own})
        found = place.measured("at_rest", str(seconds), str(jobs))
    asked = "statements" if vendor == SQLITE else "transactions"
    print(f"{vendor}, idle for {seconds:.0f} s:")
    for key, text in LINES:
        print(f"  {text.format(found[key], asked=asked)}", flush=True)


def main() -> int:
    options = _options()
    vendors = [SQLITE, POSTGRES] if options.database == "all" else [options.database]
    for vendor in vendors:
        _measure(vendor, options.seconds, options.jobs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
