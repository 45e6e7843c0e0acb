"""Starts everything: web, worker, and the sample Stash when it is wanted."""

import errno
import ipaddress
import os
import socket
import sys
from argparse import ArgumentParser, BooleanOptionalAction
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from jobs.worker.processes import Program, listens
from syncapp import services
from syncapp.management.browser import can_open
from syncapp.management.database import prepare
from syncapp.management.first_admin import (
    ANY_ADDRESS,
    Invitation,
    address,
    invite,
    make_from_settings,
    refuse_without_administrator,
)
from syncapp.management.keeper import become_keeper


class Command(BaseCommand):
    help = "Set up the database and run web and worker until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=settings.HOST)
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument(
            "--demo",
            action=BooleanOptionalAction,
            default=settings.DEMO,
            help="Run the sample Stash while no other source is set up.",
        )
        parser.add_argument(
            "--browser",
            action=BooleanOptionalAction,
            default=True,
            help="Open the setup page, on a terminal with a screen, not as root.",
        )

    def handle(
        self,
        *args: Any,
        host: str,
        port: int,
        demo: bool,
        browser: bool,
        **options: Any,
    ) -> None:
        _refuse_unusable_address(host, port)
        prepare(self.say)
        self.index_what_is_behind()
        invitation = self.invite_administrator(host, port)
        demo_port = self.choose_demo_port() if demo else None
        if demo_port is not None:
            services.add_demo_source(_url("127.0.0.1", demo_port))
        connections.close_all()  # nothing of this process is open while others work
        web = _web(host, port, invitation)
        opens = {}
        if browser and invitation and invitation.link and _screen_is_here():
            opens[web.name] = invitation.link
        become_keeper([*_demo(demo_port), web, _worker()], opens)

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def index_what_is_behind(self) -> None:
        if ref := services.reindex_if_behind():
            self.say(
                "Search and the order of lists are built anew in the background: "
                f"job {ref.job_id}."
            )

    def invite_administrator(self, host: str, port: int) -> Invitation | None:
        """Return how the first administrator comes in; None if there is one."""
        made = make_from_settings()
        if made:
            self.say(made)
        if not _is_loopback(host):
            refuse_without_administrator(host)
        return invite(address(host, port), terminal=self.stdout.isatty())

    def choose_demo_port(self) -> int | None:
        port = services.demo_port()
        if port is not None and listens(("127.0.0.1", port)):
            self.say(
                f"The sample library stays off: its port {port} is in use by another "
                "program. Stop that program and start again to have it."
            )
            return None
        return port


def _screen_is_here() -> bool:
    return can_open(os.environ, user=os.geteuid(), platform=sys.platform)


def _demo(port: int | None) -> list[Program]:
    """Return the demo, if it is wanted: it stands first, so that a sync finds it."""
    if port is None:
        return []
    argv = [*_manage(), "demo_stash", "--gaps", "--port", str(port)]
    return [Program("demo", argv, _environment(), ("127.0.0.1", port))]


def _web(host: str, port: int, invitation: Invitation | None) -> Program:
    greeting = f"Steward answers on {settings.PUBLIC_URL or _url(host, port)}"
    if invitation is not None:
        greeting += f"\n{invitation.sentence}"
    return Program(
        "web",
        [sys.executable, "-m", "uvicorn", *_uvicorn_options(host, port)],
        {
            **_environment(),
            "STEWARD_ROLE": "web",
            "STEWARD_HOST": host,
            "STEWARD_PORT": str(port),
        },
        listens_on=(ANY_ADDRESS.get(host, host), port),
        greeting=greeting,
    )


def _worker() -> Program:
    env = {**_environment(), "STEWARD_ROLE": "worker"}
    return Program("worker", [*_manage(), "worker"], env)


def _manage() -> list[str]:
    return [sys.executable, str(settings.BASE_DIR / "manage.py")]


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONUNBUFFERED": "1"}


def _uvicorn_options(host: str, port: int) -> list[str]:
    # No access log: addresses with their queries stay out of the logs. No proxy
    # headers: config.settings says which one is trusted, and when.
    return [
        *("config.asgi:application", "--host", host, "--port", str(port)),
        *("--http", "config.http_protocol:BoundedHttpProtocol"),
        *("--app-dir", str(settings.BASE_DIR), "--lifespan", "off"),
        *("--timeout-graceful-shutdown", "3", "--log-level", "warning"),
        *("--no-access-log", "--no-proxy-headers", "--no-server-header"),
        *("--ws-max-size", "4096"),  # pages say their topics in the address, no more
    ]


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _refuse_unusable_address(host: str, port: int) -> None:
    """Try the address as the web server will; raises CommandError, exit code 2."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as exc:
        if exc.errno == errno.EADDRINUSE:
            msg = (
                f"Port {port} on {host} is in use by another program: stop it, or "
                f"choose another port, for example STEWARD_PORT={port % 65_535 + 1}."
            )
        else:
            msg = (
                f"Steward cannot listen on {host}, port {port} ({exc.strerror}): "
                "choose others with STEWARD_HOST and STEWARD_PORT."
            )
        raise CommandError(msg, returncode=2) from exc


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
