"""Lines about writing scenes: what an input changes, clears and is refused for."""

from collections.abc import Mapping
from typing import Any

from tests.contract.line import (
    Answer,
    Data,
    Like,
    Line,
    Refused,
    Release,
    Where,
    done,
)

SHOWN = """id title code date rating100 organized urls studio { id } tags { id }
    performers { id } play_duration play_count o_counter resume_time
    stash_ids { endpoint stash_id }"""
BULK = f"""mutation Bulk($i: BulkSceneUpdateInput!) {{
    bulkSceneUpdate(input: $i) {{ {SHOWN} }} }}"""
ONE = f"""mutation One($i: SceneUpdateInput!) {{
    sceneUpdate(input: $i) {{ {SHOWN} }} }}"""
READ = f"query Read($id: ID!) {{ findScene(id: $id) {{ {SHOWN} }} }}"
STAMP = """query Read($id: ID!) { findScene(id: $id) {
    created_at updated_at } }"""
PLAYED = """query Read($id: ID!) { findScene(id: $id) {
    updated_at play_count last_played_at o_counter } }"""
PLAY = """mutation Play($id: ID!, $times: [Timestamp!]) {
    sceneAddPlay(id: $id, times: $times) { count } }"""
COUNT_O = """mutation Count($id: ID!, $times: [Timestamp!]) {
    sceneAddO(id: $id, times: $times) { count } }"""
BUMPED = Where("a later stamp", lambda it: it["updated_at"] > it["created_at"])
ROOT = {BULK: "bulkSceneUpdate", ONE: "sceneUpdate"}
NEW: dict[str, Any] = {
    "id": "{scene}",
    "title": "{scene.name}",
    "code": "",
    "organized": False,
    **dict.fromkeys(("date", "rating100", "studio")),
    **{name: [] for name in ("urls", "tags", "performers", "stash_ids")},
    **dict.fromkeys(("play_duration", "play_count", "o_counter", "resume_time"), 0),
}
NO_KEY = Like("FOREIGN KEY constraint failed$")
PARTIAL: Release = (0, 30)


def shown(document: str, **changed: Any) -> Data:
    """Answer the scene as it was made but for these fields."""
    scene = {**NEW, **changed}
    return Data({ROOT[document]: [scene] if document == BULK else scene})


def refused(document: str, message: Any) -> Refused:
    return Refused(message, {ROOT[document]: None})


def change(
    says: str,
    document: str,
    given: Mapping[str, Any],
    answer: Answer | tuple[tuple[Release, Answer], ...],
    *first: Mapping[str, Any],
) -> Line:
    """Say what a change of the scene answers, after others of the same form."""
    which: dict[str, Any] = (
        {"ids": ["{scene}"]} if document == BULK else {"id": "{scene}"}
    )
    before = tuple(done(document, i={**which, **one}) for one in first)
    return Line(says, document, answer, {"i": {**which, **given}}, before, writes=True)


def both(
    says: str,
    given: Mapping[str, Any],
    told: Mapping[str, Any],
    *first: Mapping[str, Any],
) -> tuple[Line, Line]:
    """Say the same of the bulk change and of the single one."""
    return (
        change(f"{says} (bulk)", BULK, given, shown(BULK, **told), *first),
        change(f"{says} (single)", ONE, given, shown(ONE, **told), *first),
    )


def moved(mode: str, *ids: str) -> dict[str, Any]:
    return {"tag_ids": {"mode": mode, "ids": list(ids)}}


def tags(*ids: str) -> list[dict[str, str]]:
    return [{"id": one} for one in ids]


SCALARS = (
    *both("left out is untouched", {}, {"code": "A-1"}, {"code": "A-1"}),
    *both("null clears a text", {"code": None}, {}, {"code": "A-1"}),
    *both("an empty text clears it", {"code": ""}, {}, {"code": "A-1"}),
    *both("null clears a rating", {"rating100": None}, {}, {"rating100": 50}),
    *both("null clears a studio", {"studio_id": None}, {}, {"studio_id": "{studio}"}),
    *both("null clears a date", {"date": None}, {}, {"date": "2001-02-03"}),
    *both("an empty date clears it", {"date": ""}, {}, {"date": "2001-02-03"}),
    *both("a rating may be anything", {"rating100": 999}, {"rating100": 999}),
    *both(
        "a full time is cut to its date",
        {"date": "2001-02-03T10:11:12Z"},
        {"date": "2001-02-03"},
    ),
    *(
        change(
            f"the date {text!r} is taken from 0.30 on",
            BULK,
            {"date": text},
            (
                ((0, 24), refused(BULK, Like("^converting date: "))),
                (PARTIAL, shown(BULK, date=text)),
            ),
        )
        for text in ("2001", "2001-02")
    ),
    *(
        change(
            f"the date {text!r} is refused",
            BULK,
            {"date": text},
            refused(BULK, Like("^converting date: ")),
        )
        for text in (
            *("2021-3-4", "20210304", "2020-02-30", "2020-13", " 2001-02-03", "soon"),
            *("2001-02-03 ", "03.02.2001", "2001-02-03 10:11", "2001-02-03T10:11Z"),
        )
    ),
    change(
        "a time without a zone is cut to its date as well",
        BULK,
        {"date": "2001-02-03 10:11:12"},
        shown(BULK, date="2001-02-03"),
    ),
    change(
        "texts are trimmed from 0.30 on, inside they are kept",
        BULK,
        {"title": " a\n 🐋 b\t\u00a0", "code": " c "},
        (
            ((0, 24), shown(BULK, title=" a\n 🐋 b\t\u00a0", code=" c ")),
            ((0, 30), shown(BULK, title="a\n 🐋 b", code="c")),
        ),
    ),
    change(
        "a zero byte is kept",
        BULK,
        {"code": "a\x00b"},
        shown(BULK, code="a\x00b"),
    ),
    change(
        "a flag cannot be null",
        BULK,
        {"organized": None},
        refused(
            BULK,
            "Internal system error. Error <null value not allowed in optional bool>",
        ),
    ),
    change(
        "nor can the time it was played",
        ONE,
        {"play_duration": None},
        refused(
            ONE,
            "Internal system error. Error <null value not allowed in optional float64>",
        ),
    ),
    change(
        "counts are let be from 0.25 on, the place always, the length is set",
        ONE,
        {"play_duration": 5.5, "play_count": 9, "o_counter": 9, "resume_time": 3},
        (
            ((0, 24), shown(ONE, play_duration=5.5, play_count=9, o_counter=9)),
            ((0, 25), shown(ONE, play_duration=5.5)),
        ),
    ),
    change(
        "a scene without a file keeps its title",
        ONE,
        {"title": ""},
        refused(ONE, "title must be set if scene has no files"),
    ),
    change(
        "an unknown studio", BULK, {"studio_id": "{missing}"}, refused(BULK, NO_KEY)
    ),
    change(
        "a studio's id that is an empty text is refused",
        BULK,
        {"studio_id": ""},
        refused(BULK, Like("invalid syntax$")),
    ),
)

TOGETHER = (
    Line(
        "no scenes: nothing happens, and null is answered",
        BULK,
        Data({"bulkSceneUpdate": None}),
        {"i": {"ids": [], "title": "x"}},
        writes=True,
    ),
    Line(
        "a missing scene fails all; nothing of it is done",
        BULK,
        refused(BULK, "sql: no rows in result set"),
        {"i": {"ids": ["{scene}", "{missing}"], "code": "x"}},
        writes=True,
    ),
    Line(
        "with a change of a list, a missing scene is told as a foreign key",
        BULK,
        refused(BULK, NO_KEY),
        {"i": {"ids": ["{scene}", "{missing}"], **moved("ADD", "{tag}")}},
        writes=True,
    ),
    *(
        Line(
            f"{what} a missing scene is told as such",
            BULK,
            refused(BULK, "sql: no rows in result set"),
            {"i": {"ids": ["{missing}"], **given}},
            writes=True,
        )
        for what, given in (
            ("where nothing is changed", {}),
            ("where a tag is taken away,", moved("REMOVE", "{tag}")),
            ("where a list is cleared,", {"tag_ids": {"mode": "SET"}}),
            ("where nothing is added,", moved("ADD")),
            ("where an unknown studio is set,", {"studio_id": "{missing}"}),
        )
    ),
    Line(
        "what is refused for one scene is not done to another",
        """mutation Two($a: BulkSceneUpdateInput!, $b: BulkSceneUpdateInput!) {
            a: bulkSceneUpdate(input: $a) { code }
            b: bulkSceneUpdate(input: $b) { code tags { id } } }""",
        Refused(NO_KEY, {"a": None, "b": [{"code": "", "tags": []}]}, ["a"]),
        {
            "a": {
                "ids": ["{scene}", "{missing}"],
                "code": "x",
                **moved("ADD", "{tag}"),
            },
            "b": {"ids": ["{scene}"]},
        },
        writes=True,
    ),
    Line(
        "a single change of a missing scene",
        ONE,
        refused(ONE, "scene with id {missing} not found"),
        {"i": {"id": "{missing}", "code": "x"}},
        writes=True,
    ),
    Line(
        "two changes in one document are done one after the other",
        """mutation Two($a: BulkSceneUpdateInput!, $b: BulkSceneUpdateInput!) {
            seen: bulkSceneUpdate(input: $a) { code tags { id } }
            wrote: bulkSceneUpdate(input: $b) { code tags { id } } }""",
        Data(
            {
                "seen": [{"code": "", "tags": []}],
                "wrote": [{"code": "B-2", "tags": tags("{tag}")}],
            }
        ),
        {
            "a": {"ids": ["{scene}"]},
            "b": {"ids": ["{scene}"], "code": "B-2", **moved("ADD", "{tag}")},
        },
        writes=True,
    ),
    Line(
        "one of them that fails leaves the others done",
        """mutation Three($a: SceneUpdateInput!, $b: SceneUpdateInput!,
            $c: SceneUpdateInput!) { a: sceneUpdate(input: $a) { code }
            b: sceneUpdate(input: $b) { code } c: sceneUpdate(input: $c) { code } }""",
        Refused(
            "scene with id {missing} not found",
            {"a": {"code": "1"}, "b": None, "c": {"code": "2"}},
        ),
        {
            "a": {"id": "{scene}", "code": "1"},
            "b": {"id": "{missing}", "code": "x"},
            "c": {"id": "{scene}", "code": "2"},
        },
        writes=True,
    ),
    Line(
        "one that may not be null takes all answers with it",
        """mutation Two($a: SceneUpdateInput!, $b: SceneDestroyInput!) {
            a: sceneUpdate(input: $a) { code } b: sceneDestroy(input: $b) }""",
        Refused("scene with id {missing} not found", None),
        {"a": {"id": "{scene}", "code": "1"}, "b": {"id": "{missing}"}},
        writes=True,
    ),
    Line(
        "the answer of a change is what a reading answers next",
        READ,
        Data({"findScene": {**NEW, "code": "C-3", "tags": tags("{tag}")}}),
        {"id": "{scene}"},
        (done(BULK, i={"ids": ["{scene}"], "code": "C-3", **moved("ADD", "{tag}")}),),
        writes=True,
    ),
    Line(
        "a variable inside an input that is not given clears",
        """mutation Loose($id: ID!, $code: String) {
            sceneUpdate(input: {id: $id, code: $code}) { code } }""",
        Data({"sceneUpdate": {"code": ""}}),
        {"id": "{scene}"},
        (done(ONE, i={"id": "{scene}", "code": "A-1"}),),
        writes=True,
    ),
    Line(
        "a change that changes nothing bumps all the same",
        STAMP,
        Data({"findScene": BUMPED}),
        {"id": "{scene}"},
        # The first look makes the scene.
        (done(STAMP, id="{scene}"), done(BULK, i={"ids": ["{scene}"]}, after_s=1.1)),
        writes=True,
    ),
    Line(
        "a play is kept in UTC, counts, and bumps nothing",
        PLAYED,
        Data(
            {
                "findScene": {
                    "updated_at": "{stamp}",
                    "play_count": 2,
                    "last_played_at": "2020-01-02T01:04:05Z",
                    "o_counter": 1,
                }
            }
        ),
        {"id": "{scene}"},
        (
            done(PLAYED, id="{scene}", keep={"stamp": "findScene.updated_at"}),
            done(
                PLAY,
                id="{scene}",
                times=["2020-01-02T03:04:05+02:00", "2001-01-01T00:00:00Z"],
                after_s=1.1,
            ),
            done(COUNT_O, id="{scene}", times=["2020-01-02T03:04:05+02:00"]),
        ),
        writes=True,
        since=(0, 25),
    ),
)

LINES = (*SCALARS, *TOGETHER)
