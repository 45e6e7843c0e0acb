"""The first administrator: codes for them, their claim, their first sign-in."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib.auth import get_user_model, login
from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables

from syncapp.access import claiming, code_file, codes
from syncapp.access.errors import AlreadyClaimed


@sensitive_variables()
def make_setup_code() -> str:
    """Make the code that lets the first administrator in; returns it, only here.

    Codes made before are good no longer. Raises AlreadyClaimed.
    """
    if claiming.is_claimed():
        raise AlreadyClaimed
    code_file.remove_code()
    return codes.make_code()


@sensitive_variables()
def write_setup_code() -> str:
    """Make a code and put it in a file for the owner's eyes; returns its path."""
    return str(code_file.write_code(make_setup_code()))


def remove_setup_code() -> None:
    """Remove the file with the code, if there is one."""
    code_file.remove_code()


@sensitive_variables("code", "password")
def claim(
    code: str, name: str, password: str, zone: str = "", *, address: str = ""
) -> int:
    """Make the first administrator, for who has the setup code; returns the user's id.

    A `zone` that is not known counts as not said. Raises BadAccount, CodeRefused,
    TooManyTries or AlreadyClaimed.
    """
    return claiming.claim(code, name, password, _known(zone), address=address)


@sensitive_variables("code", "password")
def claim_and_sign_in(
    request: HttpRequest, code: str, *, name: str, password: str, zone: str
) -> int:
    """Claim as `claim` does, and sign the person in on this browser."""
    address = request.META.get("REMOTE_ADDR", "")
    user_id = claim(code, name, password, zone, address=address)
    login(request, get_user_model().objects.get(pk=user_id))
    return user_id


@sensitive_variables("password")
def make_administrator(name: str, password: str) -> int:
    """Make the first administrator without a code; returns the user's id.

    Raises BadAccount or AlreadyClaimed.
    """
    return claiming.make_administrator(name, password)


def _known(zone: str) -> str:
    try:
        return ZoneInfo(zone).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ""
