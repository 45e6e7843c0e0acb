"""Lines about the lists of scenes: tags, performers, addresses, stash ids."""

from typing import Any

from tests.contract.line import Data, Like, Line, Misfit
from tests.contract.scenes import BULK, NO_KEY, ONE, change, moved, refused, shown, tags

STAMPED = """mutation One($i: SceneUpdateInput!) { sceneUpdate(input: $i) {
    stash_ids { endpoint stash_id updated_at } } }"""
ADDRESSES = ["https://a.example/1", "https://a.example/2"]
NOTHING: tuple[Any, ...] = (None, [])


def addresses(mode: str, *values: str) -> dict[str, Any]:
    return {"urls": {"mode": mode, "values": list(values)}}


LISTS = (
    change(
        "ADD keeps what is there, and adds each once",
        BULK,
        moved("ADD", "{tag2}", "{tag}", "{tag2}"),
        shown(BULK, tags=tags("{tag}", "{tag2}")),
        moved("SET", "{tag}"),
    ),
    change(
        "REMOVE of what is not there is no error",
        BULK,
        moved("REMOVE", "{tag2}"),
        shown(BULK, tags=tags("{tag}")),
        moved("SET", "{tag}"),
    ),
    change(
        "REMOVE takes one away",
        BULK,
        moved("REMOVE", "{tag}"),
        shown(BULK, tags=tags("{tag2}")),
        moved("SET", "{tag}", "{tag2}"),
    ),
    change(
        "SET without ids clears",
        BULK,
        {"tag_ids": {"mode": "SET"}},
        shown(BULK),
        moved("SET", "{tag}"),
    ),
    change(
        "a null list is untouched in bulk",
        BULK,
        {"tag_ids": None},
        shown(BULK, tags=tags("{tag}")),
        moved("SET", "{tag}"),
    ),
    *(
        change(
            f"a list of {value!r} clears in a single change",
            ONE,
            {"tag_ids": value, "urls": value},
            shown(ONE),
            {"tag_ids": ["{tag}"], "urls": ADDRESSES},
        )
        for value in NOTHING
    ),
    change(
        "performers are added likewise",
        BULK,
        {"performer_ids": {"mode": "ADD", "ids": ["{performer}", "{performer}"]}},
        shown(BULK, performers=tags("{performer}")),
    ),
    change(
        "an unknown tag is told as a foreign key",
        BULK,
        moved("ADD", "{missing}"),
        refused(BULK, NO_KEY),
    ),
    change(
        "an unknown performer too",
        BULK,
        {"performer_ids": {"mode": "SET", "ids": ["{missing}"]}},
        refused(BULK, NO_KEY),
    ),
    change(
        "an unknown tag can be taken away",
        BULK,
        moved("REMOVE", "{missing}", "{tag}"),
        shown(BULK),
        moved("SET", "{tag}"),
    ),
    change(
        "an unknown tag in a single change too",
        ONE,
        {"tag_ids": ["{missing}"]},
        refused(ONE, NO_KEY),
    ),
    change(
        "addresses keep their order and their doubles",
        BULK,
        addresses("SET", ADDRESSES[1], ADDRESSES[0], ADDRESSES[1], ""),
        shown(BULK, urls=[ADDRESSES[1], ADDRESSES[0], ADDRESSES[1], ""]),
    ),
    change(
        "addresses are trimmed from 0.30 on",
        BULK,
        addresses("SET", f" {ADDRESSES[0]} "),
        (
            ((0, 24), shown(BULK, urls=[f" {ADDRESSES[0]} "])),
            ((0, 30), shown(BULK, urls=ADDRESSES[:1])),
        ),
    ),
    change(
        "REMOVE takes all doubles of an address",
        BULK,
        addresses("REMOVE", ADDRESSES[0]),
        shown(BULK, urls=ADDRESSES[1:]),
        addresses("SET", ADDRESSES[0], ADDRESSES[1], ADDRESSES[0]),
    ),
    change(
        "an address added again goes to the end only if it was away",
        BULK,
        addresses("ADD", *ADDRESSES),
        shown(BULK, urls=[ADDRESSES[1], ADDRESSES[0]]),
        addresses("SET", ADDRESSES[1]),
    ),
    change(
        "of url and urls the second wins",
        ONE,
        {"url": "https://b.example/", "urls": ADDRESSES},
        shown(ONE, urls=ADDRESSES),
    ),
)

BOX = {"endpoint": "https://box.example/graphql"}
STASH_IDS = (
    change(
        "any text is a stash id, and the list is replaced",
        ONE,
        {"stash_ids": [{**BOX, "stash_id": "any text"}]},
        shown(ONE, stash_ids=[{**BOX, "stash_id": "any text"}]),
        {"stash_ids": [{"endpoint": "https://old.example/", "stash_id": "1"}]},
    ),
    change(
        "one of an endpoint at most",
        ONE,
        {"stash_ids": [{**BOX, "stash_id": one} for one in "ab"]},
        refused(ONE, Like("UNIQUE constraint failed: ")),
    ),
    Line(
        "a stash id keeps the stamp that is given, from 0.28 on",
        STAMPED,
        (
            ((0, 24), Misfit()),
            (
                (0, 28),
                Data(
                    {
                        "sceneUpdate": {
                            "stash_ids": [
                                {
                                    **BOX,
                                    "stash_id": "a",
                                    "updated_at": "2020-01-02T03:04:05Z",
                                }
                            ]
                        }
                    }
                ),
            ),
        ),
        {
            "i": {
                "id": "{scene}",
                "stash_ids": [
                    {**BOX, "stash_id": "a", "updated_at": "2020-01-02T03:04:05Z"}
                ],
            }
        },
        writes=True,
    ),
)

LINES = (*LISTS, *STASH_IDS)
