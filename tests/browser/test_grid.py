"""The list of scenes as a grid of pictures, with and without JavaScript."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from syncapp.demo import DemoServer, Library
from tests.browser.conftest import Visit
from tests.browser.installation import Installation
from tests.browser.steps import SOURCE, sign_in
from tests.waiting import wait_until

GRID = "/scenes/?view=grid"
FIRST = 4  # that are on the first screen
IN_A_ROW = """() => {
  const cards = [...document.querySelectorAll(".cover-card")];
  const top = cards[0].offsetTop;
  return cards.filter((card) => card.offsetTop === top).length;
}"""
# How many pictures came from the source, of those that are loaded.
REAL = """() => [...document.querySelectorAll("img.cover")]
  .filter((image) => image.complete && image.naturalWidth === 480).length"""
HEIGHTS = """() => [...document.querySelectorAll("img.cover")]
  .map((image) => Math.round((image.offsetWidth * 9) / 16 - image.offsetHeight))"""


@pytest.fixture(scope="module")
def gallery(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Installation, DemoServer]]:
    """Give a running site, and the source with pictures that it mirrors."""
    site = Installation(Path(tmp_path_factory.mktemp("gallery")))
    site.set_up()
    library = Library(seed=7, scenes=60)
    library.draws = True
    with DemoServer(library, port=0, api_key="") as stash:
        site.manage("source", "add", SOURCE, stash.url)
        site.manage("sync", "--full", "--inline")
        with site.web():
            yield site, stash


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def page(
    gallery: tuple[Installation, DemoServer],
    visit: Visit,
    request: pytest.FixtureRequest,
) -> Page:
    """Give a page of somebody signed in, with JavaScript and without."""
    page = visit(gallery[0].address, java_script_enabled=request.param).page
    sign_in(page)
    return page


@pytest.fixture
def scripted(gallery: tuple[Installation, DemoServer], visit: Visit) -> Page:
    """Give a page of somebody signed in whose browser can be asked things."""
    page = visit(gallery[0].address).page
    sign_in(page)
    return page


def test_the_grid_stays_through_search_pages_and_chips(page: Page) -> None:
    page.goto("/scenes/")
    page.get_by_role("link", name="Grid").click()
    expect(page.locator(".cover-card")).to_have_count(50)

    page.get_by_role("link", name="Next", exact=True).click()
    expect(page.locator(".cover-card")).to_have_count(10)
    page.get_by_role("searchbox").fill("archive")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.locator(".cover-card").first).to_contain_text("Archive")
    page.get_by_role("link", name="Without “archive”").click()
    expect(page.locator(".cover-card")).to_have_count(50)

    page.get_by_role("link", name="List", exact=True).click()
    expect(page.locator("table.rows")).to_be_visible()
    expect(page.locator(".cover-card")).to_have_count(0)


def test_what_is_ticked_in_the_grid_is_synced(page: Page) -> None:
    page.goto(GRID)
    for number in range(2):
        page.locator(".cover-card").nth(number).get_by_role("checkbox").check()

    page.get_by_role("button", name="Re-sync selected").click()

    expect(page).to_have_url(re.compile(r"/jobs/\d+/$"))
    expect(page.get_by_text("2 scenes").first).to_be_visible()


def test_a_card_leads_to_its_scene_with_its_picture(page: Page) -> None:
    page.goto(GRID)
    link = page.locator(".cover-card a").first
    title = link.inner_text()
    link.click()

    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.get_by_role("img", name="Cover")).to_be_visible()


def test_pictures_come_from_the_source_into_places_of_fixed_shape(
    scripted: Page,
) -> None:
    scripted.goto(GRID)
    wait_until(lambda: scripted.evaluate(REAL) >= FIRST, within=20)

    assert set(scripted.evaluate(HEIGHTS)) <= {-1, 0, 1}


def test_keys_reach_each_card_and_its_box(scripted: Page) -> None:
    scripted.goto(GRID)
    cards = scripted.locator(".cover-card")
    cards.nth(0).get_by_role("link").focus()

    scripted.keyboard.press("Tab")
    expect(cards.nth(0).get_by_role("checkbox")).to_be_focused()
    scripted.keyboard.press("Space")
    expect(cards.nth(0).get_by_role("checkbox")).to_be_checked()
    scripted.keyboard.press("Tab")
    expect(cards.nth(1).get_by_role("link")).to_be_focused()
    title = cards.nth(1).get_by_role("link").inner_text()
    scripted.keyboard.press("Enter")

    expect(scripted.get_by_role("heading", level=1)).to_have_text(title)


@pytest.mark.parametrize(("width", "least", "most"), [(390, 2, 2), (1920, 7, 12)])
def test_wide_screens_have_more_columns(
    width: int, least: int, most: int, scripted: Page
) -> None:
    scripted.set_viewport_size({"width": width, "height": 900})
    scripted.goto(GRID)

    assert least <= scripted.evaluate(IN_A_ROW) <= most
    assert scripted.evaluate("document.documentElement.scrollWidth") <= width


def test_the_grid_is_there_while_its_source_answers_nothing(
    gallery: tuple[Installation, DemoServer], scripted: Page
) -> None:
    # What an earlier look has brought would not be asked for again.
    shutil.rmtree(gallery[0].data / "covers", ignore_errors=True)
    with gallery[1].gate.hold(operation="file") as hold:
        scripted.goto("/scenes/?view=grid&sort=title&size=50")
        hold.wait()

        expect(scripted.locator(".cover-card")).to_have_count(50)
        scripted.goto("/tags/")
        expect(scripted.get_by_role("heading", level=1)).to_have_text("Tags")
