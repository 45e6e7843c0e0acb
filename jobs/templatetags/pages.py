"""How plain values are written on a page."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from jobs.enums import Status
from jobs.queries import JobCard
from jobs.queue import registry
from jobs.units import (
    HOUR,
    MINUTE,
    TENTHS_BELOW,
    figure,
    heading,
    is_measure,
    length,
    size,
)

register = template.Library()

DAY = 86_400
LONG_AGO = 30 * DAY
ISOLATE, ISOLATE_END = "\u2068", "\u2069"


class Table(NamedTuple):
    """A part of a job's result: a row for each name, a column for each count."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Any, ...]], ...]


@register.simple_tag
def ago(moment: datetime | None, never: str = "never") -> str:
    """Return how long ago, with the exact time and its zone behind it."""
    if moment is None:
        return never
    seconds = (datetime.now(UTC) - moment).total_seconds()
    here = _here(moment)
    words = _ago(seconds) if seconds < LONG_AGO else f"{here.day} {here:%b %Y}"
    return _element(moment, words)


@register.simple_tag
def at(moment: datetime | None, never: str = "never") -> str:
    """Return date, time and zone."""
    return never if moment is None else _element(moment, exact(moment))


@register.simple_tag
def at_in(moment: datetime, zone: str) -> str:
    """Return weekday, date and time as the clocks of another zone show them."""
    there = moment.astimezone(_zone(zone))
    words = f"{there:%a} {there.day} {there:%b %Y, %H:%M} {there.tzname()}"
    return _element(moment, words)


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return timezone.get_current_timezone()  # which the words name


@register.simple_tag
def in_time(moment: datetime) -> str:
    """Return how long until then, with the exact time behind it."""
    seconds = (moment - datetime.now(UTC)).total_seconds()
    return _element(moment, _until(seconds))


def _until(seconds: float) -> str:
    if seconds < MINUTE:
        return "within a minute"
    if seconds < HOUR:
        return f"in {int(seconds // MINUTE)} min"
    if seconds < DAY:
        return f"in {int(seconds // HOUR)} h {int(seconds % HOUR // MINUTE)} min"
    days = int(seconds // DAY)
    return "in 1 day" if days == 1 else f"in {days} days"


def _element(moment: datetime, words: str) -> str:
    return _written(moment, words, timezone.get_current_timezone_name())


@lru_cache(maxsize=4_096)  # the rows of a list changed in a few moments
def _written(moment: datetime, words: str, _zone: str) -> str:
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.astimezone(UTC).isoformat(timespec="seconds"),
        exact(moment),
        words,
    )


def _here(moment: datetime) -> datetime:
    """Return the time of our zone; of UTC where the year 1 begins, before ours does."""
    try:
        return timezone.localtime(moment)
    except OverflowError:
        return moment.astimezone(UTC)


def exact(moment: datetime) -> str:
    """Return date, time and zone as text."""
    here = _here(moment)
    return f"{here.day} {here:%b %Y, %H:%M:%S} {here.tzname()}"


def _ago(seconds: float) -> str:
    if seconds < MINUTE:
        return "just now"
    if seconds < HOUR:
        return f"{int(seconds // MINUTE)} min ago"
    if seconds < DAY:
        return f"{int(seconds // HOUR)} h ago"
    days = int(seconds // DAY)
    return "yesterday" if days == 1 else f"{days} days ago"


@register.simple_tag
def took(started_at: datetime | None, finished_at: datetime | None) -> str:
    """Return how long something took, up to now if it has not ended."""
    if started_at is None:
        return ""
    seconds = ((finished_at or datetime.now(UTC)) - started_at).total_seconds()
    return length(seconds) if seconds >= TENTHS_BELOW else f"{max(seconds, 0):.1f} s"


@register.filter
def duration(seconds: float | None) -> str:
    """Return seconds as 1:02:03 or 2:03."""
    if seconds is None or seconds < 0:
        return ""
    minutes, second = divmod(int(seconds), MINUTE)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


@register.filter
def amount(number: int | None) -> str:
    """Return bytes as people write them: 1.5 GB."""
    return "" if number is None else size(number)


@register.filter
def thousands(number: Any) -> str:
    """Return 12345 as 12,345, nothing for None, and what is no number as it is."""
    if isinstance(number, int) and not isinstance(number, bool):
        return f"{number:,}"
    return "" if number is None else plain(number)


@register.filter
def web_link(url: str) -> str:
    """Return `url` if a page may link to it, else nothing.

    What a library holds as an address may be anything, `javascript:` among it.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in {"http", "https"} and parts.netloc else ""


@register.filter
def isolated(text: str) -> str:
    """Return a text that turns nothing else round, for where no element can stand.

    What a library holds may have marks that change the direction of all that follows.
    In a page's text a `bdi` keeps them in, in its title invisible characters do.
    """
    return f"{ISOLATE}{text}{ISOLATE_END}"


@register.filter
def each_apart(texts: Iterable[str]) -> str:
    """Return texts with commas between them, each isolated from the others."""
    return format_html_join(", ", "<bdi>{}</bdi>", ((text,) for text in texts))


@register.filter
def words(name: str) -> str:
    """Return a name of the program as people write it: held_back as held back."""
    return heading(str(name))


@register.filter
def plain(value: Any) -> str:
    """Return a parameter of a job as people write it."""
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


@register.filter
def state(card: JobCard) -> str:
    """Return a job's state as people say it."""
    return "cancelling" if card.is_stopping else card.status


@register.filter
def line(card: JobCard) -> str:
    """Return what a job does now, or what it waits for."""
    if card.status == Status.QUEUED:
        return card.waits_for or "It starts in a moment."
    return card.message if card.status == Status.RUNNING else ""


@register.filter
def shape(card: JobCard) -> str:
    """Return a text that changes when a page needs more of a job than new values."""
    kinds = "".join("?" if phase.total is None else "+" for phase in card.phases)
    facts = (card.status, card.attempt, card.cancel_asked, card.retried_by, kinds)
    parts = [f"{t.title}.{len(t.columns)}.{len(t.rows)}" for t in tables(card.result)]
    return "/".join(str(part) for part in (*facts, *parts))


@register.filter
def linked_tables(card: JobCard) -> list[Table]:
    """Return the result as `tables` does, each number with the page that shows it."""
    way = registry.way_from(card.kind)

    def linked(table: Table) -> Table:
        rows = (
            (
                name,
                tuple(
                    (
                        value,
                        way(card.job_id, table.title, name, column) if value else "",
                    )
                    for column, value in zip(table.columns, values, strict=True)
                ),
            )
            for name, values in table.rows
        )
        return table._replace(rows=tuple(rows))

    return [linked(table) for table in tables(card.result)]


@register.filter
def tables(result: Mapping[str, Any]) -> list[Table]:
    """Return the parts of a job's result as tables; what is empty is left out."""
    single = {name: part for name, part in result.items() if not _is_map(part)}
    parts = {"": single, **{n: part for n, part in result.items() if _is_map(part)}}
    return [_table(title, part) for title, part in parts.items() if part]


def _table(title: str, part: Mapping[str, Any]) -> Table:
    if not all(_is_map(row) for row in part.values()):
        return Table(title, ("",), tuple((name, (part[name],)) for name in part))
    columns = tuple(dict.fromkeys(name for row in part.values() for name in row))
    rows = (
        (name, tuple(_value(c, row.get(c, "")) for c in columns))
        for name, row in part.items()
    )
    return Table(title, columns, tuple(rows))


def _value(name: str, value: Any) -> Any:
    """Return a number whose name tells of a unit as text, all else as it is."""
    return (figure(name, value) if value else 0) if is_measure(name) else value


def _is_map(value: Any) -> bool:
    return isinstance(value, Mapping)
