"""Pages for who is not let in, which Django never sees."""

import re

from django.urls import get_script_prefix
from pytest_django import Settings

from config.refusals import Busy, answer
from tests.asgi import Browser


def links() -> set[str]:
    page = answer(Busy(), Browser("/jobs/").scope).content.decode()
    return set(re.findall(r'(?:<a [^>]*href|data-home)="(/[^"]*)"', page))


def test_a_refusal_leads_to_the_dashboard() -> None:
    assert links() == {"/"}


def test_below_a_path_a_refusal_leads_to_what_is_there(settings: Settings) -> None:
    settings.PUBLIC_PATH = "/steward"

    assert links() == {"/steward/"}
    assert get_script_prefix() == "/"
