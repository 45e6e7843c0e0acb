"""Scenes with their files."""

from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any

from syncapp.models import Scene, ScenePerformer, SceneTag
from syncapp.models.keys import row_id
from syncapp.stash.documents import SCENES as ENTITY
from syncapp.stash.records import FileRecord, SceneRecord, decode_scene
from syncapp.sync.stream import FILE_COLUMNS, LinkTable, Parsed, Stream, ToOne
from syncapp.sync.streams.facts import FACTS, phash_of, with_facts
from syncapp.sync.streams.fields import moment, pairs, target, targets
from syncapp.text.documents import SearchTexts
from syncapp.text.folding import order_key

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
    "title_key",
    *FACTS,
)
OF_TEXT = ("title", "code", "details", "studio_id")
TITLE, CODE, DETAILS, STUDIO = map(COLUMNS.index, OF_TEXT)
POSITION, PATH, BASENAME = map(FILE_COLUMNS.index, ("position", "path", "basename"))


def parse(record: SceneRecord, source_id: int) -> Parsed:
    """Return the columns, links and files of one scene."""
    owner = row_id(source_id, int(record.id))
    first = record.files[0].basename if record.files else ""
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
            order_key(record.title or first),
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


def _document(parsed: Parsed) -> SearchTexts:
    """Return by what a scene is found: its texts and paths.

    It is found by names that it links to as well: see filters/search_sql.py.
    """
    values = parsed.values
    return SearchTexts(
        names=(values[TITLE], values[CODE]),
        path=tuple(file[PATH] for file in _in_order(parsed.files)),
        details=(values[DETAILS],),
    )


def _order_text(parsed: Parsed) -> str:
    """Return what a scene is called in lists: its title, or its first file's name."""
    title: str = parsed.values[TITLE]
    if title or not parsed.files:
        return title
    basename: str = _in_order(parsed.files)[0][BASENAME]
    return basename


def _in_order(files: Sequence[tuple[Any, ...]]) -> Sequence[tuple[Any, ...]]:
    return sorted(files, key=itemgetter(POSITION)) if len(files) > 1 else files


SCENES = Stream(
    name="scenes",
    entity=ENTITY,
    model=Scene,
    decode=decode_scene,
    parse=parse,
    columns=COLUMNS,
    document=_document,
    order_text=_order_text,
    derived=("title_key", *FACTS),
    links=(
        LinkTable(SceneTag, "scene_id", "tag_id", to="tags", counted=True),
        LinkTable(
            ScenePerformer, "scene_id", "performer_id", to="performers", counted=True
        ),
    ),
    to_one=(ToOne("studio_id", to="studios", counted=True),),
    has_files=True,
    derive=with_facts,
)
