"""When a rule is due: pure, from one moment to the next, whatever the clocks do.

A cron names wall times. On the night that clocks go forward, times that do not exist
run once, at the end of the gap; on the night they go back, a time that comes twice runs
the first time only. A cron for every hour of the day goes by the clock instead: it
means "each hour", so it runs in both of the two and leaves out the one that is missing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from jobs.errors import BadSchedule
from jobs.models import CRON_LENGTH

FIELDS = 5
HOURS_OF_DAY = set(range(24))
MOST_MINUTES = 7 * 24 * 60  # a rule of minutes; what is rarer is a cron
SECOND = timedelta(seconds=1)
DAY_MINUTES, HOUR_MINUTES = 24 * 60, 60
LAST = datetime(9000, 1, 1)  # noqa: DTZ001 - a wall time
EPOCH, END = datetime(1970, 1, 1, tzinfo=UTC), LAST.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Rule:
    """Either a cron in a zone, or a number of minutes; the other is empty."""

    cron: str
    every_minutes: int | None
    zone: str


@dataclass(frozen=True, slots=True)
class Slot:
    at: datetime  # in UTC
    note: str = ""  # what the change of the clocks does to it


def checked(rule: Rule) -> Rule:
    """Return the rule with its cron written evenly; raises BadSchedule."""
    _zone(rule.zone)
    if (rule.every_minutes is None) == (rule.cron.strip() == ""):
        msg = "Give either a cron or a number of minutes."
        raise BadSchedule(msg, field="cron")
    if rule.every_minutes is not None:
        if not 1 <= rule.every_minutes <= MOST_MINUTES:
            msg = f"Choose from 1 to {MOST_MINUTES:,} minutes; for less often, a cron."
            raise BadSchedule(msg, field="every_minutes")
        return Rule("", rule.every_minutes, rule.zone)
    even = Rule(" ".join(rule.cron.upper().split()), None, rule.zone)
    if not upcoming(even, datetime.now(UTC), 1):
        msg = f"“{even.cron}” is never due: no month has that day."
        raise BadSchedule(msg, field="cron")
    return even


def upcoming(rule: Rule, after: datetime, count: int) -> tuple[Slot, ...]:
    """Return the next slots after a moment, in their order; fewer if there are none.

    Raises BadSchedule if the rule cannot be read.
    """
    whole = after.astimezone(UTC).replace(microsecond=0)
    return tuple(islice(_slots(rule, whole), count))


def in_words(rule: Rule) -> str:
    """Return what the rule says; raises BadSchedule."""
    if rule.every_minutes is None:
        words: str = _sim(rule.cron, LAST).explain()
        return words
    return f"Every {minutes_in_words(rule.every_minutes).removeprefix('1 ')}"


def minutes_in_words(minutes: int) -> str:
    """Return minutes in the largest unit that tells them exactly: "2 hours"."""
    for size, name in ((DAY_MINUTES, "day"), (HOUR_MINUTES, "hour")):
        if minutes >= size and minutes % size == 0:
            return _number(minutes // size, name)
    return _number(minutes, "minute")


def _number(number: int, name: str) -> str:
    return f"{number} {name}" if number == 1 else f"{number} {name}s"


def _slots(rule: Rule, after: datetime) -> Iterator[Slot]:
    if rule.every_minutes is not None:
        return _by_minutes(rule.every_minutes, after)
    zone = _zone(rule.zone)
    if _sim(rule.cron, LAST).hours == HOURS_OF_DAY:
        return _each_hour(rule.cron, zone, after)
    return _rising(_at_wall_times(rule.cron, zone, after), after)


def _by_minutes(minutes: int, after: datetime) -> Iterator[Slot]:
    """Count from a moment that is the same for all, so each process sees one grid."""
    step = timedelta(minutes=minutes)
    at = EPOCH + ((after - EPOCH) // step) * step
    while True:
        at += step
        yield Slot(at)


def _rising(slots: Iterator[Slot], after: datetime) -> Iterator[Slot]:
    """Leave out what is not later than the one before: times that fell together."""
    for slot in slots:
        if slot.at > after:
            yield slot
            after = slot.at


def _at_wall_times(cron: str, zone: ZoneInfo, after: datetime) -> Iterator[Slot]:
    for wall in _walls(cron, after.astimezone(zone).replace(tzinfo=None)):
        first, second = _both(wall, zone)
        if first == second:
            yield Slot(first)
        elif first < second:
            note = f"{wall:%H:%M} comes twice on {_day(wall)}: it runs the first time."
            yield Slot(first, note)
        else:
            at = _change(second, first, zone)
            there = at.astimezone(zone)
            note = f"{wall:%H:%M} does not exist on {_day(wall)}: it runs at "
            yield Slot(at, f"{note}{there:%H:%M} instead.")


def _each_hour(cron: str, zone: ZoneInfo, after: datetime) -> Iterator[Slot]:
    """Yield each moment whose wall time fits, one stretch between changes at a time."""
    start = after
    while start < END:
        offset = _offset(start, zone)
        until = END
        for wall in _walls(cron, start.astimezone(zone).replace(tzinfo=None)):
            at = wall.replace(tzinfo=UTC) - offset
            if _offset(at, zone) != offset:
                until = _change(start, at, zone)
                break
            yield _of_each_hour(at, zone)
            start = at
        start = until
        if until < END and _fits(cron, start.astimezone(zone)):
            yield _of_each_hour(start, zone)  # what follows begins after it


def _of_each_hour(at: datetime, zone: ZoneInfo) -> Slot:
    wall = at.astimezone(zone).replace(tzinfo=None)
    first, second = _both(wall, zone)
    twice = f"{wall:%H:%M} comes twice on {_day(wall)}: it runs both times."
    return Slot(at, "" if first == second else twice)


def _fits(cron: str, at: datetime) -> bool:
    wall = at.replace(tzinfo=None)
    return next(_walls(cron, wall - SECOND), None) == wall


def _walls(cron: str, after: datetime) -> Iterator[datetime]:
    """Yield the wall times of a cron, as if no clock were ever changed."""
    for wall in _sim(cron, after):
        if wall > LAST:
            return
        yield wall


def _sim(cron: str, after: datetime) -> CronSim:
    if len(cron) > CRON_LENGTH or len(cron.split()) != FIELDS:
        msg = (
            "A cron has five fields: minute, hour, day of month, month, day of week; "
            "such as “30 2 * * *” for every night at 02:30."
        )
        raise BadSchedule(msg, field="cron")
    try:
        return CronSim(cron, after)
    except CronSimError as exc:
        part = str(exc).removeprefix("Bad ").replace("-", " ")
        msg = f"The {part} of “{cron}” cannot be read, or there is no such one."
        raise BadSchedule(msg, field="cron") from exc


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as exc:
        msg = f"There is no time zone {name!r}: choose one such as Europe/Berlin."
        raise BadSchedule(msg, field="zone") from exc


def _both(wall: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the two readings of a wall time: equal unless clocks are changed then."""
    aware = wall.replace(tzinfo=zone, fold=0)
    return aware.astimezone(UTC), aware.replace(fold=1).astimezone(UTC)


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def _change(before: datetime, until: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment between the two at which the clocks are changed first.

    Looked for day by day, for two changes may lie between them.
    """
    for low, high in pairwise(_days(before, until)):
        if _offset(low, zone) != _offset(high, zone):
            return _halve(low, high, zone)
    return until


def _halve(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    while high - low > SECOND:
        middle = low + timedelta(seconds=(high - low) // SECOND // 2)
        if _offset(middle, zone) == _offset(low, zone):
            low = middle
        else:
            high = middle
    return high


def _days(before: datetime, until: datetime) -> Iterator[datetime]:
    while before < until:
        yield before
        before += timedelta(days=1)
    yield until


def _day(wall: datetime) -> str:
    return f"{wall.day} {wall:%B %Y}"
