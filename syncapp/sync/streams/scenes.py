"""Scenes with their files."""

from collections.abc import Iterable
from typing import Any

from syncapp.models import Scene, ScenePerformer, SceneTag
from syncapp.models.keys import row_id
from syncapp.stash.documents import SCENES as ENTITY
from syncapp.stash.records import FileRecord, SceneRecord, decode_scene
from syncapp.sync.stream import LinkTable, Parsed, Stream, ToOne
from syncapp.sync.streams.facts import DERIVED, phash_of, with_facts
from syncapp.sync.streams.fields import moment, pairs, target, targets

COLUMNS = (
    "title",
    "code",
    "details",
    "director",
    "date",
    "rating100",
    "organized",
    "urls",
    "stash_ids",
    "o_counter",
    "play_count",
    "play_duration",
    "resume_time",
    "last_played_at",
    "studio_id",
    *DERIVED,
)


def parse(record: SceneRecord, source_id: int) -> Parsed:
    """Return the columns, links and files of one scene."""
    owner = row_id(source_id, int(record.id))
    plain = Parsed(
        (
            record.title,
            record.code,
            record.details,
            record.director,
            record.date,
            record.rating100,
            record.organized,
            list(record.urls),
            pairs(record.stash_ids),
            record.o_counter,
            record.play_count,
            record.play_duration,
            record.resume_time,
            moment(record.last_played_at),
            target(record.studio, source_id),
        ),
        (
            targets(record.tags, source_id),
            targets(record.performers, source_id),
        ),
        tuple(
            _file(file, place, owner)
            for place, file in enumerate(_each_once(record.files))
        ),
    )
    return with_facts(plain)


def _each_once(files: Iterable[FileRecord]) -> Iterable[FileRecord]:
    """Return the files without those that are told twice: first come first."""
    first: dict[str, FileRecord] = {}
    for file in files:
        first.setdefault(file.id, file)
    return first.values()


def _file(record: FileRecord, position: int, owner: int) -> tuple[Any, ...]:
    """Return one row of SceneFile, in the order of the model's columns."""
    fingerprints = pairs(record.fingerprints)
    return (
        owner,
        int(record.id),
        position,
        record.path,
        record.basename,
        record.size,
        moment(record.mod_time),
        moment(record.created_at),
        moment(record.updated_at),
        record.format,
        record.width,
        record.height,
        record.duration,
        record.video_codec,
        record.audio_codec,
        record.frame_rate,
        record.bit_rate,
        phash_of(fingerprints),
        fingerprints,
    )


SCENES = Stream(
    name="scenes",
    entity=ENTITY,
    model=Scene,
    decode=decode_scene,
    parse=parse,
    columns=COLUMNS,
    links=(
        LinkTable(SceneTag, "scene_id", "tag_id", to="tags", counted=True),
        LinkTable(
            ScenePerformer, "scene_id", "performer_id", to="performers", counted=True
        ),
    ),
    to_one=(ToOne("studio_id", to="studios", counted=True),),
    has_files=True,
    has_history=True,
    derived=DERIVED,
    derive=with_facts,
)
