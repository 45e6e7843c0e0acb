"""A plan is read, narrowed and walked through; what is dismissed can be taken back."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, StorageState, expect

from tests.browser.conftest import Visit
from tests.browser.demo_site import DemoSite
from tests.browser.visitor import Visitor, audit

DESK, ONE_ROW = {"width": 1280, "height": 900}, {"width": 1400, "height": 900}
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["script", "bare"])
HEIGHT = "part => part.getBoundingClientRect().height"


@pytest.fixture
def look(house: DemoSite, signed_in: StorageState, visit: Visit) -> Any:
    """Give a way to open a page of the house, signed in."""

    def open_place(name: str, **options: Any) -> Page:
        options.setdefault("viewport", DESK)
        visitor: Visitor = visit(house.address, storage_state=signed_in, **options)
        visitor.page.goto(house.pages[name])
        return visitor.page

    return open_place


@SCRIPTS
def test_a_plan_is_found_and_narrowed(look: Any, *, scripts: bool) -> None:
    page = look("dashboard", java_script_enabled=scripts)
    page.get_by_role("link", name=re.compile("plans? to look at")).click()
    page.get_by_role("link", name="Analysis of 8 scenes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Analysis of 8 scenes")
    everything = page.locator("[data-row]").count()

    facets = page.get_by_role("region", name="Narrow the changes")
    facets.get_by_role("link", name=re.compile("^certain")).click()

    expect(page).to_have_url(re.compile("level=certain"))
    expect(page.get_by_role("link", name="Without certain")).to_be_visible()
    assert 0 < page.locator("[data-row]").count() < everything
    page.get_by_role("link", name="Clear").click()
    assert page.locator("[data-row]").count() == everything


def test_the_evidence_is_marked_in_the_path(look: Any) -> None:
    page = look("plan")

    marked = page.locator("[data-row] .marked").first
    folder = marked.locator("mark").inner_text()

    assert f"/{folder}/" in marked.inner_text()


def test_alternatives_are_seen_as_one_choice(look: Any) -> None:
    page = look("plan")

    choice = page.locator(".choice").first

    expect(choice).to_contain_text("One of these can be true")
    expect(choice.locator(".proposal")).to_have_count(2)


@SCRIPTS
def test_a_change_is_dismissed_where_it_stands_and_taken_back(
    look: Any, *, scripts: bool
) -> None:
    page = look("plan", java_script_enabled=scripts)
    page.goto(f"{page.url}?field=title")
    scene = page.locator("[data-row]").nth(1)
    scene.get_by_text("Never propose this again").first.click()

    scene.get_by_role("button", name="for this scene").click()

    expect(page).to_have_url(re.compile(r"\?field=title#scene-\d+$"))
    expect(page.get_by_role("status").first).to_contain_text("never proposed again")
    again = page.locator("[data-row]").nth(1)
    expect(again).to_contain_text("Never proposed again for this scene.")
    again.get_by_role("link", name="Take it back").click()
    page.get_by_role("button", name="Take back").first.click()
    expect(page.get_by_role("status").first).to_contain_text("may be proposed again")


def test_keys_move_between_scenes(look: Any) -> None:
    page = look("plan")
    links = page.locator("[data-row] [data-open]")

    page.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("/")  # a plan has no search
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    title = links.nth(1).inner_text()
    links.nth(1).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def test_an_open_menu_is_good_for_everybody_on_a_telephone(look: Any) -> None:
    page = look("plan", viewport={"width": 390, "height": 844})
    page.get_by_text("Never propose this again").first.click()

    expect(page.get_by_role("button", name="anywhere").first).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    assert audit(page) == ""


def test_the_header_is_one_row_on_a_wide_screen(look: Any) -> None:
    page = look("plans", viewport=ONE_ROW)

    assert page.locator(".top").evaluate(HEIGHT) < 75


@SCRIPTS
def test_a_plan_is_deleted_after_a_question(look: Any, *, scripts: bool) -> None:
    page = look("plan to delete", java_script_enabled=scripts)
    page.get_by_role("link", name="Delete").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Delete “")
    page.get_by_role("link", name="Keep it").click()
    expect(page.locator("[data-row]")).to_have_count(1)


def test_the_changes_are_a_file(look: Any) -> None:
    page = look("plan narrowed")

    with page.expect_download() as started:
        page.get_by_role("link", name="CSV of these changes").click()

    file = started.value
    assert file.suggested_filename.startswith("steward-plan-")
    lines = file.path().read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("scene,scene_title,path,field,")
    assert {line.split(",")[3] for line in lines[1:]} == {"studio"}
