"""The link with the setup code, in a browser: filled in, and told to nobody."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, sync_playwright

from syncapp import services
from tests.site import running_site

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "between-tides-1931"


@contextmanager
def page_of_a_browser() -> Iterator[Page]:
    """Open an empty page in Chromium, in Berlin; skips the test where it is missing."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("chromium was not found (Debian: chromium)")
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as driver:
        # The driver's event loop stays in this thread; fixtures beside it use the ORM.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = driver.chromium.launch(executable_path=program, args=options)
        yield browser.new_context(timezone_id="Europe/Berlin").new_page()
        browser.close()


def test_the_link_fills_in_the_code_which_is_sent_with_the_form_alone() -> None:
    code = services.make_setup_code()
    sent: list[str] = []
    complaints: list[str] = []
    with running_site() as address, page_of_a_browser() as page:
        page.on("request", lambda asked: sent.append(f"{asked.url} {asked.headers}"))
        page.on("console", lambda message: complaints.append(message.text))

        page.goto(f"{address}/setup/#{code}")

        assert page.url == f"{address}/setup/"
        assert page.get_by_label("Setup code").input_value() == code
        assert page.locator("[name=zone]").input_value() == "Europe/Berlin"
        page.get_by_label("User name").fill("ada")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_label("Password again").fill(PASSWORD)
        page.get_by_role("button", name="Make the account").click()
        page.wait_for_url(lambda url: "/setup/" not in url)
        page.go_back()
        assert code not in page.url

    assert len(sent) > 4
    assert not [line for line in sent if code in line]
    assert [text for text in complaints if "404" not in text] == []


def test_a_link_that_is_opened_in_the_same_tab_fills_in_its_code() -> None:
    code = services.make_setup_code()
    with running_site() as address, page_of_a_browser() as page:
        page.goto(f"{address}/")

        page.evaluate("code => { location.hash = code }", code)

        page.wait_for_url(f"{address}/setup/")
        assert page.get_by_label("Setup code").input_value() == code
