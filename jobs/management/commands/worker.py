"""Runs jobs until it is told to stop."""

from argparse import SUPPRESS, ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, InterfaceError, connections

from jobs.monitoring.tables import NEWER, OLDER, whose_tables
from jobs.monitoring.troubles import is_damaged
from jobs.worker import clusters, supervisor


class Command(BaseCommand):
    help = "Run jobs until Ctrl-C or SIGTERM; running jobs then go back to the queue."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--lanes",
            default="",
            help="Work in these alone, such as `long` or `short,system`.",
        )
        # What the supervisor starts as its child.
        parser.add_argument("--cluster", action="store_true", help=SUPPRESS)

    def handle(self, *args: Any, lanes: str, cluster: bool, **options: Any) -> None:
        if cluster:
            clusters.run_child_cluster()
        else:
            groups = _groups(lanes)
            _refuse_unfit_tables()
            supervisor.Supervisor(groups).run()


def _refuse_unfit_tables() -> None:
    """Raise CommandError where no job could run; a database that is away may come."""
    unfit = {"newer": NEWER, "older": OLDER}
    try:
        told = unfit.get(whose_tables())
    except (DatabaseError, InterfaceError) as exc:
        if is_damaged(exc):
            raise
        return
    finally:
        connections.close_all()  # nothing is open when the clusters are forked
    if told:
        raise CommandError(told, returncode=2)


def _groups(text: str) -> list[tuple[tuple[str, ...], int]]:
    """Return the groups of STEWARD_LANES that are named; all if none is."""
    named = {lane.strip() for lane in text.split(",") if lane.strip()}
    groups = [group for group in settings.LANES if not named or named & set(group[0])]
    found = {lane for group, _ in groups for lane in group}
    if named and named != found:
        known = "; ".join(",".join(group) for group, _ in settings.LANES)
        msg = (
            f"--lanes {text!r} cannot be used: lanes that share processes "
            f"(STEWARD_LANES) go together. There are: {known}."
        )
        raise CommandError(msg, returncode=2)
    return groups
