"""The first trip, from an empty data folder to a scene that was synced again."""

from collections.abc import Iterator

import pytest

from syncapp.demo import DemoServer, Library
from tests.browser import steps
from tests.browser.conftest import Visit
from tests.browser.installation import Installation
from tests.browser.visitor import audit

pytestmark = pytest.mark.timeout(600)
SCENES = 600  # three pages: one is there, one is held, one is to come


@pytest.fixture
def archive() -> Iterator[DemoServer]:
    """Give a Stash to connect, which asks for its key."""
    library = Library(seed=7, scenes=SCENES)
    with DemoServer(library, port=0, api_key="a-key-for-the-archive") as demo:
        yield demo


def title_of_one(demo: DemoServer) -> str:
    """Return the longest title that no other scene's contains."""
    titles = [scene["title"] or "" for scene in demo.truth()["scene"].values()]
    alone = [name for name in titles if sum(name in other for other in titles) == 1]
    return max(alone, key=len)


@pytest.mark.parametrize("browser_runs", ["scripts", "no scripts"])
def test_first_trip_from_an_empty_folder_to_a_scene_synced_again(
    browser_runs: str, installation: Installation, archive: DemoServer, visit: Visit
) -> None:
    title = title_of_one(archive)
    scripts = browser_runs == "scripts"
    with installation.up():
        page = visit(installation.address, java_script_enabled=scripts).page
        if scripts:
            page.goto("/")
            assert audit(page) == ""
        steps.first_administrator(page, installation)
        steps.sign_out(page)
        steps.sign_in(page)
        if scripts:
            assert audit(page) == ""
        steps.connect(page, archive)

        with archive.gate.hold(operation="ScenePage", after=250) as held:
            steps.press_quick_sync(page)
            value, end = steps.watch_bar(page, held, live=scripts)
        assert 0 < value < end
        steps.wait_for_success(page)

        page.goto("/")
        steps.press_full_sync(page)
        steps.wait_for_success(page)

        archive.requests.clear()
        steps.search_and_resync(page, title, live=scripts)
        assert archive.requests.count() > 0
        page.close()  # a page that stays would miss its server
