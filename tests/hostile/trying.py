"""Tries hostile behaviours: a demo server here, the engine in a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx2

from syncapp.demo import DemoServer, Library
from syncapp.models import Source
from tests.comparison import differing, wrong_counts
from tests.hostile.behaviour import Behaviour
from tests.hostile.orders import SCENE, TITLE
from tests.workers import KNOBS, ROOT, database_url

# Of the engine's process, at its peak: 275 to 310 were measured for the worst of them.
MOST_MIB = 400


@dataclass(frozen=True)
class Ended:
    """How the sync of one behaviour ended, and what that cost."""

    end: str
    said: str
    result: dict[str, Any]
    seconds: float
    mib: float


class Engine:
    """The process that syncs; see `engine_process`."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.hostile.engine_process"],
            cwd=ROOT,
            env={**os.environ, **KNOBS, "DATABASE_URL": database_url()},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def sync(self, source_id: int, patience_s: float = 20) -> Ended:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        asked = {"source_id": source_id, "mode": "full", "patience_s": patience_s}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the process of the engine has ended"
        return Ended(**json.loads(answer))

    def stop(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


@dataclass
class Trial:
    """A source that is in order, and the engine that syncs it."""

    demo: DemoServer
    source: Source
    engine: Engine

    def of(self, behaviour: Behaviour) -> list[str]:
        """Try one behaviour; returns what was not as it should have been."""
        behaviour.order(self.demo)
        ended = self.engine.sync(self.source.pk, behaviour.patience_s)
        self.demo.faults.clear()
        self._mend()
        wrong = list(_wrong(behaviour, ended, self._differing()))
        healed = self.engine.sync(self.source.pk)
        left = [*self._differing(), *wrong_counts(self.source.pk)]
        if healed.end != "succeeded" or left:
            wrong.append(f"after a good sync ({healed.end}): {left[:3]} {healed.said}")
        mib = max(ended.mib, healed.mib)
        line = f"{behaviour.name:40} {ended.end:20} {ended.seconds:6.2f} s {mib:4.0f}"
        sys.stdout.write(f"{line} MiB{'   WRONG' if wrong else ''}\n")
        return [f"{behaviour.name}: {one}" for one in wrong]

    def _mend(self) -> None:
        library = self.demo.library
        library.mend()
        library.server_version = "v0.30.1"

    def _differing(self) -> set[str]:
        with httpx2.Client(timeout=20, trust_env=False) as client:
            found = differing(self.source.pk, self.demo.url, client)
            return {f"{one.kind} {one.number}" for one in found}


def _wrong(behaviour: Behaviour, ended: Ended, differs: set[str]) -> Iterator[str]:
    if ended.end != behaviour.end:
        yield f"ended as {ended.end}: {ended.said}"
    if not differs <= behaviour.differs:
        yield f"{sorted(differs - behaviour.differs)[:5]} differ: {ended.said[:500]}"
    if behaviour.said not in ended.said:
        yield f"never said {behaviour.said!r}: {ended.said[:500]}"
    counts = ended.result.get("streams", {}).values()
    left_out = sum(tally["skipped"] for tally in counts)
    if ended.end == "succeeded" and left_out != behaviour.skipped:
        yield f"skipped {left_out}: {ended.said[:500]}"
    if ended.mib > MOST_MIB:
        yield f"took {ended.mib:.0f} MiB"


@contextmanager
def trial(engine: Engine) -> Iterator[Trial]:
    """Connect a small library, and sync it once."""
    library = Library(seed=7, scenes=40, tags=12, performers=8, studios=5)
    files = (library.get("scene", SCENE) or {})["files"]
    assert files
    long_ago = "2024-05-17T12:00:00Z"
    library.edit("scene", SCENE, title=TITLE, updated_at=long_ago)
    with DemoServer(library) as demo:
        source = Source.objects.create(name="Film archive", url=demo.url)
        assert engine.sync(source.pk).end == "succeeded"
        yield Trial(demo, source, engine)
