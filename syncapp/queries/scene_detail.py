"""One scene, whole."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from syncapp.models import Scene, SceneFile, Studio
from syncapp.queries.entity_list import EntityRef, shown_name
from syncapp.queries.history import RowHistory, row_history
from syncapp.queries.last_changed_by import ChangedBy, changed_by


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


@dataclass(frozen=True, slots=True)
class SceneDetail:
    scene_id: int
    remote_id: int
    title: str
    source: str
    address: str  # of the scene's page in Stash
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


def scene_by_id(scene_id: int) -> SceneDetail | None:
    """Return a scene with all that is mirrored of it; None if it is not there."""
    rows = Scene.objects.filter(pk=scene_id).select_related("source", "studio")
    scene = rows.first()
    if scene is None:
        return None
    files = tuple(_file(f) for f in scene.files.order_by("position"))
    return SceneDetail(
        scene_id=scene.pk,
        remote_id=scene.remote_id,
        title=scene.title or _basename(files) or "Untitled",
        source=scene.source.name,
        address=f"{scene.source.url.rstrip('/')}/scenes/{scene.remote_id}",
        studio=_studio(scene.studio),
        performers=_named(scene.performers),
        tags=_named(scene.tags),
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
    )


def _named(related: Any) -> tuple[EntityRef, ...]:
    rows = related.order_by("name").values_list("id", "name")
    return tuple(EntityRef(row_id, shown_name(name)) for row_id, name in rows)


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
    )


def _basename(files: tuple[FileDetail, ...]) -> str:
    return files[0].path.replace("\\", "/").rpartition("/")[2] if files else ""
