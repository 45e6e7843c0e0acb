"""A process that asks for jobs when it is told to; prints which it got.

For each line on its input, a prefix: asks once for each of forty keys that begin so.
"""

import json
import random
import sys

import django

KEYS = 40


def ask(prefix: str) -> list[tuple[str, int, bool]]:
    from jobs.services import create_job  # noqa: PLC0415 - needs the apps

    items = [f"{prefix}-{number}" for number in range(KEYS)]
    random.shuffle(items)
    refs = [(item, create_job("test.once", {"item": item})) for item in items]
    return [(item, ref.job_id, ref.created) for item, ref in refs]


if __name__ == "__main__":
    django.setup()
    for line in sys.stdin:
        print(json.dumps(ask(line.strip())), flush=True)  # noqa: T201
