"""What the mirror holds now of what a page of a plan is about."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from jobs.queries import titles_of
from syncapp.applying.stored import stored_value
from syncapp.models import Dismissal, Scene, ScenePerformer, SceneTag, Source
from syncapp.models.field_words import shown_value
from syncapp.models.keys import remote_id, row_id
from syncapp.models.plans import FIELD_MODELS, TEXT_FIELDS
from syncapp.models.rules import Reach
from syncapp.queries.entity_list import shown_name
from syncapp.queries.planned_scenes import PlannedChange, PlannedScene
from syncapp.queries.stash_pages import page_in_stash
from syncapp.text.digests import key_of_value

ENTITY_PAGES = {
    "studio": "syncapp:studio",
    "performers": "syncapp:performer",
    "tags": "syncapp:tag",
}
TEXT_COLUMNS = {name: name for name in TEXT_FIELDS} | {"rating": "rating100"}
LINKS: Mapping[str, Any] = {"performers": ScenePerformer, "tags": SceneTag}
LINKED_BY = {"performers": "performer_id", "tags": "tag_id"}


@dataclass(frozen=True, slots=True)
class NamedValue:
    """A value of a field, and the page of what it names."""

    text: str
    row_id: int | None = None  # None: a text, or not in the mirror
    page: str = ""  # the address' name
    name_now: str = ""  # where it is called otherwise by now


@dataclass(frozen=True, slots=True)
class SceneNow:
    """A scene as it is mirrored now."""

    texts: Mapping[str, str]  # title, date and so on, as changes store them
    studio_id: int | None
    studio: str
    in_stash: str  # the address of its page there


@dataclass(frozen=True, slots=True)
class PlanNow:
    """All that a page of a plan is compared with."""

    scenes: Mapping[int, SceneNow]  # those that are there
    links: Mapping[str, Collection[tuple[int, int]]]  # (scene, entity), by field
    names: Mapping[tuple[str, int], str]  # of entities that are there, by field
    dismissed: Collection[tuple[Any, ...]] = field(default_factory=frozenset)
    jobs: Mapping[int, str] = field(default_factory=dict)  # titles of those that wrote

    def reaches(self, scene_id: int, change: PlannedChange) -> tuple[Reach, ...]:
        """Return how far dismissals reach that this change falls under."""
        return tuple(
            reach
            for reach in Reach
            if dismissal_key(reach, scene_id, change) in self.dismissed
        )


def dismissal_key(
    reach: Reach, scene_id: int, change: PlannedChange
) -> tuple[Any, ...]:
    """Return by what a dismissal of this reach knows this change."""
    if reach is Reach.CAUSE:
        return reach.value, change.cause
    key = key_of_value(change.value if change.entity_id is None else change.entity_id)
    value = (change.field, change.op, key)
    if reach is Reach.NAME:
        return reach.value, *value
    return reach.value, scene_id, *value


def named_value(field: str, text: str, key: int | None, now: PlanNow) -> NamedValue:
    """Return a value as it was kept, with the name of what it names by now."""
    if key is None:
        return NamedValue(shown_value(field, text))
    name = now.names.get((field, key))
    if name is None:
        return NamedValue(text or f"{field} {remote_id(key)}")
    # What was kept may end with what tells performers apart: "Ida Berg (painter)".
    same = text == name or text.startswith(f"{name} (")
    return NamedValue(
        text=text or name,
        row_id=key,
        page=ENTITY_PAGES[field],
        name_now="" if same or not text else name,
    )


def plan_now(source_id: int, scenes: Iterable[PlannedScene]) -> PlanNow:
    """Return what a page of a plan is compared with; nine queries at most."""
    shown = {scene.scene_id: scene.changes for scene in scenes}
    changes = [change for each in shown.values() for change in each]
    return PlanNow(
        scenes=_scenes(source_id, shown),
        links={name: _links(name, shown) for name in LINKS},
        names=_names(source_id, changes),
        dismissed=_dismissed(source_id, shown, changes),
        jobs=titles_of(c.written_by_job for c in changes if c.written_by_job),
    )


def _scenes(source_id: int, scene_ids: Iterable[int]) -> dict[int, SceneNow]:
    source = Source.objects.filter(pk=source_id).first()
    rows = Scene.objects.filter(id__in=list(scene_ids), deleted_at=None)
    columns = ("source_id", "remote_id", *TEXT_COLUMNS.values(), "deleted_at")
    found = rows.select_related("studio").only(*columns, "studio__name")
    return {
        row.pk: SceneNow(
            texts=_texts_now(row),
            studio_id=row.studio_id,
            studio=shown_name(row.studio.name) if row.studio else "",
            in_stash=page_in_stash(source, "scenes", row) if source else "",
        )
        for row in found
    }


def _texts_now(row: Scene) -> dict[str, str]:
    """Return what of a scene changes are stored as texts, as they store it."""
    return {
        name: stored_value(name, getattr(row, column), row.source_id).text
        for name, column in TEXT_COLUMNS.items()
    }


def _links(
    name: str, shown: Mapping[int, Iterable[PlannedChange]]
) -> frozenset[tuple[int, int]]:
    """Return which of the scenes have which of the entities that changes name."""
    ids = [c.entity_id for each in shown.values() for c in each if c.field == name]
    by = LINKED_BY[name]
    rows = LINKS[name].objects.filter(scene_id__in=list(shown), **{f"{by}__in": ids})
    return frozenset(rows.order_by().values_list("scene_id", by))


def _names(
    source_id: int, changes: Iterable[PlannedChange]
) -> dict[tuple[str, int], str]:
    wanted: dict[str, set[int]] = {name: set() for name in FIELD_MODELS}
    for change in changes:
        told = (change.entity_id, change.before_id)
        if change.field in wanted:
            wanted[change.field].update(each for each in told if each is not None)
        if change.field == "studio":  # its images are ids of the source
            images = (change.image_before, change.image_found)
            held: list[Any] = [i["is"] for i in images if i and i["is"]]
            wanted["studio"].update(row_id(source_id, int(each)) for each in held)
    found: dict[tuple[str, int], str] = {}
    for name, ids in wanted.items():
        rows = FIELD_MODELS[name].objects.filter(id__in=sorted(ids)).order_by()
        found |= {(name, key): told for key, told in rows.values_list("id", "name")}
    return found


def _dismissed(
    source_id: int, scene_ids: Iterable[int], changes: Iterable[PlannedChange]
) -> frozenset[tuple[Any, ...]]:
    """Return what of these is never to be proposed again, by `dismissal_key`."""
    keys = {
        key_of_value(each.value if each.entity_id is None else each.entity_id)
        for each in changes
    }
    rows = Dismissal.objects.filter(
        Q(reach=Reach.SCENE, scene_id__in=list(scene_ids))
        | Q(reach=Reach.CAUSE, cause_key__in={each.cause for each in changes})
        | Q(reach=Reach.NAME, value_key__in=keys),
        source_id=source_id,
    ).order_by()
    columns = ("reach", "scene_id", "field", "op", "value_key", "cause_key")
    return frozenset(map(_key_of, rows.values_list(*columns)))


def _key_of(row: tuple[Any, ...]) -> tuple[Any, ...]:
    reach, scene_id, *value, cause_key = row
    if reach == Reach.CAUSE:
        return reach, cause_key
    return (reach, *value) if reach == Reach.NAME else (reach, scene_id, *value)
