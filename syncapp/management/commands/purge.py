"""Drops what was marked as deleted long ago."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from syncapp import services
from syncapp.job_handlers.exit_codes import FAILED
from syncapp.management.source_option import choose_source
from syncapp.management.wait_for_job import USAGE, wait
from syncapp.queries import purgeable_rows


class Command(BaseCommand):
    help = (
        "Drop the records of a source that it lost long ago and that are kept here, "
        "marked as deleted. Says how many of what, and asks first."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", metavar="SOURCE", help="Its name.")
        parser.add_argument(
            "--older-than",
            type=int,
            default=90,
            metavar="DAYS",
            help="Days since they were marked as deleted (90).",
        )
        parser.add_argument("--yes", action="store_true", help="Do not ask.")
        parser.add_argument(
            "--inline", action="store_true", help="Run it in this process."
        )

    def handle(
        self, *args: Any, source: str, older_than: int, yes: bool, **options: Any
    ) -> None:
        line = choose_source(source)
        if older_than < 0:
            msg = "--older-than is a number of days, 0 or more."
            raise CommandError(msg, returncode=USAGE)
        rows = [pair for pair in purgeable_rows(line.source_id, older_than) if pair[1]]
        if not rows:
            self.stdout.write(
                f"Nothing of {line.name} was marked as deleted more than {older_than} "
                "days ago."
            )
            return
        self.stdout.write(
            f"Of {line.name}, marked as deleted more than {older_than} days ago: "
            f"{_counted(rows)}."
        )
        if not yes:
            _confirm()
        try:
            ref = services.purge_tombstones(line.source_id, older_than, by=None)
        except services.Refused as exc:
            raise CommandError(str(exc), returncode=USAGE) from exc
        card = wait(ref.job_id, self.stderr, timeout_s=None, here=options["inline"])
        if card.status != "succeeded":
            msg = f"Job {card.job_id} {card.status}. {card.error_text}".strip()
            raise CommandError(msg, returncode=FAILED)
        purged = card.result.get("purged")
        counts = purged if isinstance(purged, dict) else {}
        dropped = [(name, counts[name]) for name, _ in rows if name in counts]
        self.stdout.write(f"Dropped for good: {_counted(dropped) or 'nothing'}.")


def _counted(rows: list[tuple[str, Any]]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in rows)


def _confirm() -> None:
    if not sys.stdin.isatty():
        msg = "Nobody is here to confirm it: say --yes to drop them unasked."
        raise CommandError(msg, returncode=USAGE)
    question = "Drop them for good? [y/N] "
    if input(question).strip().lower() not in {"y", "yes"}:
        msg = "Nothing was dropped."
        raise CommandError(msg, returncode=FAILED)
