"""A Redis of a test's own, which may be stopped and started again."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import redis

from jobs.worker.processes import die_with_parent
from tests.ports import free_port
from tests.waiting import wait_until

PROGRAM = shutil.which("redis-server")


@dataclass(slots=True)
class Redis:
    folder: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it, empty; returns when it answers. To be called in the main thread."""
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        self.process = subprocess.Popen(
            [str(PROGRAM), *options],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=partial(die_with_parent, os.getpid()),  # noqa: PLW1509
        )
        wait_until(self.answers, within=10)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(10)
            self.process = None

    def answers(self) -> bool:
        with redis.Redis.from_url(self.url) as client:
            try:
                return bool(client.ping())
            except redis.ConnectionError:
                return False

    def flush(self) -> int:
        """Forget everything; returns how many messages that were."""
        with redis.Redis.from_url(self.url) as client:
            lists = [key for key in client.scan_iter() if client.type(key) == b"list"]
            lost = sum(int(client.llen(key)) for key in lists)
            client.flushall()
            return lost


@contextmanager
def own_redis(folder: Path) -> Iterator[Redis]:
    """Run a Redis on a free port, with its files in `folder`."""
    server = Redis(folder, free_port())
    try:
        server.start()
        yield server
    finally:
        server.stop()
