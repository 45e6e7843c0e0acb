"""Sets sources up, and tries whether they answer."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from django.views.decorators.debug import sensitive_variables

from syncapp.models import Source
from syncapp.services.errors import BadKey, BadName, SourceNotFound
from syncapp.stash.address import normalize
from syncapp.stash.client import Limits
from syncapp.stash.errors import StashError
from syncapp.sync.connect import connect
from syncapp.sync.errors import SyncStopped

NAME_LENGTH, KEY_LENGTH = 100, 2_000
QUICK_LOOK = Limits(connect_s=4, read_s=5, deadline_s=8, attempts=1)
PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class SourceTest:
    ok: bool
    code: str  # "ok", or what is wrong: "unreachable", "key_refused", ...
    sentence: str
    version: str  # empty unless ok


@sensitive_variables("api_key")
def add_source(
    name: str, url: str, api_key: str = "", *, read_only: bool = True
) -> int:
    """Keep a new source; returns its id. Nothing is asked of the server.

    Raises BadName, BadKey, and BadAddress for `url`.
    """
    source = Source(
        name=_checked_name(name),
        url=normalize(url),
        api_key=checked_key(api_key),
        read_only=read_only,
    )
    if source.api_key:
        source.key_changed_at = datetime.now(UTC)
    _save(source)
    return source.pk


def change_source(source_id: int, *, name: str, url: str, read_only: bool) -> bool:
    """Change a source; returns whether its API key was removed by that.

    The key belongs to one server: with another scheme, host or port it goes, or who may
    edit addresses could have it sent to a server of their own.

    Raises SourceNotFound, BadName, BadAddress.
    """
    with transaction.atomic():
        source = _source(source_id)
        new_url = normalize(url)
        moved = _origin(new_url) != _origin(source.url)
        cleared = moved and source.api_key != ""
        if moved:
            source.api_key, source.version, source.trouble = "", "", ""
            if cleared:
                source.key_changed_at = datetime.now(UTC)
            source.reached_at = source.trouble_since = None
        source.name, source.url = _checked_name(name), new_url
        source.read_only = read_only
        _save(source)
    return cleared


@sensitive_variables("api_key")
def set_key(source_id: int, api_key: str) -> None:
    """Keep the API key of a source, encrypted; empty removes it.

    Raises SourceNotFound, BadKey.
    """
    with transaction.atomic():
        source = _source(source_id)
        source.api_key = checked_key(api_key)
        source.key_changed_at = datetime.now(UTC)
        source.save(update_fields=["api_key", "key_changed_at"])


def test_source(source_id: int) -> SourceTest:
    """Ask the source who it is, for some seconds at most; it is noted on the source."""
    try:
        with connect(source_id, QUICK_LOOK) as client:
            version = client.server.version
    except (StashError, SyncStopped) as exc:
        return SourceTest(ok=False, code=exc.code, sentence=str(exc), version="")
    sentence = f"The source answers: Stash {version}."
    return SourceTest(ok=True, code="ok", sentence=sentence, version=version)


def checked_key(api_key: str) -> str:
    """Return the key as it is sent; raises BadKey for what no header can hold."""
    key = api_key.strip()
    if len(key) > KEY_LENGTH or not key.isascii() or not (key + "x").isprintable():
        msg = (
            "That is not an API key: copy it whole from Stash (Settings, Security), "
            "one line without spaces."
        )
        raise BadKey(msg)
    return key


def _source(source_id: int) -> Source:
    source = Source.objects.select_for_update().filter(pk=source_id).first()
    if source is None:
        msg = f"Source {source_id} is not here: it may have been removed."
        raise SourceNotFound(msg)
    return source


def _checked_name(name: str) -> str:
    plain = " ".join(name.split())
    if not 0 < len(plain) <= NAME_LENGTH or not plain.isprintable():
        msg = f"A source needs a name of 1 to {NAME_LENGTH} characters."
        raise BadName(msg)
    return plain


def _save(source: Source) -> None:
    try:
        with transaction.atomic():
            source.save()
    except IntegrityError as exc:
        msg = f"There is a source named {source.name!r} already: choose another name."
        raise BadName(msg) from exc


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or PORTS.get(parts.scheme)
