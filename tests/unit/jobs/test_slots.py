"""When rules are due: in any zone, on the nights that clocks are changed, and ever."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.errors import BadSchedule
from jobs.scheduling import slots
from jobs.scheduling.slots import Rule, Slot

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
MOST = 400  # slots: of a year by the day, or of three days four times an hour
BERLIN = ZoneInfo("Europe/Berlin")
# Clocks changed by an hour, by half an hour, at midnight, in the south, by a whole day,
# and never.
ZONES = (
    *("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo"),
    *("America/Santiago", "Pacific/Apia", "Asia/Kathmandu", "UTC"),
)


def local(slot: Slot, zone: ZoneInfo = BERLIN) -> str:
    return f"{slot.at.astimezone(zone):%Y-%m-%d %H:%M %Z}"


def between(cron: str, start: datetime, end: datetime, zone: str) -> list[Slot]:
    found = slots.upcoming(Rule(cron, None, zone), start, MOST)
    assert found[-1].at > end, "there may be more of them than were asked for"
    return [slot for slot in found if slot.at <= end]


@pytest.mark.parametrize("year", range(2024, 2034))
def test_half_past_two_runs_once_each_night_of_a_year_in_berlin(year: int) -> None:
    start = datetime(year, 1, 1, tzinfo=BERLIN)
    end = datetime(year, 12, 31, 23, 59, tzinfo=BERLIN)

    found = between("30 2 * * *", start, end, "Europe/Berlin")

    nights = [slot.at.astimezone(BERLIN).date() for slot in found]
    assert nights == [start.date() + n * DAY for n in range((end - start).days + 1)]
    assert len([slot for slot in found if slot.note]) == 2


def test_what_the_clocks_do_is_told() -> None:
    spring = slots.upcoming(
        Rule("30 2 * * *", None, "Europe/Berlin"),
        datetime(2027, 3, 27, 12, tzinfo=UTC),
        1,
    )
    autumn = slots.upcoming(
        Rule("30 2 * * *", None, "Europe/Berlin"),
        datetime(2027, 10, 30, 12, tzinfo=UTC),
        1,
    )

    assert [(local(slot), slot.note) for slot in (*spring, *autumn)] == [
        (
            "2027-03-28 03:00 CEST",
            "02:30 does not exist on 28 March 2027: it runs at 03:00 instead.",
        ),
        (
            "2027-10-31 02:30 CEST",
            "02:30 comes twice on 31 October 2027: it runs the first time.",
        ),
    ]


def test_every_hour_goes_by_the_clock_and_not_by_its_name() -> None:
    start = datetime(2027, 10, 30, 23, 15, tzinfo=UTC)

    found = between(
        "30 * * * *", start, start + 4 * timedelta(hours=1), "Europe/Berlin"
    )

    assert [local(slot)[11:] for slot in found] == [
        *("01:30 CEST", "02:30 CEST", "02:30 CET", "03:30 CET")
    ]
    assert [bool(slot.note) for slot in found] == [False, True, True, False]


def test_minutes_are_counted_on_one_grid_for_all() -> None:
    at = datetime(2027, 5, 17, 12, 7, 30, 999, tzinfo=UTC)

    quarter = slots.upcoming(Rule("", 15, "UTC"), at, 2)
    later = slots.upcoming(Rule("", 15, "UTC"), at + 3 * MINUTE, 2)

    assert quarter == later
    assert [f"{slot.at:%H:%M:%S.%f}" for slot in quarter] == [
        *("12:15:00.000000", "12:30:00.000000")
    ]


@pytest.mark.parametrize(
    ("rule", "field", "sentence"),
    [
        (Rule("61 * * * *", None, "UTC"), "cron", "The minute of “61 \\* \\* \\* \\*”"),
        (Rule("@daily", None, "UTC"), "cron", "A cron has five fields"),
        (Rule("0 30 2 * * *", None, "UTC"), "cron", "A cron has five fields"),
        (Rule("0 0 31 2 *", None, "UTC"), "cron", "or there is no such one"),
        (Rule("0 0 31 4,6 MON#9", None, "UTC"), "cron", "day of week"),
        (Rule("* " * 60, None, "UTC"), "cron", "A cron has five fields"),
        (Rule("", None, "UTC"), "cron", "either a cron or a number"),
        (Rule("* * * * *", 5, "UTC"), "cron", "either a cron or a number"),
        (Rule("", 0, "UTC"), "every_minutes", "from 1 to 10,080"),
        (Rule("", 10_081, "UTC"), "every_minutes", "from 1 to 10,080"),
        (Rule("* * * * *", None, "Mars/Base"), "zone", "no time zone 'Mars/Base'"),
        (Rule("* * * * *", None, "../../etc/passwd"), "zone", "no time zone"),
        (Rule("* * * * *", None, ""), "zone", "no time zone"),
    ],
)
def test_rules_that_cannot_be_are_refused_in_a_sentence(
    rule: Rule, field: str, sentence: str
) -> None:
    with pytest.raises(BadSchedule, match=sentence) as caught:
        slots.checked(rule)

    assert caught.value.field == field


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Rule("30 2 * * *", None, "UTC"), "At 02:30 every day"),
        (Rule("0 4 * * SUN", None, "UTC"), "At 04:00 on Sunday"),
        (Rule("", 1, "UTC"), "Every minute"),
        (Rule("", 15, "UTC"), "Every 15 minutes"),
        (Rule("", 60, "UTC"), "Every hour"),
        (Rule("", 2_880, "UTC"), "Every 2 days"),
    ],
)
def test_a_rule_is_told_in_words(rule: Rule, words: str) -> None:
    assert slots.in_words(rule) == words


def test_a_cron_is_written_evenly() -> None:
    assert slots.checked(Rule(" 0  4 * *  sun ", None, "UTC")).cron == "0 4 * * SUN"


@cache
def changes(zone: str) -> list[datetime]:
    """Return the hours before clocks are changed, in 2011 (a lost day) and later."""
    there, found = ZoneInfo(zone), []
    for year in (2011, 2023, 2024, 2027):
        at = datetime(year, 1, 1, tzinfo=UTC)
        for _ in range(366 * 24):
            later = at + timedelta(hours=1)
            if at.astimezone(there).utcoffset() != later.astimezone(there).utcoffset():
                found.append(at)
            at = later
    return found or [datetime(2024, 2, 28, 12, tzinfo=UTC)]


numbers = st.sets(st.integers(0, 59), min_size=1, max_size=4)
hours = st.one_of(st.just(set(range(24))), st.sets(st.integers(0, 23), min_size=1))
weekdays = st.one_of(
    st.just(set(range(7))), st.sets(st.integers(0, 6), min_size=3, max_size=6)
)


def written(values: set[int], whole: int) -> str:
    if len(values) == whole:
        return "*"
    return ",".join(str(value) for value in sorted(values))


def minutes(start: datetime, end: datetime) -> Iterator[datetime]:
    at = start.replace(second=0, microsecond=0)
    while at <= end:
        yield at
        at += MINUTE


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_every_slot_is_as_the_cron_says_or_told_by_the_clocks(
    data: st.DataObject,
) -> None:
    """Compare with a walk over every minute of three days around a change."""
    zone = data.draw(st.sampled_from(ZONES))
    there = ZoneInfo(zone)
    near = data.draw(st.sampled_from(changes(zone)))
    start = near - timedelta(minutes=data.draw(st.integers(0, 2_880)))
    end = start + 3 * DAY
    minute, hour, day = data.draw(numbers), data.draw(hours), data.draw(weekdays)
    cron = f"{written(minute, 60)} {written(hour, 24)} * * {written(day, 7)}"

    found = between(cron, start, end, zone)

    def fits(wall: datetime) -> bool:
        return (
            wall.minute in minute and wall.hour in hour and wall.isoweekday() % 7 in day
        )

    each_hour = len(hour) == 24
    # A week earlier, for a change may have come before the start.
    walked = [at.astimezone(there) for at in minutes(start - DAY, end + 2 * DAY)]
    expected = {
        at.astimezone(UTC) for at in walked if fits(at) and (each_hour or at.fold == 0)
    }
    if not each_hour:
        for before, after in pairwise(walked):
            first, last = before.replace(tzinfo=None), after.replace(tzinfo=None)
            lost = minutes(first + MINUTE, last - MINUTE)
            if any(fits(wall) for wall in lost):
                expected.add(after.astimezone(UTC))
    assert [slot.at for slot in found] == sorted(
        at for at in expected if start < at <= end
    )
    for slot in found:
        wall = slot.at.astimezone(there)
        assert fits(wall) or "does not exist" in slot.note, (cron, zone, slot)


@given(
    minute=numbers,
    hour=hours,
    zone=st.sampled_from(ZONES),
    starts=st.lists(st.integers(0, 5 * 24 * 60 * 60), min_size=2, max_size=5),
)
@settings(max_examples=40, deadline=None)
def test_the_next_slot_is_the_same_wherever_one_looks_from(
    minute: set[int], hour: set[int], zone: str, starts: list[int]
) -> None:
    rule = Rule(f"{written(minute, 60)} {written(hour, 24)} * * *", None, zone)
    begin = changes(zone)[-1] - 2 * DAY
    whole = slots.upcoming(rule, begin, 10_000 // 60)

    for seconds in starts:
        at = begin + timedelta(seconds=seconds)
        later = [slot for slot in whole if slot.at > at]
        assert list(slots.upcoming(rule, at, 1)) == later[:1] or not later
    assert all(one.at < two.at for one, two in pairwise(whole))
