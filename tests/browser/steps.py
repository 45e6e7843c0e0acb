"""The first trip, step by step; each function is one thing that a person does."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Error, Locator, Page, expect

from syncapp.demo import DemoServer
from syncapp.demo.gate import Hold
from tests.browser.installation import NAME, PASSWORD, Installation
from tests.waiting import wait_until

SOURCE = "Film archive"
JOB_MS = 120_000
BARS = "bars => bars.map(bar => [bar.hasAttribute('value') ? bar.value : -1, bar.max])"


def first_administrator(page: Page, installation: Installation) -> None:
    """Make the first administrator with the setup code; ends signed in."""
    code = (installation.data / "setup-code").read_text().strip()
    page.goto("/")
    expect(page).to_have_url(f"{installation.address}/setup/")
    page.get_by_label("Setup code").fill(code)
    page.get_by_label("User name").fill(NAME)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password again").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def sign_in(page: Page) -> None:
    page.goto("/")
    page.get_by_label("User name").fill(NAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()


def connect(page: Page, demo: DemoServer) -> None:
    """Mistype the key, read what is wrong, connect; ends on the dashboard."""
    page.get_by_role("link", name="Connect a Stash").or_(
        page.get_by_role("link", name="Connect your Stash")
    ).first.click()
    expect(page.get_by_role("heading", name="Connect your Stash")).to_be_visible()
    _type_address(page, demo, key="not-this-one")
    page.get_by_role("button", name="Only test").click()
    expect(page.get_by_role("heading", name="It does not work yet")).to_be_visible()
    expect(_step(page, "Connection")).to_contain_text("ok")
    expect(_step(page, "API key")).to_contain_text("failed")
    _type_address(page, demo, key=demo.api_key)
    page.get_by_role("button", name="Test and connect").click()
    expect(page.get_by_role("heading", name=SOURCE)).to_be_visible()
    page.goto("/")
    expect(page.get_by_role("heading", name=SOURCE)).to_be_visible()


def _type_address(page: Page, demo: DemoServer, *, key: str) -> None:
    page.get_by_label("Name").fill(SOURCE)
    page.get_by_label("Address").fill(demo.url)
    page.get_by_label("API key").fill(key)


def _step(page: Page, name: str) -> Locator:
    heading = page.get_by_role("heading", name=name, exact=True)
    return page.get_by_role("listitem").filter(has=heading)


def press_quick_sync(page: Page) -> None:
    """Press the button; ends on the job's page."""
    page.get_by_role("button", name="Quick sync", exact=True).click()
    page.wait_for_url("**/jobs/*/")
    expect(page.get_by_role("heading", name="Quick sync")).to_be_visible()


def press_full_sync(page: Page) -> None:
    page.get_by_role("button", name="Full sync", exact=True).click()
    page.wait_for_url("**/jobs/*/")
    expect(page.get_by_role("heading", name="Full sync")).to_be_visible()


def watch_bar(page: Page, held: Hold, *, live: bool) -> tuple[float, float]:
    """Wait until a bar stands between nothing and its end, with a page being held.

    Returns its value and its maximum. With `live`, the page must not have been loaded
    anew meanwhile.
    """
    loads: list[str] = []
    page.on("domcontentloaded", lambda loaded: loads.append(loaded.url))
    held.wait(30)
    value, end = wait_until(lambda: _between(page.locator("progress")), within=30)
    assert not (live and loads), "the page was loaded anew to move its bar"
    return value, end


def _between(bars: Locator) -> tuple[float, float] | None:
    """Return the first bar that is under way: (value, maximum)."""
    try:
        seen = bars.evaluate_all(BARS)
    except Error:  # the page was just being loaded anew
        return None
    return next(((value, end) for value, end in seen if 0 < value < end), None)


def wait_for_success(page: Page) -> None:
    """Stay on the job's page until it says that all went well."""
    expect(page.locator(".head .state")).to_have_text("succeeded", timeout=JOB_MS)


def search_and_resync(page: Page, title: str, *, live: bool) -> None:
    """Find a scene by its title and sync it again; ends when that is done."""
    page.get_by_role("link", name="Scenes", exact=True).click()
    with _another_page(page):
        page.get_by_role("searchbox", name="Search scenes").fill(title)
        page.get_by_role("button", name="Search", exact=True).click()
    found = page.locator("main .head [role=status]")
    expect(found).to_have_text("1 scene")
    page.get_by_role("link", name=title, exact=True).click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    resync_in_place(page, live=live)


def resync_in_place(page: Page, *, live: bool) -> None:
    """Press the button of a scene's page, and watch its job there until it is done.

    With `live`, the page must not be loaded anew for that.
    """
    loads: list[str] = []
    button = page.get_by_role("button", name="Re-sync this scene")
    button.click()
    page.wait_for_url("**/scenes/*/?*resync=*")
    page.on("domcontentloaded", lambda loaded: loads.append(loaded.url))
    job = page.get_by_role("list", name="Its re-sync")
    expect(job.locator(".state")).to_have_text("succeeded", timeout=JOB_MS)
    expect(button).to_be_visible()
    assert not (live and loads), "the page was loaded anew to show its job"


@contextmanager
def _another_page(page: Page) -> Iterator[None]:
    before = page.url
    yield
    page.wait_for_url(lambda url: url != before)
