"""The claim: one person becomes the first administrator, and nobody after them."""

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from syncapp.access import code_file, codes, tries
from syncapp.access.errors import (
    AccessRefused,
    AlreadyClaimed,
    BadAccount,
    CodeRefused,
)
from syncapp.models import Claim


def has_administrator() -> bool:
    """Return whether somebody can sign in who may do everything."""
    people = get_user_model().objects
    return people.filter(is_superuser=True, is_active=True).exists()


def is_claimed() -> bool:
    """Return whether there is, or was, a first administrator.

    One who was made by `createsuperuser` counts. A claim outlives its administrator:
    that the last one is gone never opens the door to strangers again.
    """
    return has_administrator() or Claim.objects.exists()


@sensitive_variables("code", "password")
def claim(code: str, name: str, password: str, zone: str, *, address: str) -> int:
    """Make the first administrator, for who has the setup code; returns the user's id.

    `address` is where the request comes from: wrong codes are counted for each.
    Raises BadAccount, CodeRefused, TooManyTries or AlreadyClaimed.
    """
    check_account(name, password)
    code_id = _judge(code, address)
    user_id = _make_first(name, password, zone, code_id=code_id)
    code_file.remove_code()
    return user_id


@sensitive_variables("password")
def make_administrator(name: str, password: str) -> int:
    """Make the first administrator without a code; returns the user's id.

    For who starts the program. Raises BadAccount or AlreadyClaimed.
    """
    check_account(name, password)
    return _make_first(name, password, "", code_id=None)


@sensitive_variables("password")
def check_account(name: str, password: str) -> None:
    """Raise BadAccount unless Django's rules take the name and the password."""
    model = get_user_model()
    person = model(username=model.normalize_username(name))
    try:
        person.clean_fields(exclude=["password"])
    except ValidationError as exc:
        raise BadAccount(" ".join(exc.messages), field="name") from exc
    try:
        validate_password(password, person)
    except ValidationError as exc:
        raise BadAccount(" ".join(exc.messages), field="password") from exc


@sensitive_variables("code")
def _judge(code: str, address: str) -> int:
    """Return the id of the code if it is good; else count the try and refuse it."""
    with transaction.atomic():
        if is_claimed():
            raise AlreadyClaimed
        held = tries.lock(tries.of_setup(address))
        try:
            return codes.find_code(code)
        except CodeRefused as exc:
            if is_claimed():  # by who was faster; the code was spent with it
                raise AlreadyClaimed from exc
            tries.count_failure(held)
            refusal = exc
    raise refusal  # outside, so that the count is kept


def _taken(name: str) -> AccessRefused:
    """Return what to tell of a name that is there: perhaps by who was faster."""
    if is_claimed():
        return AlreadyClaimed()
    msg = f'The user name "{name}" is taken. Choose another one.'
    return BadAccount(msg, field="name")


@sensitive_variables("password")
def _make_first(name: str, password: str, zone: str, *, code_id: int | None) -> int:
    people = get_user_model().objects
    try:
        with transaction.atomic():
            if is_claimed():
                raise AlreadyClaimed
            if people.filter(username=get_user_model().normalize_username(name)):
                raise _taken(name)
            person = people.create_superuser(name, password=password)
            Claim.objects.create(user=person, zone=zone, claimed_at=timezone.now())
            if code_id is not None:
                codes.spend_code(code_id)
            tries.forget_all()
    except IntegrityError as exc:  # another claim was faster
        raise AlreadyClaimed from exc
    return int(person.pk)
