"""A browser for a module of tests, and installations to look at."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, StorageState

from tests.browser.demo_site import DemoSite, demo_site
from tests.browser.installation import Installation
from tests.browser.steps import sign_in
from tests.browser.visitor import Visitor, running_browser

Visit = Callable[..., Visitor]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give a browser, for one module: async tests of others need its thread back."""
    with running_browser() as browser:
        yield browser


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Give a way to open a site; what its pages complain about fails the test."""
    visitors: list[Visitor] = []

    def open_site(address: str, **options: Any) -> Visitor:
        visitors.append(Visitor(browser, address, **options))
        return visitors[-1]

    yield open_site
    for visitor in visitors:
        visitor.close()


@pytest.fixture
def installation(browser: Browser, tmp_path: Path) -> Installation:
    """Give a fresh installation: its data folder is not there yet."""
    return Installation(tmp_path)


@pytest.fixture(scope="session")
def _house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSite]:
    with demo_site(tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture
def house(browser: Browser, _house: DemoSite) -> DemoSite:
    """Give a running site with a library and jobs of every state, to look at only."""
    return _house


@pytest.fixture(scope="module")
def signed_in(browser: Browser, _house: DemoSite) -> StorageState:
    """Give the cookies of somebody who signed in at the house."""
    visitor = Visitor(browser, _house.address)
    sign_in(visitor.page)
    cookies = visitor.context.storage_state()
    visitor.close()
    return cookies
