"""Writes that land late, never, out of order, or after somebody else's."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import httpx2
import pytest

from syncapp.demo import DemoServer
from syncapp.stash.scene_writing import WRITE_SCENE, scene_variables

Ask = Callable[..., Any]


def written(ask: Ask, scene: int, title: str) -> Any:
    return ask(WRITE_SCENE, **scene_variables(scene, {"title": title}))


def unanswered(ask: Ask, scene: int, title: str) -> None:
    with pytest.raises(httpx2.TransportError):
        written(ask, scene, title)


def impatient(demo: DemoServer, scene: int, title: str) -> None:
    """Write, and leave before the answer can be there."""
    body = {"query": WRITE_SCENE, "variables": scene_variables(scene, {"title": title})}
    with pytest.raises(httpx2.TimeoutException):
        httpx2.post(f"{demo.url}/graphql", json=body, timeout=0.2, trust_env=False)


def title(demo: DemoServer, scene: int) -> str:
    found = demo.library.get("scene", scene)
    return str(found and found["title"])


def test_a_late_write_lands_after_its_connection_was_closed(
    demo: DemoServer, ask: Ask
) -> None:
    demo.faults.late(1.1, root="bulkSceneUpdate")
    unanswered(ask, 12, "Ours")
    seen, wrote = demo.mutations.wait(2)

    assert (seen.changed, wrote.changed) == (False, True)
    assert title(demo, 12) == "Ours"
    assert (seen.at - seen.arrived_at).total_seconds() >= 1.1


def test_a_late_write_may_wait_until_its_client_goes(
    demo: DemoServer, pool: ThreadPoolExecutor
) -> None:
    demo.faults.late(0.01, root="bulkSceneUpdate", cut=False)
    pool.submit(impatient, demo, 12, "Ours").result()

    assert [one.alias for one in demo.mutations.wait(2)] == ["seen", "wrote"]


def test_a_late_write_does_not_outlive_its_server(demo: DemoServer, ask: Ask) -> None:
    demo.faults.late(60, root="bulkSceneUpdate")
    unanswered(ask, 12, "Ours")
    demo.stop()

    assert len(demo.mutations) == 0


def test_a_write_that_vanishes_is_never_done(demo: DemoServer, ask: Ask) -> None:
    demo.faults.vanish(root="bulkSceneUpdate")
    unanswered(ask, 12, "Ours")
    written(ask, 13, "Next")

    assert [one.ids for one in demo.mutations] == [(13,), (13,)]


def test_a_connection_may_break_between_the_halves(demo: DemoServer, ask: Ask) -> None:
    demo.faults.vanish(done=1, root="bulkSceneUpdate")
    unanswered(ask, 12, "Ours")

    assert [one.alias for one in demo.mutations.wait(1)] == ["seen"]
    assert title(demo, 12) != "Ours"


def test_a_write_whose_client_left_before_it_began_is_given_up(
    demo: DemoServer, ask: Ask
) -> None:
    with demo.gate.hold(root="bulkSceneUpdate") as hold:
        impatient(demo, 12, "Ours")
        hold.wait()
        written_later = ask("query Later { version { version } }")

    assert "errors" not in written_later
    written(ask, 13, "Next")
    assert [one.ids for one in demo.mutations] == [(13,), (13,)]


def test_a_write_that_stays_open_lands_whenever_it_is_let_go(
    demo: DemoServer, ask: Ask
) -> None:
    with demo.gate.hold(root="bulkSceneUpdate", kept=True, where=is_first) as hold:
        impatient(demo, 12, "Ours")
        hold.wait()
        written(ask, 12, "Later, and done before")
        assert title(demo, 12) == "Later, and done before"

    assert len(demo.mutations.wait(4)) == 4
    assert title(demo, 12) == "Ours"


def is_first(seen: Any) -> bool:
    return bool(seen.variables["input"]["title"] == "Ours")


def test_writers_may_go_in_the_reverse_of_their_order(
    demo: DemoServer, ask: Ask, pool: ThreadPoolExecutor
) -> None:
    ticket: list[Future[Any]] = []
    with demo.gate.hold(root="bulkSceneUpdate", last_first=True) as hold:
        for count, name in enumerate(("First", "Second", "Third"), 1):
            ticket.append(pool.submit(written, ask, 12, name))
            hold.wait(count=count)
    answers = [one.result(5) for one in ticket]

    order = [one.given["title"] for one in demo.mutations if one.alias == "wrote"]
    assert order == ["Third", "Second", "First"]
    assert answers[0]["data"]["seen"][0]["title"] == "Second"
    stamps = [one.arrived_at for one in demo.mutations if one.alias == "seen"]
    assert stamps == sorted(stamps, reverse=True)


def test_somebody_may_come_between_the_halves(demo: DemoServer, ask: Ask) -> None:
    def edit() -> None:
        demo.library.edit("scene", 12, title="Theirs")

    before = title(demo, 12)
    demo.faults.between(edit, alias="wrote")
    answer = written(ask, 12, "Ours")

    assert answer["data"]["seen"][0]["title"] == before
    assert answer["data"]["wrote"][0]["title"] == "Ours"
    assert not demo.faults.ordered


def test_one_half_may_find_the_database_locked(demo: DemoServer, ask: Ask) -> None:
    demo.faults.fail_field(alias="seen")
    first = written(ask, 12, "Ours")
    demo.faults.fail_field(alias="wrote")
    second = written(ask, 13, "Ours")

    told = [(one["errors"][0]["path"], one["data"]) for one in (first, second)]
    assert [path for path, _ in told] == [["seen"], ["wrote"]]
    assert (told[0][1]["seen"], told[1][1]["wrote"]) == (None, None)
    assert [one.ids for one in demo.mutations] == [(12,), (13,)]
    assert title(demo, 12) == "Ours"
