"""Compares the mirror with its source, and repairs it."""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandError

from jobs.queries import JobCard, job_events
from jobs.services import JobRef
from syncapp import services
from syncapp.job_handlers.exit_codes import differences
from syncapp.management.job_command import JobCommand, part
from syncapp.management.source_option import names
from syncapp.management.wait_for_job import USAGE
from syncapp.sync.findings import KINDS

# In this order: a database may keep the keys of a result in another.
HEADS = ("source", "mirror", "compared", "differences", "repaired", "left", *KINDS)
TOLD_AS = ("verify_", "record_skipped", "repaired")


class Command(JobCommand):
    help = (
        "Compare the mirror with Stash: every id, and the columns of a sample or of "
        "all rows; and see that links and counts fit together. Prints a table, and "
        "each kind of difference with examples. Exit codes: 0 all is equal (or was "
        "repaired), 1 failed, 2 wrong usage, 3 there are differences, 5 no answer "
        "from the source or key refused, 130 interrupted."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        much = parser.add_mutually_exclusive_group()
        much.add_argument(
            "--all", action="store_true", help="Compare the columns of all rows."
        )
        much.add_argument(
            "--sample",
            type=int,
            default=services.SAMPLE_ROWS,
            metavar="N",
            help=f"Compare N rows of each stream whole ({services.SAMPLE_ROWS}).",
        )
        parser.add_argument(
            "--repair", action="store_true", help="Make right what differs."
        )
        parser.add_argument(
            "--only", type=names, default=(), metavar="scenes,tags", help="Streams."
        )
        self.add_following(parser)

    def ask(self, source_id: int, options: dict[str, Any]) -> JobRef:
        if not options["all"] and options["sample"] < 1:
            msg = "--sample is a number of rows, 1 or more. For all of them: --all."
            raise CommandError(msg, returncode=USAGE)
        return services.start_verify(
            source_id,
            options["only"],
            sample=0 if options["all"] else options["sample"],
            repair=options["repair"],
            trigger="command",
        )

    def print_result(self, card: JobCard) -> None:
        """Print the table, what differs, and what was repaired."""
        for line in _table(card):
            self.stdout.write(line)
        for sentence in _told(card):
            self.stdout.write(sentence)

    def more_to_tell(self, card: JobCard) -> Mapping[str, Any]:
        return {"told": _told(card)}

    def left_out(self, card: JobCard) -> list[str]:
        return differences(card)


def _table(card: JobCard) -> list[str]:
    """Return lines with a column for each figure, a line for each stream.

    Of the kinds of difference only those have a column that were found.
    """
    verified, kinds = part(card, "verified"), part(card, "kinds")
    if not verified:
        return []
    told = {name: {**verified[name], **kinds.get(name, {})} for name in verified}
    heads = ["", *(head for head in HEADS if any(head in row for row in told.values()))]
    rows = [
        [name, *(f"{told[name].get(head, 0):,}" for head in heads[1:])]
        for name in services.STREAM_NAMES
        if name in told
    ]
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    return [
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in [heads, *rows]
    ]


def _told(card: JobCard) -> list[str]:
    """Return what the job's log says about differences."""
    events = job_events(card.job_id)
    return [event.message for event in events if event.code.startswith(TOLD_AS)]
