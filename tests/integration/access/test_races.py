"""Two claims at once: one person is the administrator, the other is told so."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import httpx2
import pytest
from django.contrib.auth import get_user_model
from django.db import connections

from syncapp import services
from syncapp.access import claiming
from syncapp.models import Claim, FailedTries
from tests.integration.access.conftest import PASSWORD, typed
from tests.site import forms, running_site

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 6
WRONG = "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GG"


def at_once(act: Callable[[int], object]) -> list[str]:
    """Let threads act at the same moment; returns what each came to, in words."""
    start = Barrier(AT_ONCE)

    def one(number: int) -> str:
        start.wait()
        try:
            act(number)
        except services.AccessRefused as exc:
            return type(exc).__name__
        else:
            return "in"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return sorted(threads.map(one, range(AT_ONCE)))


@pytest.mark.parametrize("name", ["ada", "ada-{}"], ids=["same name", "other names"])
def test_of_claims_at_once_one_wins(code: str, name: str) -> None:
    came_to = at_once(lambda n: services.claim(code, name.format(n), PASSWORD))

    assert came_to == ["AlreadyClaimed"] * (AT_ONCE - 1) + ["in"]
    assert get_user_model().objects.filter(is_superuser=True).count() == 1
    assert get_user_model().objects.count() == Claim.objects.count() == 1


def test_a_claim_and_a_start_with_settings_make_one_administrator(code: str) -> None:
    def act(number: int) -> None:
        if number % 2:
            services.claim(code, f"ada-{number}", PASSWORD)
        else:
            services.make_administrator(f"noor-{number}", PASSWORD)

    came_to = at_once(act)

    assert came_to.count("in") == 1
    assert get_user_model().objects.count() == 1


def test_the_row_alone_decides_when_nobody_saw_the_other(code: str) -> None:
    """What both saw before is true no more when the second writes."""
    first = claiming.make_administrator("ada", PASSWORD)
    get_user_model().objects.filter(pk=first).update(is_superuser=False)

    with pytest.raises(services.AlreadyClaimed):
        services.claim(code, "noor", PASSWORD)

    assert get_user_model().objects.count() == 1


def test_guesses_at_once_are_counted_one_by_one(code: str) -> None:
    came_to = at_once(
        lambda _: services.claim(WRONG, "ada", PASSWORD, address="192.0.2.7")
    )

    assert came_to == ["TooManyTries"] + ["WrongCode"] * 5
    assert FailedTries.objects.get().failures == 5


def test_two_browsers_at_two_web_processes(code: str, folder: Path) -> None:
    with running_site() as one, running_site() as other:
        browsers = [
            httpx2.Client(base_url=address, trust_env=False, timeout=30)
            for address in (one, other)
        ]

        def claim(number: int) -> int:
            browser = browsers[number]
            assert browser.get("/").headers["Location"] == "/setup/"
            (form,) = forms(browser.get("/setup/").text)
            fields = {**form.fields, **typed(code, name=f"ada-{number}")}
            return browser.post("/setup/", data=fields).status_code

        with ThreadPoolExecutor(2) as threads:
            statuses = list(threads.map(claim, (0, 1)))
        winner = browsers[statuses.index(302)]
        loser = browsers[1 - statuses.index(302)]

        assert sorted(statuses) in ([302, 404], [302, 409])
        assert winner.get("/").status_code == 200
        assert loser.get("/").headers["Location"].startswith("/sign-in/")
        assert [b.get("/setup/").status_code for b in browsers] == [404, 404]
        for browser in browsers:
            browser.close()
    assert get_user_model().objects.count() == 1
