"""The link with the setup code, in a browser: filled in, and told to nobody."""

import pytest

from tests.browser.conftest import Visit
from tests.browser.installation import NAME, PASSWORD, Installation

pytestmark = pytest.mark.timeout(600)


def test_the_link_fills_in_the_code_which_is_sent_with_the_form_alone(
    installation: Installation, visit: Visit
) -> None:
    sent: list[str] = []
    with installation.up():
        code = (installation.data / "setup-code").read_text().strip()
        page = visit(installation.address, timezone_id="Europe/Berlin").page
        page.on("request", lambda asked: sent.append(f"{asked.url} {asked.headers}"))

        page.goto(f"/setup/#{code}")

        assert page.url == f"{installation.address}/setup/"
        assert page.get_by_label("Setup code").input_value() == code
        assert page.locator("[name=zone]").input_value() == "Europe/Berlin"
        page.get_by_label("User name").fill(NAME)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_label("Password again").fill(PASSWORD)
        page.get_by_role("button", name="Make the account").click()
        page.wait_for_url(lambda url: "/setup/" not in url)
        page.close()  # a page that stays would miss its server

    assert len(sent) > 4
    assert not [line for line in sent if code in line]


def test_a_link_that_is_opened_in_the_same_tab_fills_in_its_code(
    installation: Installation, visit: Visit
) -> None:
    with installation.up():
        code = (installation.data / "setup-code").read_text().strip()
        page = visit(installation.address).page
        page.goto("/")

        page.evaluate("code => { location.hash = code }", code)

        page.wait_for_url(f"{installation.address}/setup/")
        assert page.get_by_label("Setup code").input_value() == code
