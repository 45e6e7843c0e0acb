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
from jobs.models import Job
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
            ctx.checkpoint({"next": step + 1}, (step + 1,))
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
    if not Job.objects.get(pk=ctx.job_id).outages:
        sqlite = connection.vendor == "sqlite"
        with connection.cursor() as cursor:
            cursor.execute(
                "PRAGMA query_only = ON"
                if sqlite
                else "SET default_transaction_read_only = on"
            )
    with ctx.atomic():
        ctx.log("info", "wrote", "The job wrote.")


def spin(ctx: JobContext, params: Any) -> None:
    """Return what no JSON column can hold."""
    return {"ratio": float("nan")}  # type: ignore[return-value]


class Mute(Exception):
    def __str__(self) -> str:
        raise ZeroDivisionError


RETURNED = {"a list": ["a list"], "a surrogate": {"half": "\ud800"}}
RAISED = {
    "an error with a surrogate": ValueError("half \ud800"),
    "an error with a NUL": ValueError("nothing \x00"),
    "an error without a text": Mute(),
    "an exit": SystemExit(3),
}


def odd(ctx: JobContext, params: Any) -> Any:
    """Come to an end that cannot be written as it is, or tell such progress."""
    how = params["how"]
    if how in RAISED:
        raise RAISED[how]
    if how == "progress":
        ctx.progress("reels", 2**63, None)
    if how == "counts":
        ctx.counted({"ratio": float("nan")})
    return RETURNED.get(how, {"said": "done"})


def outlive(ctx: JobContext, params: Any) -> None:
    """Tell progress that no column holds; wait until the lease was renewed twice."""
    ctx.progress("reels", 2**63, None)
    seen: set[Any] = set()
    give_up_at = time.monotonic() + params["within"]
    while len(seen) <= 2 and time.monotonic() < give_up_at:
        seen.add(Job.objects.get(pk=ctx.job_id).heartbeat_at)
        ctx.check()
        time.sleep(TICK_S)
    if len(seen) <= 2:
        code = "not_renewed"
        raise JobFailed(code, "Nobody renewed the lease.")


def chatter(ctx: JobContext, params: Any) -> None:
    for number in range(params["lines"]):
        ctx.log("info", "said", f"Line {number}", number=number)


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
    Handler(kind="test.odd", title="Odd", run=odd),
    Handler(kind="test.outlive", title="Outlive", run=outlive),
    Handler(kind="test.chatter", title="Chatter", run=chatter),
    Handler(kind="test.die", title="Die", run=die, max_attempts=2),
)
HANDLERS = (*PROGRAM, *TEST_HANDLERS)
