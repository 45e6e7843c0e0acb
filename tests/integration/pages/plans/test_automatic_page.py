"""The page of automatic apply: the switch, its record, and who may touch it."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from syncapp import queries, services
from syncapp.models import AutomaticApply, Source
from tests.commanding import command
from tests.plan_builders import make_change, make_plan

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def source(source: Source) -> Source:
    """Give a source that may be written to."""
    source.read_only = False
    source.save()
    return source


def shown(site: Client, source: Source) -> str:
    response = site.get(f"/sources/{source.pk}/automatic/")
    assert response.status_code == 200
    return response.content.decode()


def ask(site: Client, source: Source, **typed: Any) -> Any:
    return site.post(f"/sources/{source.pk}/automatic/", typed)


def test_it_is_off_until_it_is_allowed_and_can_be_switched_off(
    writer: Client, source: Source
) -> None:
    assert '<span class="state cancelled">off</span>' in shown(writer, source)

    done = ask(writer, source, detectors=["studio", "date"], daily_limit="50")

    assert done.status_code == 303
    allowed = AutomaticApply.objects.get()
    assert (allowed.detectors, allowed.daily_limit) == (["studio", "date"], 50)
    assert allowed.allowed_by is not None
    assert allowed.allowed_by.username == "eva"
    html = shown(writer, source)
    assert '<span class="state succeeded">on</span>' in html
    assert 'value="date" checked' in html
    assert 'value="title" checked' not in html

    ask(writer, source, off="yes")

    assert not AutomaticApply.objects.exists()
    assert '<span class="state cancelled">off</span>' in shown(writer, source)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"daily_limit": "50"}, "Tick at least one"),
        ({"detectors": "weather", "daily_limit": "5"}, "no detector “weather”"),
        ({"detectors": "studio", "daily_limit": "0"}, "greater than or equal to 1"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(
    writer: Client, source: Source, typed: dict[str, str], said: str
) -> None:
    refused = ask(writer, source, **typed)

    assert refused.status_code == 400
    assert said in refused.content.decode()
    assert not AutomaticApply.objects.exists()


def test_who_may_not_apply_is_told_so(site: Client, source: Source) -> None:
    assert site.get(f"/sources/{source.pk}/automatic/").status_code == 403
    assert ask(site, source, detectors="studio", daily_limit="5").status_code == 403
    assert not AutomaticApply.objects.exists()
    assert "Automatic apply" not in site.get("/plans/").content.decode()


def test_a_source_that_only_reads_cannot_be_written_to_by_itself(
    writer: Client, source: Source
) -> None:
    Source.objects.filter(pk=source.pk).update(read_only=True)

    assert "is read only:" in shown(writer, source)
    assert ask(writer, source, detectors="studio", daily_limit="5").status_code == 409
    assert writer.get("/sources/77/automatic/").status_code == 404


def test_an_alarm_says_which_detector_and_its_plan(
    writer: Client, source: Source, scene: Any, studio: Any
) -> None:
    ask(writer, source, detectors=["studio"], daily_limit="50")
    plan = make_plan(source, "Automatic apply of studio", kind="automatic")
    fields = {"state": "conflict", "decided_at": datetime.now(UTC)}
    make_change(plan, scene, "studio", studio, **fields)

    html = shown(writer, source)

    assert '<span class="state failed">stopped</span>' in html
    assert '<bdi>Studio</bdi> <span class="badge failed">too many wrong</span>' in html
    assert f'<a href="/plans/{plan.pk}/"><bdi>Automatic apply of studio</bdi>' in html
    mark = f'<bdi>{source.name}</bdi> <span class="badge">automatic</span></p>'
    assert mark in writer.get(f"/plans/{plan.pk}/").content.decode()
    listed = f'<bdi>{plan.name}</bdi></a> <span class="badge">automatic</span>'
    assert listed in writer.get("/plans/").content.decode()


def test_its_page_asks_a_fixed_number_of_questions(
    source: Source, django_assert_max_num_queries: Any
) -> None:
    services.allow_automatic(source.pk, ["studio"], 50)
    for number in range(7):
        make_plan(source, f"Automatic apply {number}", kind="automatic")

    with django_assert_max_num_queries(9):
        page = queries.automatic_page(source.pk)

    assert page is not None
    assert len(page.plans) == 5


def test_the_command_shows_allows_and_stops(writer: Client, source: Source) -> None:
    asked = ("plan", "automatic", "--source", source.name)
    assert command(*asked)[0] == f"{source.name}: automatic apply is off\n"

    words = ("--allow", "studio, date", "--daily-limit", "7", "--json")
    told = json.loads(command(*asked, *words)[0])

    assert (told["is_on"], told["detectors"]) == (True, ["studio", "date"])
    assert (told["daily_limit"], told["allowed_by"]) == (7, "")
    assert "within a day: 0 of 7" in command(*asked)[0]
    _, code, said = command(*asked, "--allow", "weather")
    assert (code, "weather" in said) == (2, True)
    assert command(*asked, "--off")[0].endswith("is off\n")
    assert not AutomaticApply.objects.exists()
