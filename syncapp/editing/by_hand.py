"""Makes a plan of what somebody changes by hand: its changes are accepted already.

One part of the scenes after the other, each written by one statement a step in one
transaction: no row comes here, so any number of scenes takes the same room. A run that
was interrupted goes on behind its last part.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import (
    BigIntegerField,
    DateTimeField,
    F,
    FloatField,
    IntegerField,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast

from syncapp.editing.differences import before_of, differing, live_scenes
from syncapp.editing.steps import EditStep
from syncapp.models import Change, Creation, Plan, SceneSet, SceneSetPart
from syncapp.models.change_states import ChangeState
from syncapp.models.field_words import KIND_OF_FIELD
from syncapp.models.packed_ids import unpacked
from syncapp.models.plans import NAME, PlanKind, Scope
from syncapp.sync.reporter import Reporter
from syncapp.sync.throttle import WriteThrottle
from syncapp.text.digests import digest_of

BY_HAND = "by hand"  # instead of a detector
PART = 1_000  # scenes of a transaction
PHASE = "scenes"
ACCEPTED = ChangeState.ACCEPTED.value


@dataclass(frozen=True, slots=True)
class HandEdit:
    """What is to be done, to which scenes, and for whom."""

    source_id: int
    scene_set: int
    steps: tuple[EditStep, ...]
    name: str  # of the plan
    by: int | None = None
    who: str = ""  # as the reason of a change names them


@dataclass(slots=True)
class HandTally:
    """What a run did so far; all that its checkpoint keeps."""

    after: int = -1  # row id of the last scene
    plan: int = 0  # 0: nothing differed yet
    done: int = 0
    gone: int = 0  # removed since they were chosen
    changes: dict[str, int] = field(default_factory=dict)  # by field

    def result(self) -> dict[str, Any]:
        told: dict[str, Any] = {"plan": self.plan} if self.plan else {}
        scenes = {"looked at": self.done - self.gone}
        if self.gone:
            scenes["removed meanwhile"] = self.gone
        return {**told, "scenes": scenes, "changes": dict(self.changes)}


def plan_by_hand(reporter: Reporter, edit: HandEdit) -> dict[str, Any]:
    """Make the plan; returns counts, and the plan if anything differs."""
    run = _HandRun(reporter, edit)
    total = _count_of(edit)
    reporter.progress(PHASE, run.tally.done, total)
    for ids in _parts(edit.scene_set, run.tally.after):
        reporter.check()
        run.store(ids)
        reporter.progress(PHASE, run.tally.done, max(total, run.tally.done))
    run.say_end()
    return run.tally.result()


class _HandRun:
    """How far a run is."""

    def __init__(self, reporter: Reporter, edit: HandEdit) -> None:
        self.tally = HandTally(**dict(reporter.resume_from or {}))
        self._reporter, self._edit = reporter, edit
        self._throttle = WriteThrottle()
        self._now = datetime.now(UTC)
        self._keep_plan()

    def store(self, ids: Sequence[int]) -> None:
        """Write what differs in these scenes, all of it or nothing."""
        scenes = live_scenes(ids)
        with self._storing():
            after = HandTally(**asdict(self.tally))  # with counts of its own
            there = scenes.count()
            after.after, after.done = ids[-1], after.done + len(ids)
            after.gone += len(ids) - there
            for step in self._edit.steps:
                if after.plan or differing(step, scenes).exists():
                    after.plan = after.plan or self._make_plan()
                    number = self._insert(after.plan, step, scenes)
                    number += after.changes.get(step.field, 0)
                    after.changes[step.field] = number
            self._reporter.checkpoint(asdict(after), (after.after,))
        self.tally = after
        self._reporter.counted(after.result())

    def say_end(self) -> None:
        told = "; ".join(step.words for step in self._edit.steps)
        who = self._edit.who or "Somebody"
        if self.tally.plan:
            said = f"{who} asked for it: {told}. What differs is a plan, accepted."
            self._reporter.log("info", "by_hand", said)
            return
        said = f"{who} asked for it: {told}. It is so already in all of the scenes."
        self._reporter.log("info", "nothing_differs", f"{said} No plan was made.")

    def _keep_plan(self) -> None:
        """Make the plan of an interrupted run this one's, if it is still there."""
        if not self.tally.plan:
            return
        with self._reporter.atomic():
            rows = Plan.objects.filter(pk=self.tally.plan)
            if not rows.update(job_id=self._reporter.job_id):
                self.tally = HandTally()  # it was deleted: all of it is made anew

    @contextmanager
    def _storing(self) -> Iterator[None]:
        self._throttle.wait()
        with self._reporter.atomic():
            began = time.monotonic()
            yield
        self._throttle.after(began)

    def _make_plan(self) -> int:
        edit = self._edit
        sets = SceneSet.objects.filter(pk=edit.scene_set)
        query = sets.values_list("query", flat=True).first() or ""
        plan = Plan.objects.create(
            source_id=edit.source_id,
            name=edit.name[:NAME],
            kind=PlanKind.BY_HAND,
            scope=Scope.FILTER if query else Scope.CHOSEN,
            query=query,
            job_id=self._reporter.job_id,
            by_id=edit.by,
            created_at=self._now,
        )
        for kind, name in {
            (KIND_OF_FIELD[step.field], step.value): None
            for step in edit.steps
            if step.creates
        }:
            Creation.objects.create(
                plan=plan,
                kind=kind,
                name=name,
                state=ACCEPTED,
                decided_by_id=edit.by,
                decided_at=self._now,
            )
        return plan.pk

    def _insert(
        self, plan_id: int, step: EditStep, scenes: "QuerySet[Any, Any]"
    ) -> int:
        """Add a step's changes of these scenes to the plan; returns how many."""
        columns = self._columns(plan_id, step)
        told = {f"told_{name}": value for name, value in columns.items()}
        rows = differing(step, scenes).annotate(**told).order_by("id")
        sql, values = rows.values_list(*told).query.sql_with_params()
        names = ", ".join(f'"{name}"' for name in columns)
        table = Change._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(f'INSERT INTO "{table}" ({names}) {sql}', values)
            return int(cursor.rowcount)

    def _columns(self, plan_id: int, step: EditStep) -> Mapping[str, Any]:
        edit, cause = self._edit, f"by hand: {step.words}"
        when = f"{self._now:%-d %B %Y, %H:%M} UTC"
        sentence = f"{edit.who or 'Somebody'} asked for it on {when}."
        return {
            "plan_id": _number(plan_id),
            "scene_id": F("id"),
            "field": _text(step.field),
            "op": _text(step.op),
            "entity_id": _number(step.entity_id),
            "value": _text(step.value),
            "value_key": _text(step.value_key),
            "before_id": F("studio_id") if step.field == "studio" else _number(None),
            "before": before_of(step),
            "detector": _text(BY_HAND),
            "detector_version": Cast(Value(1), IntegerField()),
            "evidence_kind": _text(BY_HAND),
            "sentence": _text(sentence),
            **dict.fromkeys(("spans", "more_evidence"), _no_list()),
            "confidence": Cast(Value(1.0), FloatField()),
            "level": _text("certain"),
            "cause": _text(cause),
            "cause_key": _text(digest_of(cause)),
            "choice": _text(""),
            "state": _text(ACCEPTED),
            "decided_by_id": _number(edit.by),
            "decided_at": Value(self._now, DateTimeField()),
            "creation_id": _number(self._creation_of(plan_id, step)),
            "objection": _text(""),
        }

    def _creation_of(self, plan_id: int, step: EditStep) -> int | None:
        if not step.creates:
            return None
        rows = Creation.objects.filter(
            plan_id=plan_id, kind=KIND_OF_FIELD[step.field], name=step.value
        )
        return rows.values_list("pk", flat=True).get()


def _text(value: str) -> Any:
    return Value(value, TextField())


def _number(value: int | None) -> Any:
    return Cast(Value(value), BigIntegerField())


def _no_list() -> Any:
    """Return an empty list as each database takes it in a statement of its own."""
    json = "jsonb" if connection.vendor == "postgresql" else "text"
    return RawSQL(f"CAST('[]' AS {json})", [])  # noqa: S611 - two constants


def _count_of(edit: HandEdit) -> int:
    rows = SceneSet.objects.filter(pk=edit.scene_set, source_id=edit.source_id)
    return rows.values_list("count", flat=True).first() or 0


def _parts(set_id: int, after: int) -> Iterator[list[int]]:
    """Yield the scenes of a set behind `after`, some at a time."""
    numbers = SceneSetPart.objects.filter(scene_set_id=set_id).order_by("number")
    for number in numbers.values_list("number", flat=True):
        rows = SceneSetPart.objects.filter(scene_set_id=set_id, number=number)
        packed = rows.values_list("ids", flat=True).first() or b""
        ids = (key for key in unpacked(bytes(packed)) if key > after)
        while some := list(islice(ids, PART)):
            yield some
