"""The gate holds the page that a test wants to look behind."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from syncapp.demo import DemoServer

Ask = Callable[..., Any]
PAGE = """query Page($filter: FindFilterType) {
    findScenes(filter: $filter) { scenes { id title } } }"""


def asked(pool: ThreadPoolExecutor, ask: Ask, page: int) -> "Future[Any]":
    wanted = {"sort": "id", "direction": "ASC", "per_page": 1, "page": page}
    return pool.submit(ask, PAGE, filter=wanted)


def title(answer: Any) -> str:
    return str(answer["data"]["findScenes"]["scenes"][0]["title"])


def test_the_gate_holds_one_page_and_lets_the_others_pass(
    demo: DemoServer, ask: Ask, pool: ThreadPoolExecutor
) -> None:
    with demo.gate.hold(operation="Page", page=2) as hold:
        held = asked(pool, ask, 2)
        seen = hold.wait()
        passed = asked(pool, ask, 1).result(5)

        assert (seen.page, seen.operation) == (2, "Page")
        assert "errors" not in passed
        assert not held.done()
    assert "errors" not in held.result(5)


def test_a_held_request_is_answered_from_the_library_as_it_is_then(
    demo: DemoServer, ask: Ask, pool: ThreadPoolExecutor
) -> None:
    with demo.gate.hold(root="findScenes") as hold:
        held = asked(pool, ask, 3)
        hold.wait()
        demo.library.edit("scene", 3, title="Edited behind the gate")

    assert title(held.result(5)) == "Edited behind the gate"


def test_a_held_answer_was_made_before_the_edit(
    demo: DemoServer, ask: Ask, pool: ThreadPoolExecutor
) -> None:
    demo.library.edit("scene", 3, title="Before")
    with demo.gate.hold(answered=True) as hold:
        held = asked(pool, ask, 3)
        hold.wait()
        demo.library.edit("scene", 3, title="After")

    assert title(held.result(5)) == "Before"


def test_the_gate_can_let_the_first_ones_pass(
    demo: DemoServer, ask: Ask, pool: ThreadPoolExecutor
) -> None:
    hold = demo.gate.hold(skip=2)
    for page in (1, 2):
        asked(pool, ask, page).result(5)
    held = [asked(pool, ask, page) for page in (3, 4)]
    hold.wait(count=2)

    assert hold.caught == 2
    demo.gate.open()
    assert all("errors" not in one.result(5) for one in held)


def test_waiting_for_nobody_says_so(demo: DemoServer) -> None:
    hold = demo.gate.hold(root="findTags")

    with pytest.raises(TimeoutError, match=r"caught 0 of 1 .*findTags"):
        hold.wait(0.05)


def test_another_thread_may_edit_while_the_server_answers(
    demo: DemoServer, ask: Ask
) -> None:
    def edit() -> None:
        for number in range(1, 60):
            demo.library.edit("scene", number, title="Edited")
            demo.library.delete("scene", 300 - number)

    editing = threading.Thread(target=edit)
    editing.start()
    answers = [ask(PAGE, filter={"per_page": -1, "sort": "id"}) for _ in range(20)]
    editing.join()

    assert all("errors" not in answer for answer in answers)
    left = ask(PAGE, filter={"per_page": -1})["data"]["findScenes"]["scenes"]
    assert len(left) == 241
