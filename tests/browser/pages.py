"""The pages of ours, and how to get to each."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.demo_site import DemoSite
from tests.browser.visitor import Visitor

# What a demo_site house has an address for (see demo_site.py and fixture_rows.py).
PLACES = (
    "dashboard",
    "scenes",
    "scenes grid",
    "scenes found",
    "scenes not found",
    "scenes filtered",
    "all matching",
    "analyse",
    "change by hand",
    "analyse what changed",
    "why not",
    "evaluation",
    "rules",
    "rules of sources",
    "library roots",
    "scene",
    "performers",
    "performer",
    "tags",
    "tag tree",
    "tag",
    "studios",
    "studio",
    "changes",
    "changes of a job",
    "changes listed",
    "changes wrong",
    "no changes",
    "plans",
    "no plans",
    "plan",
    "plan narrowed",
    "plan wrong",
    "plan delete",
    "plan applied",
    "undo",
    "apply",
    "dry run",
    "import plan",
    "decide matching",
    "edit title",
    "edit studio",
    "dismissals",
    "automatic",
    "connect",
    "source",
    "source in trouble",
    "quality",
    "remove source",
    "held deletions",
    "purge",
    "jobs",
    "job done",
    "job running",
    "job queued",
    "job failed",
    "job verified",
    "workers",
    "preferences",
    "schedules",
    "schedule",
    "schedule off",
    "schedule change",
    "schedule delete",
    "schedule new",
)


def _sign_in(visitor: Visitor) -> None:
    visitor.page.goto("about:blank")  # its script would notice, and load the page anew
    visitor.context.clear_cookies()
    visitor.page.goto("/")


def _sign_in_failed(visitor: Visitor) -> None:
    _sign_in(visitor)
    visitor.page.get_by_label("User name").fill("ada")
    visitor.page.get_by_label("Password").fill("not this one")
    visitor.page.get_by_role("button", name="Sign in").click()
    expect(visitor.page.get_by_role("alert")).to_be_visible()


def _not_found(visitor: Visitor) -> None:
    visitor.witness.expect(404)
    visitor.page.goto("/nowhere/")


def _admin(visitor: Visitor) -> None:
    # The admin names no icon: the browser asks for one at the root, once.
    visitor.witness.expect(404)
    visitor.page.goto("/admin/")


def _refused(visitor: Visitor) -> None:
    """Ask to sync the selected scenes when none is."""
    visitor.witness.expect(400)
    visitor.page.goto("/scenes/")
    visitor.page.get_by_role("button", name="Re-sync selected").click()
    expect(visitor.page.get_by_role("heading")).to_have_text("That was not done")


def _connect_failed(visitor: Visitor) -> None:
    """Try to connect where nothing listens."""
    page = visitor.page
    page.goto("/connect/")
    page.get_by_label("Name").fill("Attic")
    page.get_by_label("Address").fill("http://127.0.0.1:9")
    page.get_by_role("button", name="Only test").click()
    expect(page.get_by_role("heading", name="It does not work yet")).to_be_visible()


def _schedule_previewed(visitor: Visitor) -> None:
    """See when a new schedule would run."""
    page = visitor.page
    page.goto("/schedules/new/")
    page.get_by_label("Name").fill("Tidy up at night")
    page.get_by_label("What is done").select_option("jobs.prune")
    page.get_by_label("Cron").fill("30 2 28 3 *")
    page.get_by_label("Time zone").fill("Europe/Berlin")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="It would run")).to_be_visible()


def _schedule_refused(visitor: Visitor) -> None:
    """Type a schedule that cannot be."""
    visitor.witness.expect(400)
    page = visitor.page
    page.goto("/schedules/new/")
    page.get_by_label("Name").fill("Tidy up at night")
    page.get_by_label("What is done").select_option("jobs.prune")
    page.get_by_label("Cron").fill("61 2 * * *")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("cannot be read")).to_be_visible()


WAYS: dict[str, Callable[[Visitor], None]] = {
    "sign-in": _sign_in,
    "sign-in failed": _sign_in_failed,
    "not found": _not_found,
    "refused": _refused,
    "connect failed": _connect_failed,
    "schedule previewed": _schedule_previewed,
    "schedule refused": _schedule_refused,
    "admin": _admin,
}
PAGES = (*PLACES, *WAYS)


def open_page(visitor: Visitor, house: DemoSite, name: str) -> None:
    """Bring somebody who is signed in to the page of this name."""
    if name in WAYS:
        WAYS[name](visitor)
    else:
        visitor.page.goto(house.pages[name])
    expect(visitor.page.locator("h1")).to_have_count(1)
