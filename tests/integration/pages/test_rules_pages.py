"""The pages of a person's rules: told, changed, taken back, with sentences."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import AsyncClient, Client

from syncapp import queries
from syncapp.models import (
    KeptDateOrder,
    KeptMark,
    KeptRoots,
    KeptSpelling,
    NotADuplicate,
    Source,
)
from tests.builders import (
    make_performer,
    make_scene,
    make_source,
    make_studio,
    make_tag,
)
from tests.integration.pages.conftest import text

pytestmark = pytest.mark.django_db(transaction=True)
SPELLING = {"spelling": "May", "effect": "off", "kind": "", "entity": "", "studio": ""}


@pytest.fixture
def person(operator: AsyncClient, client: Client) -> Client:
    client.cookies = operator.cookies
    return client


@pytest.fixture
def archive(transactional_db: None) -> Source:
    """Give names, and three scenes below one folder."""
    source = make_source()
    make_studio(source, 1, "Tideline Films")
    make_performer(source, 1, "May Doe")
    make_tag(source, 1, "harbour")
    make_tag(source, 2, "1080p")
    for number in range(1, 4):
        make_scene(source, number, f"Reel {number}", path=f"/films/{number}.mkv")
    return source


def told(html: str) -> str:
    """Return the words of a page, in one line."""
    main = html.partition("<main")[2]
    return unescape(" ".join(re.sub(r"<[^>]*>", " ", main).split()))


def keep(person: Client, source: Source, kind: str, typed: dict[str, str]) -> Any:
    return person.post(f"/rules/{source.pk}/{kind}/", typed)


def test_the_only_source_is_led_to_and_of_several_one_is_chosen(
    person: Client, archive: Source
) -> None:
    led = person.get("/rules/")
    assert led.headers["Location"] == f"/rules/{archive.pk}/"

    other = make_source("Lectures", url="http://attic:9999")
    html = text(person.get("/rules/"))
    assert f'href="/rules/{other.pk}/"' in html
    assert person.get("/rules/99/").status_code == 404


def test_without_rules_it_says_what_counts(person: Client, archive: Source) -> None:
    words = told(text(person.get(f"/rules/{archive.pk}/")))

    assert "None yet: every name and alias counts." in words
    assert "None yet: no mark is proposed." in words
    assert "They are found by analysis" in words


def test_a_rule_of_each_kind_is_kept_shown_and_removed(
    person: Client, archive: Source
) -> None:
    typed: dict[str, dict[str, str]] = {
        "spelling": {
            **SPELLING,
            "effect": "with_studio",
            "kind": "performer",
            "entity": "may doe",
            "studio": "1",
        },
        "date_order": {"folder": "films\\reels", "order": "mdy"},
        "mark": {"mark": "1080p", "tag": "1080P"},
        "pair": {"first": "3", "second": "1"},
    }

    for kind, fields in typed.items():
        response = keep(person, archive, kind, fields)
        assert response.status_code == 303
        assert response.headers["Location"] == f"/rules/{archive.pk}/#{kind}"

    html = text(person.get(f"/rules/{archive.pk}/"))
    words = told(html)
    assert "“ May ” of the performer May Doe counts only with Tideline Films" in words
    assert "films/reels : month first" in words
    assert "1080p is 1080p" in words
    assert "Reel 1 and Reel 3" in words
    assert "ada" in words
    ways = re.findall(rf'action="(/rules/{archive.pk}/\w+/\d+/remove/)"', html)
    assert len(ways) == 4
    for way in ways:
        assert person.post(way).status_code == 303
        assert person.post(way).status_code == 404
    tables = (KeptSpelling, KeptDateOrder, KeptMark, NotADuplicate)
    assert [table for table in tables if table.objects.exists()] == []


def test_a_rule_is_changed_in_its_form(person: Client, archive: Source) -> None:
    keep(person, archive, "spelling", {**SPELLING, "kind": "tag", "entity": "harbour"})
    rule = KeptSpelling.objects.get()

    html = text(person.get(f"/rules/{archive.pk}/", {"change": f"spelling:{rule.pk}"}))
    assert "Change this rule" in html
    assert 'value="May"' in html
    assert 'value="harbour"' in html
    keep(
        person,
        archive,
        "spelling",
        {**SPELLING, "rule": str(rule.pk), "spelling": "June", "effect": "needs_more"},
    )

    (line,) = queries.rules_of(archive.pk).spellings
    assert (line.spelling, line.effect, line.kind) == ("June", "needs_more", "")


@pytest.mark.parametrize("change", ["spelling:99", "spelling:x", "rating:1", ":", "\0"])
def test_rules_that_are_not_there_leave_the_forms_empty(
    change: str, person: Client, archive: Source
) -> None:
    html = text(person.get(f"/rules/{archive.pk}/", {"change": change}))

    assert "Change this rule" not in html


@pytest.mark.parametrize(
    ("kind", "typed", "field", "sentence"),
    [
        ("spelling", {"spelling": ""}, "spelling-spelling", "required"),
        ("spelling", {"spelling": "!!"}, "spelling-spelling", "no letters or digits"),
        ("spelling", {"effect": "loud"}, "spelling-effect", "Select a valid choice"),
        ("spelling", {"entity": "May Doe"}, "spelling-kind", "Say whether it is"),
        (
            "spelling",
            {"kind": "tag", "entity": "pier"},
            "spelling-entity",
            "No tag of this source is called “pier”.",
        ),
        ("spelling", {"effect": "with_studio"}, "spelling-studio", "Name the studio"),
        ("spelling", {"studio": "1"}, "spelling-studio", "belongs only to a spelling"),
        ("date_order", {"folder": "/", "order": "dmy"}, "date_order-folder", "/films"),
        ("mark", {"mark": "60fps", "tag": "pier"}, "mark-tag", "“pier”"),
        ("mark", {"mark": "60fps", "tag": "9" * 40}, "mark-tag", "No tag"),
        ("pair", {"first": "1", "second": "1"}, "pair-second", "the same one"),
        ("pair", {"first": "1", "second": "77"}, "pair-second", "no scene 77"),
        ("pair", {"first": "x", "second": "1"}, "pair-first", "no scene x"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(
    kind: str,
    typed: dict[str, str],
    field: str,
    sentence: str,
    person: Client,
    archive: Source,
) -> None:
    usual = SPELLING if kind == "spelling" else {}

    response = keep(person, archive, kind, {**usual, **typed})

    html = response.content.decode()
    assert response.status_code == 400
    beside = html.partition(f'id="{field}"')[2].partition('<div class="field">')[0]
    assert sentence in unescape(beside)
    assert queries.rules_of(archive.pk).spellings == ()
    assert not NotADuplicate.objects.exists()


def test_a_name_that_several_have_is_asked_for_by_number(
    person: Client, archive: Source
) -> None:
    make_tag(archive, 7, "Harbour")

    response = keep(person, archive, "mark", {"mark": "hevc", "tag": "harbour"})

    assert "type the number in Stash (1, 7)" in response.content.decode()
    keep(person, archive, "mark", {"mark": "hevc", "tag": "7"})
    assert [mark.tag for mark in queries.rules_of(archive.pk).marks] == ["Harbour"]


def test_roots_are_shown_with_their_share_and_others_are_named(
    person: Client, archive: Source
) -> None:
    page = f"/rules/{archive.pk}/roots/"
    html = text(person.get(page))
    assert "/films 100 % · 3 scenes" in told(html)
    assert re.search(r"<textarea[^>]*>\s*/films</textarea>", html)

    wrong = person.post(page, {"folders": "/films\n/"})
    assert wrong.status_code == 400
    assert "Name a folder with all above it" in wrong.content.decode()
    person.post(page, {"folders": " /films/ \r\n\r\nD:\\more"})

    assert KeptRoots.objects.get().folders == ["/films", "D:/more"]
    assert "D:/more" in told(text(person.get(f"/rules/{archive.pk}/")))
    assert "for you named others" in told(text(person.get(page)))
    person.post(page, {"folders": ""})
    assert "none of the folders" in told(text(person.get(f"/rules/{archive.pk}/")))
    person.post(page, {"folders": "/x", "found": "yes"})
    assert not KeptRoots.objects.exists()


def test_rules_are_text(person: Client, archive: Source) -> None:
    make_tag(archive, 8, "<b>loud</b>")
    keep(person, archive, "mark", {"mark": "<i>", "tag": "8"})
    keep(person, archive, "spelling", {**SPELLING, "spelling": "<u>x"})

    html = text(person.get(f"/rules/{archive.pk}/"))

    assert "<i>" not in html
    assert "<u>" not in html
    assert "<b>" not in html


def test_who_may_look_alone_sees_rules_and_changes_none(
    reader: AsyncClient, archive: Source, client: Client
) -> None:
    client.cookies = reader.cookies

    html = text(client.get(f"/rules/{archive.pk}/"))

    assert f"/rules/{archive.pk}/spelling/" not in html
    assert keep(client, archive, "spelling", SPELLING).status_code == 403
    assert client.get(f"/rules/{archive.pk}/roots/").status_code == 403
    assert not KeptSpelling.objects.exists()


def test_kinds_and_sources_that_are_not_there_are_404(
    person: Client, archive: Source
) -> None:
    assert person.post(f"/rules/{archive.pk}/rating/").status_code == 404
    assert person.post("/rules/99/spelling/", SPELLING).status_code == 404
    assert person.get("/rules/99/roots/").status_code == 404


def test_number_of_queries_does_not_grow(
    person: Client, archive: Source, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        typed = {**SPELLING, "spelling": f"May {number}", "kind": "tag", "entity": "1"}
        keep(person, archive, "spelling", typed)
    text(person.get(f"/rules/{archive.pk}/"))

    with django_assert_max_num_queries(18):
        person.get(f"/rules/{archive.pk}/")
