"""Each page suits everybody: axe in light and dark, narrow screens, keyboards."""

import pytest
from playwright.sync_api import Page, StorageState, expect

from tests.browser.conftest import Visit
from tests.browser.demo_site import DemoSite
from tests.browser.pages import PAGES, open_page
from tests.browser.visitor import audit

WIDTHS = (390, 320)
TOO_WIDE = """width => [...document.querySelectorAll("body *")]
  .filter(part => part.getBoundingClientRect().right > width + 0.5)
  .slice(0, 5)
  .map(part => part.outerHTML.slice(0, 160))
"""
OUTLINE = """() => {
  const style = getComputedStyle(document.activeElement);
  return style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth);
}"""


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_wrong_in_light_and_dark(
    name: str, house: DemoSite, signed_in: StorageState, visit: Visit
) -> None:
    visitor = visit(house.address, storage_state=signed_in, color_scheme="light")
    open_page(visitor, house, name)

    assert audit(visitor.page) == ""

    visitor.page.emulate_media(color_scheme="dark")

    assert audit(visitor.page) == ""


@pytest.mark.parametrize("name", PAGES)
def test_narrow_screens_scroll_in_one_direction_only(
    name: str, house: DemoSite, signed_in: StorageState, visit: Visit
) -> None:
    visitor = visit(house.address, storage_state=signed_in)
    open_page(visitor, house, name)

    for width in WIDTHS:
        visitor.page.set_viewport_size({"width": width, "height": 800})

        assert scroll_width(visitor.page) <= width, widest(visitor.page, width)


def scroll_width(page: Page) -> int:
    return int(page.evaluate("() => document.documentElement.scrollWidth"))


def widest(page: Page, width: int) -> str:
    """Return the first parts that reach over the edge."""
    return "\n".join(page.evaluate(TOO_WIDE, width))


@pytest.mark.parametrize("name", ["dashboard", "scenes", "refused"])
def test_first_tab_shows_a_link_that_skips_to_the_content(
    name: str, house: DemoSite, signed_in: StorageState, visit: Visit
) -> None:
    visitor = visit(house.address, storage_state=signed_in)
    open_page(visitor, house, name)
    page = visitor.page
    page.evaluate("() => document.activeElement.blur()")
    skip = page.get_by_role("link", name="Skip to content")

    page.keyboard.press("Tab")

    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    inside = "() => document.getElementById('main').contains(document.activeElement)"
    assert page.evaluate(inside)


def test_focus_is_seen_on_every_stop_of_the_keyboard(
    house: DemoSite, signed_in: StorageState, visit: Visit
) -> None:
    visitor = visit(house.address, storage_state=signed_in)
    open_page(visitor, house, "dashboard")
    page = visitor.page

    for _ in range(25):
        page.keyboard.press("Tab")
        where = page.evaluate("() => document.activeElement.outerHTML.slice(0, 160)")

        assert page.evaluate(OUTLINE) >= 2, where


def test_somebody_with_a_keyboard_alone_starts_a_sync(
    house: DemoSite, signed_in: StorageState, visit: Visit
) -> None:
    visitor = visit(house.address, storage_state=signed_in)
    open_page(visitor, house, "scene")
    page = visitor.page
    button = page.get_by_role("button", name="Re-sync this scene")

    for _ in range(25):
        page.keyboard.press("Tab")
        if button.evaluate("part => part === document.activeElement"):
            break
    page.keyboard.press("Enter")

    page.wait_for_url("**/scenes/*/?resync=*")
    job = page.get_by_role("list", name="Its re-sync")
    expect(job.locator(".state")).to_have_text("queued")
