"""Plugins that run after a scene was updated, and write too."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from syncapp.demo import DemoServer, Library, PluginHook
from syncapp.stash.scene_writing import HOOKS, WRITE_SCENE, scene_variables

Ask = Callable[..., Any]
SHOWN = "{ id details }"


def adds(library: Library, scene: int) -> None:
    """Write one more letter into the details, as a plugin might."""
    found = library.get("scene", scene) or {}
    library.edit("scene", scene, details=found["details"] + "x")


@pytest.fixture
def hooked(demo: DemoServer) -> DemoServer:
    demo.library.hooks = (PluginHook("Tidy", adds, takes_s=0),)
    for number in (12, 13):
        demo.library.edit("scene", number, details="")
    return demo


def test_plugins_are_told_as_stash_tells_them(demo: DemoServer, ask: Ask) -> None:
    none = ask(HOOKS)
    demo.library.hooks = (PluginHook("Tidy", adds, enabled=False),)
    one = ask(HOOKS)

    assert none == {"data": {"plugins": None}}
    (plugin,) = one["data"]["plugins"]
    assert (plugin["name"], plugin["enabled"]) == ("Tidy", False)
    assert plugin["hooks"][0]["hooks"] == ["Scene.Update.Post"]


def test_both_halves_of_a_write_run_it(hooked: DemoServer, ask: Ask) -> None:
    answer = ask(WRITE_SCENE, **scene_variables(12, {"title": "Ours"}))

    assert answer["data"]["seen"][0]["details"] == "x"
    assert answer["data"]["wrote"][0]["details"] == "xx"
    assert [one.changed for one in hooked.mutations] == [False, True]


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ("a: bulkSceneUpdate(input: {ids: [12, 13]})", ["x", "x"]),
        ('a: sceneUpdate(input: {id: 12, code: "1"})', ["x", ""]),
        ("a: scenesUpdate(input: [{id: 13}, {id: 12}])", ["x", "x"]),
        ("a: bulkSceneUpdate(input: {ids: [12, 9999]})", ["", ""]),
    ],
)
def test_it_runs_once_for_each_scene_that_is_updated(
    hooked: DemoServer, ask: Ask, document: str, told: list[str]
) -> None:
    ask(f"mutation {{ {document} {SHOWN} }}")

    scenes = hooked.truth()["scene"]
    assert [scenes[number]["details"] for number in (12, 13)] == told


def test_nothing_else_runs_it(hooked: DemoServer, ask: Ask) -> None:
    off = PluginHook("Off", adds, takes_s=0, enabled=False)
    hooked.library.hooks = (*hooked.library.hooks, off)
    ask("mutation { sceneAddPlay(id: 12) { count } }")
    ask('mutation { tagUpdate(input: {id: 1, description: "x"}) { id } }')
    ask("mutation { sceneDestroy(input: {id: 13}) }")

    assert hooked.truth()["scene"][12]["details"] == ""


def test_others_are_answered_while_it_takes_its_time(
    demo: DemoServer, ask: Ask
) -> None:
    began, go_on = threading.Event(), threading.Event()

    def waits(library: Library, scene: int) -> None:
        began.set()
        go_on.wait(5)

    demo.library.hooks = (PluginHook("Slow", waits, takes_s=0),)
    document = 'mutation { sceneUpdate(input: {id: 12, code: "1"}) { code } }'
    writer = threading.Thread(target=ask, args=(document,))
    writer.start()
    assert began.wait(5)
    meanwhile = ask("{ findScene(id: 12) { code } }")
    go_on.set()
    writer.join(5)

    assert meanwhile["data"]["findScene"]["code"] == "1"


def test_it_takes_half_a_second_unless_told_otherwise() -> None:
    assert PluginHook("Tidy", adds).takes_s == 0.5
