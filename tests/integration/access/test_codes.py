"""Setup codes: hard to guess, easy to type, good once and not for long."""

import re
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone

from syncapp import queries, services
from syncapp.access import codes, tries
from syncapp.models import Claim, FailedTries, SetupCode
from tests.integration.access.conftest import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)
WRONG = "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GG"


def make_older(**by: float) -> None:
    """Let time pass for every code."""
    for code in SetupCode.objects.all():
        code.created_at -= timedelta(**by)
        code.expires_at -= timedelta(**by)
        code.save()


def test_a_code_is_128_random_bits_in_groups_of_four(code: str) -> None:
    assert re.fullmatch(r"([A-Z2-7]{4}-){6}[A-Z2-7]{2}", code)
    assert services.make_setup_code() != code


def test_the_database_holds_no_code_in_clear(code: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM syncapp_setupcode")
        (row,) = cursor.fetchall()

    assert code not in str(row)
    assert code.replace("-", "") not in str(row)


@pytest.mark.parametrize("change", [str.lower, str.swapcase, lambda c: f" {c} "])
def test_case_spaces_and_hyphens_do_not_matter(code: str, change: object) -> None:
    assert callable(change)
    written = change(code).replace("-", " ")

    user_id = services.claim(written, "ada", PASSWORD, "Europe/Berlin")

    ada = get_user_model().objects.get(pk=user_id)
    assert (ada.is_superuser, ada.is_staff, ada.is_active) == (True, True, True)
    assert ada.check_password(PASSWORD)
    assert Claim.objects.get().zone == "Europe/Berlin"
    assert SetupCode.objects.get().used_at is not None


@pytest.mark.parametrize("zone", ["Mars/Base", "../../etc/passwd", "", "\0"])
def test_a_zone_that_nobody_knows_is_left_out(code: str, zone: str) -> None:
    services.claim(code, "ada", PASSWORD, zone)

    assert Claim.objects.get().zone == ""


@pytest.mark.parametrize("typed", ["", WRONG, "-", "\0", "x" * 5000])
def test_a_wrong_code_is_refused(code: str, typed: str) -> None:
    with pytest.raises(services.WrongCode, match="This is not the setup code"):
        services.claim(typed, "ada", PASSWORD)

    assert not queries.is_claimed()
    assert not get_user_model().objects.exists()


def test_a_code_of_61_minutes_is_refused(code: str) -> None:
    make_older(minutes=61)

    with pytest.raises(services.OldCode, match=r"older than 60 minutes.*setup_link"):
        services.claim(code, "ada", PASSWORD)


def test_a_code_of_59_minutes_is_good(code: str) -> None:
    make_older(minutes=59)

    assert services.claim(code, "ada", PASSWORD)


def test_a_newer_code_ends_the_one_before(code: str) -> None:
    newer = services.make_setup_code()

    with pytest.raises(services.UsedCode, match="a newer one was made after it"):
        services.claim(code, "ada", PASSWORD)
    assert services.claim(newer, "ada", PASSWORD)


def test_a_used_code_is_refused(code: str) -> None:
    codes.spend_code(SetupCode.objects.get().pk)

    with pytest.raises(services.UsedCode, match="was used already"):
        services.claim(code, "ada", PASSWORD)


def test_nobody_claims_after_the_first(code: str) -> None:
    services.claim(code, "ada", PASSWORD)

    with pytest.raises(services.AlreadyClaimed, match="has an administrator already"):
        services.claim(code, "noor", PASSWORD)
    with pytest.raises(services.AlreadyClaimed):
        services.make_setup_code()


def test_a_claim_outlives_its_administrator(code: str) -> None:
    services.claim(code, "ada", PASSWORD)
    get_user_model().objects.all().delete()

    assert queries.is_claimed()
    assert not queries.has_administrator()


def test_who_was_made_by_createsuperuser_counts(code: str) -> None:
    get_user_model().objects.create_user("noor", password=PASSWORD)
    assert not queries.is_claimed()

    get_user_model().objects.create_superuser("ada", password=PASSWORD)

    assert queries.is_claimed()
    with pytest.raises(services.AlreadyClaimed):
        services.claim(code, "eve", PASSWORD)


@pytest.mark.parametrize(
    ("name", "password", "field", "sentence"),
    [
        ("ada", "short", "password", "too short"),
        ("ada", "qwerty123456", "password", "too common"),
        ("ada", "192837465564738291", "password", "entirely numeric"),
        ("ada lovelace", PASSWORD, "name", "Enter a valid username"),
        ("", PASSWORD, "name", "cannot be blank"),
        ("a" * 151, PASSWORD, "name", "at most 150 characters"),
        ("noor", PASSWORD, "name", 'The user name "noor" is taken'),
    ],
)
def test_an_account_that_will_not_do_leaves_the_code_good(
    code: str, name: str, password: str, field: str, sentence: str
) -> None:
    get_user_model().objects.create_user("noor")

    with pytest.raises(services.BadAccount, match=sentence) as caught:
        services.claim(code, name, password)

    assert caught.value.field == field
    assert services.claim(code, "ada", PASSWORD)


def try_wrong_codes(times: int, address: str = "192.0.2.7") -> None:
    for _ in range(times):
        with pytest.raises(services.WrongCode):
            services.claim(WRONG, "ada", PASSWORD, address=address)


def test_after_five_wrong_codes_an_address_waits_even_with_the_right_one(
    code: str,
) -> None:
    try_wrong_codes(5)

    with pytest.raises(services.TooManyTries, match="Try again in 1 second") as caught:
        services.claim(code, "ada", PASSWORD, address="192.0.2.7")

    assert caught.value.wait_s == 1
    assert services.claim(code, "ada", PASSWORD, address="192.0.2.8")
    assert not FailedTries.objects.exists()


def test_the_wait_ends(code: str) -> None:
    try_wrong_codes(5)
    FailedTries.objects.update(failed_at=timezone.now() - timedelta(seconds=2))

    assert services.claim(code, "ada", PASSWORD, address="192.0.2.7")


def test_tries_that_were_not_looked_at_do_not_make_the_wait_longer(code: str) -> None:
    try_wrong_codes(5)
    for _ in range(10):
        with pytest.raises(services.TooManyTries):
            services.claim(WRONG, "ada", PASSWORD, address="192.0.2.7")

    assert FailedTries.objects.get().failures == 5


def test_old_failures_are_forgotten(code: str) -> None:
    try_wrong_codes(5)
    FailedTries.objects.update(failed_at=timezone.now() - timedelta(minutes=61))

    try_wrong_codes(1)

    assert FailedTries.objects.get().failures == 1


def test_the_addresses_of_one_network_count_as_one(code: str) -> None:
    for number in range(5):
        try_wrong_codes(1, f"2001:db8::{number}")

    with pytest.raises(services.TooManyTries):
        services.claim(code, "ada", PASSWORD, address="2001:db8::99")
    assert services.claim(code, "ada", PASSWORD, address="2001:db8:0:1::1")


def test_the_wait_grows_and_has_an_end() -> None:
    waits = [tries.wait_s(failures) for failures in (0, 4, 5, 6, 7, 12, 13, 14, 9999)]

    assert waits == [0, 0, 1, 2, 4, 128, 256, 300, 300]


def test_the_file_is_for_its_owner_and_goes_with_the_claim(folder: Path) -> None:
    path = Path(services.write_setup_code())
    code = path.read_text()

    assert path == folder / "setup-code"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    services.claim(code, "ada", PASSWORD)
    assert list(folder.iterdir()) == []


def test_a_newer_code_takes_the_file_away(folder: Path) -> None:
    services.write_setup_code()

    services.make_setup_code()

    assert list(folder.iterdir()) == []
