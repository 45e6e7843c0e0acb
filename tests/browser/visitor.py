"""Browsers, and what a page must never do while somebody looks at it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    WebError,
    WebSocket,
    sync_playwright,
)

# The first has no windows, and needs two fifths less of the machine.
PROGRAMS = ("chromium-headless-shell", "chromium")
OPTIONS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WAIT_MS = 20_000
REPORTS = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`Policy: ${event.violatedDirective} refused ${event.blockedURI}`);
});
"""
NO_MOTION = "reduce"  # what still moves is half-way in colour when axe looks


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Start Debian's Chromium; skips the test where it is missing."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.skip(f"no Chromium was found (Debian: {' or '.join(PROGRAMS)})")
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as driver:
        # The driver's event loop stays in this thread; fixtures beside it use the ORM.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = driver.chromium.launch(executable_path=program, args=OPTIONS + root)
        yield browser
        browser.close()


class Witness:
    """Notes what a browser complains about, and each way out of the site."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.complaints: list[str] = []
        self.expected: set[int] = set()
        self.is_away = False
        self.host = urlsplit(address).netloc
        context.add_init_script(REPORTS)
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)
        context.on("page", lambda page: page.on("websocket", self._socket))

    def expect(self, *statuses: int) -> None:
        """Take pages with these statuses for what the test wants."""
        self.expected |= set(statuses)

    @contextmanager
    def expect_no_server(self) -> Iterator[None]:
        """Take it meanwhile for what the test wants that nothing listens."""
        self.is_away = True
        yield
        self.is_away = False

    def _console(self, message: ConsoleMessage) -> None:
        fine = any(f"a status of {status} " in message.text for status in self.expected)
        fine |= self.is_away and "ERR_CONNECTION_REFUSED" in message.text
        if message.type in {"error", "warning"} and not fine:
            where = message.location["url"]
            said = f"{message.type} in the console: {message.text} ({where})"
            self.complaints.append(said)

    def _error(self, error: WebError) -> None:
        self.complaints.append(f"error on the page: {error.error}")

    def _request(self, request: Request) -> None:
        self._look(request.url)

    def _socket(self, socket: WebSocket) -> None:
        self._look(socket.url)

    def _look(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"data", "blob"} and parts.netloc != self.host:
            self.complaints.append(f"request to another host: {url}")


class Visitor:
    """Somebody at a browser: one page, watched all the time."""

    def __init__(self, browser: Browser, address: str, **options: Any) -> None:
        options.setdefault("reduced_motion", NO_MOTION)
        self.context = browser.new_context(base_url=address, **options)
        self.context.set_default_timeout(WAIT_MS)
        self.witness = Witness(self.context, address)
        self.page: Page = self.context.new_page()

    def close(self) -> None:
        """Leave; fails the test if the browser had anything to complain about."""
        self.context.close()
        assert not self.witness.complaints, "\n".join(self.witness.complaints)


def suits_everybody(page: Page) -> None:
    """Look at the page in light and dark, wide and narrow."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert audit(page) == ""
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    assert audit(page) == ""
    page.set_viewport_size({"width": 1280, "height": 900})


def audit(page: Page) -> str:
    """Return what axe finds wrong with the page; empty if it finds nothing.

    Where pages may run no scripts, axe never ends.
    """
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    return str(found.generate_report()) if found.violations_count else ""
