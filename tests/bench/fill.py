"""Fills an empty mirror as a first load leaves it, and makes who may look at it.

`python -m tests.bench.fill SCENES`
"""

import sys

import django


def main() -> None:
    django.setup()
    from django.contrib.auth import get_user_model

    from syncapp.sync.reindex import reindex
    from tests.bench.big_library import fill, settle
    from tests.builders import make_claim
    from tests.mirror import PlainReporter

    fill(int(sys.argv[1]))
    reindex(PlainReporter())
    settle()
    make_claim()
    get_user_model().objects.create_superuser("ada", password="between-tides-1931")


if __name__ == "__main__":
    main()
