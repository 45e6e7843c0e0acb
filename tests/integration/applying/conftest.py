"""A small library at a demo server, its mirror, and a plan to be applied to it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

import pytest

from syncapp.applying.apply import apply_plan
from syncapp.demo import DemoServer, Library
from syncapp.models import Change, Source
from syncapp.models.keys import row_id
from syncapp.stash.client import Limits, StashClient
from syncapp.sync.connect import connect
from tests.mirror import Mirror, PlainReporter
from tests.plan_builders import make_change, make_plan


@dataclass
class Row:
    """A row of the mirror as a change names it."""

    pk: int
    name: str = "Something"


@dataclass
class Bench:
    """A library, its mirror, and a plan whose changes are accepted."""

    mirror: Mirror
    plan: Any
    reporter: PlainReporter = field(default_factory=PlainReporter)

    @property
    def library(self) -> Library:
        library: Library = self.mirror.demo.library
        return library

    @property
    def faults(self) -> Any:
        return self.mirror.demo.faults

    def scene(self, number: int) -> Any:
        return self.library.get("scene", number)

    def accept(self, number: int, name: str, value: Any, **fields: Any) -> Change:
        """Accept a change of a scene; an entity is named by its id at the source."""
        if "before" not in fields:
            fields["before"] = self._before(number, name)
        if fields["before"] is None or isinstance(fields["before"], int):
            before = fields.pop("before")
            fields["before_id"] = None if before is None else self.key(before)
        plan = fields.pop("plan", self.plan)
        given = Row(self.key(value)) if isinstance(value, int) else value
        fields.setdefault("state", "accepted")
        row = Row(self.key(number))
        change: Change = make_change(plan, row, name, given, **fields)
        return change

    def key(self, number: int) -> int:
        return row_id(self.mirror.source.pk, number)

    def _before(self, number: int, name: str) -> Any:
        scene = self.scene(number)
        if name in ("performers", "tags"):
            return ""
        if name == "studio":
            return scene["studio"]
        return scene[name] or ""

    def apply(self, **options: Any) -> dict[str, int]:
        self.reporter = PlainReporter(resume_from=options.pop("resume_from", None))
        options.setdefault("wait_s", 0.05)
        plan = options.pop("plan", self.plan)
        with self.client() as client:
            return apply_plan(self.reporter, client, plan.pk, **options)

    def client(self) -> AbstractContextManager[StashClient]:
        """Return a client that waits for nothing but an answer."""
        return connect(self.mirror.source.pk, Limits(read_s=5, backoff_s=0))

    def before_a_write(self, act: Callable[[], object]) -> None:
        """Do this once, when the next write arrives: after the read that counts."""
        self._once("bulkSceneUpdate", act)

    def before_a_read(self, act: Callable[[], object]) -> None:
        """Do this once, when the read that counts arrives."""
        self._once("findScene", act, operation="SceneNow")

    def _once(self, root: str, act: Callable[[], object], **asked: Any) -> None:
        done: list[object] = []

        def where(_: Any) -> bool:
            if not done:
                done.append(act())
            return False

        self.faults.error("never", root=root, where=where, **asked)


@pytest.fixture
def bench(transactional_db: None) -> Iterator[Bench]:
    library = Library(seed=11, scenes=40, tags=12, performers=8, studios=5)
    with DemoServer(library, port=0, api_key="") as demo:
        source = Source.objects.create(name="Films", url=demo.url, read_only=False)
        mirror = Mirror(demo, source)
        mirror.full()
        yield Bench(mirror, make_plan(source))
