"""What `make contract` runs: asks a server every line of the contract.

`python -m tests.contract http://nas:9999 [--api-key KEY] [--write]`
"""

import argparse
import sys
from collections import Counter

import httpx2

from tests.contract.server import Asked, Outcome, Unready
from tests.contract.table import LINES


def told(outcome: Outcome) -> str:
    """Return a line's outcome as it is printed."""
    says = f"{outcome.result:<9} {outcome.line.says}"
    if outcome.result == "differs":
        return f"{says}\n    {outcome.told}"
    return f"{says} ({outcome.told})" if outcome.told else says


def main() -> int:
    """Ask, print, and return the exit code: 1 if any line differs."""
    parser = argparse.ArgumentParser(prog="python -m tests.contract")
    parser.add_argument("url", help="as http://nas:9999")
    parser.add_argument("--api-key", default="")
    parser.add_argument(
        "--write",
        action="store_true",
        help="ask the lines that write too: only of a server that may be thrown away",
    )
    options = parser.parse_args()
    with Asked(options.url, options.api_key, writes=options.write) as server:
        return ask_all(server)


def ask_all(server: Asked) -> int:
    """Ask every line and print its outcome; returns the exit code."""
    try:
        release = ".".join(map(str, server.release))
    except (httpx2.RequestError, Unready) as exc:
        print(f"{server.url} cannot be asked: {exc}")
        return 1
    print(f"{server.url} is asked as a Stash {release}")
    results: Counter[str] = Counter()
    for line in LINES:
        outcome = server.ask(line)
        results[outcome.result] += 1
        print(told(outcome), flush=True)
    print(
        f"{results['ok']} lines hold, {results['differs']} differ, "
        f"{results['not asked']} were not asked."
    )
    return 1 if results["differs"] else 0


if __name__ == "__main__":
    sys.exit(main())
