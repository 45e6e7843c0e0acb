"""One scene, whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from syncapp.filters.query_string import LONGEST_TEXT
from syncapp.filters.scene_sql import SEPARATORS
from syncapp.models import Scene, SceneFile, Studio
from syncapp.queries.entity_list import EntityRef, shown_name
from syncapp.queries.history import RowHistory, row_history
from syncapp.queries.last_changed_by import ChangedBy, changed_by
from syncapp.queries.raw_scene import raw_scene
from syncapp.queries.stash_pages import page_in_stash


@dataclass(frozen=True, slots=True)
class FileDetail:
    path: str
    size: int | None  # bytes
    duration_s: float | None
    width: int | None
    height: int | None
    frame_rate: float | None
    bit_rate: int | None  # bits per second
    codecs: str
    fingerprints: tuple[tuple[str, str], ...]
    folder: str  # with the separator after it
    name: str  # the rest of its path
    is_folder_listed: bool  # whether a list can be narrowed to the folder


@dataclass(frozen=True, slots=True)
class SceneDetail:
    scene_id: int
    remote_id: int
    title: str
    source: str
    address: str  # of the scene's page in Stash; empty if it was removed there
    studio: EntityRef | None
    performers: tuple[EntityRef, ...]
    tags: tuple[EntityRef, ...]
    facts: tuple[tuple[str, str], ...]  # (label, value), those that are set
    details: str
    urls: tuple[str, ...]
    stash_ids: tuple[tuple[str, str], ...]
    files: tuple[FileDetail, ...]
    remote_created_at: datetime
    remote_updated_at: datetime
    last_played_at: datetime | None
    synced_at: datetime
    deleted_at: datetime | None
    changed_by: ChangedBy | None
    history: RowHistory
    raw: str  # all that is mirrored, as JSON


def scene_by_id(scene_id: int) -> SceneDetail | None:
    """Return a scene with all that is mirrored of it; None if it is not there."""
    rows = Scene.objects.filter(pk=scene_id).select_related("source", "studio")
    scene = rows.first()
    if scene is None:
        return None
    rows_of_files = list(scene.files.order_by("position"))
    files = tuple(_file(row) for row in rows_of_files)
    performers, tags = _named(scene.performers, "disambiguation"), _named(scene.tags)
    named = {"performers": performers, "tags": tags}
    return SceneDetail(
        scene_id=scene.pk,
        remote_id=scene.remote_id,
        title=scene.title or _basename(files) or "Untitled",
        source=scene.source.name,
        address=page_in_stash(scene.source, "scenes", scene),
        studio=_studio(scene.studio),
        performers=performers,
        tags=tags,
        facts=_facts(scene),
        details=scene.details,
        urls=tuple(scene.urls),
        stash_ids=tuple((endpoint, number) for endpoint, number in scene.stash_ids),
        files=files,
        remote_created_at=scene.remote_created_at,
        remote_updated_at=scene.remote_updated_at,
        last_played_at=scene.last_played_at,
        synced_at=scene.synced_at,
        deleted_at=scene.deleted_at,
        changed_by=changed_by(scene.changed_by_job),
        history=row_history("scenes", scene.pk),
        raw=raw_scene(scene, rows_of_files, _by_id(named)),
    )


def _named(related: Any, *notes: str) -> tuple[EntityRef, ...]:
    rows = related.order_by("name", "id").values_list("id", "name", *notes)
    return tuple(EntityRef(row_id, shown_name(*name)) for row_id, *name in rows)


def _by_id(named: Mapping[str, tuple[EntityRef, ...]]) -> dict[str, dict[int, str]]:
    return {
        kind: {ref.row_id: ref.name for ref in refs} for kind, refs in named.items()
    }


def _studio(studio: Studio | None) -> EntityRef | None:
    return EntityRef(studio.pk, shown_name(studio.name)) if studio else None


def _facts(scene: Scene) -> tuple[tuple[str, str], ...]:
    rating = None if scene.rating100 is None else f"{scene.rating100} of 100"
    values = {
        "Date": scene.date,
        "Rating": rating,
        "Organised": "yes" if scene.organized else "no",
        "Code": scene.code,
        "Director": scene.director,
        "Plays": scene.play_count,
        "O-counter": scene.o_counter,
    }
    return tuple((k, str(v)) for k, v in values.items() if v not in {None, ""})


def _file(file: SceneFile) -> FileDetail:
    codecs = (file.video_codec, file.audio_codec, file.format)
    folder, name = _parted(file.path)
    return FileDetail(
        path=file.path,
        size=file.size,
        duration_s=file.duration,
        width=file.width,
        height=file.height,
        frame_rate=file.frame_rate,
        bit_rate=file.bit_rate,
        codecs=", ".join(part for part in codecs if part),
        fingerprints=tuple((kind, value) for kind, value in file.fingerprints),
        folder=folder,
        name=name,
        is_folder_listed=_can_be_asked_for(folder),
    )


def _parted(path: str) -> tuple[str, str]:
    """Return a path's folder, up to its last separator of either kind, and its name."""
    start = 1 + max(path.rfind(separator) for separator in SEPARATORS)
    return path[:start], path[start:]


def _can_be_asked_for(folder: str) -> bool:
    """Return whether an address can name it: it is read without spaces around it."""
    return folder.strip() == folder != "" and len(folder) <= LONGEST_TEXT


def _basename(files: tuple[FileDetail, ...]) -> str:
    return files[0].name if files else ""
