"""Prints what a crowd costs the web process, and how long others wait meanwhile.

`python -m tests.bench.crowd [sqlite|postgres] [--seconds 60] [--clients 64]
[--sockets 1200] [--scenes 3000]`
"""

import argparse
import asyncio
import os
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace

import django
import psutil

from tests.bench.attackers import (
    Cost,
    Leavers,
    Site,
    knock,
    time_to_open,
    watched,
)
from tests.bench.goals import POSTGRES, SQLITE
from tests.bench.places import fresh_place
from tests.postgres import database_url

PAGE = "/scenes/"
PROBES = ("/healthz", "/readyz")
Case = Callable[[Site, int], Awaitable[None]]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.crowd")
    choices = [SQLITE, POSTGRES]
    parser.add_argument("database", nargs="?", choices=choices, default=SQLITE)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--sockets", type=int, default=1_200)
    parser.add_argument("--scenes", type=int, default=3_000)
    return parser.parse_args()


async def leavers(site: Site, pid: int, clients: int, seconds: float) -> None:
    """Let browsers come and go, and open pages and probes meanwhile and after."""
    crowd = Leavers(site, PAGE)
    waits: dict[str, list[float]] = {path: [] for path in (PAGE, *PROBES)}
    statuses = set()
    before = _now(pid)
    with watched(pid) as cost:
        rush = asyncio.ensure_future(crowd.rush(clients, seconds))
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for path, found in waits.items():
                status, took_s = await time_to_open(site, path)
                statuses.add((path, status))
                found.append(took_s)
                await asyncio.sleep(0.1)
        await rush
    print(f"{crowd.opened} pages opened by {clients} who leave within 0.4 s")
    print(f"  answered: {dict(crowd.answers)}; to us: {sorted(statuses)}")
    for path, found in waits.items():
        mid, most = statistics.median(found), max(found)
        print(f"  {path} meanwhile: median {mid:.3f} s, longest {most:.3f} s")
    print(f"  before: {before}; at its most: {cost}; after: {_now(pid)}")


async def knocks(who: str, site: Site, pid: int, number: int) -> None:
    """Ask for many sockets at once."""
    before = _now(pid)
    with watched(pid) as cost:
        answers = await knock(site, number, cost.look)
    print(f"{number} sockets of {who}: answered {dict(answers)}")
    print(f"  before: {before}; at its most: {cost}; after: {_now(pid)}")


def _now(pid: int) -> str:
    cost = Cost(pid)
    cost.look()
    return str(cost)


def cases(options: argparse.Namespace) -> Iterator[Case]:
    """Yield what is tried, each on a web process of its own."""
    number = options.sockets
    yield lambda site, pid: leavers(site, pid, options.clients, options.seconds)
    yield lambda site, pid: knocks("nobody", replace(site, cookies=""), pid, number)
    yield lambda site, pid: knocks("made-up sessions", _made_up(site), pid, number)
    yield lambda site, pid: knocks("one person", site, pid, number)


def _made_up(site: Site) -> Site:
    name = next(n for n in site.cookies.split("; ") if "session" in n).partition("=")[0]
    return replace(site, cookies=f"{name}={'a1' * 16}")


async def attack(case: Case, site: Site) -> None:
    below = psutil.Process().children()  # PostgreSQL may be among them
    (web,) = [process for process in below if "uvicorn" in process.cmdline()]
    await time_to_open(site, PAGE)
    try:
        await case(site, web.pid)
        _, took_s = await time_to_open(site, PAGE)
        print(f"  a page after it: {took_s:.3f} s", flush=True)
    finally:
        web.kill()  # what it was left with may take it minutes to put away


def main() -> None:
    options = _options()
    server = database_url() if options.database == POSTGRES else nullcontext("")
    with server as url, fresh_place(options.database, url) as place:
        os.environ.update(place.env)
        django.setup()
        from tests.builders import PASSWORD, make_library, make_person, make_source
        from tests.site import Person, running_site

        make_person("ada", is_superuser=True, is_staff=True)
        make_library(make_source(), scenes=options.scenes)
        for case in cases(options):
            with running_site() as address:
                person = Person(address)
                person.sign_in("ada", PASSWORD)
                jar = person.http.cookies
                cookies = "; ".join(f"{name}={value}" for name, value in jar.items())
                person.http.close()
                asyncio.run(attack(case, Site(address, cookies)))


if __name__ == "__main__":
    main()
