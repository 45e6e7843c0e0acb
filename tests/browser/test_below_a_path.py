"""Steward below a path, behind proxies that are set as the samples in `deploy/` say."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from syncapp.demo import DemoServer, Library
from tests.browser.conftest import Visit
from tests.browser.installation import NAME, PASSWORD, Installation
from tests.browser.proxies import caddy, nginx
from tests.ports import free_port

pytestmark = pytest.mark.timeout(600)
PATH = "/steward"


class Behind:
    """An installation below a path, and where proxies make it known."""

    def __init__(self, folder: Path) -> None:
        self.port, self.bare_port = free_port(), free_port()
        self.origin = f"https://127.0.0.1:{self.port}"
        self.address = f"{self.origin}{PATH}/"
        self.bare_address = f"https://127.0.0.1:{self.bare_port}{PATH}/"
        self.site = Installation(
            folder,
            STEWARD_URL=f"{self.origin}{PATH}",
            STEWARD_TRUSTED_PROXIES="127.0.0.1",
        )


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Behind]:
    """Give a running web server with a person and a source; its proxy is missing."""
    behind = Behind(tmp_path_factory.mktemp("behind"))
    site = behind.site
    site.set_up()
    with DemoServer(Library(seed=7, scenes=5), port=0, api_key="") as demo:
        site.manage("source", "add", "Film archive", demo.url)
        with site.web():
            yield behind


class Asked:
    """What a page asked for: addresses of pages, files and sockets."""

    def __init__(self, page: Page) -> None:
        self.urls: set[str] = set()
        page.on("request", lambda request: self.urls.add(request.url))
        page.on("websocket", lambda socket: self.urls.add(socket.url))

    def has(self, part: str) -> bool:
        return any(part in url for url in self.urls)


@contextmanager
def running(proxy: str, behind: Behind, folder: Path) -> Iterator[None]:
    upstream = behind.site.port
    with (
        nginx(folder, behind.port, upstream, bare_port=behind.bare_port)
        if proxy == "nginx"
        else caddy(folder, behind.port, upstream)
    ):
        yield


@pytest.mark.parametrize("proxy", ["nginx", "caddy"])
def test_pages_sockets_files_and_redirects_stay_below_the_path(
    proxy: str, behind: Behind, visit: Visit, tmp_path: Path
) -> None:
    visitor = visit(behind.origin, ignore_https_errors=True)
    visitor.witness.expect(404)  # the admin's page has no icon: the host is asked
    page, asked = visitor.page, Asked(visitor.page)
    with running(proxy, behind, tmp_path):
        sign_in(page, behind)
        page.get_by_role("button", name="Quick sync", exact=True).click()
        expect(page.get_by_role("heading", name="Quick sync")).to_be_visible()
        expect(page.locator("body[data-live=on]")).to_be_attached()
        page.get_by_role("link", name="Admin", exact=True).click()
        page.get_by_role("link", name="View site").click()
        expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
        cookies = {cookie["name"]: cookie for cookie in visitor.context.cookies()}
        page.close()  # a page that stays would miss its server

    begun, icon = behind.address.removesuffix("/"), f"{behind.origin}/favicon.ico"
    below = f"127.0.0.1:{behind.port}{PATH}/"
    assert {url for url in asked.urls if below not in url} <= {begun, icon}
    assert asked.has("/ws/v1/")
    assert asked.has("/jobs/1/")
    assert asked.has("/steward.css")
    assert set(cookies) == {"__Secure-steward_session", "__Secure-steward_csrf"}
    assert {one["path"] for one in cookies.values()} == {f"{PATH}/"}


def test_a_proxy_that_forgets_the_header_is_told_which(
    behind: Behind, visit: Visit, tmp_path: Path
) -> None:
    visitor = visit(behind.bare_address, ignore_https_errors=True)
    visitor.witness.expect(400)
    with running("nginx", behind, tmp_path):
        visitor.page.goto(behind.bare_address)

        expect(visitor.page.locator("main")).to_contain_text(
            "does not set the header X-Forwarded-Proto"
        )
        assert visitor.page.url == behind.bare_address
        visitor.page.close()


def sign_in(page: Page, behind: Behind) -> None:
    """Come in by the path without its slash, and sign in on the way."""
    page.goto(behind.address.removesuffix("/"))
    page.get_by_label("User name").fill(NAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(behind.address)
