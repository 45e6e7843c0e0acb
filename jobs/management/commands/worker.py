"""Runs jobs until it is told to stop."""

import logging
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from jobs import keys
from jobs.errors import OtherKeys
from jobs.monitoring.tables import NEWER, OLDER, whose_tables
from jobs.monitoring.troubles import is_damaged
from jobs.outages import DATABASE_ERRORS
from jobs.worker import supervisor

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Run jobs until Ctrl-C or SIGTERM; running jobs then go back to the queue."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--lanes",
            default="",
            help="Work in these alone, such as `long` or `short,system`.",
        )

    def handle(self, *args: Any, lanes: str, **options: Any) -> None:
        groups = _groups(lanes)
        try:
            _refuse_unfit_database()
        finally:
            connections.close_all()  # nothing is open when the clusters are forked
        supervisor.Supervisor(groups).run()


def _refuse_unfit_database() -> None:
    """Raise CommandError where no job could run; a database that is away may come."""
    unfit = {"newer": NEWER, "older": OLDER}
    try:
        told = unfit.get(whose_tables())
        if told is None:
            keys.check_keys()
    except OtherKeys as exc:
        raise CommandError(str(exc), returncode=2) from exc
    except DATABASE_ERRORS as exc:
        if is_damaged(exc):
            raise
        # The supervisor waits for it, and says so.
        logger.warning("The database could not be looked at: %s", exc)
        return
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
