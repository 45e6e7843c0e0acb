"""From a list to a scene, on to the next, and back; a tree of tags that is narrowed."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, StorageState, expect

from tests.browser.conftest import Visit
from tests.browser.demo_site import DemoSite
from tests.browser.visitor import audit

SCRIPTS = "scripts"
BROWSERS = pytest.mark.parametrize("browser_runs", [SCRIPTS, "no scripts"])
TITLES = ".rows tbody th a"


@pytest.fixture
def page(
    browser_runs: str, house: DemoSite, signed_in: StorageState, visit: Visit
) -> Page:
    """Give the page of somebody who is signed in."""
    options: dict[str, Any] = {
        "storage_state": signed_in,
        "java_script_enabled": browser_runs == SCRIPTS,
    }
    return visit(house.address, **options).page


@BROWSERS
def test_a_list_is_walked_scene_by_scene_and_come_back_to(
    browser_runs: str, page: Page
) -> None:
    page.goto("/scenes/?organized=no&rating_from=20&sort=title&size=25")
    titles = page.locator(TITLES).all_inner_texts()
    page.get_by_role("link", name="Next", exact=True).click()
    second = page.url
    titles += page.locator(TITLES).all_inner_texts()
    assert len(titles) > 26

    page.locator(TITLES).first.click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(titles[25])
    page.get_by_role("link", name="Next", exact=True).click()
    expect(heading).to_have_text(titles[26])
    page.get_by_role("link", name="Previous", exact=True).click()
    expect(heading).to_have_text(titles[25])
    page.get_by_role("link", name="Previous", exact=True).click()
    expect(heading).to_have_text(titles[24])
    if browser_runs == SCRIPTS:
        assert audit(page) == ""
    page.get_by_role("link", name="Back to the list").click()

    expect(page.locator(TITLES).first).to_have_text(titles[25])
    assert asked_for(page.url) == asked_for(second)


def asked_for(url: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(url).query)


@BROWSERS
def test_the_latest_scenes_of_a_studio_lead_back_to_it(
    browser_runs: str, house: DemoSite, page: Page
) -> None:
    page.goto(house.pages["studio"])
    name = page.get_by_role("heading", level=1).inner_text()
    latest = page.get_by_role("region", name="Latest scenes").get_by_role("link")

    latest.filter(has_not_text="All ").first.click()
    expect(page.get_by_text("The first", exact=True)).to_be_visible()
    page.get_by_role("link", name="Back to the studio").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(name)


@BROWSERS
def test_a_tree_is_narrowed_and_shown_whole_again(
    browser_runs: str, page: Page
) -> None:
    page.goto("/tags/tree/")
    tree = page.get_by_role("region", name="Tags, each below what it is part of")
    leaf = tree.locator("details ul a.name").last
    name = leaf.text_content() or ""
    expect(leaf).to_be_hidden()

    page.get_by_role("searchbox", name="Narrow the tree").fill(name.upper())
    page.get_by_role("button", name="Narrow").click()
    found = tree.get_by_role("link", name=name, exact=True)
    expect(found.first).to_be_visible()
    expect(tree.locator("a.match").first).to_have_text(name)
    if browser_runs == SCRIPTS:
        assert audit(page) == ""

    page.get_by_role("link", name="Show the whole tree").click()
    expect(found.first).to_be_hidden()


@BROWSERS
def test_a_branch_is_opened_where_it_was_asked_for(
    browser_runs: str, house: DemoSite, page: Page
) -> None:
    page.goto(house.pages["tag"])
    name = page.get_by_role("heading", level=1).inner_text()

    page.get_by_role("link", name="Show it in the tree").click()

    shown = page.locator(":target").get_by_role("link", name=name, exact=True)
    expect(shown).to_be_visible()
    shown.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
