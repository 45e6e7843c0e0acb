"""Lines about reading: pages, orders, ids, filters, and what is never null."""

import re
from collections.abc import Callable
from typing import Any

from tests.contract.line import Data, Line, Number, Refused, Where

SCENES = """query Scenes($f: FindFilterType, $s: SceneFilterType, $ids: [ID!]) {
    findScenes(filter: $f, scene_filter: $s, ids: $ids) { count scenes { id } } }"""
NARROWED = """query Scenes($f: FindFilterType, $s: SceneFilterType) {
    findScenes(filter: $f, scene_filter: $s) { count scenes { id } } }"""
BY_ID = {"sort": "id", "direction": "ASC"}
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")


def numbers(found: Any, rows: str) -> list[int]:
    return [int(row["id"]) for row in found[rows]]


def scenes(says: str, holds: Callable[[list[int], int], bool]) -> Data:
    """Answer scenes for whose ids and count this holds."""
    where = Where(says, lambda it: holds(numbers(it, "scenes"), it["count"]))
    return Data({"findScenes": where})


def texts(kind: str, names: str, extra: str = "") -> Line:
    """Say that these fields are texts in every record."""
    rows = f"{kind.lower()}s"
    return Line(
        f"a {kind.lower()}'s {', '.join(names.split())} are never null",
        f"""query All($f: FindFilterType) {{ find{kind}s(filter: $f) {{
            {rows} {{ {names} }} }} }}""",
        Data({f"find{kind}s": {rows: Where("only texts", _only_texts)}}),
        {"f": {"per_page": 200, **BY_ID}},
    )


def _only_texts(records: Any) -> bool:
    return all(isinstance(one, str) for record in records for one in record.values())


def gone(kind: str) -> Line:
    """Say what one object that is not there is."""
    return Line(
        f"a {kind.lower()} that is not there is null",
        f"query One($id: ID!) {{ find{kind}(id: $id) {{ id }} }}",
        Data({f"find{kind}": None}),
        {"id": "{missing}"},
    )


def refused(kind: str, message: Any, *ids: str, says: str) -> Line:
    """Say how a list of ids is refused."""
    return Line(
        says,
        f"query Some($ids: [ID!]) {{ find{kind}s(ids: $ids) {{ count }} }}",
        message if isinstance(message, tuple) else Refused(message, None),
        {"ids": list(ids)},
        since=(0, 25),
    )


def _all_stamped(found: Any) -> bool:
    return all(STAMP.fullmatch(one) for row in found["scenes"] for one in row.values())


LINES = (
    Line(
        "the server says how it is, its version perhaps not at all",
        "{ version { version } systemStatus { status appSchema } }",
        Data(
            {
                "version": {"version": Where("a text", lambda it: isinstance(it, str))},
                "systemStatus": {
                    "status": "OK",
                    "appSchema": Where("54 or more", lambda it: it >= 54),
                },
            }
        ),
    ),
    Line(
        "it tells its schema",
        "{ __schema { queryType { name } mutationType { name } } }",
        Data(
            {
                "__schema": {
                    "queryType": {"name": "Query"},
                    "mutationType": {"name": "Mutation"},
                }
            }
        ),
    ),
    Line(
        "a page of 0 counts and lists nothing",
        NARROWED,
        scenes("no rows and a count", lambda ids, count: not ids and count >= 0),
        {"f": {"per_page": 0}},
    ),
    Line(
        "a page has 25 rows unless asked otherwise",
        NARROWED,
        scenes("25, or all", lambda ids, count: len(ids) == min(25, count)),
    ),
    Line(
        "a page below 1 is the first",
        NARROWED,
        scenes("the first two", lambda ids, count: len(ids) == min(2, count)),
        {"f": {"page": 0, "per_page": 2, **BY_ID}},
    ),
    Line(
        "a page beyond the last is empty, its count is right",
        NARROWED,
        scenes("no rows and a count", lambda ids, count: not ids and count >= 0),
        {"f": {"page": 10_000_000, "per_page": 2, **BY_ID}},
    ),
    Line(
        "by id, each comes after the last",
        NARROWED,
        scenes("rising ids", lambda ids, _: ids == sorted(set(ids))),
        {"f": {"per_page": 200, **BY_ID}},
    ),
    Line(
        "scenes can be asked for from an id on",
        """query After($f: FindFilterType, $s: SceneFilterType) {
            findScenes(filter: $f, scene_filter: $s) { count scenes { id } } }""",
        scenes("the first is gone", lambda ids, count: len(ids) == min(200, count)),
        {
            "f": {"per_page": 200, **BY_ID},
            "s": {"id": {"value": Number("{scene}"), "modifier": "GREATER_THAN"}},
        },
    ),
    Line(
        "no greater id is no error",
        NARROWED,
        Data({"findScenes": {"count": 0, "scenes": []}}),
        {"s": {"id": {"value": Number("{missing}"), "modifier": "GREATER_THAN"}}},
    ),
    Line(
        "an empty list of ids is no list",
        SCENES,
        scenes("25, or all", lambda ids, count: len(ids) == min(25, count)),
        {"ids": []},
        since=(0, 25),
    ),
    Line(
        "a list of ids answers these",
        SCENES,
        Data({"findScenes": {"count": 1, "scenes": [{"id": "{scene}"}]}}),
        {"ids": ["{scene}"]},
        since=(0, 25),
    ),
    refused(
        "Scene",
        "scene with id {missing} not found",
        *("{scene}", "{missing}"),
        says="one missing id fails the whole list",
    ),
    refused(
        "Tag",
        "tag with id {missing} not found",
        "{missing}",
        says="one missing id fails a list of tags",
    ),
    refused(
        "Performer",
        "performer with id {missing} not found",
        "{missing}",
        says="one missing id fails a list of performers",
    ),
    refused(
        "Studio",
        "studio with id {missing} not found",
        "{missing}",
        says="one missing id fails a list of studios",
    ),
    refused(
        "Scene",
        (
            ((0, 24), Refused("scene with id {scene} not found", None)),
            ((0, 30), Refused("validating ids: duplicate id found: {scene}", None)),
        ),
        *("{scene}", "{scene}"),
        says="an id that comes twice fails the whole list",
    ),
    refused(
        "Scene",
        (
            ((0, 24), Refused('strconv.Atoi: parsing "abc": invalid syntax', None)),
            (
                (0, 30),
                Refused(
                    'converting ids: strconv.Atoi: parsing "abc": invalid syntax', None
                ),
            ),
        ),
        "abc",
        says="an id that is no number fails the whole list",
    ),
    *(gone(kind) for kind in ("Scene", "Performer", "Tag", "Studio")),
    Line(
        "an id that is no number is an error, and null",
        'query { findScene(id: "abc") { id } }',
        Refused('strconv.Atoi: parsing "abc": invalid syntax', {"findScene": None}),
    ),
    Line(
        "many can be asked for in one document, those that are gone too",
        """query Two($a: ID!, $b: ID!) {
            a: findTag(id: $a) { id } b: findTag(id: $b) { id } }""",
        Data({"a": {"id": "{tag}"}, "b": None}),
        {"a": "{tag}", "b": "{missing}"},
    ),
    Line(
        "an unknown order is an error, and nothing of the document is answered",
        """query Two($f: FindFilterType) {
            systemStatus { status } findScenes(filter: $f) { count scenes { id } } }""",
        Refused("invalid sort: nope", None),
        {"f": {"sort": "nope"}},
        since=(0, 26),
    ),
    texts("Scene", "title code details director"),
    texts("Performer", "name disambiguation details country"),
    texts("Tag", "name description"),
    texts("Studio", "name details"),
    Line(
        "stamps are local times without fractions",
        """query Stamps($f: FindFilterType) { findScenes(filter: $f) {
            scenes { created_at updated_at } } }""",
        Data({"findScenes": Where("stamps in whole seconds", _all_stamped)}),
        {"f": {"per_page": 200, **BY_ID}},
    ),
    Line(
        "stamps are compared as texts: a word is later than any",
        NARROWED,
        Data({"findScenes": {"count": 0, "scenes": []}}),
        {"s": {"updated_at": {"value": "never", "modifier": "GREATER_THAN"}}},
    ),
    Line(
        "half a stamp is earlier than all that begin so",
        NARROWED,
        scenes("all of them", lambda ids, count: len(ids) == min(25, count)),
        {"s": {"updated_at": {"value": "2", "modifier": "GREATER_THAN"}}},
    ),
    Line(
        "scenes ever played can be counted",
        NARROWED,
        scenes("no rows and a count", lambda ids, count: not ids and count >= 0),
        {
            "f": {"per_page": 0},
            "s": {"play_count": {"value": 0, "modifier": "GREATER_THAN"}},
        },
    ),
    *(
        Line(
            f"the newest come first by {order}",
            NARROWED,
            scenes("some", lambda ids, count: len(ids) == min(3, count)),
            {"f": {"sort": order, "direction": "DESC", "per_page": 3}},
        )
        for order in ("updated_at", "created_at", "last_played_at", "o_counter")
    ),
    Line(
        "the newest come first by last_o_at",
        NARROWED,
        scenes("some", lambda ids, count: len(ids) == min(3, count)),
        {"f": {"sort": "last_o_at", "direction": "DESC", "per_page": 3}},
        since=(0, 25),
    ),
)
