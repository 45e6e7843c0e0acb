"""Machines that share a database share its keys, or are told so at their start."""

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from pytest_django import Settings

from jobs import keys
from jobs.errors import OtherKeys
from jobs.models import KeyFingerprint
from jobs.worker import supervisor
from syncapp.management.database import prepare

pytestmark = pytest.mark.django_db(transaction=True)
OTHER = Fernet.generate_key().decode()


@pytest.fixture
def first_machine() -> None:
    """Let a machine start whose keys are those of the settings."""
    keys.check_keys()


@pytest.fixture
def second_machine(
    first_machine: None, settings: Settings, request: pytest.FixtureRequest
) -> None:
    """Be a machine that has another secret, or another encryption key."""
    other = {"SECRET_KEY": "x" * 40, "FERNET_KEYS": [OTHER]}
    setattr(settings, request.param, other[request.param])


@pytest.mark.parametrize(
    ("second_machine", "name", "file"),
    [
        ("SECRET_KEY", "secret", "secret.key"),
        ("FERNET_KEYS", "encryption", "fernet.key"),
    ],
    indirect=["second_machine"],
)
def test_a_worker_with_another_key_is_refused_in_a_sentence(
    second_machine: None, name: str, file: str
) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("worker")

    assert refused.value.returncode == 2
    assert str(refused.value).startswith(f"This machine's {name} key is not the one")
    assert f"copy {file} " in str(refused.value)


@pytest.mark.parametrize("second_machine", ["SECRET_KEY"], indirect=True)
def test_everything_is_refused_alike(second_machine: None) -> None:
    with pytest.raises(CommandError, match="This machine's secret key is not the one"):
        prepare(lambda _line: None)


@pytest.mark.parametrize("second_machine", ["SECRET_KEY"], indirect=True)
def test_keys_that_were_changed_on_purpose_are_accepted(
    second_machine: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[object] = []
    monkeypatch.setattr(supervisor.Supervisor, "run", lambda _: started.append(1))

    call_command("accept_keys")
    call_command("worker")

    assert len(started) == 1


def test_a_newer_encryption_key_before_the_old_one_is_no_other(
    first_machine: None, settings: Settings
) -> None:
    old = settings.FERNET_KEYS
    settings.FERNET_KEYS = [OTHER, *old]
    keys.check_keys()

    settings.FERNET_KEYS = [OTHER]
    keys.check_keys()

    settings.FERNET_KEYS = old
    with pytest.raises(OtherKeys):
        keys.check_keys()


def test_the_database_holds_no_key(first_machine: None, settings: Settings) -> None:
    kept = "".join(KeyFingerprint.objects.values_list("digest", flat=True))

    assert len(kept) == 2 * 64
    assert settings.SECRET_KEY not in kept
    assert settings.FERNET_KEYS[0] not in kept
