"""What an apply would send, by the mirror alone: nothing is asked, nothing written."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from syncapp.applying import journal
from syncapp.applying.forecast import GONE
from syncapp.applying.intents import (
    ChangeVerdict,
    Intent,
    judge_change,
    scene_input,
    writes_of,
)
from syncapp.models import Change, Scene, ScenePerformer, SceneTag
from syncapp.models.change_states import ChangeState
from syncapp.models.keys import remote_id
from syncapp.stash.scene_writing import SceneValues, scene_variables

BATCH = 200  # scenes of one look at the mirror
COLUMNS = ("id", "title", "details", "date", "rating100", "organized", "studio_id")


@dataclass(frozen=True, slots=True)
class ForeseenScene:
    """What an apply would do with one scene if the source holds what the mirror does.

    `writes`: the variables of each write. `verdicts`: how many changes would be
    written, skipped or in conflict, and of how many the scene is gone.
    """

    scene_id: int
    remote_id: int
    writes: tuple[dict[str, Any], ...]
    verdicts: Mapping[str, int]


def foreseen_scenes(plan_id: int, after: int = 0) -> Iterator[ForeseenScene]:
    """Yield each scene behind row `after` with accepted changes, in the apply's order.

    Five queries for a batch of them.
    """
    while batch := journal.next_scenes(plan_id, ChangeState.ACCEPTED, after, BATCH):
        new = _elements_to_come([i.change_id for scene in batch for i in scene.intents])
        held = mirrored_values([scene.scene_id for scene in batch])
        for scene in batch:
            intents = [
                replace(each, value=new.get(each.change_id, each.value))
                for each in scene.intents
            ]
            yield _foreseen(scene.scene_id, intents, held.get(scene.scene_id))
        after = batch[-1].scene_id


def mirrored_values(scene_ids: Sequence[int]) -> dict[int, SceneValues]:
    """Return what the mirror holds of these scenes, as the source would tell it."""
    performers = _links(ScenePerformer, scene_ids, "performer_id")
    tags = _links(SceneTag, scene_ids, "tag_id")
    rows = Scene.objects.filter(id__in=scene_ids, deleted_at=None).order_by()
    return {
        row["id"]: SceneValues(
            title=row["title"],
            details=row["details"],
            date=row["date"],
            rating=row["rating100"],
            organized=row["organized"],
            studio=None if row["studio_id"] is None else remote_id(row["studio_id"]),
            performers=frozenset(performers.get(row["id"], ())),
            tags=frozenset(tags.get(row["id"], ())),
        )
        for row in rows.values(*COLUMNS)
    }


def _foreseen(
    scene_id: int, intents: Sequence[Intent], held: SceneValues | None
) -> ForeseenScene:
    number = remote_id(scene_id)
    if held is None:
        return ForeseenScene(scene_id, number, (), {GONE: len(intents)})
    verdicts = {each.change_id: judge_change(each, held) for each in intents}
    going = [
        each for each in intents if verdicts[each.change_id] is ChangeVerdict.WRITE
    ]
    writes = tuple(
        scene_variables(number, scene_input(part)) for part in writes_of(going)
    )
    counts = Counter(verdict.value for verdict in verdicts.values())
    return ForeseenScene(scene_id, number, writes, dict(counts))


def _elements_to_come(change_ids: Collection[int]) -> dict[int, str]:
    """Return what stands for the id of an element that is made first, by change."""
    rows = Change.objects.filter(
        pk__in=change_ids, entity_id=None, creation__isnull=False
    )
    named = rows.values_list("id", "creation__kind", "creation__name")
    return {key: f"<id of the new {kind} “{name}”>" for key, kind, name in named}


def _links(model: Any, scene_ids: Sequence[int], to: str) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    rows = model.objects.filter(scene_id__in=scene_ids).order_by()
    for scene_id, key in rows.values_list("scene_id", to):
        found.setdefault(scene_id, []).append(remote_id(key))
    return found
