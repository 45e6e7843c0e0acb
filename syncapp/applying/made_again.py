"""What an undo took away from the source and an undo of that undo makes again.

Stash gives it another id then. So the changes that name it wait for what comes, as
those that name what was never there.
"""

from collections.abc import Callable

from syncapp.applying.removals import OFFERED, taken_by
from syncapp.models import Change, Creation
from syncapp.models.field_words import KIND_OF_FIELD

FIELD_OF = {kind: field for field, kind in KIND_OF_FIELD.items()}


def offer_again(plan_id: int, undo_plan: Callable[[], int]) -> int:
    """Propose to make again what a plan took away; returns how many.

    `undo_plan` makes the plan that they belong to, if there is anything to propose.
    """
    offered = Creation.objects.filter(
        plan__undoes_id=plan_id, op="create", state__in=OFFERED
    )
    known = set(offered.values_list("kind", "name"))
    taken = taken_by(plan_id).order_by("id")
    rows = taken.values_list("kind", "name", "entity_id")
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
