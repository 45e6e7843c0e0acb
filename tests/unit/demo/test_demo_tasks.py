"""Tasks run one at a time and can be stopped; uploaded pictures are served."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

from syncapp.demo.server import DemoServer

Ask = Callable[..., Any]
NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
SCAN = "mutation { metadataScan(input: {}) }"
QUEUE = "{ jobQueue { id status } }"


def queue(ask: Ask) -> Any:
    found = ask(QUEUE)["data"]["jobQueue"]
    return found and {one["id"]: one["status"] for one in found}


def status(ask: Ask, number: str) -> Any:
    document = "query T($id: ID!) { findJob(input: {id: $id}) { status } }"
    found = ask(document, id=number)["data"]["findJob"]
    return found and found["status"]


def stop(ask: Ask, number: str) -> None:
    ask("mutation S($id: ID!) { stopJob(job_id: $id) }", id=number)


def test_tasks_run_one_after_the_other(demo: DemoServer, ask: Ask) -> None:
    demo.library.now = lambda: NOON
    demo.library.tasks.lasting_s = 60
    first, second = (ask(SCAN)["data"]["metadataScan"] for _ in range(2))
    beginning = queue(ask)
    demo.library.now = lambda: NOON + timedelta(seconds=61)
    later = queue(ask)
    demo.library.now = lambda: NOON + timedelta(seconds=121)

    assert beginning == {first: "RUNNING", second: "READY"}
    assert later == {second: "RUNNING"}
    assert queue(ask) is None
    assert (status(ask, first), status(ask, second)) == ("FINISHED", "FINISHED")


def test_a_running_task_is_stopped_in_two_steps_and_a_waiting_one_at_once(
    demo: DemoServer, ask: Ask
) -> None:
    demo.library.now = lambda: NOON
    demo.library.tasks.lasting_s = 60
    running, waiting = (ask(SCAN)["data"]["metadataScan"] for _ in range(2))
    stop(ask, waiting)
    stop(ask, running)

    assert (status(ask, running), status(ask, waiting)) == ("STOPPING", "CANCELLED")
    assert queue(ask) == {running: "STOPPING"}
    demo.library.now = lambda: NOON + timedelta(seconds=1)
    assert status(ask, running) == "CANCELLED"
    assert queue(ask) is None


def test_of_ended_tasks_the_last_ten_are_known(demo: DemoServer, ask: Ask) -> None:
    numbers = [ask(SCAN)["data"]["metadataScan"] for _ in range(11)]

    known = [status(ask, number) for number in numbers]
    assert known == [None, *["FINISHED"] * 10]


def test_an_uploaded_picture_is_served_and_no_more_the_one_for_none(
    demo: DemoServer, http: httpx2.Client, ask: Ask
) -> None:
    demo.library.pictures["tag", 3] = ("image/webp", b"picture")
    path = ask("{ findTag(id: 3) { image_path } }")["data"]["findTag"]["image_path"]
    picture = http.get(path)

    assert "default=true" not in path
    assert picture.headers["content-type"] == "image/webp"
    assert picture.content == b"picture"
    other = ask("{ findTag(id: 4) { image_path } }")["data"]["findTag"]["image_path"]
    assert other.endswith("&default=true")
    assert http.get(other).headers["content-type"] == "image/svg+xml"
