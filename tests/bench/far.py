"""The far end of a benchmark: a demo Stash in a process of its own, warmed up."""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx2

from syncapp.stash.client import StashClient
from syncapp.stash.reading import Reader
from syncapp.sync.engine import PAGE
from syncapp.sync.streams import STREAMS
from tests.run import ROOT

EDIT = """mutation Edit($input: BulkSceneUpdateInput!) {
  bulkSceneUpdate(input: $input) { id }
}"""
EDITED_AT_ONCE = 250


@dataclass(frozen=True)
class FarEnd:
    """A running demo Stash."""

    url: str
    records: int
    per_second: float  # that it hands out, to a client that keeps nothing

    def edit(self, share: int) -> int:
        """Change one scene in `share`; returns how many."""
        with httpx2.Client(trust_env=False, timeout=120) as http:
            asked = {"query": "{ findScenes(filter: {per_page: 0}) { count } }"}
            answer = http.post(f"{self.url}/graphql", json=asked).json()
            count = answer["data"]["findScenes"]["count"]
            ids = range(1, count + 1, share)
            for start in range(0, len(ids), EDITED_AT_ONCE):
                batch = [str(number) for number in ids[start : start + EDITED_AT_ONCE]]
                given = {"input": {"ids": batch, "rating100": 55}}
                body: dict[str, Any] = {"query": EDIT, "variables": given}
                told = http.post(f"{self.url}/graphql", json=body).json()
                assert "errors" not in told, told
        return len(ids)


@contextmanager
def far_end(scenes: int) -> Iterator[FarEnd]:
    """Start a demo Stash of that size; yields it when its answers are encoded."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "demo_stash", "--scenes", str(scenes)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None, "its output is a pipe"
        url = process.stdout.readline().strip()
        with StashClient(url) as client:
            client.handshake()
            reader = Reader(client)
            _read_all(reader)
            began = time.perf_counter()
            records = _read_all(reader)
            took = time.perf_counter() - began
        yield FarEnd(url, records, records / took)
    finally:
        process.terminate()
        process.wait(15)


def _read_all(reader: Reader) -> int:
    """Read every record and every index as a sync does; returns how many records."""
    records = 0
    for stream in STREAMS:
        place: int | None = 0
        while place is not None:
            page = reader.page(stream.entity, place, PAGE)
            place, records = page.next, records + len(page.records)
        for _ in reader.index(stream.entity):
            pass
    return records


def raw_scenes(url: str) -> Sequence[Any]:
    """Return all scenes as they come, for the floor and the baseline."""
    scenes = next(stream for stream in STREAMS if stream.name == "scenes")
    found: list[Any] = []
    with StashClient(url) as client:
        client.handshake()
        reader = Reader(client)
        place: int | None = 0
        while place is not None:
            page = reader.page(scenes.entity, place, PAGE)
            found.extend(page.records)
            place = page.next
    return found
