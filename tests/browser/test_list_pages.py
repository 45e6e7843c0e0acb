"""Lists are worked in: filtered, sorted, paged, by mouse and keys, on any screen."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, StorageState, expect

from tests.browser.conftest import Visit
from tests.browser.demo_site import DemoSite
from tests.browser.visitor import Visitor, audit

DESK, WIDE = {"width": 1280, "height": 900}, {"width": 1920, "height": 1080}
TELEPHONE = {"width": 390, "height": 844}
WIDTH = "part => part.getBoundingClientRect().width"
FORGET = "from syncapp.models import Preferences; Preferences.objects.all().delete()"
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["script", "bare"])


@pytest.fixture
def look(house: DemoSite, signed_in: StorageState, visit: Visit) -> Any:
    """Give a way to open a page of the house, signed in."""

    def open_list(path: str = "/scenes/", **options: Any) -> Page:
        options.setdefault("viewport", DESK)
        visitor: Visitor = visit(house.address, storage_state=signed_in, **options)
        visitor.page.goto(path)
        return visitor.page

    return open_list


@pytest.fixture
def forgotten(house: DemoSite) -> Iterator[None]:
    """Have what is chosen in a test forgotten after it."""
    yield
    house.installation.manage("shell", "-v", "0", "-c", FORGET)


def height(part: Locator) -> int:
    return round(float(part.evaluate("part => part.getBoundingClientRect().height")))


def rows(page: Page) -> Locator:
    return page.locator("[data-row]")


def titles(page: Page) -> list[str]:
    return page.locator("[data-row] [data-open]").all_text_contents()


def found(page: Page) -> Locator:
    return page.locator("main .head [role=status]")


def test_what_is_typed_applies_by_itself(look: Any) -> None:
    page = look()
    before = page.evaluate("() => history.length")
    everything = found(page).inner_text()
    search = page.get_by_role("searchbox", name="Search scenes")

    search.press_sequentially("rain")

    expect(found(page)).not_to_have_text(everything)
    expect(page).to_have_url(re.compile("q=rain"))
    expect(search).to_be_focused()
    expect(search).to_have_value("rain")
    assert all("rain" in title.casefold() for title in titles(page))
    search.press_sequentially(" g")
    expect(page).to_have_url(re.compile("q=rain\\+g"))
    expect(search).to_have_value("rain g")
    assert page.evaluate("() => history.length") == before


def test_boxes_and_orders_apply_at_once(look: Any) -> None:
    page = look()
    page.get_by_label("no date").scroll_into_view_if_needed()
    place = page.evaluate("() => scrollY")

    page.get_by_label("no date").check()

    expect(page.get_by_role("link", name="Without no date")).to_be_visible()
    expect(page.get_by_label("no date")).to_be_focused()
    assert page.evaluate("() => scrollY") == place
    page.get_by_label("Sort by").select_option("title")
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Scene")
    expect(page).to_have_url(re.compile("none=date"))


def test_what_leads_on_from_a_list_follows_its_filters(look: Any) -> None:
    page = look()
    page.get_by_label("no date").check()
    expect(page.get_by_role("link", name="Without no date")).to_be_visible()

    for name in ("CSV of these scenes", "Grid"):
        link = page.get_by_role("link", name=name)
        expect(link).to_have_attribute("href", re.compile("none=date"))
    page.get_by_role("link", name="Grid").click()

    expect(page.locator(".cover-card").first).to_be_visible()
    expect(page.get_by_label("no date")).to_be_checked()


@pytest.mark.usefixtures("forgotten")
def test_source_is_chosen_of_the_list_that_is_shown(look: Any) -> None:
    page = look()
    page.get_by_label("no date").check()
    expect(page.get_by_role("link", name="Without no date")).to_be_visible()

    page.get_by_text("All sources").first.click()
    page.get_by_role("button", name="Cellar").click()

    expect(page.get_by_role("link", name="Without source: Cellar")).to_be_visible()
    expect(page.get_by_role("link", name="Without no date")).to_be_visible()


def test_a_name_that_was_typed_becomes_a_chip(look: Any) -> None:
    page = look("/tags/?sort=-scenes")
    name = titles(page)[0]
    page.goto("/scenes/")
    field = page.get_by_label("tag", exact=True)
    field.fill(name.upper())

    field.press("Tab")

    expect(page.get_by_role("link", name=f"Without tag: {name}")).to_be_visible()
    expect(page.get_by_label("tag", exact=True)).to_have_value("")
    expect(page.get_by_label("performer", exact=True)).to_be_focused()


@SCRIPTS
def test_filters_are_open_on_a_desk_and_a_button_applies_them(
    look: Any, *, scripts: bool
) -> None:
    page = look(java_script_enabled=scripts)
    page.get_by_label("no date").check()

    page.get_by_role("button", name="Apply").click()

    expect(page.get_by_role("link", name="Without no date")).to_be_visible()
    assert rows(page).count() > 0


@SCRIPTS
def test_a_range_is_one_chip_and_goes_as_one(look: Any, *, scripts: bool) -> None:
    page = look("/scenes/?rating_from=20&rating_to=80", java_script_enabled=scripts)
    narrowed = found(page).inner_text()

    page.get_by_role("link", name="Without rating 20").click()

    expect(page.get_by_label("Filters that are on")).to_have_count(0)
    expect(found(page)).not_to_have_text(narrowed)


@SCRIPTS
def test_headers_sort_and_again_the_other_way(look: Any, *, scripts: bool) -> None:
    page = look(java_script_enabled=scripts)
    header = page.get_by_role("columnheader", name="Scene")
    header.get_by_role("link").click()
    expect(header).to_have_attribute("aria-sort", "ascending")
    first = titles(page)[0]

    header.get_by_role("link").click()

    expect(header).to_have_attribute("aria-sort", "descending")
    assert titles(page)[0] != first
    expect(page.get_by_role("columnheader", name="Length").locator("a")).to_have_count(
        0
    )


@SCRIPTS
def test_pages_are_turned_both_ways(look: Any, *, scripts: bool) -> None:
    page = look("/scenes/?size=50&sort=title", java_script_enabled=scripts)
    pages = page.get_by_role("navigation", name="Pages")
    first = titles(page)
    expect(pages).to_contain_text("1\N{EN DASH}50 of 117")

    pages.get_by_role("link", name="Next").click()
    expect(pages).to_contain_text("51\N{EN DASH}100 of 117")
    pages.get_by_role("link", name="Last").click()
    expect(pages).to_contain_text("68\N{EN DASH}117 of 117")
    pages.get_by_role("link", name="Previous").click()
    expect(pages).to_contain_text("18\N{EN DASH}67 of 117")
    pages.get_by_role("link", name="First").click()

    expect(pages).to_contain_text("1\N{EN DASH}50 of 117")
    assert titles(page) == first


def test_keys_move_choose_search_and_open(look: Any) -> None:
    page = look()
    links = page.locator("[data-row] [data-open]")

    page.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("x")
    expect(rows(page).nth(1).get_by_role("checkbox")).to_be_checked()
    page.keyboard.press("x")
    expect(rows(page).nth(1).get_by_role("checkbox")).not_to_be_checked()
    page.keyboard.press("/")
    search = page.get_by_role("searchbox", name="Search scenes")
    expect(search).to_be_focused()
    page.keyboard.type("jk/x?")
    expect(search).to_have_value("jk/x?")


def test_enter_opens_the_row(look: Any) -> None:
    page = look()
    title = titles(page)[0]

    page.keyboard.press("j")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def test_keys_move_and_choose_in_the_grid(look: Any) -> None:
    page = look("/scenes/?view=grid")

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")

    expect(page.locator("[data-open]").nth(1)).to_be_focused()
    expect(page.locator("[data-selected]")).to_have_text("1 selected.")


def test_keys_with_modifiers_are_left_to_the_browser(look: Any) -> None:
    page = look()

    for key in ("Control+j", "Alt+j", "Meta+j", "Shift+J"):
        page.keyboard.press(key)

    expect(page.locator("[data-row] :focus")).to_have_count(0)


def test_a_question_mark_tells_the_keys(look: Any) -> None:
    page = look()

    page.keyboard.press("?")

    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    assert audit(page) == ""
    page.keyboard.press("j")  # it is of the dialog now
    expect(page.locator("[data-row] :focus")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()


@pytest.mark.usefixtures("forgotten")
@SCRIPTS
def test_keys_can_be_turned_off(look: Any, *, scripts: bool) -> None:
    page = look(java_script_enabled=scripts)
    page.get_by_role("link", name="ada").click()
    page.get_by_label("Keys in lists").uncheck()
    page.get_by_label("Colours").select_option("dark")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("main").get_by_role("status")).to_have_text("Kept.")

    page.goto("/scenes/")
    page.keyboard.press("j")

    expect(page.locator("[data-row] :focus")).to_have_count(0)
    expect(page.locator("#list-keys")).to_have_count(0)
    expect(page.locator("html")).to_have_css("color-scheme", "dark")
    expect(page.locator("body")).to_have_css("background-color", "rgb(18, 22, 21)")


@pytest.mark.usefixtures("forgotten")
@SCRIPTS
def test_columns_are_chosen_above_the_list(look: Any, *, scripts: bool) -> None:
    page = look("/scenes/?none=date", java_script_enabled=scripts)
    page.locator("summary", has_text="Columns").click()
    choices = page.locator(".choices")
    choices.get_by_label("Path").check()
    choices.get_by_label("Studio").uncheck()
    if scripts:
        assert audit(page) == ""

    page.get_by_role("button", name="Show these").click()

    expect(page.get_by_role("columnheader", name="Path")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Studio")).to_have_count(0)
    expect(page.get_by_role("link", name="Without no date")).to_be_visible()


@pytest.mark.usefixtures("forgotten")
@SCRIPTS
def test_one_source_is_chosen_in_the_header(look: Any, *, scripts: bool) -> None:
    page = look(java_script_enabled=scripts)
    page.get_by_text("All sources").first.click()
    if scripts:
        assert audit(page) == ""

    page.get_by_role("button", name="Cellar").click()

    expect(page.get_by_role("link", name="Without source: Cellar")).to_be_visible()
    page.get_by_role("navigation", name="Main").get_by_text("Tags").click()
    expect(page.get_by_role("link", name="Without source: Cellar")).to_be_visible()


@SCRIPTS
def test_a_telephone_shows_the_first_row_and_folds_the_filters(
    look: Any, *, scripts: bool
) -> None:
    page = look(viewport=TELEPHONE, java_script_enabled=scripts)

    expect(rows(page).first).to_be_in_viewport(ratio=1)
    expect(page.get_by_label("no date")).not_to_be_visible()
    page.locator("label", has_text="Filters").click()
    expect(page.get_by_label("no date")).to_be_visible()
    page.get_by_label("no date").check()
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("link", name="Without no date")).to_be_visible()


@pytest.mark.parametrize("path", ["/performers/", "/tags/", "/studios/"])
def test_a_telephone_shows_the_first_name(path: str, look: Any) -> None:
    page = look(path, viewport=TELEPHONE)

    expect(rows(page).first).to_be_in_viewport(ratio=1)


def test_the_fold_is_opened_by_keys_and_seen(look: Any) -> None:
    page = look(viewport=TELEPHONE)
    page.get_by_label("Filters", exact=True).focus()

    page.keyboard.press("Space")

    expect(page.get_by_label("no date")).to_be_visible()
    label = page.locator(".fold-label")
    assert label.evaluate("part => getComputedStyle(part).outlineStyle") != "none"
    assert audit(page) == ""


def test_rows_are_one_line_and_wide_screens_are_used(look: Any) -> None:
    page = look(viewport=WIDE)
    table, row = page.locator("table"), rows(page)
    seen = page.locator("thead th:visible")

    heights = {height(row.nth(number)) for number in range(20)}
    width = page.locator(".card.flush").evaluate(WIDTH)
    wide = seen.count()

    assert heights <= {36, 37}
    assert width > 1600
    assert table.evaluate("part => part.scrollWidth") <= width
    assert audit(page) == ""
    page.set_viewport_size(DESK)
    assert seen.count() < wide
    assert table.evaluate("part => part.scrollWidth") <= DESK["width"] - 270


def test_what_is_cut_off_is_told_whole(look: Any) -> None:
    page = look(viewport=WIDE)

    cell = page.locator("td.c-path").first

    assert cell.get_attribute("title") == cell.text_content()
    expect(cell).to_have_css("text-overflow", "ellipsis")
