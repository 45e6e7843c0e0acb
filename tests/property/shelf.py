"""A library of made-up scenes, in the database and as plain values."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from syncapp.models import (
    SEARCH,
    Performer,
    Scene,
    SceneFile,
    ScenePerformer,
    SceneTag,
    Studio,
    Tag,
    TagParent,
)
from syncapp.models.keys import row_id
from syncapp.stash.batches import batches
from syncapp.sync.reindex import search_statements
from syncapp.sync.statements import execute
from syncapp.sync.streams import STREAMS
from syncapp.sync.tuning import analyze
from tests.builders import STAMP, make_source, work_out_facts

SCENES = 2_000
TAGS, STUDIOS, PEOPLE = 40, 12, 30
NOW = datetime(2026, 5, 17, 12, 0, tzinfo=UTC)
WORDS = ("Harbour", "dusk", "100%", "under_score", "Fog")
FOLDERS = ("/films", "/films/archive", "/Films", "D:\\films", "/films2", "/film%")
JOBS = (7, 8, None)
MOMENTS = {
    "added": "remote_created_at",
    "updated": "remote_updated_at",
    "changed": "synced_at",
}
# Of files that look alike; the last two are none.
PRINTS = ("f0e1d2c3b4a59687", "0e1d2c3b4a596871", "00ab", "ab", "AB", "xyz", "1" * 17)


@dataclass
class Shelf:
    """What a plain loop needs of a library, by row id."""

    scenes: dict[int, dict[str, Any]] = field(default_factory=dict)
    tag_parents: set[tuple[int, int]] = field(default_factory=set)  # (tag, parent)
    studio_parents: set[tuple[int, int]] = field(default_factory=set)
    favorites: set[int] = field(default_factory=set)
    ids: dict[str, list[int]] = field(default_factory=dict)
    sources: list[int] = field(default_factory=list)
    names: dict[str, dict[int, str]] = field(default_factory=dict)
    alike: frozenset[int] = frozenset()


def stamps(source: int, number: int, at: datetime = NOW) -> dict[str, Any]:
    return {
        "id": row_id(source, number),
        "source_id": source,
        "remote_id": number,
        "remote_created_text": STAMP,
        "remote_updated_text": STAMP,
        "remote_created_at": at,
        "remote_updated_at": at,
        "content_hash": 7,
        "synced_at": at,
    }


def make_shelf(random: Random) -> Shelf:
    shelf = Shelf()
    shelf.sources = [make_source().pk, make_source("Lectures", url="http://b").pk]
    _make_names(shelf, random)
    scenes, files, tags, people = [], [], [], []
    for number in range(1, SCENES + 1):
        told = _scene(shelf, random, number)
        links = {"tags": told.pop("tags"), "performers": told.pop("performers")}
        parts = told.pop("files")
        scenes.append(Scene(**told))
        key = told["id"]
        tags += [SceneTag(scene_id=key, tag_id=tag) for tag in links["tags"]]
        people += [
            ScenePerformer(scene_id=key, performer_id=who)
            for who in links["performers"]
        ]
        files += [SceneFile(scene_id=key, **part) for part in parts]
        days = {name: str(timezone.localdate(told[at])) for name, at in MOMENTS.items()}
        shelf.scenes[key] = {**told, **links, "files": parts, "days": days}
    for model, rows in (
        (Scene, scenes),
        (SceneTag, tags),
        (ScenePerformer, people),
        (SceneFile, files),
    ):
        model.objects.bulk_create(rows, batch_size=500)
    for stream in STREAMS:
        keys = list(stream.model.objects.values_list("id", flat=True))
        execute(search_statements(stream, keys))
    for some in batches(sorted(shelf.scenes), 500):
        work_out_facts(*some)
    # As a first load ends; and until the test ends, PostgreSQL looks no more by itself.
    filled: tuple[Any, ...] = (
        Scene,
        SceneFile,
        SceneTag,
        ScenePerformer,
        SEARCH[Scene],
    )
    for table in filled:
        analyze(table._meta.db_table)
    return shelf


def _make_names(shelf: Shelf, random: Random) -> None:
    first = shelf.sources[0]

    def made(model: Any, count: int) -> list[Any]:
        return [
            model(name=f"Name {n}", **stamps(first, n)) for n in range(1, count + 1)
        ]

    tags, studios, people = (
        made(Tag, TAGS),
        made(Studio, STUDIOS),
        made(Performer, PEOPLE),
    )
    shelf.names = {
        "tags": {row.id: row.name for row in tags},
        "studios": {row.id: row.name for row in studios},
        "performers": {row.id: row.name for row in people},
    }
    shelf.ids = {
        kind: [row.id for row in rows]
        for kind, rows in (("tags", tags), ("studios", studios), ("performers", people))
    }
    for row in people:
        row.favorite = random.random() < 0.2
    shelf.favorites = {row.id for row in people if row.favorite}
    for row in studios[3:]:
        row.parent_id = random.choice(shelf.ids["studios"])
        shelf.studio_parents.add((row.id, row.parent_id))
    Tag.objects.bulk_create(tags)
    Studio.objects.bulk_create(studios)
    Performer.objects.bulk_create(people)
    for _ in range(45):  # some are each other's parents
        tag, parent = random.choices(shelf.ids["tags"], k=2)
        shelf.tag_parents.add((tag, parent))
    TagParent.objects.bulk_create(
        TagParent(tag_id=tag, parent_id=parent) for tag, parent in shelf.tag_parents
    )


def _scene(shelf: Shelf, random: Random, number: int) -> dict[str, Any]:
    def some(kind: str, most: int) -> list[int]:
        return random.sample(shelf.ids[kind], random.randint(0, most))

    day = NOW - timedelta(hours=random.randint(0, 24 * 40))
    year, month = random.randint(2009, 2013), random.randint(1, 12)
    date = f"{year}-{month:02}-{random.randint(1, 28):02}"
    return {
        **stamps(random.choice(shelf.sources), number, day),
        "title": random.choice(["", *WORDS]) + random.choice(["", " at dawn"]),
        "date": random.choice(["", date[:4], date[:7], date, date]),
        "studio_id": random.choice([None, *shelf.ids["studios"]]),
        "organized": random.random() < 0.4,
        "rating100": random.choice([None, 20, 60, 61, 100]),
        "play_count": random.choice([None, 0, 1, 5]),
        "o_counter": random.choice([None, 0, 2]),
        "urls": random.choice([[], ["https://nature.example/1"]]),
        "stash_ids": random.choice([[], [["https://ids.example", "0a"]]]),
        "changed_by_job": random.choice(JOBS),
        "deleted_at": random.choice([None, None, None, NOW]),
        "tags": some("tags", 5),
        "performers": some("performers", 3),
        "files": [_file(random, n) for n in range(random.choice([0, 1, 1, 1, 2]))],
    }


def _file(random: Random, position: int) -> dict[str, Any]:
    phash = random.choice([f"{random.getrandbits(64):x}", *PRINTS])
    prints = [["oshash", f"{random.randint(0, 99)}"], ["phash", phash]]
    folder = random.choice(FOLDERS)
    return {
        "remote_id": random.randint(1, 10**6) * 2 + position,
        "position": position,
        "path": folder + ("\\" if "\\" in folder else "/") + "reel.mkv",
        "size": random.choice([None, 10**6, 7 * 10**8, 3 * 10**9]),
        "height": random.choice([None, 480, 1080]),
        "duration": random.choice([None, 12.5, 90.0, 3_725.4]),
        "frame_rate": random.choice([None, 24.0, 29.97]),
        "bit_rate": random.choice([None, 8 * 10**6]),
        "fingerprints": prints[: random.randint(0, 2)],
    }
