"""The source of the benchmark: a demo server in a process of its own.

Its scenes are encoded once, into a file, before anything is measured.
"""

import http.client
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from syncapp.demo import DemoServer, Library
from syncapp.stash import documents, side_reading
from syncapp.stash.client import Limits, StashClient
from syncapp.stash.documents import ENTITIES, SCENES
from syncapp.stash.reading import Reader

ROOT = Path(__file__).resolve().parents[2]
FEW = 5_000  # scenes of the second library, which is loaded many times
AGO = timedelta(minutes=10)  # that old are edits that have settled
PAGE = 250


@dataclass
class BenchSource:
    """A running far end: two libraries, of `scenes` and of at most FEW."""

    process: "subprocess.Popen[str]"
    url: str
    few_url: str
    scenes: int
    limit: float = 0.0  # scenes/s that a null client reads

    @property
    def few(self) -> int:
        return min(self.scenes, FEW)

    def edit(self, *, first: int, step: int, age_s: float = 0) -> int:
        """Give every `step`-th scene another title; returns how many."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        order = {"first": first, "step": step, "age_s": age_s}
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@contextmanager
def start_source(scenes: int) -> Iterator[BenchSource]:
    """Start one, and have it encode all that will be asked for."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.source", str(scenes)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        url, few_url = process.stdout.readline().split()
        started = BenchSource(process, url, few_url, scenes)
        _warm(few_url)
        _warm(url)
        started.limit = _read_whole(url, scenes)
        yield started
    finally:
        process.terminate()
        process.communicate(timeout=20)


def _warm(url: str) -> None:
    """Ask for all that a sync asks for, once."""
    with StashClient(url, limits=Limits(read_s=300, deadline_s=300)) as client:
        client.handshake()
        reader = Reader(client)
        side_reading.first_look(client)
        side_reading.newest_files(client, 0)
        list(side_reading.folder_paths(client))
        for entity in ENTITIES:
            reader.probe(entity)
            for _ in reader.index(entity):
                pass
            place: int | None = 0
            while place is not None:
                place = reader.page(entity, place, PAGE).next


def _read_whole(url: str, scenes: int) -> float:
    """Read all pages of scenes and do nothing with them; returns scenes/s."""
    with StashClient(url) as client:
        document = documents.page(SCENES, client.handshake())
    parts = urlsplit(url)
    wire = http.client.HTTPConnection(parts.hostname or "", parts.port or 0)
    began = time.perf_counter()
    for last in range(0, scenes, PAGE):
        asked = {
            "filter": {"per_page": PAGE, "sort": "id", "direction": "ASC"},
            "scene_filter": {"id": {"value": last, "modifier": "GREATER_THAN"}},
        }
        body = json.dumps({"query": document, "variables": asked})
        wire.request("POST", "/graphql", body, {"Content-Type": "application/json"})
        wire.getresponse().read()
    seconds = time.perf_counter() - began
    wire.close()
    return scenes / seconds


def _stamp(library: Library, age_s: float) -> str:
    then = datetime.now(UTC) - timedelta(seconds=age_s)
    text = then.astimezone(ZoneInfo(library.zone)).isoformat(timespec="seconds")
    return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text


def main() -> None:
    """Serve until the input ends; each line of it is an order to edit."""
    scenes = int(sys.argv[1])
    library, few = Library(scenes=scenes), Library(seed=2, scenes=min(scenes, FEW))
    with DemoServer(library) as server, DemoServer(few) as other:
        print(server.url, other.url, flush=True)
        for line in sys.stdin:
            order = json.loads(line)
            stamp = _stamp(library, order["age_s"])
            chosen = range(order["first"], scenes + 1, order["step"])
            for number in chosen:
                title = f"Cut of {time.time_ns()}"
                library.edit("scene", number, title=title, updated_at=stamp)
            print(len(chosen), flush=True)


if __name__ == "__main__":
    main()
