"""Reads what a person has dismissed."""

from collections.abc import Sequence

from syncapp.analysis.finding_keys import ValueKey
from syncapp.analysis.merging import Dismissed
from syncapp.filters.number_list import number_list
from syncapp.models import Dismissal
from syncapp.models.rules import Reach

NAMED = ("field", "op", "value_key")


def read_dismissed(source_id: int) -> Dismissed:
    """Return the causes and names of a source; scenes are read with their page."""
    rows = Dismissal.objects.filter(source_id=source_id).order_by()
    causes = rows.filter(reach=Reach.CAUSE).values_list("cause_key", flat=True)
    names = rows.filter(reach=Reach.NAME).values_list(*NAMED)
    return Dismissed(frozenset(causes), frozenset(names))


def with_scenes(dismissed: Dismissed, ids: Sequence[int]) -> Dismissed:
    """Return it with what was dismissed of these scenes; one statement."""
    rows = Dismissal.objects.filter(
        reach=Reach.SCENE, scene_id__in=number_list(ids)
    ).order_by()
    found: dict[int, set[ValueKey]] = {}
    for scene_id, *key in rows.values_list("scene_id", *NAMED):
        field, op, value_key = key
        found.setdefault(scene_id, set()).add((field, op, value_key))
    return dismissed.with_scenes(
        {scene_id: frozenset(keys) for scene_id, keys in found.items()}
    )
