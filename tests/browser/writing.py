"""How a person brings a plan to Stash, and back; each function is one of the ways."""

from collections.abc import Iterable

from playwright.sync_api import FilePayload, Page, expect

from tests.browser import steps


def choose_to_change(page: Page, rows: Iterable[int]) -> None:
    """Tick rows of the list of scenes; ends on the form that changes these."""
    page.goto("/scenes/")
    boxes = [page.locator("tbody input[name=ids]").nth(row) for row in rows]
    for box in boxes:
        box.check()
    page.get_by_role("button", name="Change selected…").click()
    expect(page.locator("h1")).to_have_text(f"Change {len(boxes)} scenes")


def preview(page: Page, *, tag: str, changes: int) -> None:
    """Set a date, add a tag that may be new, and see what that would be."""
    page.get_by_label("Set date").fill("1931-08-01")
    page.get_by_label("Add tags: name 1").fill(tag)
    page.get_by_label("Create what is added and not there").check()
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text(f"{changes} changes would be planned")).to_be_visible()
    expect(page.get_by_label("Add tags: name 1")).to_have_value(tag)


def make_the_plan(page: Page) -> str:
    """Have the plan made of what was previewed; ends on its page."""
    page.get_by_role("button", name="Make the plan").click()
    page.wait_for_url("**/jobs/*/")
    expect(page.locator("h1")).to_contain_text("scenes by hand")
    return plan_of_job(page)


def import_plan(page: Page, file: bytes) -> str:
    """Choose a file and import it; ends on the plan's page, and returns its address."""
    page.goto("/plans/import/")
    told = FilePayload(name="titles.json", mimeType="application/json", buffer=file)
    page.get_by_label("File").set_input_files(files=told)
    page.get_by_role("button", name="Import").click()
    expect(page.locator("h1")).to_have_text("Import of titles.json")
    return page.url


def accept_all(page: Page, *, changes: int) -> None:
    """Accept all of a plan after its question; ends on the plan's page."""
    page.get_by_role("link", name=f"Accept all {changes}…").click()
    page.get_by_role("button", name=f"Accept {changes} change").click()
    expect(page.locator("[data-last]")).to_contain_text(f"You accepted {changes} ")


def apply_plan(page: Page) -> None:
    """Have what is accepted written; ends on the job's page when that is done."""
    page.get_by_role("link", name="Apply this plan…").click()
    page.get_by_role("button", name="Write to Stash").click()
    page.wait_for_url("**/jobs/*/")
    steps.wait_for_success(page)


def plan_of_job(page: Page) -> str:
    """Go from a job's page to the plan that it made; returns that one's address."""
    steps.wait_for_success(page)
    page.goto(f"{page.url.replace('/jobs/', '/analyse/jobs/')}plan/")
    return page.url


def undo(page: Page, *, changes: int) -> None:
    """Take back what the question asks about; ends when it is written."""
    page.get_by_role("button", name="Make the undo").click()
    page.wait_for_url("**/jobs/*/")
    plan_of_job(page)
    accept_all(page, changes=changes)
    apply_plan(page)
