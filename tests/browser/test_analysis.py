"""Scenes are analysed after a preview, and rules are told, with scripts and without."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from syncapp.demo import DemoServer, Library
from tests.browser import steps
from tests.browser.conftest import Visit
from tests.browser.installation import Installation
from tests.browser.visitor import suits_everybody

SCENES = 40
BROWSERS = pytest.mark.parametrize("browser_runs", ["scripts", "no scripts"])
TOYS = {"STEWARD_JOB_HANDLERS": "tests.analysis_handlers.HANDLERS"}
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Give a site with a mirror, toy detectors, and a worker."""
    site = Installation(tmp_path_factory.mktemp("analysis"), **TOYS)
    site.set_up()
    with DemoServer(Library(seed=7, scenes=SCENES), port=0, api_key="") as demo:
        site.manage("source", "add", steps.SOURCE, demo.url)
        site.manage("sync", "--full", "--inline")
    with site.web(), site.worker():
        yield site


def look(site: Installation, visit: Visit, *, scripts: bool) -> Page:
    """Sign in, and see a job: its page brings the toys in."""
    page = visit(site.address, java_script_enabled=scripts).page
    steps.sign_in(page)
    page.goto("/jobs/1/")
    return page


@BROWSERS
def test_selected_scenes_are_previewed_and_analysed(
    browser_runs: str, site: Installation, visit: Visit
) -> None:
    scripts = browser_runs == "scripts"
    page = look(site, visit, scripts=scripts)
    page.goto("/scenes/")
    for number in range(3):
        page.locator("tbody input[name=ids]").nth(number).check()

    page.get_by_role("button", name="Analyse selected…").click()
    expect(page.locator("h1")).to_have_text("Analyse 3 scenes")
    page.get_by_label("Organised scenes as well").check()
    page.get_by_role("button", name="Preview").click()

    expect(page.get_by_role("heading", name="Preview")).to_be_visible()
    expect(page.get_by_text("3 scenes that were looked at")).to_be_visible()
    expect(page.get_by_label("Organised scenes as well")).to_be_checked()
    if scripts:
        suits_everybody(page)
    page.get_by_label("Name of the plan").fill("Three of them")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/jobs/*/")
    expect(page.locator("h1")).to_contain_text("Analysis of 3 scenes")
    steps.wait_for_success(page)
    page.goto("/scenes/")
    if scripts:
        expect(page.locator("[data-selected]")).to_have_text("3 selected.")
    page.close()  # a page that stays would miss its server


def test_nothing_ticked_is_told_beside_the_detectors(
    site: Installation, visit: Visit
) -> None:
    visitor = visit(site.address)
    page = visitor.page
    steps.sign_in(page)
    page.goto("/jobs/1/")
    page.goto("/analyse/?none=title")
    for box in page.locator("input[name=detectors]").all():
        box.uncheck()
    visitor.witness.expect(400)

    page.get_by_role("button", name="Start").click()

    expect(page.get_by_text("Tick at least one")).to_be_visible()
    suits_everybody(page)
    page.close()


@BROWSERS
def test_scene_tells_what_an_analysis_would_say(
    browser_runs: str, site: Installation, visit: Visit
) -> None:
    scripts = browser_runs == "scripts"
    page = look(site, visit, scripts=scripts)
    page.goto("/scenes/?view=grid")
    page.locator(".cover-card a").first.click()

    page.get_by_role("link", name="What an analysis would say").click()

    expect(page.locator("h1")).to_have_text("What an analysis would say")
    expect(page.get_by_role("heading", name="It would propose")).to_be_visible()
    if scripts:
        suits_everybody(page)
    page.get_by_role("link", name="Analyse this scene…").click()
    expect(page.locator("h1")).to_have_text("Analyse 1 scene")
    page.close()


@BROWSERS
def test_a_rule_is_told_changed_and_taken_back(
    browser_runs: str, site: Installation, visit: Visit
) -> None:
    scripts = browser_runs == "scripts"
    visitor = visit(site.address, java_script_enabled=scripts)
    page = visitor.page
    steps.sign_in(page)
    page.goto("/rules/")
    rules = page.locator("section", has=page.get_by_role("heading", name="Spellings"))
    rules.get_by_label("Spelling", exact=True).fill("May")
    rules.get_by_label("What it does").select_option("with_studio")
    visitor.witness.expect(400)
    rules.get_by_role("button", name="Add a rule").click()
    expect(page.get_by_text("Name the studio with which")).to_be_visible()
    if scripts:
        suits_everybody(page)

    rules.get_by_label("What it does").select_option("off")
    rules.get_by_role("button", name="Add a rule").click()
    expect(rules.get_by_text("“May” never counts")).to_be_visible()
    rules.get_by_role("link", name="Change the rule of May").click()
    rules.get_by_label("What it does").select_option("needs_more")
    rules.get_by_role("button", name="Change this rule").click()
    expect(rules.get_by_text("counts only with a second sign")).to_have_count(2)
    rules.get_by_role("button", name="Remove the rule of May").click()

    expect(rules.get_by_text("None yet: every name")).to_be_visible()
    page.close()


@BROWSERS
def test_roots_are_shown_and_named(
    browser_runs: str, site: Installation, visit: Visit
) -> None:
    scripts = browser_runs == "scripts"
    page = look(site, visit, scripts=scripts)
    page.goto("/rules/")
    page.get_by_role("link", name="Show and change them…").click()
    expect(page.get_by_role("heading", name="Found by analysis")).to_be_visible()
    if scripts:
        suits_everybody(page)

    page.get_by_label("Folders").fill("/films\nD:/more")
    page.get_by_role("button", name="Use these folders").click()

    expect(page.get_by_text("D:/more")).to_be_visible()
    page.get_by_role("link", name="Show and change them…").click()
    page.get_by_role("button", name="Use those that are found").click()
    expect(page.get_by_text("They are found by analysis")).to_be_visible()
    page.close()
