"""The jobs of the fault bench: each step leaves a row, written with its checkpoint.

Nothing keeps a row from being there twice: a step that was done twice can be seen.
"""

import os
import time
from typing import Any

from django.db import connection

from jobs.enums import Lane
from jobs.errors import JobFailed
from jobs.queue.context import JobContext
from jobs.queue.registry import Handler
from syncapp.job_handlers import HANDLERS as PROGRAM

TABLE = "fault_effect"
_INSERT = f"INSERT INTO {TABLE} (work, step, job_id, pid) VALUES (%s, %s, %s, %s)"


def make_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE {TABLE} (work varchar(40) NOT NULL, step integer NOT NULL,"
            " job_id bigint NOT NULL, pid integer NOT NULL)"
        )


def work(ctx: JobContext, params: Any) -> dict[str, Any]:
    """Do `steps` steps of `step_s` each; fail for good once before `stumble_at`.

    A retry takes the checkpoint with it, and with that the work that was done.
    """
    place: dict[str, Any] = dict(ctx.resume_from or {"next": 0})
    for step in range(place["next"], params["steps"]):
        time.sleep(params["step_s"])
        ctx.check()
        if step == params.get("stumble_at") and "stumbled" not in place:
            ctx.checkpoint({"next": step, "stumbled": True}, (step,))
            raise JobFailed("stumbled", "The reel tore: mend it and retry.")  # noqa: EM101
        with ctx.atomic():
            _do(params["work"], step, ctx.job_id)
            ctx.progress("steps", step + 1, params["steps"])
            place = {**place, "next": step + 1}
            ctx.checkpoint(place, (step + 1,))
    return {"steps": params["steps"]}


def _do(name: str, step: int, job_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [name, step, job_id, os.getpid()])


def nothing(_ctx: JobContext, _params: Any) -> None:
    """Do nothing: what remains is what every job costs."""


HANDLERS = (
    *PROGRAM,
    Handler(kind="faults.work", title="Work", run=work),
    Handler(kind="faults.long", title="Long work", run=work, lane=Lane.LONG),
    Handler(kind="faults.keyed", title="Keyed", run=work, exclusive="room:{room}"),
    Handler(kind="faults.nothing", title="Nothing", run=nothing),
)
