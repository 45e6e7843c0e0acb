"""Reads from the mirror what scenes are compared by; the one place that does."""

from collections.abc import Iterator, Sequence
from typing import Any

from syncapp.analysis.facts import FileFacts, SceneFacts
from syncapp.models import Scene, SceneFile, SceneTag
from syncapp.models.keys import row_range

PAGE = 2_000  # scenes
UNSIGNED = (1 << 64) - 1
OF_SCENE = ("id", "title", "organized")
OF_FILE = (
    *("path", "duration", "width", "height", "size", "phash"),
    "fingerprints",
)


def fingerprinted_scenes(
    source_id: int, tag_id: int | None = None, *, page: int = PAGE
) -> Iterator[SceneFacts]:
    """Yield the live scenes of a source that have files, by id.

    Each page is three statements. Only what is compared is read: of its tags a scene
    is told to have `tag_id` alone. What a sync writes meanwhile is seen, or not.
    """
    first, end = row_range(source_id)
    while scenes := _scenes(first, end, page):
        first = scenes[-1][0] + 1
        between = (scenes[0][0], scenes[-1][0])
        files, tagged = _files(between), _tagged(between, tag_id)
        for key, title, organized in scenes:
            if key in files:
                yield SceneFacts(
                    scene_id=key,
                    files=tuple(files[key]),
                    title=title,
                    organized=organized,
                    tag_ids=tagged.get(key, frozenset()),
                )


def _scenes(first: int, end: int, page: int) -> Sequence[tuple[int, str, bool]]:
    rows = Scene.objects.filter(id__gte=first, id__lt=end, deleted_at=None)
    return list(rows.order_by("id").values_list(*OF_SCENE)[:page])


def _files(between: tuple[int, int]) -> dict[int, list[FileFacts]]:
    found: dict[int, list[FileFacts]] = {}
    rows = SceneFile.objects.filter(**_within(between))
    for key, *told in rows.order_by("scene_id", "position").values_list(
        "scene_id", *OF_FILE
    ):
        found.setdefault(key, []).append(_file(*told))
    return found


def _file(*told: Any) -> FileFacts:
    values = dict(zip(OF_FILE, told, strict=True))
    if values["phash"] is not None:
        values["phash"] &= UNSIGNED  # it is stored with a sign
    values["fingerprints"] = tuple(map(tuple, values["fingerprints"]))
    return FileFacts(**values)


def _tagged(between: tuple[int, int], tag_id: int | None) -> dict[int, frozenset[int]]:
    if tag_id is None:
        return {}
    rows = SceneTag.objects.filter(tag_id=tag_id, **_within(between))
    tags = frozenset({tag_id})
    return dict.fromkeys(rows.order_by().values_list("scene_id", flat=True), tags)


def _within(between: tuple[int, int]) -> dict[str, int]:
    return {"scene_id__gte": between[0], "scene_id__lte": between[1]}
