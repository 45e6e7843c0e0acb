"""`manage.py schedules`: what it prints, and how it ends."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from jobs import queries
from jobs.models import Schedule
from jobs.scheduling import services
from jobs.scheduling.services import ScheduleSpec


def say(*arguments: object) -> str:
    out = StringIO()
    call_command("schedules", *map(str, arguments), stdout=out)
    return out.getvalue()


def answer(*arguments: object) -> Any:
    return json.loads(say(*arguments, "--json"))


@pytest.fixture
def schedule_id(db: None) -> int:
    Schedule.objects.all().delete()
    spec = ScheduleSpec(
        name="Night watch",
        kind="test.note",
        params={"say": "hi"},
        cron="30 2 * * *",
        zone="Europe/Berlin",
    )
    return services.save_schedule(spec)


def test_schedules_are_listed(schedule_id: int) -> None:
    (row,) = answer("list")["schedules"]

    assert (row["schedule_id"], row["name"], row["enabled"]) == (
        *(schedule_id, "Night watch", True),
    )
    told = say("list")
    assert "Night watch  (At 02:30 every day, Europe/Berlin)  next 20" in told


def test_that_there_are_none_is_said(db: None) -> None:
    Schedule.objects.all().delete()

    assert say("list") == "There are no schedules.\n"


def test_what_comes_next_is_shown_with_what_the_clocks_do(schedule_id: int) -> None:
    lines = say("next", "Night watch", "--count", 366).splitlines()
    elsewhere = answer("next", schedule_id, "--tz", "UTC", "--count", "2")["next"]

    assert len(lines) == 366
    assert len([line for line in lines if "does not exist" in line]) == 1
    assert len([line for line in lines if "comes twice" in line]) == 1
    assert [slot["at"][10:] for slot in elsewhere] == ["T02:30:00Z"] * 2


def test_one_runs_now_and_is_turned_off_and_on(schedule_id: int) -> None:
    off = answer("disable", "Night watch")
    ran = answer("run", schedule_id)
    on = say("enable", "Night watch")

    assert (off["enabled"], off["next_at"]) == (False, None)
    assert queries.job_card(ran["job_id"]).title == "Night watch"
    assert ran["created"]
    assert "next 20" in on
    assert say("run", schedule_id).startswith("Job ")


@pytest.mark.parametrize("which", ["Tea", "99", "9" * 30, "²"])
def test_one_that_is_not_there_is_told_in_one_sentence(
    which: str, schedule_id: int
) -> None:
    with pytest.raises(CommandError, match="There is no schedule") as caught:
        say("next", which)

    assert caught.value.returncode == 1


def test_a_zone_that_is_none_is_told(schedule_id: int) -> None:
    with pytest.raises(CommandError, match="no time zone 'Mars/Base'"):
        say("next", schedule_id, "--tz", "Mars/Base")
