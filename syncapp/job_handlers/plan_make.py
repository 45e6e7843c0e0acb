"""A plan by hand: what somebody changes in many scenes, accepted, not applied yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model

from jobs.errors import BadParams
from jobs.queue.context import JobContext
from jobs.queue.registry import Handler
from syncapp.editing.by_hand import HandEdit, plan_by_hand
from syncapp.editing.steps import steps_of_text
from syncapp.job_handlers.leads import to_plan
from syncapp.job_handlers.params import scene_set_is_there


@dataclass(frozen=True, slots=True)
class HandParams:
    """Of a plan by hand: `steps` as `editing.steps.steps_as_text` writes them."""

    source_id: int
    scene_set: int
    steps: str
    name: str = "Change by hand"  # of the plan
    by: int = 0  # a person's id; 0: nobody's

    def __post_init__(self) -> None:
        try:
            steps = steps_of_text(self.steps)
        except ValueError:
            steps = ()
        if not steps:
            msg = "Say in 'steps' what is to be changed, as a list of steps in JSON."
            raise BadParams(msg)


def run(ctx: JobContext, params: Mapping[str, Any]) -> dict[str, Any]:
    """Run the job; returns its plan, if anything differs, and counts."""
    people = get_user_model().objects.filter(pk=params["by"])
    person = people.first()
    edit = HandEdit(
        source_id=params["source_id"],
        scene_set=params["scene_set"],
        steps=steps_of_text(params["steps"]),
        name=params["name"],
        by=person.pk if person else None,
        who=person.get_username() if person else "",
    )
    return plan_by_hand(ctx, edit)


PLAN_MAKE = Handler(
    kind="plan.make",
    title="Plan by hand",
    run=run,
    params=HandParams,
    check=scene_set_is_there,
    # Two clicks are one plan.
    dedupe="plan.make:{source_id}:{scene_set}:{steps}:{by}",
    leads_to=to_plan,
)
