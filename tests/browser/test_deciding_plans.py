"""A plan is decided: by mouse, by keys alone, by reason, by two people, and undone."""

import re
from contextlib import nullcontext
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, StorageState, expect

from tests.browser.conftest import Visit
from tests.browser.demo_site import DemoSite
from tests.browser.visitor import Visitor, audit

DESK = {"width": 1280, "height": 900}
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["script", "bare"])


@pytest.fixture
def look(house: DemoSite, signed_in: StorageState, visit: Visit) -> Any:
    """Give a way to open a plan of the house, signed in."""

    def open_plan(how: str, **options: Any) -> Page:
        options.setdefault("viewport", DESK)
        visitor: Visitor = visit(house.address, storage_state=signed_in, **options)
        bare = ", bare" if options.get("java_script_enabled") is False else ""
        visitor.page.goto(house.pages[f"plan decided {how}{bare}"])
        return visitor.page

    return open_plan


def changes(page: Page) -> Locator:
    return page.locator("[data-change]")


def states(page: Page) -> list[str]:
    """Return what the page shows of each change: empty of one that is proposed."""
    found = []
    for change in changes(page).all():
        badges = change.locator(".old-to-new .badge:not(.level)").all_inner_texts()
        found.append(" ".join(badges))
    return found


@SCRIPTS
def test_a_plan_is_decided_by_mouse(look: Any, *, scripts: bool) -> None:
    page = look("by mouse", java_script_enabled=scripts)
    first = changes(page).nth(0)

    first.get_by_role("button", name="Accept studio").click()

    expect(first.locator(".badge", has_text="accepted")).to_be_visible()
    changes(page).nth(1).get_by_role("button", name="Reject studio").click()
    expect(changes(page).nth(1)).to_contain_text("rejected")
    dismiss = changes(page).nth(1).get_by_role("button", name="for this reason")
    expect(dismiss).to_be_visible()
    choice = page.locator(".choice")
    choice.get_by_role("radio").nth(1).check()
    choice.get_by_role("button", name="Accept the chosen one").click()
    expect(changes(page).nth(3)).to_contain_text("accepted")
    assert states(page) == ["accepted", "rejected", "", "accepted", ""]
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator("#main").get_by_text("Taken back: 1 change")).to_be_visible()
    assert states(page) == ["accepted", "rejected", "", "", ""]


def test_a_plan_is_decided_by_keys_alone(look: Any) -> None:
    page = look("by keys")

    for key in ("n", "a", "r", "n", "a", "a"):
        page.keyboard.press(key)

    expect(changes(page).nth(4)).to_contain_text("accepted")
    assert states(page) == ["accepted", "rejected", "", "accepted", "accepted"]
    page.keyboard.press("u")
    expect(changes(page).nth(4).locator(".badge")).to_have_count(1)
    page.keyboard.press("u")
    expect(changes(page).nth(3).locator(".badge")).to_have_count(1)
    assert states(page) == ["accepted", "rejected", "", "", ""]
    page.keyboard.press("p")
    page.keyboard.press("r")
    expect(changes(page).nth(3)).to_contain_text("rejected")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("accept the change")


def test_keys_go_on_with_the_scene_to_which_they_came(look: Any) -> None:
    page = look("by scene")

    for key in ("j", "j", "j", "k", "n", "a"):
        page.keyboard.press(key)

    expect(changes(page).nth(1)).to_contain_text("accepted")
    assert states(page) == ["", "accepted", "", "", ""]


@SCRIPTS
def test_enter_at_an_alternative_decides_nothing(
    look: Any, house: DemoSite, *, scripts: bool
) -> None:
    page = look("by enter", java_script_enabled=scripts)
    before = states(page)
    page.get_by_role("radio").first.focus()

    page.keyboard.press("Space")
    # Without a script it leads back to the page itself.
    with nullcontext() if scripts else page.expect_navigation():
        page.keyboard.press("Enter")
    page.goto(house.pages["plan decided by enter" + ("" if scripts else ", bare")])

    assert states(page) == before == [""] * 5


@SCRIPTS
def test_all_of_a_reason_are_decided_after_a_question(
    look: Any, *, scripts: bool
) -> None:
    page = look("by reason", java_script_enabled=scripts)
    facets = page.get_by_role("region", name="Narrow the changes")
    facets.get_by_role("link", name=re.compile("^accept all… of")).first.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Accept 2 changes?")
    page.get_by_role("button", name="Accept 2 changes").click()

    expect(page.get_by_text("You accepted 2 changes")).to_be_visible()
    assert states(page) == ["accepted", "accepted"]
    page.get_by_role("link", name="Clear").click()
    assert states(page)[2:] == ["", "", ""]


def test_of_two_people_the_second_is_told_and_overwrites_nothing(
    look: Any, house: DemoSite
) -> None:
    one, two = look("by two"), look("by two")
    two.get_by_role("link", name=re.compile("^Accept all")).click()
    one.get_by_role("button", name="Accept studio").first.click()
    expect(changes(one).nth(0)).to_contain_text("accepted")
    other = look("by two")
    changes(other).nth(1).get_by_role("button", name="Accept studio").click()
    expect(changes(other).nth(1)).to_contain_text("accepted")

    changes(one).nth(1).get_by_role("button", name="Reject studio").click()

    expect(
        one.locator("#main").get_by_text(re.compile("accepted it at"))
    ).to_be_visible()
    assert states(one)[:2] == ["accepted", "accepted"]


def test_a_bulk_is_refused_after_the_set_changed(
    house: DemoSite, signed_in: StorageState, visit: Visit
) -> None:
    visitor = visit(house.address, storage_state=signed_in, viewport=DESK)
    page, address = visitor.page, house.pages["plan decided by two"]
    page.goto(f"{address}?field=title")
    page.get_by_role("link", name="Accept all 1 that match…").click()
    second = visitor.context.new_page()
    second.goto(f"{address}?field=title")
    second.get_by_role("button", name="Reject title").click()
    expect(changes(second).first).to_contain_text("rejected")
    visitor.witness.expect(409)

    page.get_by_role("button", name="Accept 1 change").click()

    expect(page.get_by_role("alert")).to_contain_text("Nothing was decided")
    expect(page.get_by_role("heading", name="These stay as they are")).to_be_visible()
    assert audit(page) == ""


@SCRIPTS
def test_a_title_is_edited(look: Any, *, scripts: bool) -> None:
    page = look("edited", java_script_enabled=scripts)
    change = changes(page).last
    expect(change.locator(".diff del")).to_have_text("night")
    change.get_by_role("link", name="Edit title").click()
    field = page.get_by_role("textbox", name="title")

    field.fill("The harbour at noon")
    page.get_by_role("button", name="Keep and accept").click()

    expect(changes(page).last.locator(".diff ins")).to_have_text("noon")
    expect(changes(page).last).to_contain_text("accepted")
    expect(changes(page).last).to_contain_text("“The harbour at dawn” was proposed")


def test_decided_changes_are_good_for_everybody_on_a_telephone(look: Any) -> None:
    page = look("on a telephone", viewport={"width": 390, "height": 844})
    changes(page).nth(1).get_by_role("button", name="Reject studio").click()
    expect(changes(page).nth(1)).to_contain_text("rejected")

    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    assert audit(page) == ""


def test_keys_are_off_for_whom_they_are(look: Any) -> None:
    page = look("on a telephone")
    # As the page is for somebody whose preferences say so.
    off = "part => part.removeAttribute('data-shortcuts')"
    page.locator("[data-shortcuts]").evaluate(off)
    before = states(page)
    changes(page).nth(1).get_by_role("button").first.focus()

    for key in ("r", "a", "u"):
        page.keyboard.press(key)
    page.reload()

    assert states(page) == before
