"""A scene as its page shows it: in a list, and with the job that reads it again."""

from dataclasses import dataclass

from jobs.errors import JobNotFound
from jobs.queries import JobCard, job_card
from syncapp.filters.query_string import ParsedFilter
from syncapp.models.keys import source_of
from syncapp.queries.plan_review import PlanOfScene, plans_of_scene
from syncapp.queries.scene_detail import SceneDetail, scene_by_id
from syncapp.queries.scene_neighbours import Neighbours, neighbours


@dataclass(frozen=True, slots=True)
class SceneInList:
    scene: SceneDetail
    neighbours: Neighbours | None  # None without a list, or one that cannot be read
    resync: JobCard | None  # the job that reads this scene again
    plans: tuple[PlanOfScene, ...] = ()  # what they changed in it, the newest first


def scene_page(
    scene_id: int,
    parsed: ParsedFilter | None = None,
    *,
    sort: str = "",
    job_id: int | None = None,
) -> SceneInList | None:
    """Return a scene and what is beside it in the list; None if it is not there.

    A list that names entities by what is typed is none: its links name them by id.
    """
    scene = scene_by_id(scene_id)
    if scene is None:
        return None
    is_clear = parsed is not None and not (parsed.wrong or parsed.names)
    return SceneInList(
        scene,
        neighbours(scene_id, parsed.filters, sort) if parsed and is_clear else None,
        _resync(job_id, scene) if job_id is not None else None,
        plans_of_scene(scene_id),
    )


def _resync(job_id: int, scene: SceneDetail) -> JobCard | None:
    """Return the job if it reads this very scene: an address may name any."""
    try:
        card = job_card(job_id)
    except JobNotFound:
        return None
    ids = card.params.get("ids")
    is_of_scene = isinstance(ids, list) and scene.remote_id in ids
    is_of_source = card.params.get("source_id") == source_of(scene.scene_id)
    return card if is_of_scene and is_of_source else None
