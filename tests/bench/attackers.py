"""Clients that take what they can get: they open and leave, knock, and stay."""

import asyncio
import base64
import os
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import psutil

ANSWER_S = 20.0
Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class Cost:
    """What the web process takes, at its most: memory, threads, handles."""

    pid: int
    rss_mb: float = 0.0
    threads: int = 0
    handles: int = 0

    def look(self) -> None:
        process = psutil.Process(self.pid)
        self.rss_mb = max(self.rss_mb, process.memory_info().rss / 2**20)
        self.threads = max(self.threads, process.num_threads())
        self.handles = max(self.handles, process.num_fds())

    def __str__(self) -> str:
        return f"{self.rss_mb:.0f} MB, {self.threads} threads, {self.handles} handles"


@dataclass(frozen=True)
class Site:
    """The site that is attacked, and the cookies of who attacks it."""

    address: str
    cookies: str = ""

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[Stream]:
        parts = urlsplit(self.address)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        try:
            yield reader, writer
        finally:
            writer.transport.abort()

    def request(self, path: str, *headers: str) -> bytes:
        host = urlsplit(self.address).netloc
        lines = [f"GET {path} HTTP/1.1", f"Host: {host}", f"Cookie: {self.cookies}"]
        return "\r\n".join([*lines, *headers, "", ""]).encode()

    def handshake(self) -> bytes:
        key = base64.b64encode(os.urandom(16)).decode()
        return self.request(
            "/ws/v1/?topics=jobs",
            f"Origin: {self.address}",
            *("Connection: Upgrade", "Upgrade: websocket"),
            *("Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}"),
        )


@contextmanager
def watched(pid: int, every_s: float = 0.2) -> Iterator[Cost]:
    """Look at the web process in the block; to be used in a running event loop."""
    cost = Cost(pid)

    async def watch() -> None:
        while True:
            cost.look()
            await asyncio.sleep(every_s)

    task = asyncio.ensure_future(watch())
    try:
        yield cost
    finally:
        cost.look()
        task.cancel()


async def status_of(stream: Stream, asked: bytes) -> int:
    """Send a request; returns its answer's status, 0 if the line was cut or silent."""
    reader, writer = stream
    with suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
        writer.write(asked)
        line = await asyncio.wait_for(reader.readline(), ANSWER_S)
        return int(line.split()[1]) if line else 0
    return 0


@dataclass
class Leavers:
    """Browsers that open a page and leave before they could have read it."""

    site: Site
    path: str
    within_s: float = 0.4
    opened: int = 0
    answers: Counter[int] = field(default_factory=Counter)

    async def rush(self, clients: int, seconds: float) -> None:
        until = time.monotonic() + seconds
        await asyncio.gather(*(self._come_and_go(until) for _ in range(clients)))

    async def _come_and_go(self, until: float) -> None:
        while time.monotonic() < until:
            patience_s = random.uniform(0, self.within_s)
            with suppress(OSError, TimeoutError):
                await asyncio.wait_for(self._open(), patience_s)

    async def _open(self) -> None:
        async with self.site.connected() as stream:
            self.opened += 1
            self.answers[await status_of(stream, self.site.request(self.path))] += 1


async def time_to_open(site: Site, path: str) -> tuple[int, float]:
    """Open a page as a person does; returns its status and the seconds it took."""
    began = time.perf_counter()
    async with site.connected() as stream:
        status = await status_of(stream, site.request(path))
    return status, time.perf_counter() - began


async def knock(site: Site, number: int, meanwhile: Callable[[], None]) -> Counter[int]:
    """Ask for so many sockets at once and stay; returns the statuses of the answers.

    `meanwhile` is called while all that were let in are open.
    """
    answers: Counter[int] = Counter()
    all_answered = asyncio.Event()

    async def stay() -> None:
        with suppress(OSError):
            async with site.connected() as stream:
                answers[await status_of(stream, site.handshake())] += 1
                if answers.total() == number:
                    all_answered.set()
                await all_answered.wait()
                await asyncio.sleep(1)

    visits = [asyncio.ensure_future(stay()) for _ in range(number)]
    with suppress(TimeoutError):
        await asyncio.wait_for(all_answered.wait(), 3 * ANSWER_S)
    all_answered.set()
    meanwhile()
    await asyncio.gather(*visits)
    return answers
