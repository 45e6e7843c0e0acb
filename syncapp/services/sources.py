"""Sets sources up."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.views.decorators.debug import sensitive_variables

from syncapp.models import Source
from syncapp.services.errors import BadKey, BadName, SourceNotFound
from syncapp.stash.address import normalize
from syncapp.stash.errors import BadAddress
from syncapp.stash.way_in import OPEN, Headers, WayIn, header_lines

NAME_LENGTH, KEY_LENGTH = 100, 2_000
PORTS = {"http": 80, "https": 443}


@sensitive_variables("api_key", "way_in")
def add_source(
    name: str,
    url: str,
    api_key: str = "",
    *,
    way_in: WayIn = OPEN,
    read_only: bool = True,
    public_url: str = "",
) -> int:
    """Keep a new source; returns its id. Nothing is asked of the server.

    `public_url` is where browsers find it, if elsewhere. Raises BadName, BadKey, and
    BadAddress for either address.
    """
    source = Source(
        name=_checked_name(name),
        url=checked_address(url),
        public_url=_checked_public(public_url),
        api_key=checked_key(api_key),
        certificate=way_in.certificate,
        headers=header_lines(way_in.headers),
        read_only=read_only,
    )
    if source.api_key:
        source.key_changed_at = datetime.now(UTC)
    _save(source)
    return source.pk


def change_source(
    source_id: int,
    *,
    name: str,
    url: str,
    read_only: bool,
    analyse_after_sync: bool | None = None,
    public_url: str | None = None,
) -> bool:
    """Change a source; returns whether its secrets were removed by that.

    API key and headers belong to one server: with another scheme, host or port they go,
    or who may edit addresses could have them sent to a server of their own. Nothing is
    sent to `public_url`; None leaves it, empty removes it. None leaves whether syncs
    ask for an analysis as well.

    Raises SourceNotFound, BadName, BadAddress.
    """
    with transaction.atomic():
        source = _locked(source_id)
        new_url = checked_address(url)
        moved = _origin(new_url) != _origin(source.url)
        cleared = moved and (source.api_key != "" or source.headers != "")
        if moved:
            if source.api_key != "":
                source.key_changed_at = datetime.now(UTC)
            source.api_key, source.headers = "", ""
            source.version, source.trouble = "", ""
            source.reached_at = source.trouble_since = None
        source.name, source.url = _checked_name(name), new_url
        source.read_only = read_only
        if analyse_after_sync is not None:
            source.analyse_after_sync = analyse_after_sync
        if public_url is not None:
            source.public_url = _checked_public(public_url)
        _save(source)
    return cleared


@sensitive_variables("headers")
def set_way_in(
    source_id: int, *, certificate: str | None = None, headers: Headers | None = None
) -> None:
    """Keep how to come through to a source; None leaves what is there, empty removes.

    Raises SourceNotFound.
    """
    with transaction.atomic():
        source = _locked(source_id)
        if certificate is not None:
            source.certificate = certificate
        if headers is not None:
            source.headers = header_lines(headers)
        source.save(update_fields=["certificate", "headers"])


def checked_address(text: str) -> str:
    """Return the address of a source as we keep it; raises BadAddress.

    Our own is none: asked for data, this server would answer that it knows nobody.
    """
    url = normalize(text)
    below = f"{url}/".startswith(f"{settings.PUBLIC_URL}/")
    is_public = below if settings.PUBLIC_PATH else url == settings.PUBLIC_URL
    names = ("localhost", "127.0.0.1", "::1", settings.HOST)
    if is_public or _origin(url) in {("http", name, settings.PORT) for name in names}:
        msg = (
            "This address cannot be used. It is Steward's own: give that of your "
            "Stash. An example: http://nas:9999"
        )
        raise BadAddress(msg)
    return url


def _checked_public(text: str) -> str:
    return checked_address(text) if text.strip() else ""


@sensitive_variables("api_key")
def set_key(source_id: int, api_key: str) -> None:
    """Keep the API key of a source, encrypted; empty removes it.

    Raises SourceNotFound, BadKey.
    """
    with transaction.atomic():
        source = _locked(source_id)
        source.api_key = checked_key(api_key)
        source.key_changed_at = datetime.now(UTC)
        source.save(update_fields=["api_key", "key_changed_at"])


def set_analyse_after_sync(source_id: int, *, on: bool) -> None:
    """Have each sync that changed a scene ask for an analysis, or none.

    Raises SourceNotFound.
    """
    rows = Source.objects.filter(pk=source_id)
    if not rows.update(analyse_after_sync=on):
        raise SourceNotFound(source_id)


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


def lock_source(source_id: int) -> str:
    """Lock a source until the transaction ends; returns its name.

    Who asks for work on a source and who removes it take turns so. Raises
    SourceNotFound.
    """
    return _locked(source_id).name


def _locked(source_id: int) -> Source:
    # Not for the key: a sync that writes its stream's state holds on to that.
    rows = Source.objects.select_for_update(no_key=True)
    source = rows.filter(pk=source_id).first()
    if source is None:
        raise SourceNotFound(source_id)
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
