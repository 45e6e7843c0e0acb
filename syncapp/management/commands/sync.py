"""Asks for a sync, and waits for its end."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from jobs.queries import JobCard
from jobs.services import JobRef
from jobs.units import figure, heading, is_measure
from syncapp import services
from syncapp.job_handlers.exit_codes import left_out
from syncapp.management.job_command import JobCommand, part
from syncapp.management.source_option import ids_of_stash, names
from syncapp.management.wait_for_job import USAGE
from syncapp.sync.tally import Cost, Tally


class Command(JobCommand):
    help = (
        "Pull what changed in Stash since the last sync. Prints the job's id and "
        "waits for its end. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done but "
        "for some items, 5 no answer from the source or key refused, 130 interrupted."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--full", action="store_true", help="Read every record.")
        what.add_argument(
            "--ids",
            type=ids_of_stash,
            metavar="1,2",
            help="These scenes, by Stash's ids.",
        )
        parser.add_argument(
            "--only", type=names, default=(), metavar="scenes,tags", help="Streams."
        )
        parser.add_argument(
            "--accept-deletions",
            action="store_true",
            help="Mark as deleted what Stash no longer has, however much it is.",
        )
        parser.add_argument(
            "--rewrite",
            action="store_true",
            help="With --full: compare every column, and repair what was changed here.",
        )
        self.add_following(parser)

    def ask(self, source_id: int, options: dict[str, Any]) -> JobRef:
        if options["ids"] and (options["only"] or options["accept_deletions"]):
            msg = "--ids goes with neither --only nor --accept-deletions."
            raise CommandError(msg, returncode=USAGE)
        if options["rewrite"] and not options["full"]:
            msg = "--rewrite goes with --full: a quick sync does not read every record."
            raise CommandError(msg, returncode=USAGE)
        if options["ids"]:
            return services.sync_scenes(source_id, options["ids"], trigger="command")
        return services.start_sync(
            source_id,
            "full" if options["full"] else "quick",
            options["only"],
            trigger="command",
            accept_deletions=options["accept_deletions"],
            rewrite=options["rewrite"],
        )

    def print_result(self, card: JobCard) -> None:
        """Print two lines for each stream: its records, and what they cost.

        In the order of the sync: a database may keep the keys of a result in another.
        """
        streams, costs = part(card, "streams"), part(card, "costs")
        for name in services.STREAM_NAMES:
            if counts := streams.get(name):
                told = [
                    f"{counts[word]} {word}" for word in Tally.names() if word in counts
                ]
                self.stdout.write(f"{name}: {', '.join(told)}")
            if cost := costs.get(name):
                spent = [
                    _cost(word, cost[word]) for word in Cost.names() if word in cost
                ]
                self.stdout.write(f"  {', '.join(spent)}")

    def left_out(self, card: JobCard) -> list[str]:
        return left_out(card)


def _cost(name: str, value: float) -> str:
    """Return "3 requests", "1.2 MB" or "fetch 0.4 s"."""
    text = figure(name, value)
    if not is_measure(name):
        return f"{text} {heading(name)}"
    return text if name == "bytes" else f"{heading(name)} {text}"
