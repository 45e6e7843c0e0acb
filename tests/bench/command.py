"""Runs one of Steward's commands, as a person does, and prints what it cost.

`python -m tests.bench.command TIMES sync --full --inline --json`
"""

import io
import json
import statistics
import sys
import time
from typing import Any

import django


def cost(words: list[str]) -> dict[str, Any]:
    from django.core.management import call_command

    from tests.bench.gauge import gauged

    out = io.StringIO()
    with gauged() as gauge:
        began = time.perf_counter()
        call_command(*words, stdout=out)
        seconds = time.perf_counter() - began
    return {
        "seconds": seconds,
        "statements": gauge.statements,
        "written": gauge.written,
        "lock_ms": 1000 * gauge.lock_s,
        "told": json.loads(out.getvalue()),
    }


def main() -> None:
    """Print the last run's cost, with the median of all runs' seconds."""
    django.setup()
    costs = [cost(sys.argv[2:]) for _ in range(int(sys.argv[1]))]
    seconds = statistics.median(cost["seconds"] for cost in costs)
    written = sum(cost["written"] for cost in costs)
    print(json.dumps({**costs[-1], "seconds": seconds, "written": written}))


if __name__ == "__main__":
    main()
