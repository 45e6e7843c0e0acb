"""What servers may do: introduce themselves oddly, and anything that HTTP allows."""

from typing import Any

import msgspec

from syncapp.demo import DemoServer
from tests.hostile.behaviour import OK, SCENE_7, Behaviour
from tests.hostile.orders import (
    SCENE,
    library,
    more_types,
    reply,
    schema,
    status,
)

SCHEMA = [
    Behaviour("60,000 types", more_types(60_000, 3), "not_stash", said="as Stash does"),
    Behaviour("a type of 300,000 fields", more_types(1, 300_000), "not_stash"),
    Behaviour("no types", schema(types=[]), "incompatible", said="lacks"),
    Behaviour("types without names", schema(types=[{"name": None}]), "not_stash"),
    Behaviour("no mutations", schema(mutationType=None)),
]
BROKEN = "the requested element is null which the schema does not allow"


def errors(*told: Any) -> bytes:
    return msgspec.json.encode({"errors": list(told), "data": None})


def drip(demo: DemoServer) -> None:
    demo.faults.drip(piece=4_000, pause_s=0.005, times=3, operation="ScenePage")


def locked(demo: DemoServer) -> None:
    demo.faults.locked(times=99, operation="SceneIndex")


def hang(demo: DemoServer) -> None:
    demo.faults.hang(times=99, operation="SceneIndex")


HTTP = [
    Behaviour("500 for ever", status(500), "unreachable"),
    Behaviour("500 once", status(500, times=1)),
    Behaviour("503 for whole pages", status(503, operation="ScenePage")),
    Behaviour("429 for ever", status(429), "unreachable"),
    Behaviour("401", status(401), "key_refused"),
    Behaviour("403", status(403), "key_refused"),
    Behaviour("404", status(404), "not_stash"),
    Behaviour("418", status(418), "not_stash"),
    Behaviour("the sign-in page", lambda d: d.faults.login(times=99), "key_refused"),
    Behaviour(
        "another address",
        reply(302, b"", {"location": "http://x.example/"}),
        "not_stash",
    ),
    Behaviour("a web page", lambda demo: demo.faults.html(times=99), "not_stash"),
    Behaviour("a drip", drip),
    Behaviour("silence", hang, "timed_out", patience_s=0.3),
    Behaviour("a drop", lambda d: d.faults.drop(times=99), "unreachable"),
    Behaviour(
        "a drop in the middle",
        lambda d: d.faults.drop(sent=500, times=2, operation="ScenePage"),
    ),
    Behaviour("locked for ever", locked, "busy"),
    Behaviour("locked once", lambda d: d.faults.locked(operation="ScenePage")),
    Behaviour(
        "an error for every page",
        lambda demo: demo.faults.error(BROKEN, times=999, operation="ScenePage"),
    ),
    Behaviour(
        "errors of another form",
        reply(200, errors(5, None, {"message": 7})),
        "not_stash",
    ),
    Behaviour(
        "100,000 errors",
        reply(200, errors(*[{"message": "no"}] * 100_000), operation="ScenePage"),
    ),
    Behaviour(
        "an error of 5 MB",
        reply(200, errors({"message": "no " * 1_700_000}), operation="ScenePage"),
    ),
    Behaviour(
        "64 MB", reply(200, b'{"data":"' + b"x" * 64_000_000), "answer_too_large"
    ),
    Behaviour(
        "one scene that Stash cannot tell",
        library(lambda one: one.spoil("scene", SCENE, "title", BROKEN)),
        OK,
        SCENE_7,
        "Scene 7 could not be read",
        1,
    ),
]
