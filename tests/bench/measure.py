"""Measures on the database that the settings name; prints rows as JSON at its end."""

import argparse
import sys
from collections.abc import Iterator

import django
from django.core.management import call_command
from django.db import connection


def main() -> None:
    """Fill an empty database and tell all figures of one size."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--scenes", type=int, required=True)
    options = parser.parse_args()
    django.setup()
    call_command("migrate", verbosity=0)
    # These need Django set up.
    from tests.bench import engine, program  # noqa: PLC0415
    from tests.bench.far import far_end  # noqa: PLC0415
    from tests.bench.table import Row, written  # noqa: PLC0415

    def rows() -> Iterator[Row]:
        with far_end(options.scenes) as far:
            yield from program.first_load(far, options.scenes)
            yield from engine.measure(far, options.scenes)
            yield from program.measure(far, options.scenes)

    found = []
    for row in rows():
        print(row.line(), file=sys.stderr, flush=True)
        found.append(row)
    connection.close()
    print(written(found))


if __name__ == "__main__":
    main()
