"""Runs jobs until it is told to stop."""

from argparse import SUPPRESS, ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from jobs import supervisor


class Command(BaseCommand):
    help = "Run jobs until Ctrl-C or SIGTERM; running jobs then go back to the queue."

    def add_arguments(self, parser: ArgumentParser) -> None:
        # What the supervisor starts as its child.
        parser.add_argument("--cluster", action="store_true", help=SUPPRESS)

    def handle(self, *args: Any, cluster: bool, **options: Any) -> None:
        if cluster:
            supervisor.run_cluster()
        else:
            supervisor.Supervisor().run()
