"""What a plan makes at its source beside its changes, or takes away there again."""

from dataclasses import dataclass

from django.db.models import Case, When

from syncapp.models import Creation
from syncapp.models.field_words import KIND_OF_FIELD
from syncapp.models.plans import FIELD_MODELS
from syncapp.queries.deciding import AGAIN, DECIDABLE, as_seen

MOST_CREATIONS = 200  # of a plan's page
WORDS = {"create": "create", "remove": "take away"}
MODELS = {KIND_OF_FIELD[field]: model for field, model in FIELD_MODELS.items()}


@dataclass(frozen=True, slots=True)
class PlannedCreation:
    """A tag, performer or studio to make or to take away."""

    creation_id: int
    kind: str
    name: str
    words: str  # what is to be done with it
    state: str
    objection: str
    seen: str  # as what: see `as_seen`
    row_id: int | None  # if it stands in the mirror
    page: str  # of its kind there

    @property
    def may_be_decided(self) -> bool:
        return self.state in DECIDABLE

    @property
    def was_tried(self) -> bool:
        """Whether an apply could not do it, for what the source held or said."""
        return self.state in AGAIN


def plan_creations(plan_id: int) -> tuple[PlannedCreation, ...]:
    """Return what a plan makes or takes away, first what could not be done.

    As many as a page shows; four queries at most.
    """
    waits = Case(When(state__in=AGAIN, then=0), default=1)  # these are to be seen
    rows = Creation.objects.filter(plan_id=plan_id).order_by(waits, "id")
    names = ("id", "kind", "op", "name", "state", "objection", "entity_id")
    found = list(rows.values(*names)[:MOST_CREATIONS])
    there: dict[str, set[int]] = {}
    for kind in {row["kind"] for row in found}:
        ids = [row["entity_id"] for row in found if row["kind"] == kind]
        known = MODELS[kind].objects.filter(id__in=ids, deleted_at=None)
        there[kind] = set(known.values_list("id", flat=True))
    return tuple(
        PlannedCreation(
            creation_id=row["id"],
            kind=row["kind"],
            name=row["name"],
            words=WORDS[row["op"]],
            state=row["state"],
            objection=row["objection"],
            seen=as_seen(row["state"], row["objection"]),
            row_id=_known(row["entity_id"], there[row["kind"]]),
            page=f"syncapp:{row['kind']}",
        )
        for row in found
    )


def _known(row_id: int | None, there: set[int]) -> int | None:
    return row_id if row_id in there else None
