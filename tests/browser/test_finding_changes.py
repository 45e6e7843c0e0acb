"""What changed, looked at with and without JavaScript."""

import pytest
from playwright.sync_api import StorageState, expect

from tests.browser.conftest import Visit
from tests.browser.demo_site import DemoSite


@pytest.mark.parametrize("scripted", [True, False], ids=["script", "no script"])
def test_somebody_finds_what_a_job_brought(
    *, scripted: bool, house: DemoSite, signed_in: StorageState, visit: Visit
) -> None:
    visitor = visit(
        house.address, storage_state=signed_in, java_script_enabled=scripted
    )
    page = visitor.page
    page.goto("/")
    page.get_by_role("link", name="Changes", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Changes")

    page.get_by_text("Filters", exact=True).click()
    page.get_by_label("came", exact=True).check()
    page.get_by_label("scenes", exact=True).check()
    page.get_by_role("button", name="Apply").click()
    line = page.get_by_role("link", name="scenes came")
    told = line.inner_text()
    line.click()
    expect(page.get_by_role("heading", level=3)).to_have_text(told)
    first = page.locator(".changed a").first
    name = first.inner_text()
    page.get_by_role("link", name="Next", exact=True).click()

    expect(page.get_by_role("heading", level=3)).to_have_text(told)
    expect(page.locator(".changed a").first).not_to_have_text(name)
    page.get_by_role("link", name="Without scenes").click()
    expect(page.get_by_role("link", name="performers came")).to_be_visible()


@pytest.mark.parametrize("scripted", [True, False], ids=["script", "no script"])
def test_a_number_of_a_job_leads_to_what_it_counts(
    *, scripted: bool, house: DemoSite, signed_in: StorageState, visit: Visit
) -> None:
    visitor = visit(
        house.address, storage_state=signed_in, java_script_enabled=scripted
    )
    page = visitor.page
    page.goto(house.pages["job done"])
    streams = page.get_by_role("region", name="streams")
    number = streams.get_by_role("row", name="tags").get_by_role("link").first
    told = number.inner_text()

    number.click()

    expect(page.get_by_role("heading", level=3)).to_have_text(f"{told} tags came")
    page.get_by_role("link", name="All that job").click()
    expect(page.get_by_role("link", name="tags came")).to_be_visible()
