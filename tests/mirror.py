"""Runs the engine against a demo server without a queue, for tests of the engine."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from syncapp.models import Scene, Source
from syncapp.stash.batches import batches
from syncapp.stash.reading import Reader
from syncapp.sync import engine
from syncapp.sync.connect import connect
from syncapp.sync.facts import facts_statements
from syncapp.sync.scene_set import pull_set
from syncapp.sync.session import SyncSession, new_session
from syncapp.sync.streams import STREAMS
from syncapp.sync.streams.scenes import SCENES
from syncapp.sync.verify import verify
from tests.comparison import differences

MIRROR = ("scene", "tag", "studio", "performer")


class Interrupted(Exception):
    """The run was stopped from outside, as by a kill."""


@dataclass
class PlainReporter:
    """What the engine reports, kept in memory; transactions are plain ones."""

    resume_from: Mapping[str, Any] | None = None
    job_id: int | None = None
    lines: list[tuple[str, str, str]] = field(default_factory=list)
    phases: dict[str, tuple[int, int | None]] = field(default_factory=dict)
    counts: Mapping[str, Any] = field(default_factory=dict)
    saved: dict[str, Any] | None = None
    reached: list[tuple[int, ...]] = field(default_factory=list)
    stop_after_commits: int | None = None
    stop_when: Callable[[], bool] | None = None
    commits: int = 0

    def check(self) -> None:
        limit = self.stop_after_commits
        if limit is not None and self.commits >= limit:
            raise Interrupted
        if self.stop_when is not None and self.stop_when():
            raise Interrupted

    @contextmanager
    def atomic(self) -> Iterator[None]:
        with transaction.atomic():
            yield
        self.commits += 1

    def checkpoint(self, place: Mapping[str, Any], reached: Sequence[int] = ()) -> None:
        self.saved = dict(place)
        self.reached.append(tuple(reached))

    def progress(self, phase: str, done: int, total: int | None) -> None:
        self.phases[phase] = (done, total)

    def counted(self, counts: Mapping[str, Any]) -> None:
        self.counts = counts

    def log(self, level: str, code: str, message: str, **data: Any) -> None:
        self.lines.append((level, code, message + (f" {data}" if data else "")))

    def codes(self) -> list[str]:
        return [code for _, code, _ in self.lines]


@dataclass
class Mirror:
    """One source, its demo server, and the engine between them."""

    demo: Any
    source: Source
    reporter: PlainReporter = field(default_factory=PlainReporter)

    def quick(self, *names: str, **options: Any) -> dict[str, Any]:
        return self._pull(names, options, everything=False)

    def full(self, *names: str, **options: Any) -> dict[str, Any]:
        return self._pull(names, options, everything=True)

    def scenes(self, *ids: int) -> dict[str, Any]:
        self.reporter = PlainReporter()
        with connect(self.source.pk) as client:
            return engine.pull_scenes(self._session(client, {}), SCENES, ids)

    def scene_set(
        self, set_id: int, *, reporter: PlainReporter | None = None
    ) -> dict[str, Any]:
        self.reporter = reporter or PlainReporter()
        with connect(self.source.pk) as client:
            return pull_set(self._session(client, {}), SCENES, set_id)

    def verify(
        self,
        *names: str,
        sample: int = 0,
        repair: bool = False,
        reporter: PlainReporter | None = None,
    ) -> dict[str, Any]:
        self.reporter = reporter or PlainReporter()
        streams = [s for s in STREAMS if not names or s.name in names]
        with connect(self.source.pk) as client:
            session = self._session(client, {})
            return verify(session, streams, sample=sample, repair=repair)

    def differences(self) -> list[str]:
        return [*differences(self.source.pk, self.demo.url), *stale_facts()]

    def _pull(
        self, names: Sequence[str], options: dict[str, Any], *, everything: bool
    ) -> dict[str, Any]:
        self.reporter = options.pop("reporter", None) or PlainReporter()
        force_index = options.pop("force_index", False)
        streams = [s for s in STREAMS if not names or s.name in names]
        with connect(self.source.pk, options.pop("limits", None)) as client:
            session = self._session(client, options)
            return engine.pull(
                session, streams, everything=everything, force_index=force_index
            )

    def _session(self, client: Any, options: Mapping[str, Any]) -> SyncSession:
        return new_session(self.source.pk, Reader(client), self.reporter, **options)


def stale_facts() -> list[str]:
    """Return what has to be worked out anew, which is nothing after a sync."""
    keys = list(Scene.objects.values_list("id", flat=True))
    return [
        f"facts: {statement.sql[:100]}"
        for some in batches(keys, 500)
        for statement in facts_statements(SCENES, some)
    ]


@contextmanager
def mirror_writes() -> Iterator[list[str]]:
    """Yield a list that holds, at the end, the statements that wrote to the mirror."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as queries:
        yield found
    for query in queries.captured_queries:
        sql = query["sql"].lstrip()
        verb = sql.split(" ", 1)[0].upper()
        if verb in {"INSERT", "UPDATE", "DELETE", "WITH"} and any(
            f'"syncapp_{name}' in sql.split(" SELECT ")[0] for name in MIRROR
        ):
            found.append(sql[:200])
