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
    parser.add_argument("--parts", default="engine,program")
    options = parser.parse_args()
    django.setup()
    call_command("migrate", verbosity=0)
    # These need Django set up.
    from tests.bench.far import far_end  # noqa: PLC0415
    from tests.bench.table import Row, written  # noqa: PLC0415

    def rows() -> Iterator[Row]:
        parts = options.parts.split(",")
        with far_end(options.scenes) as far:
            if "engine" in parts:
                from tests.bench import engine  # noqa: PLC0415

                yield from engine.measure(far, options.scenes)
            if "program" in parts:
                from tests.bench import program  # noqa: PLC0415

                yield from program.measure(far, options.scenes)

    found = []
    for row in rows():
        print(row.line(), file=sys.stderr, flush=True)
        found.append(row)
    connection.close()
    print(written(found))


if __name__ == "__main__":
    main()
