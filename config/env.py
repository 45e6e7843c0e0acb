"""Reads the environment, and says which setting is wrong when one is."""

import os
import secrets
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from config.data_folder import close_folder

T = TypeVar("T")
env = environ.FileAwareEnv()
# An index lies in memory or on a disk without a head to move, and what a page asks is
# done before it would be compiled, or before parallel workers had started.
POSTGRES_PLANNING = (
    "-c random_page_cost=1.1 -c jit=off -c max_parallel_workers_per_gather=0"
)
MOST_MONEY = 1_000_000


def read(name: str, parse: Callable[[str], T], default: str, wanted: str) -> T:
    """Return the setting `name` as `parse` makes it; `X_FILE` names a file with it.

    Raises ImproperlyConfigured, which names the setting and says what is wanted.
    The value itself stays out of the sentence: it may hold a password.
    """
    try:
        return parse(env.str(name, default=default).strip())
    except (
        ValueError,
        KeyError,
        OSError,
        InvalidOperation,
        ImproperlyConfigured,
    ) as exc:
        msg = f"The setting {name} cannot be used: wanted is {wanted}."
        raise ImproperlyConfigured(msg) from exc


def database_config(text: str) -> dict[str, Any]:
    """Read the address of a database; what it says of PostgreSQL's planning stays."""
    # Asked first: of an unknown kind, django-environ would print the whole address.
    kind = urlsplit(text).scheme
    if kind not in {"sqlite", "postgres", "postgresql"}:
        raise ValueError(text)
    config: dict[str, Any] = env.db_url_config(text)
    if kind != "sqlite":
        config.setdefault("OPTIONS", {}).setdefault("options", POSTGRES_PLANNING)
    return config


def flag(text: str) -> bool:
    """Read an on/off setting."""
    on, off = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}
    if text.lower() not in on | off:
        raise ValueError(text)
    return text.lower() in on


def one_of(*words: str) -> Callable[[str], str]:
    """Return a parser that takes these words alone."""

    def parse(text: str) -> str:
        if text not in words:
            raise ValueError(text)
        return text

    return parse


def at_least(length: int) -> Callable[[str], str]:
    """Return a parser for a text of so many characters, or none."""

    def parse(text: str) -> str:
        if 0 < len(text) < length:
            raise ValueError(text)
        return text

    return parse


def nonempty(parse: Callable[[str], T]) -> Callable[[str], T]:
    """Return the parser for where a text must stand."""

    def parse_nonempty(text: str) -> T:
        if not text:
            raise ValueError(text)
        return parse(text)

    return parse_nonempty


def zone(text: str) -> str:
    """Read the name of a time zone."""
    return ZoneInfo(text).key


def between(low: float, high: float) -> Callable[[str], float]:
    """Return a parser for a number from `low` to `high`."""

    def parse(text: str) -> float:
        number = float(text)
        if not low <= number <= high:
            raise ValueError(text)
        return number

    return parse


def money_amount(text: str) -> Decimal:
    """Read an amount of money, 0 or more."""
    number = Decimal(text)
    if not number.is_finite() or not 0 <= number <= MOST_MONEY:
        raise ValueError(text)
    return number


def prices(text: str) -> tuple[Decimal, Decimal]:
    """Read two prices, "0.15/0.60"; none are 0."""
    sent, slash, answered = text.partition("/")
    if not slash and text:
        raise ValueError(text)
    return money_amount(sent or "0"), money_amount(answered or "0")


def lanes(text: str) -> tuple[tuple[tuple[str, ...], int], ...]:
    """Read "system+short:2,long:1": which lanes share how many processes."""
    groups = []
    for part in text.split(","):
        names, _, processes = part.partition(":")
        group = tuple(sorted(name.strip() for name in names.split("+")))
        groups.append((group, int(between(1, 32)(processes))))
    named = [name for group, _ in groups for name in group]
    if sorted(named) != ["long", "short", "system"]:
        raise ValueError(text)
    return tuple(groups)


def fernet_keys(text: str) -> list[str]:
    """Read keys of Fernet, separated by commas or spaces."""
    keys = [part for part in text.replace(",", " ").split() if part]
    for key in keys:
        Fernet(key)
    return keys


def redis_url(text: str) -> str:
    """Read the address of a Redis; none is fine."""
    parts = urlsplit(text)
    if text and parts.scheme not in {"redis", "rediss", "unix"}:
        raise ValueError(text)
    _ = parts.port  # raises ValueError for one that is no number
    return text


def data_dir(text: str) -> Path:
    """Return the data folder, made if it is not there, closed where it can be."""
    folder = Path(text).expanduser().absolute()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ValueError(text)
    close_folder(folder)
    return folder


def secret(
    path: Path, make: Callable[[], str], parse: Callable[[str], T], lost: str
) -> T:
    """Return what `parse` makes of the secret in `path`, made by the first who asks.

    The file (mode 0600) appears whole or not at all, so two starts at once agree on one
    secret. Raises ImproperlyConfigured for a file that is empty or was cut; `lost` says
    what a new one costs.
    """
    if not path.exists():
        try:
            _write_once(path, make())
        except OSError as exc:
            msg = (
                f"There is no room to write the key file {path}, or it may not be "
                f"written ({exc.strerror}). Make room, then start again."
            )
            raise ImproperlyConfigured(msg) from exc
    try:
        return parse(path.read_text(encoding="utf-8").strip())
    except (ValueError, OSError) as exc:
        msg = (
            f"{path} holds no usable key: it cannot be read, is empty or was cut. Copy "
            f"it back from where you keep it. If it is lost, move the file away: the "
            f"next start makes a new one, and then {lost}."
        )
        raise ImproperlyConfigured(msg) from exc


def _write_once(path: Path, text: str) -> None:
    draft = path.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())  # a name without its content is an empty key
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first; its secret is the one
    finally:
        draft.unlink()
