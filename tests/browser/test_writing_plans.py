"""Plans are written and taken back, from hand or file; most without scripts too."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from syncapp.demo import DemoServer, Library
from tests.browser import steps, writing
from tests.browser.conftest import Visit
from tests.browser.installation import Installation
from tests.browser.visitor import audit, suits_everybody

SCENES = 40
BROWSERS = pytest.mark.parametrize("browser_runs", ["scripts", "no scripts"])
pytestmark = pytest.mark.timeout(600)


@dataclass(frozen=True, slots=True)
class Films:
    """A source that may be written to, and a site with a mirror of it and a worker."""

    demo: DemoServer
    site: Installation

    def titles(self, *numbers: int) -> list[str]:
        scenes = self.demo.truth()["scene"]
        return [scenes[number]["title"] for number in numbers]

    def values(self) -> dict[int, Any]:
        """Return the dates and tags of all scenes, as the source has them."""
        scenes = self.demo.truth()["scene"].items()
        return {number: (each["date"], set(each["tags"])) for number, each in scenes}

    def changed_dates(self, before: dict[int, Any]) -> list[str]:
        """Return the dates of the scenes that are not as they were."""
        now = self.values().items()
        return [each[0] for key, each in now if each != before[key]]

    def file_of_titles(self, *numbers: int) -> bytes:
        """Return a plan's file that ends the titles of these scenes with a word."""
        scenes = self.demo.truth()["scene"]
        told = [
            {
                "scene": number,
                "field": "title",
                "op": "set",
                "before": scenes[number]["title"],
                "value": f"{scenes[number]['title']}, restored",
            }
            for number in numbers
        ]
        return json.dumps(told).encode()


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Films]:
    site = Installation(tmp_path_factory.mktemp("films"))
    site.set_up()
    with DemoServer(Library(seed=7, scenes=SCENES), port=0, api_key="") as demo:
        site.manage("source", "add", steps.SOURCE, demo.url, "--writable")
        site.manage("sync", "--full", "--inline")
        with site.web(), site.worker():
            yield Films(demo, site)


@BROWSERS
def test_selected_scenes_are_changed_after_a_preview(
    browser_runs: str, films: Films, visit: Visit
) -> None:
    scripts = browser_runs == "scripts"
    visitor = visit(films.site.address, java_script_enabled=scripts)
    page = visitor.page
    steps.sign_in(page)
    writing.choose_to_change(page, range(3))
    page.get_by_label("Set date").fill("2019-02-30")
    visitor.witness.expect(400)
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("“2019-02-30” is no date")).to_be_visible()

    writing.preview(page, tag=f"Night dives, {browser_runs}", changes=6)
    if scripts:
        suits_everybody(page)
    plan = writing.make_the_plan(page)

    page.goto(plan)
    expect(page.get_by_text("what was changed by hand")).to_be_visible()
    expect(page.locator(".proposal")).to_have_count(6)
    if scripts:
        suits_everybody(page)
    page.close()  # a page that stays would miss its server


@BROWSERS
def test_what_was_changed_by_hand_is_taken_back_one_change_and_all(
    browser_runs: str, films: Films, visit: Visit
) -> None:
    scripts = browser_runs == "scripts"
    page = visit(films.site.address, java_script_enabled=scripts).page
    before = films.values()
    steps.sign_in(page)
    writing.choose_to_change(page, range(5, 8))
    writing.preview(page, tag="Winter crossings", changes=6)
    plan = writing.make_the_plan(page)
    writing.apply_plan(page)
    dates = films.changed_dates(before)
    assert dates == ["1931-08-01"] * 3

    page.goto(plan)
    page.get_by_role("link", name="Undo date").first.click()
    expect(page.locator("h1")).to_contain_text("Undo one change of")
    writing.undo(page, changes=1)
    assert sorted(films.changed_dates(before)) != dates

    page.goto(plan)
    page.get_by_role("link", name="Undo", exact=True).click()
    expect(page.get_by_text("1 is undone already.")).to_be_visible()
    if scripts:
        suits_everybody(page)
    writing.undo(page, changes=5)
    assert films.values() == before
    page.close()


@BROWSERS
def test_an_apply_is_followed_on_the_plans_page_to_its_end(
    browser_runs: str, films: Films, visit: Visit
) -> None:
    scripts = browser_runs == "scripts"
    page = visit(films.site.address, java_script_enabled=scripts).page
    numbers = (31, 32, 33) if scripts else (34, 35, 36)
    new = [f"{title}, restored" for title in films.titles(*numbers)]
    steps.sign_in(page)
    plan = writing.import_plan(page, films.file_of_titles(*numbers))
    writing.accept_all(page, changes=3)
    page.get_by_role("link", name="Apply this plan…").click()
    expect(page.get_by_text("3 accepted changes in 3 scenes")).to_be_visible()

    last = str(numbers[-1])
    with films.demo.gate.hold(
        operation="SceneNow", where=lambda seen: seen.variables.get("id") == last
    ) as held:
        page.get_by_role("button", name="Write to Stash").click()
        page.wait_for_url("**/jobs/*/")
        held.wait(30)
        page.goto(plan)
        loads = loads_of(page)
        line = page.get_by_role("list", name="Its apply").locator(".state")
        expect(line).to_have_text("running")
        unwritten = page.locator(".proposal").locator(".badge.accepted, .badge.writing")
        expect(unwritten.last).to_be_visible()

    expect(line).to_have_text("succeeded", timeout=steps.JOB_MS)
    expect(page.locator(".proposal .badge.applied")).to_have_count(3)
    facets = page.get_by_role("region", name="Narrow the changes")
    expect(facets.get_by_role("link", name="applied 3")).to_be_attached()
    expect(page.get_by_role("link", name="Undo", exact=True)).to_be_visible()
    assert not (scripts and loads), "the page was loaded anew to show its apply"
    assert films.titles(*numbers) == new
    if scripts:
        assert audit(page) == ""
    page.close()


@BROWSERS
def test_a_conflict_is_decided_again_where_it_stands(
    browser_runs: str, films: Films, visit: Visit
) -> None:
    scripts = browser_runs == "scripts"
    page = visit(films.site.address, java_script_enabled=scripts).page
    number = 38 if scripts else 39
    (old,) = films.titles(number)
    steps.sign_in(page)
    plan = writing.import_plan(page, films.file_of_titles(number))
    writing.accept_all(page, changes=1)
    films.demo.library.edit("scene", number, title="What somebody else wrote")

    writing.apply_plan(page)
    page.goto(plan)
    change = page.locator("[data-change]")
    expect(change.locator(".badge.conflict")).to_be_visible()
    expect(change).to_contain_text(f"Expected: {old} · Found: What somebody else wrote")
    assert films.titles(number) == ["What somebody else wrote"]
    if scripts:
        suits_everybody(page)
    change.get_by_role("button", name="Write it all the same").click()

    expect(change.locator(".badge.accepted")).to_be_visible()
    writing.apply_plan(page)
    page.goto(plan)
    expect(change.locator(".badge.applied")).to_be_visible()
    assert films.titles(number) == [f"{old}, restored"]
    page.close()


def loads_of(page: Page) -> list[str]:
    """Return a list that notes each load of the page from now on."""
    loads: list[str] = []
    page.on("domcontentloaded", lambda loaded: loads.append(loaded.url))
    return loads
