"""`manage.py demo_stash`: an invented library behind Stash's API."""

import signal
from argparse import ArgumentParser, ArgumentTypeError
from threading import Event
from typing import Any
from zoneinfo import available_timezones

from django.core.management.base import BaseCommand, CommandError

from syncapp.demo.library import Library
from syncapp.demo.server import DemoServer, PortUnavailable


def _count(text: str) -> int:
    if not text.isdecimal():
        msg = f"'{text}' is no whole number from 0 up."
        raise ArgumentTypeError(msg)
    return int(text)


def _zone(text: str) -> str:
    if text not in available_timezones():
        msg = f"'{text}' is no time zone. One is Europe/Oslo."
        raise ArgumentTypeError(msg)
    return text


class Command(BaseCommand):
    help = "Serve an invented library as Stash would, until Ctrl-C. Prints its address."
    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's own form

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, default=0, help="0: a free port")
        parser.add_argument("--scenes", type=_count, default=2000)
        parser.add_argument("--seed", type=_count, default=1)
        parser.add_argument("--zone", type=_zone, default="Europe/Oslo")
        parser.add_argument(
            "--gaps", action="store_true", help="paths tell what fields lack"
        )
        parser.add_argument("--api-key", default="", help="ask for this key")

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        stop = Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        asked = {name: options[name] for name in ("seed", "scenes", "zone", "gaps")}
        library = Library(**asked)
        library.draws = True
        demo = DemoServer(library, host=host, port=port, api_key=options["api_key"])
        try:
            demo.start()
        except PortUnavailable as exc:
            raise CommandError(str(exc), returncode=2) from exc
        self.stdout.write(demo.url)
        self.stdout.flush()
        stop.wait()
        demo.close()
