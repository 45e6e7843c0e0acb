"""What a sync is compared with: a plain Django loop, and the least that has to be done.

Both read with the real client and map records as the program does.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from django.db import transaction

from syncapp.models import Scene
from syncapp.models.keys import row_id
from syncapp.models.library import SceneFile
from syncapp.stash.reading import Reader
from syncapp.sync.record_diff import MIRRORED_COLUMNS
from syncapp.sync.statements import execute, upsert
from syncapp.sync.stream import FILE_COLUMNS, Parsed, Stream
from syncapp.sync.streams.fields import moment
from syncapp.sync.streams.scenes import SCENES

Row = tuple[Any, ...]
Page = Sequence[msgspec.Raw]


def read(reader: Reader, streams: Iterable[Stream]) -> Iterator[tuple[Stream, Page]]:
    """Yield all pages of the streams, one request after the other."""
    for stream in streams:
        place: int | None = 0
        while place is not None:
            page = reader.page(stream.entity, place)
            place = page.next
            yield stream, page.records


def insert(pages: Iterable[tuple[Stream, Page]], source_id: int) -> None:
    """Decode and insert, a transaction a page; nothing is compared or remembered."""
    for stream, records in pages:
        mapped = [_mapped(stream, record, source_id) for record in records]
        with transaction.atomic():
            columns = (*MIRRORED_COLUMNS, *stream.columns)
            execute(upsert(stream.model, columns, [row for row, _ in mapped]))
            for number, table in enumerate(stream.links):
                pairs = [
                    (r[0], to) for r, parsed in mapped for to in parsed.links[number]
                ]
                execute(upsert(table.model, (table.owner, table.target), pairs))
            files = [file for _, parsed in mapped for file in parsed.files]
            execute(upsert(SceneFile, FILE_COLUMNS, files))


def _mapped(stream: Stream, raw: msgspec.Raw, source_id: int) -> tuple[Row, Parsed]:
    record = stream.decode(raw).record
    parsed = stream.parse(record, source_id)
    number = int(record.id)
    shared = (
        row_id(source_id, number),
        source_id,
        number,
        record.created_at,
        record.updated_at,
        moment(record.created_at),
        moment(record.updated_at),
        1,
        False,
        datetime.now(UTC),
        *(None,) * 5,  # it is not deleted, and no job brought it
    )
    return (*shared, *parsed.values), parsed


def loop(pages: Iterable[tuple[Stream, Page]], source_id: int, most: int) -> int:
    """Write scenes one by one, as one would at first; returns how many."""
    columns = (*MIRRORED_COLUMNS, *SCENES.columns)
    done = 0
    for _, records in pages:
        for record in records:
            row, parsed = _mapped(SCENES, record, source_id)
            values = dict(zip(columns, row, strict=True))
            scene, _ = Scene.objects.update_or_create(
                id=values.pop("id"), defaults=values
            )
            scene.tags.set(parsed.links[0])
            scene.performers.set(parsed.links[1])
            for file in parsed.files:
                of_file = dict(zip(FILE_COLUMNS, file, strict=True))
                SceneFile.objects.update_or_create(
                    scene_id=of_file.pop("scene_id"),
                    remote_id=of_file.pop("remote_id"),
                    defaults=of_file,
                )
            done += 1
            if done == most:
                return done
    return done
