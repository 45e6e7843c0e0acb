"""Saved filters, exports and tiles, with and without JavaScript."""

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, StorageState, ViewportSize, expect

from tests.browser.conftest import Visit
from tests.browser.demo_site import DemoSite
from tests.browser.visitor import audit

NARROW: ViewportSize = {"width": 390, "height": 844}
SCROLL_WIDTH = "() => document.documentElement.scrollWidth"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_somebody_saves_opens_renames_and_removes_a_filter(
    house: DemoSite, signed_in: StorageState, visit: Visit, *, scripts: bool
) -> None:
    visitor = visit(house.address, storage_state=signed_in, java_script_enabled=scripts)
    page, name = visitor.page, f"Good ones {scripts}"
    page.goto("/scenes/?rating_from=60&sort=title")
    page.get_by_text("Save this filter", exact=True).click()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("button", name="Save", exact=True).click()
    saved = page.get_by_role("group", name="Saved filters")
    expect(saved.get_by_role("link", name=name, exact=True)).to_have_attribute(
        "aria-current", "true"
    )
    expect(page).to_have_url(
        re.compile(r"\?rating_from=60&source=all&sort=title&size=50$")
    )

    page.goto("/scenes/")
    saved.get_by_role("link", name=name, exact=True).click()
    expect(page).to_have_url(re.compile("rating_from=60"))
    saved.get_by_role("link", name=f"Change the saved filter {name}").click()
    page.get_by_label("Name").fill(f"{name} again")
    page.get_by_role("button", name="Save").click()
    saved.get_by_role("link", name="Change the saved filter").click()
    page.get_by_role("link", name="Remove").click()
    expect(page.get_by_role("heading")).to_have_text(f"Remove “{name} again”?")
    page.get_by_role("button", name="Remove the filter").click()

    expect(page.get_by_role("heading", name="Scenes")).to_be_visible()
    expect(page.get_by_role("link", name=f"{name} again", exact=True)).to_have_count(0)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_an_export_is_a_file_with_the_rows_of_the_list(
    house: DemoSite,
    signed_in: StorageState,
    visit: Visit,
    tmp_path: Path,
    *,
    scripts: bool,
) -> None:
    visitor = visit(house.address, storage_state=signed_in, java_script_enabled=scripts)
    page = visitor.page
    page.goto("/performers/?q=-brennan&sort=-scenes")
    shown = page.locator("tbody th a").all_inner_texts()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV of these performers").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)

    rows = list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"), newline="")))
    assert file.name.startswith("steward-performers-20")
    assert len(shown) > 1
    assert [row["name"] for row in rows[: len(shown)]] == shown


def test_tiles_count_themselves_once_the_dashboard_is_here(
    house: DemoSite, signed_in: StorageState, visit: Visit
) -> None:
    visitor = visit(house.address, storage_state=signed_in)
    page = visitor.page
    page.goto("/")
    lacking = page.get_by_role("region", name="What scenes lack")

    expect(lacking.get_by_role("link", name="Count them")).to_have_count(0)
    tile = lacking.get_by_role("link", name="no studio").first
    figure = tile.locator(".figure").inner_text()
    tile.click()
    expect(page.locator("main .head [role=status]")).to_contain_text(figure)
    assert audit(page) == ""


def test_without_scripts_the_tiles_lead_to_their_lists_and_to_a_page_of_numbers(
    house: DemoSite, signed_in: StorageState, visit: Visit
) -> None:
    visitor = visit(house.address, storage_state=signed_in, java_script_enabled=False)
    page = visitor.page
    page.goto("/")
    lacking = page.get_by_role("region", name="What scenes lack")
    lacking.get_by_role("link", name="no date").first.click()
    expect(page.get_by_role("heading", name="Scenes")).to_be_visible()
    source = house.pages["source"].strip("/").rpartition("/")[2]
    page.goto(f"/sources/{source}/quality/")

    expect(page.locator(".tiles .figure")).to_have_count(7)


@pytest.mark.parametrize("look", ["light", "dark"])
def test_bar_and_pages_of_saved_filters_suit_everybody(
    house: DemoSite, signed_in: StorageState, visit: Visit, look: str
) -> None:
    visitor = visit(house.address, storage_state=signed_in, color_scheme=look)
    page, name = visitor.page, f"A name of many words that says what it is for {look}"
    page.goto(f"/tags/?q={look[:1]}")
    page.get_by_text("Save this filter", exact=True).click()
    looked_at(page)
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("button", name="Save", exact=True).click()
    looked_at(page)
    page.get_by_role("link", name="Change the saved filter").click()
    looked_at(page)
    page.get_by_role("link", name="Remove").click()
    looked_at(page)


def looked_at(page: Page) -> None:
    """Look at a page on a wide and a narrow screen."""
    expect(page.locator("h1")).to_have_count(1)
    assert audit(page) == ""
    wide = page.viewport_size
    page.set_viewport_size(NARROW)
    assert page.evaluate(SCROLL_WIDTH) <= NARROW["width"]
    assert wide is not None
    page.set_viewport_size(wide)
