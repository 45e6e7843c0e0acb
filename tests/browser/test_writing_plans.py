"""Selected scenes are changed by hand: form, preview, plan; without scripts too."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from syncapp.demo import DemoServer, Library
from tests.browser import steps
from tests.browser.conftest import Visit
from tests.browser.installation import Installation
from tests.browser.visitor import suits_everybody

SCENES = 40
BROWSERS = pytest.mark.parametrize("browser_runs", ["scripts", "no scripts"])
pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Give a site with a mirror of a source that may be written to, and a worker."""
    site = Installation(tmp_path_factory.mktemp("by-hand"))
    site.manage("migrate", "-v", "0")
    site.make_administrator()
    with DemoServer(Library(seed=7, scenes=SCENES), port=0, api_key="") as demo:
        site.manage("source", "add", steps.SOURCE, demo.url, "--writable")
        site.manage("sync", "--full", "--inline")
        with site.web(), site.worker():
            yield site


@BROWSERS
def test_selected_scenes_are_changed_after_a_preview(
    browser_runs: str, site: Installation, visit: Visit
) -> None:
    scripts = browser_runs == "scripts"
    visitor = visit(site.address, java_script_enabled=scripts)
    page = visitor.page
    steps.sign_in(page)
    page.goto("/scenes/")
    for number in range(3):
        page.locator("tbody input[name=ids]").nth(number).check()

    page.get_by_role("button", name="Change selected…").click()
    expect(page.locator("h1")).to_have_text("Change 3 scenes")
    page.get_by_label("Set date").fill("2019-02-30")
    visitor.witness.expect(400)
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("“2019-02-30” is no date")).to_be_visible()

    page.get_by_label("Set date").fill("1931-08-01")
    page.get_by_label("Add tags: name 1").fill(f"Night dives, {browser_runs}")
    page.get_by_label("Create what is added and not there").check()
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("6 changes would be planned")).to_be_visible()
    expect(page.get_by_label("Add tags: name 1")).to_have_value(
        f"Night dives, {browser_runs}"
    )
    if scripts:
        suits_everybody(page)
    page.get_by_role("button", name="Make the plan").click()

    page.wait_for_url("**/jobs/*/")
    expect(page.locator("h1")).to_contain_text("Change of 3 scenes by hand")
    steps.wait_for_success(page)
    page.goto(f"{page.url.replace('/jobs/', '/analyse/jobs/')}plan/")
    expect(page.get_by_text("what was changed by hand")).to_be_visible()
    expect(page.locator(".proposal")).to_have_count(6)
    if scripts:
        suits_everybody(page)
    page.close()  # a page that stays would miss its server
