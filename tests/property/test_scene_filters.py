"""The SQL of a filter finds what a plain loop over the library finds."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from syncapp.filters import scene_matches, scene_sql, search_sql
from syncapp.filters.scene_sql import filtered_scenes, found_scenes
from syncapp.filters.values import ALL_LEVELS, Choice, Missing, Range, SceneFilter
from syncapp.text.folding import tokens
from syncapp.text.terms import Term, read_terms
from tests.property.shelf import FOLDERS, MOMENTS, Shelf, make_shelf

pytestmark = pytest.mark.django_db
FILTERS = 500
SEARCHES = (
    *("harbour", "dusk", "100%", "under_score", "fog", "HARB", "daw", "dawn harbour"),
    *('"at dawn"', '"dawn at"', '"harbour', "harb* dawn", "-fog", "-fog -dusk", "reel"),
    *("harbour -dusk", 'fog -"at dawn"', "path:archive", "-path:films", "path:harbour"),
    *("name", '"name 7"', "name 7", "-7", "7", 'mkv path:"films2 reel"', "zeppelin"),
    *("name 3 -dawn", "film", "harbo", "100 reel -harbour"),
    *('reel -"name 7" -"name 3"', '-"name 7" -"name 3" -fog', "name -7 -3"),
)
OF_FILE = ("duration", "size", "height", "frame_rate", "bit_rate")


# The plain loop


def below(
    pairs: Iterable[tuple[int, int]], roots: Iterable[int], depth: int
) -> set[int]:
    found = level = set(roots)
    steps = 10**6 if depth == ALL_LEVELS else depth
    while steps and level:
        level = {child for child, parent in pairs if parent in level} - found
        found, steps = found | level, steps - 1
    return found


def chosen(choice: Choice, has: set[int], pairs: Iterable[tuple[int, int]]) -> bool:
    def meant(*keys: int) -> set[int]:
        return below(pairs, keys, choice.depth)

    return (
        all(has & meant(key) for key in choice.all)
        and (not choice.any or bool(has & meant(*choice.any)))
        and not has & meant(*choice.none)
    )


def within(value: Any, wanted: Range[Any]) -> bool:
    if not wanted:
        return True
    if value is None:
        return False
    return (wanted.low is None or value >= wanted.low) and (
        wanted.high is None or value <= wanted.high
    )


def may_lie(date: str, wanted: Range[str]) -> bool:
    if not wanted:
        return True
    first, last = (date + "-01-01"[len(date) - 4 :], date + "-12-31"[len(date) - 4 :])
    low, high = wanted.low or "0000", (wanted.high or "9999") + "~"
    return bool(date) and last >= low and first <= high


def phashes(scene: Mapping[str, Any]) -> set[int]:
    """Return those of its files that can be read."""
    prints = [p for file in scene["files"] for p in file["fingerprints"]]
    texts = [value for kind, value in prints if kind == "phash"]
    return {int(text, 16) for text in texts if text != "xyz" and len(text) <= 16}


def looks_alike(shelf: Shelf) -> frozenset[int]:
    """Return the scenes with a file that looks like that of another live scene."""
    live: dict[int, set[int]] = {}
    for key, scene in shelf.scenes.items():
        if scene["deleted_at"] is None:
            for number in phashes(scene):
                live.setdefault(number, set()).add(key)
    return frozenset(
        key
        for key, scene in shelf.scenes.items()
        if any(live.get(number, set()) - {key} for number in phashes(scene))
    )


LACKS: Mapping[Missing, Any] = {
    Missing.STUDIO: lambda s: s["studio_id"] is None,
    Missing.PERFORMERS: lambda s: not s["performers"],
    Missing.TAGS: lambda s: not s["tags"],
    Missing.DATE: lambda s: not s["date"],
    Missing.TITLE: lambda s: not s["title"],
    Missing.FILES: lambda s: not s["files"],
    Missing.PHASH: lambda s: not phashes(s),
    Missing.URLS: lambda s: not s["urls"],
    Missing.STASH_IDS: lambda s: not s["stash_ids"],
}


def stand_there(wanted: Term, words: list[str]) -> bool:
    """Return whether the tokens stand side by side, the last perhaps longer."""
    *first, last = wanted.tokens
    many = len(wanted.tokens)
    return any(
        words[n : n + many - 1] == first
        and (
            words[n + many - 1] == last
            or (wanted.is_prefix and words[n + many - 1].startswith(last))
        )
        for n in range(len(words) - many + 1)
    )


def says(s: Mapping[str, Any], text: str, shelf: Shelf) -> bool:
    paths = [tokens(part["path"]) for part in s["files"]]
    names = [
        tokens(shelf.names[kind][key])
        for kind, keys in (
            ("tags", s["tags"]),
            ("performers", s["performers"]),
            ("studios", [s["studio_id"]] if s["studio_id"] else []),
        )
        for key in keys
    ]
    everywhere = [tokens(s["title"]), *paths, *names]
    return all(
        any(stand_there(term, words) for words in (paths if term.field else everywhere))
        != term.is_excluded
        for term in read_terms(text)
    )


def day(text: str | None) -> str | None:
    if text is None or not text.endswith("d"):
        return text
    return str(timezone.localdate() - timedelta(days=int(text[:-1])))


def in_folder(s: Mapping[str, Any], folder: str) -> bool:
    base = folder.rstrip("/\\")
    return any(p["path"].startswith((base + "/", base + "\\")) for p in s["files"])


Fit = Callable[[Any, Any, Shelf], bool]


def of_first_file(name: str) -> Fit:
    def fits(s: Mapping[str, Any], wanted: Range[Any], _: Shelf) -> bool:
        return within(s["files"][0][name] if s["files"] else None, wanted)

    return fits


def on_days(name: str) -> Fit:
    def fits(s: Mapping[str, Any], wanted: Range[str], _: Shelf) -> bool:
        return within(s["days"][name], Range(day(wanted.low), day(wanted.high)))

    return fits


# By the field of a filter: whether a scene fits it (scene, value, shelf).
FITS: Mapping[str, Fit] = {
    "search": says,
    "studios": lambda s, c, shelf: chosen(
        c, {s["studio_id"]} - {None}, shelf.studio_parents
    ),
    "tags": lambda s, c, shelf: chosen(c, set(s["tags"]), shelf.tag_parents),
    "performers": lambda s, c, _: chosen(c, set(s["performers"]), ()),
    "missing": lambda s, kinds, _: all(LACKS[each](s) for each in kinds),
    "date": lambda s, wanted, _: may_lie(s["date"], wanted),
    **{name: on_days(name) for name in MOMENTS},
    **{name: of_first_file(name) for name in OF_FILE},
    "rating": lambda s, wanted, _: within(s["rating100"], wanted),
    "plays": lambda s, wanted, _: within(s["play_count"] or 0, wanted),
    "o_counter": lambda s, wanted, _: within(s["o_counter"] or 0, wanted),
    "organized": lambda s, wanted, _: s["organized"] == wanted,
    "favorite_people": lambda s, _, shelf: bool(shelf.favorites & set(s["performers"])),
    "several_files": lambda s, _, __: len(s["files"]) > 1,
    "same_fingerprint": lambda s, _, shelf: s["id"] in shelf.alike,
    "folder": lambda s, folder, _: in_folder(s, folder),
    "sources": lambda s, sources, _: s["source_id"] in sources,
    "job": lambda s, job, _: s["changed_by_job"] == job,
    "removed": lambda s, wanted, _: (s["deleted_at"] is not None) == wanted,
}


def fitting(shelf: Shelf, filters: SceneFilter) -> set[int]:
    """Return the scenes that fit a filter in all that it asks for."""
    asked = {f.name: getattr(filters, f.name) for f in fields(filters)}
    told = {n for n, value in asked.items() if value != getattr(SceneFilter(), n)}
    told.add("removed")
    return {
        key
        for key, scene in shelf.scenes.items()
        if all(FITS[name](scene, asked[name], shelf) for name in told)
    }


def make_filter(shelf: Shelf, random: Random) -> SceneFilter:
    """Return a filter of one to three conditions."""

    def ids(kind: str) -> tuple[int, ...]:
        return tuple(sorted(random.sample(shelf.ids[kind], random.randint(0, 2))))

    def choice(kind: str, *, single: bool = False) -> Choice:
        depth = 0 if kind == "performers" else random.choice([0, 0, 1, 2, ALL_LEVELS])
        return Choice(() if single else ids(kind), ids(kind), ids(kind), depth)

    def span(*values: Any) -> Range[Any]:
        low, high = random.choice([None, *values]), random.choice([None, *values])
        return Range(low, high)

    dates = ("2010", "2011-04", "2011-04-17", "2012-12-31")
    days = ("0d", "3d", "30d", "2026-05-01", "2026-04-20")
    made: dict[str, Any] = {
        "search": lambda: random.choice(SEARCHES),
        "studios": lambda: choice("studios", single=True),
        "tags": lambda: choice("tags"),
        "performers": lambda: choice("performers"),
        "missing": lambda: tuple(m for m in Missing if random.random() < 0.15),
        "date": lambda: span(*dates),
        **{name: lambda: span(*days) for name in MOMENTS},
        "duration": lambda: span(12.5, 90.0),
        "size": lambda: span(10**6, 10**9),
        "height": lambda: span(480, 720, 1080),
        "frame_rate": lambda: span(24.0, 29.97),
        "bit_rate": lambda: span(8 * 10**6),
        "rating": lambda: span(0, 60, 61),
        "plays": lambda: span(0, 1, 5),
        "o_counter": lambda: span(0, 1),
        "organized": lambda: random.choice([True, False]),
        "favorite_people": lambda: True,
        "several_files": lambda: True,
        "same_fingerprint": lambda: True,
        "folder": lambda: random.choice([*FOLDERS, "/films/"]),
        "sources": lambda: (random.choice(shelf.sources),),
        "job": lambda: random.choice([7, 8, 9]),
        "removed": lambda: True,
    }
    some = random.sample(sorted(made), random.randint(1, 3))
    return SceneFilter(**{name: made[name]() for name in some})


@pytest.mark.parametrize(
    ("few", "scan"),
    [(scene_matches.FEW, scene_matches.SCAN), (5, scene_matches.SCAN), (50, 0)],
    ids=["few scenes", "many", "many, by the index of facts"],
)
def test_sql_finds_what_a_plain_loop_finds(
    few: int, scan: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (scene_matches, scene_sql):
        monkeypatch.setattr(module, "FEW", few)
        monkeypatch.setattr(module, "SCAN", scan)
    monkeypatch.setattr(search_sql, "FEW", few)
    assert check_filters(FILTERS) > FILTERS // 3


def test_tables_that_are_taken_for_empty_are_still_looked_through_in_time() -> None:
    assert check_filters(80, take_them_for_empty) > 80 // 3


def take_them_for_empty() -> None:
    """Let PostgreSQL know what it knows after a look at a load before its commit."""
    if connection.vendor == "postgresql":
        ours = "SELECT oid FROM pg_class WHERE relname LIKE 'syncapp_%%'"
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM pg_statistic WHERE starelid IN ({ours})")
            cursor.execute(
                "UPDATE pg_class SET reltuples = 0, relpages = 100 "
                f"WHERE oid IN ({ours})"
            )


def check_filters(number: int, prepare: Callable[[], None] = lambda: None) -> int:
    """Compare so many filters with the plain loop; returns how many found something."""
    random = Random(20)
    shelf = make_shelf(random)
    shelf.alike = looks_alike(shelf)
    prepare()
    orders = ("", "date", "title_key", "remote_created_at", "remote_updated_at")
    some = 0

    for _ in range(number):
        filters = make_filter(shelf, random)
        found = found_scenes(filters, random.choice(orders))
        wanted = fitting(shelf, filters)
        assert set(found.rows.values_list("id", flat=True)) == wanted, filters
        assert found.found.number == len(wanted), filters
        some += bool(wanted)
    return some


@pytest.mark.parametrize("few", [search_sql.FEW, 50], ids=["few rows", "many"])
def test_search_finds_what_a_plain_loop_finds(
    few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_sql, "FEW", few)
    shelf = make_shelf(Random(21))

    found = {
        text: set(filtered_scenes(SceneFilter(text)).values_list("id", flat=True))
        for text in SEARCHES
    }

    alive = {key: s for key, s in shelf.scenes.items() if not s["deleted_at"]}
    assert found == {
        text: {key for key, s in alive.items() if says(s, text, shelf)}
        for text in SEARCHES
    }
    assert sum(map(bool, found.values())) > len(SEARCHES) // 2
