"""`plan undo`: makes the plan that takes another back, and waits for it."""

from argparse import ArgumentParser
from typing import Any

from jobs.queries import JobCard
from jobs.services import JobRef
from syncapp import services
from syncapp.management.job_command import JobCommand, part

PARTS = ("change_id", "cause", "field")


def add_undo_options(parser: ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--change",
        type=int,
        default=0,
        dest="change_id",
        metavar="ID",
        help="This change alone, by the id that an export tells.",
    )
    which.add_argument(
        "--cause",
        default="",
        metavar="KEY",
        help="All of one reason alone, by the key that `plan show --json` tells.",
    )
    which.add_argument(
        "--field", default="", metavar="NAME", help="One field alone, such as tags."
    )
    UndoVerb().add_waiting(parser)


class UndoVerb(JobCommand):
    """Asks for the plan that takes another back, and waits until it is made."""

    def ask(self, _source_id: int, options: dict[str, Any]) -> JobRef:
        asked = {name: options[name] for name in PARTS}
        return services.start_undo(options["plan"], **asked, trigger="command")

    def print_result(self, card: JobCard) -> None:
        """Print the counts, and which plan it is."""
        for name in ("changes", "left out", "created"):
            counts = part(card, name)
            told = ", ".join(f"{number:,} {word}" for word, number in counts.items())
            if told:
                self.stdout.write(f"{name}: {told}")
        plan = card.result.get("plan")
        self.stdout.write(f"plan: {plan}" if plan else "nothing to undo: no plan")

    def left_out(self, _card: JobCard) -> list[str]:
        return []
