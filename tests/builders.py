"""Rows for tests: small, invented, whole enough to be shown."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from syncapp.models import (
    ChangeSet,
    Claim,
    HistoryEntry,
    Performer,
    Scene,
    SceneFile,
    ScenePerformer,
    SceneSet,
    SceneSetPart,
    SceneTag,
    Source,
    Studio,
    Tag,
    TagParent,
)
from syncapp.models.keys import row_id
from syncapp.models.packed_ids import PART, gather
from syncapp.stash.batches import batches
from syncapp.sync.facts import facts_statements
from syncapp.sync.reindex import PARTS
from syncapp.sync.statements import execute
from syncapp.sync.streams import STREAMS
from syncapp.sync.streams.scenes import SCENES

PASSWORD = "between-tides-1931"
NOON = datetime(2024, 5, 17, 12, 0, tzinfo=UTC)
STAMP = "2024-05-17T12:00:00Z"
_WAITING: list[defaultdict[type[Any], list[int]]] = []  # of `indexed_at_once`


def make_claim() -> None:
    """Make this a Steward that has had its first administrator."""
    Claim.objects.get_or_create(defaults={"claimed_at": NOON})


def make_person(name: str = "ada", *permissions: str, **fields: Any) -> Any:
    """Make a user of a Steward that is set up; `permissions` as in "jobs.run_job"."""
    make_claim()
    person = get_user_model().objects.create_user(name, password=PASSWORD, **fields)
    for permission in permissions:
        app, _, codename = permission.partition(".")
        person.user_permissions.add(
            Permission.objects.get(content_type__app_label=app, codename=codename)
        )
    return person


def make_source(name: str = "Film archive", **fields: Any) -> Source:
    return Source.objects.create(name=name, **{"url": "http://nas:9999", **fields})


def mirrored(source: Source, remote_id: int) -> dict[str, Any]:
    """Return the columns that all rows of a mirror have."""
    return {
        "id": row_id(source.pk, remote_id),
        "source": source,
        "remote_id": remote_id,
        "remote_created_text": STAMP,
        "remote_updated_text": STAMP,
        "remote_created_at": NOON,
        "remote_updated_at": NOON,
        "content_hash": 7,
        "synced_at": NOON,
    }


def index(row: Any) -> Any:
    """Work out what a sync would have: how the row is found and ordered."""
    if _WAITING:
        _WAITING[-1][type(row)].append(row.pk)
        return row
    _index(type(row), [row.pk])
    row.refresh_from_db()
    return row


def _index(model: type[Any], keys: Sequence[int]) -> None:
    (stream,) = (each for each in STREAMS if each.model is model)
    for part in PARTS:
        execute(part(stream, keys))


@contextmanager
def indexed_at_once() -> Iterator[None]:
    """Index what is made meanwhile at the end: most of what a row costs is saved.

    The rows that were made do not have it; the database does.
    """
    _WAITING.append(defaultdict(list))
    try:
        yield
    finally:
        made = _WAITING.pop()
    for model, keys in made.items():
        _index(model, keys)


def make_tag(source: Source, remote_id: int, name: str, **fields: Any) -> Any:
    parent = fields.pop("parent", None)
    tag = Tag.objects.create(name=name, **{**mirrored(source, remote_id), **fields})
    if parent is not None:
        TagParent.objects.create(tag=tag, parent=parent)
    return index(tag)


def make_studio(source: Source, remote_id: int, name: str, **fields: Any) -> Any:
    values = {**mirrored(source, remote_id), **fields}
    return index(Studio.objects.create(name=name, **values))


def make_performer(source: Source, remote_id: int, name: str, **fields: Any) -> Any:
    values = {**mirrored(source, remote_id), **fields}
    return index(Performer.objects.create(name=name, **values))


def make_scene(source: Source, remote_id: int, title: str, **fields: Any) -> Any:
    """Make a scene with one file; `tags` and `performers` are rows to link."""
    tags, performers = fields.pop("tags", ()), fields.pop("performers", ())
    path = fields.pop("path", f"/films/reel {remote_id}.mkv")
    values = {**mirrored(source, remote_id), **fields}
    scene = Scene.objects.create(title=title, **values)
    for tag in tags:
        SceneTag.objects.create(scene=scene, tag=tag)
    for performer in performers:
        ScenePerformer.objects.create(scene=scene, performer=performer)
    SceneFile.objects.create(
        scene=scene,
        remote_id=remote_id,
        position=0,
        path=path,
        basename=path.rpartition("/")[2],
        duration=3_725.4,
        width=1920,
        height=1080,
        size=1_500_000_000,
        fingerprints=[["oshash", "5c1a3a0e77d4a7f1"]],
    )
    return index(scene)


def make_scene_set(
    source: Source, keys: Sequence[int], *, part: int = PART, **fields: Any
) -> int:
    """Make a set of the scenes with these row ids, in such parts; returns its id."""
    (ids,) = gather(keys).sources
    values = {"created_at": NOON, "used_at": NOON, **fields}
    made = SceneSet.objects.create(
        source=source, digest=ids.digest, count=ids.count, **values
    )
    for number, some in enumerate(batches(keys, part)):
        ((packed,),) = (each.parts for each in gather(some).sources)
        SceneSetPart.objects.create(scene_set=made, number=number, ids=packed)
    return made.pk


def make_entry(
    row: Any,
    at: datetime,
    changes: dict[str, Any],
    *,
    job_id: int | None = None,
    what: str = "changed",
) -> None:
    """Note that a job changed a row of the mirror."""
    stream = str(row._meta.verbose_name_plural)
    HistoryEntry.objects.create(
        stream=stream, row_id=row.pk, at=at, job_id=job_id, what=what, changes=changes
    )
    if job_id is not None:
        ChangeSet.objects.get_or_create(
            job_id=job_id, defaults={"source_id": row.source_id, "at": at}
        )


def work_out_facts(*row_ids: int) -> None:
    """Fill in what lists narrow scenes by, after their links and files were made."""
    execute(facts_statements(SCENES, row_ids))


@indexed_at_once()
def make_library(source: Source, *, scenes: int = 3) -> None:
    """Make a few rows of everything, linked to each other."""
    studio = make_studio(source, 1, "Tideline Films")
    make_studio(source, 2, "Tideline Shorts", parent=studio)
    sea = make_tag(source, 1, "Sea")
    tags = [sea, make_tag(source, 2, "Tide pools", parent=sea)]
    performers = [make_performer(source, n, f"Narrator {n}") for n in range(1, 6)]
    for number in range(1, scenes + 1):
        make_scene(
            source,
            number,
            f"Harbour at Dawn {number}",
            date=f"2024-05-{number % 28 + 1:02}",
            studio=studio,
            tags=tags,
            performers=performers,
        )
