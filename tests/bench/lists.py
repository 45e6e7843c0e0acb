"""Opens the pages of a large library, and tells what each took the server.

`python -m tests.bench.lists ROUNDS`, on a mirror that `tests.bench.fill` filled.
The last line is JSON: for each page its times in ms and its number of queries; and the
most memory that the process held, in MB.
"""

import json
import sys
import time
from collections.abc import Iterator
from resource import RUSAGE_SELF, getrusage
from typing import Any, NamedTuple
from urllib.parse import urlencode

import django

Params = list[tuple[str, str]]
GOALS_MS = {"sqlite": 150, "postgres": 100}  # p95
GOAL_MB = 250  # of the web process
HOST = "127.0.0.1"


class Page(NamedTuple):
    """A page to open."""

    name: str
    path: str
    params: Params

    @property
    def address(self) -> str:
        return f"{self.path}?{urlencode(self.params)}"


def pages() -> Iterator[Page]:
    """Yield all pages that are measured."""
    yield Page("dashboard", "/", [])
    yield Page("tag tree", "/tags/tree/", [])
    for stream in ("performers", "tags", "studios"):
        yield Page(stream, f"/{stream}/", [])
    yield from _sorted()
    for name, params in _filters().items():
        for sort in ("-date", "title"):
            told = [*params, ("sort", sort)]
            yield Page(f"{name}, by {sort}", "/scenes/", told)


def _sorted() -> Iterator[Page]:
    from syncapp.models import Scene
    from syncapp.queries.paging import KeysetCursor
    from syncapp.queries.scene_list import SORTS

    rows = Scene.objects.filter(deleted_at=None)
    middle = rows.count() // 2
    for sort in SORTS.values():
        order = rows.order_by(*sort.ordering()).values_list(sort.column, "id")
        place = str(KeysetCursor(*order[middle]))
        told = [("sort", sort.name)]
        yield Page(f"by {sort.name}", "/scenes/", told)
        yield Page(f"by {sort.name}, middle", "/scenes/", [*told, ("after", place)])


def _filters() -> dict[str, Params]:
    """Return filters by what they are: rare, popular, empty, alone and together."""
    from syncapp.models import Source
    from syncapp.models.keys import row_id
    from tests.bench.big_library import FIRST_SHARE, PERFORMERS, STUDIOS, TAGS

    first, second = Source.objects.order_by("id").values_list("id", flat=True)[:2]
    last = {
        "tag": int(TAGS * FIRST_SHARE),
        "performer": int(PERFORMERS * FIRST_SHARE),
        "studio": int(STUDIOS * FIRST_SHARE),
    }

    def key(number: int) -> str:
        return str(row_id(first, number))

    def one(name: str, value: str) -> Params:
        return [(name, value)]

    found = {
        "removed": one("removed", "1"),
        "removed, none": [("removed", "1"), ("job", "999")],
        **{f"no {kind}": one("none", kind) for kind in _kinds()},
        "not the popular tag": one("no_tag", key(1)),
        "one of three tags": [("any_tag", key(n)) for n in (5, 6, 7)],
        "one source": one("source", str(second)),
        "favourite people": one("favorite", "1"),
        "several files": one("several_files", "1"),
        "same fingerprint": one("same_fingerprint", "1"),
        "organised": one("organized", "yes"),
        "a job": one("job", "3"),
        "changed": one("changed_from", "2026-05-17"),
        "added before": one("added_to", "2024-05-17"),
        "folder, rare": one("folder", "/films/rare"),
        "folder, middle": one("folder", "/films/7"),
        "folder, popular": one("folder", "/films"),
        "folder, empty": one("folder", "/nowhere"),
        "search, rare": one("q", "499"),
        "search, popular": one("q", "harbour"),
        "search, two popular words": one("q", "harbour dawn"),
        "search, popular and rare": one("q", "dawn 499"),
        "search, a name": one("q", "narrator7 reed 104"),
        "search, a first name": one("q", "narrator7"),
        "search, a name of all": one("q", "reed"),
        "search, a phrase": one("q", '"harbour 77"'),
        "search, without": one("q", "harbour -narrator7"),
        "search, none": one("q", "zeppelin"),
    }
    for name, number in last.items():
        found[f"{name}, rare"] = one(name, key(number))
        found[f"{name}, middle"] = one(name, key(200))
        found[f"{name}, popular"] = one(name, key(1))
        found[f"{name}, empty"] = one(name, key(10**9))
    for name, rare, popular, empty in (
        ("duration", "7199", "600", "90000"),
        ("size", "4.29 GB", "1 GB", "1 TB"),
        ("height", "4320", "1080", "9000"),
        ("bit_rate", "20.49m", "1m", "900m"),
        ("date", "2025-12-28", "2000", "2099"),
        ("rating", "100", "20", ""),
        ("plays", "8", "1", "99"),
    ):
        for what, low in (("rare", rare), ("popular", popular), ("empty", empty)):
            if low:
                found[f"{name}, {what}"] = one(f"{name}_from", low)
    tag, who, tall = (
        one("tag", key(1)),
        one("performer", key(1)),
        one("height_from", "1080"),
    )
    return {
        **found,
        "popular tag and performer": [*tag, *who],
        "popular and rare tag": [*tag, ("tag", key(last["tag"]))],
        "two middle tags": [("tag", key(200)), ("tag", key(201))],
        "popular tag, rare duration": [*tag, *found["duration, rare"]],
        "popular tag, height, organised": [*tag, *tall, ("organized", "yes")],
        "popular tag, performer, height": [*tag, *who, *tall],
        "rare tag, height, studio": [
            *found["tag, rare"],
            *tall,
            *one("studio", key(1)),
        ],
        "popular tag, height, no title": [*tag, *tall, ("none", "title")],
        "date, size, empty height": [
            *found["date, popular"],
            *found["size, popular"],
            *found["height, empty"],
        ],
    }


def _kinds() -> list[str]:
    from syncapp.filters.values import Missing

    return [kind.value for kind in Missing]


def measure(page: Page, person: Any, rounds: int) -> dict[str, float]:
    """Open a page so often; returns what it took."""
    from django.core.cache import cache

    asked = _queries(person, page)
    walls, busy = [], []
    for _ in range(rounds):
        cache.clear()
        began, spent = time.perf_counter(), time.process_time()
        _open(person, page)
        walls.append(1000 * (time.perf_counter() - began))
        busy.append(1000 * (time.process_time() - spent))
    walls.sort()
    return {
        "p50": walls[rounds // 2],
        "p95": walls[min(rounds - 1, round(0.95 * rounds))],
        "own": sorted(busy)[rounds // 2],
        "queries": asked,
    }


def _queries(person: Any, page: Page) -> int:
    """Open a page for the first time; returns how many queries that took."""
    from django.db import connection

    asked = []

    def count(execute: Any, *told: Any) -> Any:
        asked.append(told)
        return execute(*told)

    with connection.execute_wrapper(count):
        _open(person, page)
    return len(asked)


def _open(person: Any, page: Page) -> None:
    answer = person.get(page.address, headers={"host": HOST})
    assert answer.status_code == 200, (page, answer.status_code)


def table(result: dict[str, Any], vendor: str) -> str:
    """Return what was found as a table, the goal beside it."""
    found: dict[str, dict[str, float]] = result["pages"]
    head = f"p95 (goal {GOALS_MS[vendor]} ms)"
    lines = [
        f"| page | p50 | {head} | of our own processor | queries |",
        "|---|---|---|---|---|",
    ]
    for name, told in found.items():
        mark = "" if told["p95"] <= GOALS_MS[vendor] else " SHORT"
        lines.append(
            f"| {name} | {told['p50']:.0f} ms | {told['p95']:.0f} ms{mark} "
            f"| {told['own']:.0f} ms | {told['queries']:.0f} |"
        )
    mark = "" if result["peak_mb"] <= GOAL_MB else " SHORT"
    held = f"{result['peak_mb']:.0f} MB{mark}"
    return "\n".join([*lines, "", f"The process held {held} (goal {GOAL_MB} MB)."])


def main() -> None:
    """Open every page of the mirror that was filled, print what they took."""
    django.setup()
    from django.contrib.auth import get_user_model
    from django.test import Client

    rounds = int(sys.argv[1])
    person = Client()
    person.force_login(get_user_model().objects.get())
    found = {}
    for page in pages():
        found[page.name] = measure(page, person, rounds)
        print(page.name, found[page.name], file=sys.stderr, flush=True)
    peak_mb = getrusage(RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"pages": found, "peak_mb": peak_mb}))


if __name__ == "__main__":
    main()
