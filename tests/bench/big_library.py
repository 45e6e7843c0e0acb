"""Fills the mirror with an invented library of any size, by a few statements of SQL.

It stands in the tables as after a first load: two sources, twelve tags and three
performers a scene, a few popular ones and many rare. Numbers look random and are the
same each time. No source is asked, so its scenes cannot be synced.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection

from syncapp.filters.values import MISSING_BITS, Missing
from syncapp.models import (
    Performer,
    Scene,
    SceneFile,
    ScenePerformer,
    SceneTag,
    Source,
    Studio,
    Tag,
)
from syncapp.models.keys import row_id
from syncapp.sync.tuning import analyze

TAGS, PERFORMERS, STUDIOS = 5_000, 20_000, 2_000
TAGS_EACH, PERFORMERS_EACH = 12, 3
FILLED = (Tag, Studio, Performer, SceneTag, ScenePerformer, SceneFile, Scene)
FIRST_NAMES = 97  # of all performers
FIRST_SHARE = 0.9  # of all scenes; the rest is of the second source
RARE_SCENES = 5  # of the last tag, performer and studio
PRIME = 2**31 - 1
DETAILS = "Fog over the harbour, a slow tide and the first boats of the morning. " * 5
STAMP = "'2024-05-17T12:00:00Z'"
MOMENT = {
    "sqlite": "datetime('2026-05-17 12:00:00', '-' || ({}) || ' minutes')",
    "postgresql": "timestamptz '2026-05-17 12:00:00Z' - ({}) * interval '1 minute'",
}
TRUTH = {"sqlite": "{}", "postgresql": "({}) = 1"}
JSON = {"sqlite": "{}", "postgresql": "CAST({} AS jsonb)"}
PRINTS = {
    "sqlite": "json_array(json_array('phash', printf('%x', {})))",
    "postgresql": "jsonb_build_array(jsonb_build_array('phash', to_hex({})))",
}


@dataclass(frozen=True, slots=True)
class Shelf:
    """What one source has."""

    source_id: int
    scenes: int
    tags: int
    performers: int
    studios: int


def chance(number: str, draw: int, below: int) -> str:
    """Return SQL for a number from 0 up to `below`, which looks random."""
    mixed = f"((({number}) * 31 + {draw}) * 48271 % {PRIME})"
    return f"({mixed} * {mixed} % {PRIME} % {below})"


def skewed(number: str, draw: int, most: int) -> str:
    """Return SQL for a number from 1 to `most` - 1; small ones come often."""
    part = f"({chance(number, draw, PRIME)} / {PRIME}.0)"
    return f"(1 + CAST({most - 2} * {part} * {part} * {part} * {part} AS bigint))"


def fill(scenes: int) -> tuple[Shelf, Shelf]:
    """Fill the empty mirror; returns what each of the two sources has.

    What is searched and ordered by is not worked out; nor is the database settled.
    """
    first = int(scenes * FIRST_SHARE)
    shelves = (
        _shelf("Archive", first, FIRST_SHARE),
        _shelf("Lectures", scenes - first, 1 - FIRST_SHARE),
    )
    with connection.schema_editor() as editor:
        for model in FILLED:
            for index in model._meta.indexes:
                editor.remove_index(model, index)
    for shelf in shelves:
        _fill_names(shelf)
        _fill_links(shelf)
        _fill_files(shelf)
        _fill_scenes(shelf)
    with connection.schema_editor() as editor:
        for model in FILLED:
            for index in model._meta.indexes:
                editor.add_index(model, index)
    _count_scenes()
    return shelves


def _shelf(name: str, scenes: int, share: float) -> Shelf:
    source = Source.objects.create(name=name, url=f"http://{name.lower()}.invalid:9999")
    return Shelf(
        source.pk, scenes, *(int(n * share) for n in (TAGS, PERFORMERS, STUDIOS))
    )


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def _insert(model: Any, values: dict[str, str], numbers: int, more: str = "") -> None:
    """Insert a row for each number from 1; `values` are SQL over `n`."""
    names = ", ".join(f'"{name}"' for name in values)
    _run(
        "WITH RECURSIVE nums(n) AS (SELECT CAST(1 AS bigint) UNION ALL "
        f"SELECT n + 1 FROM nums WHERE n < {numbers}) "
        f'INSERT INTO "{model._meta.db_table}" ({names}) '
        f"SELECT {', '.join(values.values())} FROM nums WHERE 1 = 1 {more}"
    )


def _vendor(form: dict[str, str], sql: str) -> str:
    return form[connection.vendor].format(sql)


def _shared(shelf: Shelf, age: str) -> dict[str, str]:
    """Return the columns that all mirrored rows have."""
    at = _vendor(MOMENT, age)
    return {
        "id": f"{row_id(shelf.source_id, 0)} + n",
        "source_id": str(shelf.source_id),
        "remote_id": "n",
        "remote_created_text": STAMP,
        "remote_updated_text": STAMP,
        "remote_created_at": at,
        "remote_updated_at": _vendor(MOMENT, f"{age} - {chance('n', 1, 3)}"),
        "content_hash": "n",
        "unsettled": _vendor(TRUTH, "0"),
        "synced_at": _vendor(MOMENT, f"{age} / 2"),
    }


def _empty(model: Any, names: Sequence[str]) -> dict[str, str]:
    """Return columns without content: lists, texts and flags."""
    kinds = {"JSONField": _vendor(JSON, "'[]'"), "BooleanField": _vendor(TRUTH, "0")}
    fields = {field.attname: field.get_internal_type() for field in model._meta.fields}
    return {name: kinds.get(fields[name], "''") for name in names}


def _fill_names(shelf: Shelf) -> None:
    lists = ("aliases", "stash_ids", "ignore_auto_tag")
    shared = _shared(shelf, "n")
    tags = {
        **_empty(Tag, (*lists, "sort_name", "description", "favorite")),
        "name": "'Tag ' || n",
    }
    studios = {
        **_empty(Studio, (*lists, "details", "urls", "favorite")),
        "name": "'Studio ' || n",
    }
    people = {
        **_empty(Performer, (*lists, "disambiguation", "details", "gender", "country")),
        **_empty(Performer, ("birthdate", "death_date", "urls")),
        "name": f"'Narrator' || (n % {FIRST_NAMES}) || ' Reed ' || n",
        "favorite": _vendor(TRUTH, "CASE WHEN n % 100 = 9 THEN 1 ELSE 0 END"),
    }
    _insert(Tag, {**shared, **tags}, shelf.tags)
    _insert(Studio, {**shared, **studios}, shelf.studios)
    _insert(Performer, {**shared, **people}, shelf.performers)


def _fill_links(shelf: Shelf) -> None:
    """Link each scene to tags and performers; some have none."""
    zero = row_id(shelf.source_id, 0)
    for model, column, each, most, without in (
        (SceneTag, "tag_id", TAGS_EACH, shelf.tags, 33),
        (ScenePerformer, "performer_id", PERFORMERS_EACH, shelf.performers, 20),
    ):
        number = f"(1 + (n - 1) / {each})"
        picked = skewed("n", 2, most)
        chosen = (
            f"CASE WHEN {number} <= {RARE_SCENES} AND n % {each} = 0 "
            f"THEN {most} ELSE {picked} END"
        )
        values = {"scene_id": f"{zero} + {number}", column: f"{zero} + {chosen}"}
        more = f"AND {number} % {without} <> 0 ON CONFLICT DO NOTHING"
        _insert(model, values, shelf.scenes * each, more)


def _fill_files(shelf: Shelf) -> None:
    """Give each scene a file, some a second, some none."""
    zero = row_id(shelf.source_id, 0)
    texts = ("format", "video_codec", "audio_codec")
    same = "(CASE WHEN n % 25 = 0 THEN n - 1 ELSE n END)"  # as the scene before
    phash = f"({chance(same, 8, PRIME)} - 1000000000) * 2000000011 + {same}"
    folder = (
        "CASE WHEN n % 100000 = 5 THEN '/films/rare' "
        f"ELSE '/films/' || {chance('n', 3, 300)} END"
    )
    shared = {
        **_empty(SceneFile, texts),
        "path": f"{folder} || '/reel ' || n || '.mkv'",
        "basename": "'reel ' || n || '.mkv'",
        "size": f"1000000 + 2 * {chance('n', 4, PRIME)}",
        "width": "1920",
        "height": f"CASE WHEN n % 50000 = 1 THEN 4320 ELSE {_height()} END",
        "duration": f"10 + {chance('n', 6, 71_900)} / 10.0",
        "frame_rate": "25",
        "bit_rate": f"500000 + {chance('n', 7, 20_000_000)}",
        "phash": phash,
        "fingerprints": _vendor(PRINTS, phash),
    }
    for position, more in ((0, "AND n % 200 <> 3"), (1, "AND n % 50 = 1")):
        values = {
            "scene_id": f"{zero} + n",
            "remote_id": f"2 * n + {position}",
            "position": str(position),
        }
        _insert(SceneFile, {**values, **shared}, shelf.scenes, more)


def _height() -> str:
    place = chance("n", 5, 4)
    return (
        f"CASE {place} WHEN 0 THEN 480 WHEN 1 THEN 720 WHEN 2 THEN 1080 ELSE 2160 END"
    )


def _fill_scenes(shelf: Shelf) -> None:
    key = f"{row_id(shelf.source_id, 0)} + n"
    file = f"FROM syncapp_scenefile f WHERE f.scene_id = {key}"
    studio = (
        f"CASE WHEN n <= {RARE_SCENES} THEN {shelf.studios} "
        f"ELSE {skewed('n', 9, shelf.studios)} END"
    )
    two = "SUBSTR(CAST(101 + {} AS text), 2)"
    day = (
        f"(1990 + {chance('n', 10, 36)}) || '-' || {two.format(chance('n', 11, 12))} "
        f"|| '-' || {two.format(chance('n', 12, 28))}"
    )
    tags = f"(SELECT COUNT(*) FROM syncapp_scenetag t WHERE t.scene_id = {key})"
    people = f"(SELECT COUNT(*) FROM syncapp_sceneperformer p WHERE p.scene_id = {key})"
    lacks = {
        Missing.STUDIO: "n % 5 = 2",
        Missing.PERFORMERS: f"{people} = 0",
        Missing.TAGS: f"{tags} = 0",
        Missing.DATE: "n % 8 = 3",
        Missing.TITLE: "n % 20000 = 9",
        Missing.FILES: "n % 200 = 3",
        Missing.PHASH: "n % 200 = 3",
        Missing.STASH_IDS: "1 = 1",
    }
    bits = [
        f"CASE WHEN {sql} THEN {MISSING_BITS[k]} ELSE 0 END" for k, sql in lacks.items()
    ]
    texts = ("code", "director", "stash_ids")
    values = {
        **_shared(shelf, f"n * 3 + {chance('n', 13, 100_000)}"),
        **_empty(Scene, texts),
        "deleted_at": f"CASE WHEN n % 1000 = 7 THEN {_vendor(MOMENT, 'n')} END",
        "changed_by_job": "1 + n / 20000",
        "title": f"CASE WHEN {lacks[Missing.TITLE]} THEN '' ELSE "
        f"'Harbour ' || {chance('n', 14, 977)} || ' at dawn ' || n END",
        "details": f"SUBSTR('{DETAILS}', CAST(1 + {chance('n', 15, 60)} AS integer))",
        "date": f"CASE WHEN {lacks[Missing.DATE]} THEN '' ELSE {day} END",
        "rating100": f"CASE WHEN n % 3 = 0 THEN 20 * {chance('n', 16, 6)} END",
        "organized": _vendor(
            TRUTH, f"CASE WHEN {chance('n', 17, 10)} < 3 THEN 1 ELSE 0 END"
        ),
        "urls": _vendor(JSON, "'[\"https://nature.example/reel\"]'"),
        "play_count": chance("n", 18, 9),
        "o_counter": f"CASE WHEN n % 40 = 0 THEN {chance('n', 19, 5)} END",
        "studio_id": f"CASE WHEN NOT {lacks[Missing.STUDIO]} "
        f"THEN {row_id(shelf.source_id, 0)} + {studio} END",
        "missing": " + ".join(bits),
        "tag_count": tags,
        "performer_count": people,
        "file_count": f"(SELECT COUNT(*) {file})",
        **{
            name: f"(SELECT f.{name} {file} AND f.position = 0)"
            for name in ("duration", "size", "height", "frame_rate", "bit_rate")
        },
    }
    _insert(Scene, values, shelf.scenes)


def _count_scenes() -> None:
    """Set how many live scenes each tag, performer and studio has."""
    scene = Scene._meta.db_table
    for model, links, column, key in (
        (Tag, SceneTag._meta.db_table, "tag_id", "scene_id"),
        (Performer, ScenePerformer._meta.db_table, "performer_id", "scene_id"),
        (Studio, scene, "studio_id", "id"),
    ):
        _run(
            f'UPDATE "{model._meta.db_table}" SET scene_count = c.number FROM ('
            f"SELECT link.{column} AS target, COUNT(*) AS number FROM {links} AS link "
            f"JOIN {scene} AS row ON row.id = link.{key} WHERE row.deleted_at IS NULL "
            f'GROUP BY link.{column}) AS c WHERE c.target = "{model._meta.db_table}".id'
        )


def settle() -> None:
    """Let the database see what it has, as it does by itself after a while."""
    if connection.vendor == "sqlite":
        for model in apps.get_app_config("syncapp").get_models():
            analyze(model._meta.db_table)
        _run("PRAGMA wal_checkpoint(TRUNCATE)")
    else:
        # Search rows and orders came by an update of each row: its indexes are three
        # times as large as a first load leaves them.
        _run("VACUUM FULL")
        _run("VACUUM ANALYZE")
