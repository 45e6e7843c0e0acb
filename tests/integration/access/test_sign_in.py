"""Signing in: who guesses waits longer and longer, and keeps out nobody elsewhere."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection
from django.test import Client
from django.utils import timezone

from syncapp.models import FailedTries
from tests.builders import PASSWORD, make_person

pytestmark = pytest.mark.django_db(transaction=True)
HERE, ELSEWHERE = "192.0.2.7", "198.51.100.9"


@pytest.fixture(autouse=True)
def owner(transactional_db: None) -> Any:
    return make_person("ada", is_superuser=True, is_staff=True)


def sign_in(
    name: str = "ada", password: str = "a guess", *, at: str = HERE, **headers: str
) -> Any:
    form = {"username": name, "password": password}
    return Client(REMOTE_ADDR=at).post("/sign-in/", form, headers=headers)


def test_after_five_guesses_an_account_waits_and_is_told_how_long() -> None:
    codes = [sign_in().status_code for _ in range(5)]

    refused = sign_in(password=PASSWORD)

    assert codes == [200] * 5
    assert (refused.status_code, refused["Retry-After"]) == (429, "1")
    page = refused.content.decode()
    assert "Too many tries to sign in came from your address." in page
    assert "Try again in 1 second." in page


def test_fifty_guesses_shut_nobody_out_elsewhere() -> None:
    codes = [sign_in().status_code for _ in range(50)]

    owner = sign_in(password=PASSWORD, at=ELSEWHERE)

    assert codes.count(429) >= 40
    assert owner.status_code == 302


def test_the_wait_ends() -> None:
    for _ in range(5):
        sign_in()
    FailedTries.objects.update(failed_at=timezone.now() - timedelta(seconds=2))

    assert sign_in(password=PASSWORD).status_code == 302


def test_a_clock_that_was_set_back_makes_nobody_wait() -> None:
    for _ in range(30):
        sign_in()
    FailedTries.objects.update(failed_at=timezone.now() + timedelta(days=365))

    assert sign_in(password=PASSWORD).status_code == 302


def test_another_account_at_that_address_does_not_wait_at_once() -> None:
    make_person("ida")
    for _ in range(7):
        sign_in()

    assert sign_in("ida", PASSWORD).status_code == 302


def test_who_guesses_at_many_accounts_waits_for_all_of_them() -> None:
    codes = [sign_in(f"name {number}").status_code for number in range(25)]

    assert codes[:20] == [200] * 20
    assert 429 in codes[20:]
    assert sign_in(password=PASSWORD).status_code == 429
    assert sign_in(password=PASSWORD, at=ELSEWHERE).status_code == 302


def test_an_account_of_ones_own_buys_no_more_guesses() -> None:
    make_person("eve")

    for _ in range(4):
        for _ in range(4):
            sign_in()
        sign_in("eve", PASSWORD)

    assert sign_in().status_code == 429


def test_who_signs_in_often_never_waits() -> None:
    codes = {sign_in(password=PASSWORD).status_code for _ in range(30)}

    assert codes == {302}


def test_a_name_that_nobody_has_is_answered_as_one_that_somebody_has() -> None:
    answers = [[sign_in(name).status_code for _ in range(7)] for name in ("ada", "xyz")]

    assert answers[0] == answers[1]


def test_a_header_makes_no_other_address() -> None:
    codes = [
        sign_in(**{"X-Forwarded-For": f"203.0.113.{number}"}).status_code
        for number in range(8)
    ]

    assert 429 in codes


@pytest.fixture
def slow_hash() -> Iterator[None]:
    """Look at passwords for as long as it takes all the others to come."""
    with patch.object(PBKDF2PasswordHasher, "iterations", 200_000):
        yield


def test_guesses_at_once_are_no_more_than_one_after_the_other(slow_hash: None) -> None:
    def guess(_: int) -> int:
        try:
            code: int = sign_in().status_code
        finally:
            connection.close()
        return code

    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(guess, range(16)))

    assert sorted(codes) == [200] * 5 + [429] * 11


def test_the_admin_has_no_door_of_its_own() -> None:
    make_person("eve")
    inside, outside = Client(), Client()
    inside.login(username="eve", password=PASSWORD)
    form = {"username": "ada", "password": PASSWORD, "next": "/admin/"}

    within = inside.post("/admin/login/", form)
    without = outside.post("/admin/login/", form)

    assert within.status_code == 403
    assert "for members of staff" in within.content.decode()
    assert without["Location"].startswith("/sign-in/")
    assert inside.get("/admin/").status_code == 302
    assert outside.get("/admin/")["Location"].startswith("/sign-in/")
