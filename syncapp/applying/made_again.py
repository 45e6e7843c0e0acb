"""What an undo took away from the source and an undo of that undo makes again.

Stash gives it another id then. So the changes that name it wait for what comes, as
those that name what was never there.
"""

from collections.abc import Callable

from syncapp.applying.missing import NOUNS
from syncapp.applying.removals import OFFERED
from syncapp.models import Change, Creation
from syncapp.models.change_states import ChangeState

FIELD_OF = {noun: field for field, noun in NOUNS.items()}


def offer_again(plan_id: int, undo_plan: Callable[[], int]) -> int:
    """Propose to make again what a plan took away; returns how many.

    `undo_plan` makes the plan that they belong to, if there is anything to propose.
    """
    taken = Creation.objects.filter(
        plan_id=plan_id,
        op="remove",
        state=ChangeState.APPLIED,
        entity_id__isnull=False,
    )
    offered = Creation.objects.filter(
        plan__undoes_id=plan_id, op="create", state__in=OFFERED
    )
    known = set(offered.values_list("kind", "name"))
    rows = taken.order_by("id").values_list("kind", "name", "entity_id")
    new = [row for row in rows if row[:2] not in known]
    for kind, name, old_id in new:
        made = Creation.objects.create(
            plan_id=undo_plan(), kind=kind, op="create", name=name
        )
        waiting = Change.objects.filter(
            plan_id=made.plan_id,
            field=FIELD_OF[kind],
            op__in=("set", "add"),
            entity_id=old_id,
        )
        waiting.update(creation=made, entity_id=None)
    return len(new)
