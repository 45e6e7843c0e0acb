"""Open pages follow their jobs: through cuts, without sockets, after a pause."""

import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from playwright.sync_api import Page, expect

from syncapp.demo import DemoServer, Library
from syncapp.demo.gate import Hold
from tests.browser import steps
from tests.browser.conftest import Visit
from tests.browser.installation import Installation
from tests.browser.visitor import Visitor
from tests.waiting import wait_until

pytestmark = pytest.mark.timeout(600)
CUT_S = 10
LONGEST_WAIT_MS = 40_000  # a page that is cut off tries again after 30 s at most
STATE = ".head .state"
LOG_LINES = ".log .message"
CUT = "Live updates paused, retrying"


@pytest.fixture
def archive() -> Iterator[DemoServer]:
    with DemoServer(Library(seed=7, scenes=1_000), port=0, api_key="") as demo:
        yield demo


@pytest.fixture(scope="module")
def with_a_person(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the data folder of an installation with a person, to be copied."""
    installation = Installation(tmp_path_factory.mktemp("with-a-person"))
    installation.set_up()
    return installation.data


@pytest.fixture
def site(
    installation: Installation, archive: DemoServer, with_a_person: Path
) -> Installation:
    """Give an installation with a person and a source; nothing of it runs yet."""
    shutil.copytree(with_a_person, installation.data)
    installation.manage("source", "add", steps.SOURCE, archive.url)
    return installation


def at_the_dashboard(visit: Visit, site: Installation) -> Visitor:
    visitor = visit(site.address)
    steps.sign_in(visitor.page)
    return visitor


@contextmanager
def held_sync(page: Page, archive: DemoServer) -> Iterator[Hold]:
    """Press Full sync and hold it in the middle, its bar seen on the job's page.

    The second page is held: two are asked for at once, in either order.
    """
    with archive.gate.hold(operation="ScenePage", after=250) as held:
        steps.press_full_sync(page)
        steps.watch_bar(page, held, live=True)
        yield held


def count_loads(page: Page) -> list[str]:
    """Return a list that grows whenever the page is loaded anew."""
    loads: list[str] = []
    page.on("domcontentloaded", lambda loaded: loads.append(loaded.url))
    return loads


def kept(page: Page) -> Any:
    """Return what the database has of the page's job."""
    return page.request.get(f"{page.url}state.json").json()


def test_a_cut_of_ten_seconds_in_the_middle_of_a_sync_loses_nothing(
    site: Installation, archive: DemoServer, visit: Visit
) -> None:
    with ExitStack() as web, ExitStack() as worker:
        web.enter_context(site.web())
        worker.enter_context(site.worker())
        visitor = at_the_dashboard(visit, site)
        page = visitor.page
        held = worker.enter_context(held_sync(page, archive))
        loads = count_loads(page)

        with visitor.witness.expect_no_server():
            web.close()
            held.open()
            expect(page.get_by_text(CUT)).to_be_visible()
            time.sleep(CUT_S)
            web.enter_context(site.web())
            steps.wait_for_success(page)
            back = page.get_by_text("Live", exact=True)
            expect(back).to_be_visible(timeout=LONGEST_WAIT_MS)
        told = [event["text"] for event in kept(page)["events"]]
        expect(page.locator(LOG_LINES)).to_have_text(told)
        page.close()

    assert len(told) > 2
    assert loads == []


def test_a_job_is_cancelled_and_tried_again_on_a_page_that_moves(
    site: Installation, archive: DemoServer, visit: Visit
) -> None:
    with site.up():
        page = at_the_dashboard(visit, site).page
        with held_sync(page, archive):
            first = page.url
            page.get_by_role("button", name="Cancel").click()
            page.wait_for_url(first)
        expect(page.locator(STATE)).to_have_text("cancelled", timeout=steps.JOB_MS)

        page.get_by_role("button", name="Retry").click()

        expect(page).not_to_have_url(first)
        steps.wait_for_success(page)
        expect(page.get_by_text("This is a retry of")).to_be_visible()
        page.close()


def test_a_page_without_a_socket_asks_for_what_is_new(
    site: Installation, archive: DemoServer, visit: Visit
) -> None:
    with site.up():
        visitor = visit(site.address)
        visitor.page.route_web_socket("**/ws/v1/**", lambda socket: socket.close())
        page = visitor.page
        steps.sign_in(page)
        with held_sync(page, archive):
            expect(page.get_by_text(CUT)).to_be_visible()
            loads = count_loads(page)
        steps.wait_for_success(page)
        page.close()

    assert loads == []


def test_updates_wait_while_they_are_paused(
    site: Installation, archive: DemoServer, visit: Visit
) -> None:
    with site.up():
        page = at_the_dashboard(visit, site).page
        with held_sync(page, archive):
            page.get_by_role("button", name="Pause updates").click()
            expect(page.get_by_text("Updates are paused.")).to_be_visible()
        wait_until(lambda: kept(page)["job"]["status"] == "succeeded", within=30)
        expect(page.locator(STATE)).to_have_text("running")

        page.get_by_role("button", name="Resume updates").click()

        steps.wait_for_success(page)
        page.close()


def kill_the_worker(up: int) -> None:
    """Kill the worker of `up` and all below it, at one blow."""
    children = psutil.Process(up).children()
    worker = next(child for child in children if "worker" in child.cmdline())
    for process in (worker, *worker.children(recursive=True)):
        process.kill()


def test_the_workers_page_looks_again_by_itself(
    site: Installation, visit: Visit
) -> None:
    with site.web():
        page = at_the_dashboard(visit, site).page
        page.goto(f"{site.address}/jobs/workers/")
        expect(page.get_by_text("No worker was here in the last hour.")).to_be_visible()
        loads = count_loads(page)

        site.manage("jobs", "pause", "long")

        resume = page.get_by_role("button", name="Resume the long lane")
        expect(resume).to_be_visible(timeout=15_000)
        assert loads == []
        page.close()  # a page that stays would miss its server


def test_a_page_shows_how_a_killed_worker_s_sync_is_lost_and_goes_on(
    site: Installation, archive: DemoServer, visit: Visit
) -> None:
    site.env["STEWARD_JOB_LEASE_S"] = "6"
    with site.up() as up:
        page = at_the_dashboard(visit, site).page
        with archive.gate.hold(operation="ScenePage", after=250) as held:
            steps.press_full_sync(page)
            steps.watch_bar(page, held, live=True)
            loads = count_loads(page)

            kill_the_worker(up.pid)

            lost = page.get_by_text("The worker died; the job goes on from")
            expect(lost).to_be_visible(timeout=steps.JOB_MS)
        steps.wait_for_success(page)
        # The state comes with the list of jobs, the log in the message after it.
        expect(page.locator(LOG_LINES).last).to_have_text("The job is done.")
        shown = page.locator(LOG_LINES).all_inner_texts()
        page.close()

    assert shown.count("A worker started the job.") == 2
    assert loads == []
