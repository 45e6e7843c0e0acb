"""Kinds of job for tests, beside the program's own.

They write down each thing they did as an event, in the transaction of its checkpoint:
what stands twice in the log was done twice.
"""

import os
import time
from pathlib import Path
from typing import Any

from django.db import connection

from jobs.errors import JobFailed
from jobs.queue.context import JobContext
from jobs.queue.registry import Handler
from syncapp.job_handlers import HANDLERS as PROGRAM

TICK_S = 0.02


def note(ctx: JobContext, params: Any) -> dict[str, Any]:
    """Return at once what it was given."""
    ctx.log("info", "noted", "The job ran.", pid=os.getpid())
    return {"said": params.get("say", "nothing")}


def tally(ctx: JobContext, params: Any) -> dict[str, Any]:
    """Count on the way, and return something else at the end."""
    ctx.counted({"so far": 1})
    return {"in all": 2}


def steps(ctx: JobContext, params: Any) -> dict[str, Any]:
    """Do `steps` steps; wait before each that `hold` names, until a file is there."""
    place: Any = ctx.resume_from or {"next": 0}
    for step in range(place["next"], params["steps"]):
        _wait_before(ctx, step, params)
        with ctx.atomic():
            ctx.log("info", "step", f"Step {step}", step=step, pid=os.getpid())
            ctx.progress("steps", step + 1, params["steps"])
            ctx.checkpoint({"next": step + 1})
    return {"steps": params["steps"]}


def _wait_before(ctx: JobContext, step: int, params: Any) -> None:
    time.sleep(params.get("step_s", 0))
    gate = params.get("gates", {}).get(str(step))
    while gate is not None and not Path(gate).exists():
        if not params.get("deaf"):
            ctx.check()
        time.sleep(TICK_S)


def crash(ctx: JobContext, params: Any) -> None:
    msg = "a wheel came off"
    raise ZeroDivisionError(msg)


def refuse(ctx: JobContext, params: Any) -> None:
    sentence = "The archive is closed: open it and try again."
    code = "closed"
    raise JobFailed(code, sentence, retriable=bool(params.get("retriable")))


def shut(ctx: JobContext, params: Any) -> None:
    """Find its database read only in the first attempt, as one is whose disk is full.

    Only this connection is shut: the next one to be opened may write again.
    """
    if ctx.attempt == 1:
        sqlite = connection.vendor == "sqlite"
        with connection.cursor() as cursor:
            cursor.execute(
                "PRAGMA query_only = ON"
                if sqlite
                else "SET default_transaction_read_only = on"
            )
    ctx.log("info", "wrote", "The job wrote.")


def spin(ctx: JobContext, params: Any) -> None:
    """Return what no JSON column can hold."""
    return {"ratio": float("nan")}  # type: ignore[return-value]


def die(ctx: JobContext, params: Any) -> None:
    os._exit(9)


TEST_HANDLERS = (
    Handler(kind="test.note", title="Note", run=note),
    Handler(kind="test.tally", title="Tally", run=tally),
    Handler(kind="test.once", title="Once", run=note, dedupe="test.once:{item}"),
    Handler(
        kind="test.steps",
        title="Steps",
        run=steps,
        exclusive="room:{room}",
        dedupe="test.steps:{room}:{names}",
    ),
    Handler(
        kind="test.long",
        title="Long steps",
        run=steps,
        exclusive="room:{room}",
        lane="long",
        priority=-10,
    ),
    Handler(kind="test.crash", title="Crash", run=crash),
    Handler(kind="test.refuse", title="Refuse", run=refuse, max_attempts=2),
    Handler(kind="test.shut", title="Shut", run=shut),
    Handler(kind="test.spin", title="Spin", run=spin),
    Handler(kind="test.die", title="Die", run=die, max_attempts=2),
)
HANDLERS = (*PROGRAM, *TEST_HANDLERS)
