"""Apply of a plan: writes what people accepted to its source."""

from collections.abc import Mapping, Sequence
from typing import Any

from jobs.enums import JSON, Trigger
from jobs.errors import BadParams, JobFailed
from jobs.queue.context import JobContext
from jobs.queue.registry import Handler
from jobs.services import create_job
from syncapp.applying.apply import apply_plan
from syncapp.applying.creations import make_missing
from syncapp.applying.journal import ended_by_state
from syncapp.applying.removals import take_away
from syncapp.job_handlers.exit_codes import apply_exit
from syncapp.job_handlers.leads import to_ended_changes
from syncapp.job_handlers.params import MOST_CHOSEN, PlanParams, plan_is_there
from syncapp.models import Change, Creation, Plan, Source
from syncapp.models.change_states import ChangeState
from syncapp.models.keys import remote_id
from syncapp.models.plans import PlanKind
from syncapp.stash.batches import batches
from syncapp.stash.errors import StashError
from syncapp.sync.connect import connect
from syncapp.sync.errors import SyncStopped

APPLY_PLAN = "syncapp.apply_plan"


def run(ctx: JobContext, params: Mapping[str, Any]) -> dict[str, Any]:
    """Run the job; returns how many changes and creations ended how.

    What scenes are to be given is made before any of them is written.

    However it ends, what was written so far is asked to be read: the mirror is written
    by syncs alone.
    """
    source_id, plan_id = params["source_id"], params["plan_id"]
    takes_back = Plan.objects.filter(pk=plan_id, kind=PlanKind.UNDO).exists()
    result: dict[str, Any] = {}
    try:
        at_first = ended_by_state(plan_id)
        with connect(source_id) as client:
            if made := make_missing(ctx, client, plan_id):
                result["creations"] = made
            result["changes"] = apply_plan(
                ctx, client, plan_id, takes_back=takes_back, at_first=at_first
            )
            if taken := take_away(ctx, client, plan_id):
                result["removals"] = taken
    except StashError as exc:
        raise JobFailed(exc.code, _told(exc), retriable=exc.retriable) from exc
    except SyncStopped as exc:
        raise JobFailed(exc.code, str(exc)) from exc
    finally:
        _read_again(ctx.job_id, source_id, _streams(plan_id, result))
    return result


def _told(exc: StashError) -> str:
    if not exc.retriable:
        return str(exc)
    return (
        f"{exc} What is written is written down, and the apply goes on from there: by "
        "itself while its job is queued, by Retry once the job has failed."
    )


def _streams(plan_id: int, result: Mapping[str, Any]) -> list[str]:
    """Return the streams of which a plan made or removed something."""
    if not {"creations", "removals"} & result.keys():
        return []
    kinds = Creation.objects.filter(plan_id=plan_id, state=ChangeState.APPLIED)
    return sorted({f"{kind}s" for kind in kinds.values_list("kind", flat=True)})


def _read_again(job_id: int, source_id: int, streams: Sequence[str]) -> None:
    """Ask for syncs of the scenes that a job wrote, and of what it made or removed."""
    written = Change.objects.filter(written_by_job=job_id).order_by("scene_id")
    keys = list(written.values_list("scene_id", flat=True).distinct())
    name = Source.objects.filter(pk=source_id).values_list("name", flat=True).first()
    for some in batches(keys, MOST_CHOSEN):
        ids: list[JSON] = [remote_id(key) for key in some]
        asked: dict[str, JSON] = {"source_id": source_id, "ids": ids}
        title = f"Sync of what was applied · {name}"
        create_job("sync.scenes", asked, title=title, trigger=Trigger.SYSTEM)
    if streams:
        named: dict[str, JSON] = {"source_id": source_id, "streams": [*streams]}
        title = f"Sync of what was made or removed · {name}"
        create_job("sync.quick", named, title=title, trigger=Trigger.SYSTEM)


def plan_can_be_applied(params: Mapping[str, Any]) -> None:
    """Raise BadParams for a plan that is not of this source, or one that only reads."""
    plan_is_there(params)
    if Source.objects.filter(pk=params["source_id"], read_only=True).exists():
        msg = (
            "This source is read only: nothing is written to it. Allow writing on the "
            "source's page, then apply the plan."
        )
        raise BadParams(msg)


PLAN_APPLY = Handler(
    kind="plan.apply",
    title="Apply of a plan",
    run=run,
    params=PlanParams,
    check=plan_can_be_applied,
    permission=APPLY_PLAN,
    dedupe="plan.apply:{plan_id}",
    exclusive="source:{source_id}",  # no sync of it runs beside an apply
    lane="long",
    exit_code=apply_exit,
    leads_to=to_ended_changes,
)
