"""Starts everything: web, worker, and the sample Stash when it is wanted."""

import errno
import ipaddress
import os
import socket
import sys
from argparse import ArgumentParser, BooleanOptionalAction
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from jobs.processes import Program, keep_alive, listens
from syncapp import services
from syncapp.management.database import prepare

ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not bound


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

    def handle(
        self, *args: Any, host: str, port: int, demo: bool, **options: Any
    ) -> None:
        _refuse_unusable_address(host, port)
        prepare(self.say)
        self.look_for_administrator(host)
        demo_port = self.choose_demo_port() if demo else None
        if demo_port is not None:
            services.add_demo_source(_url("127.0.0.1", demo_port))
        connections.close_all()  # nothing of this process is open while others work
        code = keep_alive(_programs(host, port, demo_port), self.say)
        if code:
            sys.exit(code)

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def look_for_administrator(self, host: str) -> None:
        if services.has_administrator():
            return
        how = f"{_python()} manage.py createsuperuser"
        if not _is_loopback(host):
            msg = (
                f"Steward does not listen on {host} before it has an administrator: "
                f"make one with `{how}`, then start again."
            )
            raise CommandError(msg, returncode=2)
        self.say(f"There is no administrator yet. Make one in another terminal: {how}")

    def choose_demo_port(self) -> int | None:
        port = services.demo_port()
        if port is not None and listens(("127.0.0.1", port)):
            self.say(
                f"The sample library stays off: its port {port} is in use by another "
                "program. Stop that program and start again to have it."
            )
            return None
        return port


def _programs(host: str, port: int, demo_port: int | None) -> list[Program]:
    """Return what to run: the demo first, so that the worker's first sync finds it."""
    here = {**os.environ, "PYTHONUNBUFFERED": "1"}
    manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
    programs = []
    if demo_port is not None:
        argv = [*manage, "demo_stash", "--port", str(demo_port)]
        programs.append(Program("demo", argv, here, ("127.0.0.1", demo_port)))
    web = Program(
        "web",
        [sys.executable, "-m", "uvicorn", *_uvicorn_options(host, port)],
        {
            **here,
            "STEWARD_ROLE": "web",
            "STEWARD_HOST": host,
            "STEWARD_PORT": str(port),
        },
        listens_on=(ANY_ADDRESS.get(host, host), port),
        greeting=f"Steward answers on {settings.PUBLIC_ORIGIN or _url(host, port)}",
    )
    worker = Program("worker", [*manage, "worker"], {**here, "STEWARD_ROLE": "worker"})
    return [*programs, web, worker]


def _uvicorn_options(host: str, port: int) -> list[str]:
    # No access log: addresses with their queries stay out of the logs. No proxy
    # headers: config.settings says which one is trusted, and when.
    return [
        *("config.asgi:application", "--host", host, "--port", str(port)),
        *("--app-dir", str(settings.BASE_DIR), "--lifespan", "off"),
        *("--timeout-graceful-shutdown", "3", "--log-level", "warning"),
        *("--no-access-log", "--no-proxy-headers", "--no-server-header"),
    ]


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _python() -> str:
    """Return how to call this Python, short if it stands below the current folder."""
    path, here = Path(sys.executable), Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


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
