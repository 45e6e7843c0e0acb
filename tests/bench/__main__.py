"""Prints one table of what a sync costs, each goal beside it; writes JSON if asked.

`python -m tests.bench [sqlite|postgres|all] [--scenes N ...] [--rows ROWS ...]
[--rounds N] [--opens N] [--clicks N] [--labelled N] [--write] [--json FILE]`
"""

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.accuracy.labelled import SCENES as LABELLED
from tests.accuracy.report import accuracy_tables, accuracy_values
from tests.bench.goals import (
    ACCURACY,
    ANALYSIS,
    APART,
    DUPLICATES,
    LISTS,
    PARTS,
    POSTGRES,
    SQLITE,
    wrong_facts,
)
from tests.bench.lists import table as list_table
from tests.bench.parts import Bench, analysis, duplicates, lists, measure
from tests.bench.source import start_source
from tests.bench.table import table
from tests.postgres import database_url

SIZES = (20_000, 100_000)
MOST = 500_000


def _scenes(text: str) -> int:
    number = int(text.replace("_", "").replace(",", ""))
    if not 50 <= number <= MOST:
        msg = f"{text} scenes: choose from 50 to {MOST:,}"
        raise argparse.ArgumentTypeError(msg)
    return number


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    choices = [SQLITE, POSTGRES, "all"]
    parser.add_argument("database", nargs="?", choices=choices, default="all")
    parser.add_argument("--scenes", type=_scenes, nargs="+", default=list(SIZES))
    parser.add_argument(
        "--rows",
        nargs="+",
        choices=[*PARTS],
        default=[*PARTS],
        metavar="ROWS",
        help=f"some of: {', '.join(PARTS)}",
    )
    parser.add_argument("--rounds", type=int, default=5, help="of what takes turns")
    parser.add_argument("--opens", type=int, default=20, help="of each page of lists")
    parser.add_argument("--clicks", type=int, default=30, help="on one scene's button")
    parser.add_argument(
        "--labelled",
        type=int,
        default=LABELLED,
        help="ids of scenes whose truth is known; a fifth of them is evaluated",
    )
    parser.add_argument(
        "--write",
        action="store_true",
        help="confidence, measured anew",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write it all there")
    options = parser.parse_args()
    if options.write and ACCURACY not in options.rows:
        parser.error(f"--write goes with --rows {ACCURACY}")
    if options.rows == [ACCURACY]:  # it hangs on no database
        options.database, options.scenes = SQLITE, options.scenes[:1]
    return options


@contextmanager
def server_of(vendor: str) -> Iterator[str]:
    if vendor == SQLITE:
        yield ""
        return
    with database_url() as url:
        yield url


def _say(text: str) -> None:
    print(f"{datetime.now(UTC):%H:%M:%S} {text}", file=sys.stderr, flush=True)


def _values(
    options: argparse.Namespace, vendor: str, server: str, scenes: int
) -> dict[str, Any]:
    """Measure what was asked for; lists and duplicates need no source."""
    found: dict[str, Any] = {}
    if others := [part for part in options.rows if part not in APART]:
        _say(f"{vendor}, {scenes:,} scenes: the source encodes them")
        with start_source(scenes) as source:
            _say(f"{vendor}, {scenes:,} scenes: measuring")
            bench = Bench(vendor, server, source, options.rounds, options.clicks)
            found |= measure(bench, others)
    if DUPLICATES in options.rows:
        _say(f"{scenes:,} files: duplicates")
        found |= duplicates(scenes)
    if ANALYSIS in options.rows:
        _say(f"{vendor}, {scenes:,} scenes: analysis")
        found |= analysis(vendor, server, scenes)
    if LISTS in options.rows:
        _say(f"{vendor}, {scenes:,} scenes: lists")
        found[LISTS] = lists(vendor, server, scenes, options.opens)
    if ACCURACY in options.rows:
        _say("labelled scenes")
        found |= accuracy_values(options.labelled, write=options.write)
    return found


def _run(options: argparse.Namespace) -> list[dict[str, Any]]:
    vendors = [SQLITE, POSTGRES] if options.database == "all" else [options.database]
    results = []
    for scenes in options.scenes:
        for vendor in vendors:
            began = time.monotonic()
            with server_of(vendor) as server:
                values = _values(options, vendor, server, scenes)
            took = time.monotonic() - began
            results.append(
                {
                    "vendor": vendor,
                    "scenes": scenes,
                    "took_s": took,
                    "load_of_machine": os.getloadavg()[1],
                    "values": values,
                }
            )
            _say(f"{vendor}, {scenes:,} scenes: done in {took:.0f} s")
            print(table(results[-1:]), file=sys.stderr, flush=True)
    return sorted(results, key=lambda r: (r["vendor"] != SQLITE, r["scenes"]))


def main() -> int:
    options = _options()
    results = _run(options)
    print(table(results))
    for result in results:
        if LISTS in result["values"]:
            vendor, scenes = result["vendor"], result["scenes"]
            print(f"\nLists of {scenes:,} scenes, {vendor}:\n")
            print(list_table(result["values"][LISTS], vendor))
    if ACCURACY in options.rows:
        print(f"\n{accuracy_tables(options.labelled, write=options.write)}")
    print(
        f"\n{datetime.now(UTC):%d %b %Y}, {os.cpu_count()} cores, Python "
        f"{platform.python_version()}. Loop and floor: medians of {options.rounds} "
        "rounds that take turns, on a library of at most 5,000 scenes."
    )
    if options.json:
        options.json.write_text(json.dumps(results, indent=2) + "\n")
    wrong = sum(
        wrong_facts(result["values"], result["vendor"], result["scenes"], print)
        for result in results
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
