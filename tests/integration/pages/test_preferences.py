"""How each person wants the pages: kept for them, told to nobody else."""

import re
from functools import partial
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient
from django.urls import reverse

from syncapp import queries, services
from syncapp.models import Preferences, Source
from syncapp.queries.columns import COLUMNS, usual_columns
from syncapp.queries.preferences import PersonPreferences
from tests.builders import make_person
from tests.integration.pages.conftest import text

pytestmark = pytest.mark.django_db(transaction=True)
SCENES = "/preferences/lists/scenes/"


def headers(html: str) -> list[str]:
    return re.findall(r'<th scope="col" class="c-(\w+)', html)


def test_who_has_chosen_nothing_gets_the_usual(transactional_db: None) -> None:
    person = make_person()

    kept = queries.preferences_of(person.pk)

    assert kept == PersonPreferences()
    assert kept.of_list("scenes").columns is None


def test_what_is_kept_is_told_again(source: Source) -> None:
    ada, noor = make_person("ada"), make_person("noor")
    services.set_list_columns(ada.pk, "tags", ["scenes", "wings", "aliases"], size=100)
    services.set_list_columns(ada.pk, "scenes", None, size=7)
    services.set_source(ada.pk, source.pk)
    services.set_theme_and_shortcuts(ada.pk, "dark", shortcuts=False)

    kept = queries.preferences_of(ada.pk)

    assert (kept.theme, kept.shortcuts, kept.source_id) == ("dark", False, source.pk)
    tags, scenes = kept.of_list("tags"), kept.of_list("scenes")
    assert (tags.columns, tags.size) == (("aliases", "scenes"), 100)
    assert (scenes.columns, scenes.size) == (None, 50)
    assert queries.preferences_of(noor.pk) == PersonPreferences()


def test_what_is_no_choice_any_more_is_left_out(source: Source) -> None:
    ada = make_person()
    old = {"scenes": {"columns": ["date", "wings"], "size": 3}}
    Preferences.objects.create(pk=ada.pk, lists=old, theme="sepia")

    kept = queries.preferences_of(ada.pk)

    scenes = kept.of_list("scenes")
    assert (kept.theme, scenes.columns, scenes.size) == ("", ("date",), 50)


def test_a_source_that_was_removed_is_no_choice(source: Source) -> None:
    ada = make_person()
    services.set_source(ada.pk, source.pk)

    services.remove_source(source.pk)

    assert queries.preferences_of(ada.pk).source_id is None


@pytest.mark.parametrize(
    ("service", "arguments"),
    [
        (partial(services.set_list_columns, size=50), ("jobs", None)),
        (services.set_source, (999,)),
    ],
)
def test_what_is_not_there_cannot_be_chosen(
    service: Any, arguments: tuple[Any, ...], transactional_db: None
) -> None:
    ada = make_person()

    with pytest.raises(services.Refused):
        service(ada.pk, *arguments)

    assert queries.preferences_of(ada.pk) == PersonPreferences()


async def test_chosen_columns_are_shown_and_no_others(
    reader: AsyncClient, source: Source
) -> None:
    usual = headers(text(await reader.get("/scenes/")))
    asked = {
        "columns": ["path", "updated", "wings"],
        "size": "25",
        "next": "/scenes/?q=Dawn&size=100&after=2024~1",
    }

    answer = await reader.post(SCENES, asked)
    html = text(await reader.get("/scenes/"))

    assert (answer.status_code, answer["Location"]) == (303, "/scenes/?q=Dawn")
    assert headers(html) == ["title", "path", "updated"]
    assert "/films/reel 2.mkv" in html
    assert "Narrator 1, Narrator 2" not in html
    assert '<option value="25" selected>' in html
    assert usual == ["title", *usual_columns("scenes")[:-1]]  # of one source


async def test_the_usual_columns_come_back(reader: AsyncClient, source: Source) -> None:
    await reader.post(SCENES, {"next": "/scenes/"})
    bare = headers(text(await reader.get("/scenes/")))

    await reader.post(SCENES, {"usual": "1", "next": "/scenes/"})

    assert bare == ["title"]
    assert len(headers(text(await reader.get("/scenes/")))) > 5


@pytest.mark.parametrize("stream", list(COLUMNS))
async def test_every_column_has_a_cell(
    stream: str, reader: AsyncClient, source: Source
) -> None:
    every = [each.name for each in COLUMNS[stream]]
    await sync_to_async(Source.objects.create)(name="Lectures", url="http://attic")
    await reader.post(f"/preferences/lists/{stream}/", {"columns": every, "next": "/"})

    html = text(await reader.get(f"/{stream}/"))

    row = html.partition("<tbody>")[2].partition("</tr>")[0]
    labels = re.findall(r'data-label="([^"]+)"', row)[1:]
    assert labels == [each.label for each in COLUMNS[stream]]


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("https://elsewhere.example/scenes/", "/"),
        ("//elsewhere.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
        ("/tags/?q=sea", "/tags/?q=sea"),
    ],
)
async def test_the_way_back_stays_here(
    address: str, told: str, reader: AsyncClient, source: Source
) -> None:
    answer = await reader.post(SCENES, {"next": address})

    assert answer["Location"] == told


@pytest.mark.parametrize("value", ["", "x", "\0", "-1", "9" * 40])
async def test_a_source_that_is_none_is_a_sentence(
    value: str, reader: AsyncClient, source: Source
) -> None:
    answer = await reader.post("/preferences/source/", {"source": value})
    other = await reader.post("/preferences/lists/jobs/", {"size": value})

    assert (answer.status_code, other.status_code) == (404, 400)
    assert "That was not done" in answer.content.decode()


async def test_colours_and_keys_are_chosen_on_a_page(
    reader: AsyncClient, source: Source
) -> None:
    address = reverse("syncapp:preferences")
    before = text(await reader.get("/scenes/"))

    answer = await reader.post(address, {"theme": "dark"})  # the box is not ticked
    after = text(await reader.get("/scenes/"))
    wrong = await reader.post(address, {"theme": "sepia"})

    assert f'href="{address}"' in before
    assert "data-shortcuts" in before
    assert "data-theme" not in before
    assert answer.status_code == 303
    assert "data-shortcuts" not in after
    assert 'data-theme="dark"' in after
    assert wrong.status_code == 400
    assert "sepia is not one of the available choices" in wrong.content.decode()
