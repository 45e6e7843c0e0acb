"""What the page writer is compared with: a plain Django loop, and no logic at all."""

import time
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from syncapp.models import Performer, Scene, SceneFile, Studio, Tag
from syncapp.models.keys import row_id
from syncapp.sync.difference import MIRRORED_COLUMNS
from syncapp.sync.stream import FILE_COLUMNS
from syncapp.sync.streams.fields import moment
from syncapp.sync.streams.scenes import SCENES
from syncapp.sync.upserts import put

PAGE = 250


def loop(source_id: int, records: Sequence[Any]) -> float:
    """Write scenes as most programs do; returns scenes per second.

    One `update_or_create` a row and one `set` a relation, in a transaction a scene.
    What scenes link to is there already.
    """
    began = time.perf_counter()
    for raw in records:
        record = SCENES.decode(raw)
        parsed = SCENES.parse(record, source_id)
        own = dict(zip(SCENES.columns, parsed.values, strict=True))
        with transaction.atomic():
            row, _ = Scene.objects.update_or_create(
                id=row_id(source_id, int(record.id)),
                defaults={
                    **own,
                    "source_id": source_id,
                    "remote_id": int(record.id),
                    "remote_created_text": record.created_at,
                    "remote_updated_text": record.updated_at,
                    "remote_created_at": moment(record.created_at),
                    "remote_updated_at": moment(record.updated_at),
                    "content_hash": 1,
                    "synced_at": moment(record.updated_at),
                },
            )
            for number, table in enumerate(SCENES.links):
                relation = {"tags": row.tags, "performers": row.performers}[table.to]
                relation.set(parsed.links[number])
            for file in parsed.files:
                fields = dict(zip(FILE_COLUMNS, file, strict=True))
                SceneFile.objects.update_or_create(id=fields.pop("id"), defaults=fields)
    return len(records) / (time.perf_counter() - began)


def floor(source_id: int, records: Sequence[Any]) -> float:
    """Decode and insert into empty tables, page by page; returns scenes per second."""
    began = time.perf_counter()
    for start in range(0, len(records), PAGE):
        rows, links, files = [], [set() for _ in SCENES.links], []  # type: ignore[var-annotated]
        for raw in records[start : start + PAGE]:
            record = SCENES.decode(raw)
            parsed = SCENES.parse(record, source_id)
            key = row_id(source_id, int(record.id))
            created, updated = moment(record.created_at), moment(record.updated_at)
            rows.append(
                (
                    *(key, source_id, int(record.id)),
                    *(record.created_at, record.updated_at, created, updated),
                    *(1, False, updated, None, None),
                    *parsed.values,
                )
            )
            for number, targets in enumerate(parsed.links):
                links[number].update((key, target) for target in targets)
            files.extend(parsed.files)
        with transaction.atomic():
            put(Scene, (*MIRRORED_COLUMNS, *SCENES.columns), rows)
            for number, table in enumerate(SCENES.links):
                put(table.model, (table.owner, table.target), sorted(links[number]))
            put(SceneFile, FILE_COLUMNS, files)
    return len(records) / (time.perf_counter() - began)


def empty_scenes() -> None:
    """Leave the mirror without scenes, as before a first sync of them."""
    with connection.cursor() as cursor:
        for model in (
            Scene.tags.through,
            Scene.performers.through,
            SceneFile,
            Scene,
        ):
            cursor.execute(f'DELETE FROM "{model._meta.db_table}"')
    for named in (Tag, Performer, Studio):
        named.objects.update(scene_count=0)
