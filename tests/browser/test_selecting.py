"""Scenes are selected over pages and orders, or all at once, and then synced again."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, StorageState, expect

from syncapp.demo import DemoServer, Library
from tests.browser import steps
from tests.browser.conftest import Visit
from tests.browser.demo_site import DemoSite
from tests.browser.installation import Installation
from tests.browser.visitor import audit

KEY = "steward.selection.scenes"
SCENES = 1_200  # more than a job has ids in its parameters


def boxes(page: Page) -> Locator:
    return page.locator("tbody input[name=ids]")


def told(page: Page) -> Locator:
    return page.locator("[data-selected]")


def whole_page(page: Page) -> Locator:
    return page.get_by_label("Select page")


def next_page(page: Page) -> None:
    page.get_by_role("link", name="Next", exact=True).click()
    page.wait_for_url("**after=*")


@pytest.fixture
def page(house: DemoSite, signed_in: StorageState, visit: Visit) -> Page:
    """Give the list of scenes, with scripts."""
    page = visit(house.address, storage_state=signed_in).page
    page.goto("/scenes/")
    return page


@pytest.fixture
def plain_page(house: DemoSite, signed_in: StorageState, visit: Visit) -> Page:
    """Give the list of scenes in a browser that runs no scripts."""
    options = {"storage_state": signed_in, "java_script_enabled": False}
    page = visit(house.address, **options).page
    page.goto("/scenes/")
    return page


def test_selection_is_kept_over_pages_orders_and_filters(page: Page) -> None:
    boxes(page).nth(2).check()
    expect(told(page)).to_have_text("1 selected.")

    next_page(page)
    expect(told(page)).to_have_text("1 selected, 1 of them on other pages.")
    whole_page(page).check()
    expect(told(page)).to_have_text("51 selected, 1 of them on other pages.")
    boxes(page).nth(0).uncheck()
    expect(told(page)).to_have_text("50 selected, 1 of them on other pages.")
    assert whole_page(page).evaluate("box => box.indeterminate")

    page.goto("/scenes/?sort=title&size=100&q=the")
    expect(told(page)).to_contain_text("50 selected")
    page.goto("/scenes/")
    expect(boxes(page).nth(2)).to_be_checked()
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(told(page)).to_have_text("")
    expect(boxes(page).nth(2)).not_to_be_checked()
    expect(whole_page(page)).to_be_focused()
    page.reload()
    expect(told(page)).to_have_text("")


def test_selection_is_kept_when_a_filter_applies_by_itself(page: Page) -> None:
    boxes(page).nth(2).check()
    chosen = boxes(page).nth(2).get_attribute("value")
    page.get_by_label("no date").check()
    expect(page.get_by_role("link", name="Without no date")).to_be_visible()
    expect(told(page)).to_have_text("1 selected, 1 of them on other pages.")

    boxes(page).nth(0).check()
    expect(told(page)).to_have_text("2 selected, 1 of them on other pages.")
    page.get_by_label("no date").uncheck()
    expect(page.get_by_role("link", name="Without no date")).to_have_count(0)

    expect(page.locator(f"input[name=ids][value='{chosen}']")).to_be_checked()
    expect(told(page)).to_contain_text("2 selected")


def test_all_that_is_selected_is_one_job_and_can_be_taken_again(page: Page) -> None:
    whole_page(page).check()
    next_page(page)
    boxes(page).nth(0).check()

    page.get_by_role("button", name="Re-sync selected").click()

    page.wait_for_url("**/jobs/*/")
    expect(page.locator("h1")).to_contain_text("Sync of 51 scenes")
    page.goto("/scenes/")
    expect(told(page)).to_have_text("")
    page.get_by_role("button", name="Select the last 51 again").click()
    expect(told(page)).to_have_text("51 selected, 1 of them on other pages.")


def test_page_that_comes_back_shows_what_is_selected_by_then(page: Page) -> None:
    boxes(page).nth(0).check()
    next_page(page)
    page.get_by_role("button", name="Clear", exact=True).click()

    page.go_back()

    expect(boxes(page).nth(0)).not_to_be_checked()
    expect(told(page)).to_have_text("")


def test_selection_that_would_grow_too_large_stays_as_it_is(page: Page) -> None:
    many = "JSON.stringify({ids: [...Array(4990).keys()].map(String), last: []})"
    page.evaluate(f"() => sessionStorage.setItem('{KEY}', {many})")
    page.reload()
    expect(told(page)).to_contain_text("4,990 selected")

    whole_page(page).click()

    expect(told(page)).to_contain_text("More than 5,000 are not kept")
    expect(boxes(page).nth(0)).not_to_be_checked()
    expect(told(page)).to_contain_text("4,990 selected")


@pytest.mark.parametrize("kept", ["", "[1", "null", '{"ids": 7}', "[[]]"])
def test_what_somebody_else_kept_there_breaks_nothing(kept: str, page: Page) -> None:
    page.evaluate("([key, kept]) => sessionStorage.setItem(key, kept)", [KEY, kept])
    page.reload()

    boxes(page).nth(0).check()

    expect(told(page)).to_have_text("1 selected.")


def test_where_a_browser_keeps_nothing_the_page_s_own_ticks_count(
    house: DemoSite, signed_in: StorageState, visit: Visit
) -> None:
    page = visit(house.address, storage_state=signed_in).page
    page.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', {get() { throw Error(); }});"
    )
    page.goto("/scenes/")

    boxes(page).nth(0).check()
    boxes(page).nth(1).check()

    expect(told(page)).to_have_text("2 selected.")


def test_without_scripts_the_ticks_of_the_page_are_sent(plain_page: Page) -> None:
    page = plain_page
    expect(whole_page(page)).to_be_hidden()
    expect(page.get_by_role("button", name="Clear", exact=True)).to_be_hidden()
    for number in range(3):
        boxes(page).nth(number).check()

    page.get_by_role("button", name="Re-sync selected").click()

    page.wait_for_url("**/jobs/*/")
    expect(page.locator("h1")).to_contain_text("Sync of 3 scenes")


def test_keyboard_alone_selects_and_sees_what_it_is_at(page: Page) -> None:
    boxes(page).nth(0).focus()
    page.keyboard.press("Space")
    expect(told(page)).to_have_text("1 selected.")

    whole_page(page).focus()
    page.keyboard.press("Space")

    expect(told(page)).to_have_text("50 selected.")


@pytest.mark.parametrize("width", [1280, 390])
def test_bar_stays_in_sight_fits_and_suits_everybody(width: int, page: Page) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    boxes(page).nth(0).check()
    page.evaluate("() => window.scrollTo(0, 0)")

    expect(page.locator("[data-selection-bar]")).to_be_in_viewport(ratio=1)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert audit(page) == ""


@pytest.fixture
def archive() -> Iterator[DemoServer]:
    with DemoServer(Library(seed=7, scenes=SCENES), port=0, api_key="") as demo:
        yield demo


@pytest.fixture
def site(installation: Installation, archive: DemoServer) -> Installation:
    """Give an installation with a person and a mirror."""
    installation.set_up()
    installation.manage("source", "add", steps.SOURCE, archive.url)
    installation.manage("sync", "--full", "--inline")
    return installation


@pytest.mark.timeout(600)
@pytest.mark.parametrize("browser_runs", ["scripts", "no scripts"])
def test_all_that_match_are_shown_confirmed_and_done(
    browser_runs: str, site: Installation, archive: DemoServer, visit: Visit
) -> None:
    with site.web(), site.worker():
        scripts = browser_runs == "scripts"
        page = visit(site.address, java_script_enabled=scripts).page
        steps.sign_in(page)
        page.goto("/scenes/")
        page.get_by_role("link", name="Select all 1,200 matching").click()
        expect(page.locator("h1")).to_have_text("Re-sync 1,200 scenes?")
        if scripts:
            assert audit(page) == ""

        page.get_by_role("button", name="Re-sync 1,200 scenes").click()

        page.wait_for_url("**/jobs/*/")
        expect(page.locator("h1")).to_contain_text("Sync of 1,200 scenes")
        steps.wait_for_success(page)
        assert archive.requests.count(operation="ScenesByIds") > 0
        page.close()  # a page that stays would miss its server
