"""The page of what changed: by day, source and job, and what its address may ask."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import AsyncClient, Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jobs.models import Job
from jobs.services import run_inline
from syncapp.demo import DemoServer
from syncapp.filters.changes import parse_change_filter
from syncapp.models import ChangeSet, Performer, Scene, Source, Studio, Tag
from syncapp.queries import list_changes
from syncapp.services import start_sync
from tests.builders import NOON, make_entry, make_scene, make_source

pytestmark = pytest.mark.django_db(transaction=True)
COUNTED = {"new": "came", "changed": "changed", "gone": "went", "revived": "back"}
LINE = re.compile(r"<h3>(?:<a[^>]*>)?([0-9,]+) (\w+) (came back|came|changed|went)<")


@pytest.fixture
def site(operator: AsyncClient, client: Client) -> Client:
    """Give the browser of somebody who may run jobs."""
    client.cookies = operator.cookies
    return client


def make_job(number: int, **fields: Any) -> Job:
    return Job.objects.create(
        **{
            "id": number,
            "kind": "sync.quick",
            "title": "Quick sync · Film archive",
            "params": {},
            "status": "succeeded",
            "trigger": "button",
            "max_attempts": 3,
            **fields,
        }
    )


@pytest.fixture
def history(source: Source) -> None:
    """Let job 7 bring all there is, and job 8 change and remove something a day on."""
    for model in (Scene, Performer, Tag, Studio):
        model.objects.update(first_seen_job=7, first_seen_at=NOON)
    ChangeSet.objects.create(job_id=7, source=source, at=NOON)
    make_job(7)
    make_job(8)
    later = NOON.replace(day=18)
    scene, tag = Scene.objects.get(remote_id=2), Tag.objects.get(remote_id=1)
    make_entry(scene, later, {"title": ["Dusk", "Dawn"]}, job_id=8)
    make_entry(tag, later, {"name": ["Ocean", "Sea"]}, job_id=8)
    Scene.objects.filter(remote_id=3).update(deleted_at=later, deleted_by_job=8)
    make_entry(Scene.objects.get(remote_id=3), later, {}, job_id=8, what="went")
    studio = Studio.objects.get(remote_id=1)
    make_entry(studio, later, {}, job_id=8, what="back")


def told(site: Client, **asked: Any) -> list[tuple[str, str, str]]:
    """Return the lines of the page: how many, of what, what happened."""
    response = site.get("/changes/", asked)
    assert response.status_code == 200
    return LINE.findall(response.content.decode())


def test_page_tells_days_jobs_and_what_each_did(site: Client, history: None) -> None:
    html = site.get("/changes/").content.decode()

    assert html.index("Saturday, 18 May 2024") < html.index("Friday, 17 May 2024")
    assert '<a href="/jobs/8/">job 8</a> (Quick sync · Film archive)' in html
    assert LINE.findall(html) == [
        ("1", "scene", "changed"),
        ("1", "scene", "went"),
        ("1", "tag", "changed"),
        ("1", "studio", "came back"),
        ("3", "scenes", "came"),
        ("5", "performers", "came"),
        ("2", "tags", "came"),
        ("2", "studios", "came"),
    ]
    assert "<del><bdi>Dusk</bdi></del> <ins><bdi>Dawn</bdi></ins>" in html
    gone = Scene.objects.get(remote_id=3)
    assert f'href="/scenes/{gone.pk}/"><bdi>Harbour at Dawn 3</bdi></a>' in html
    assert 'aria-current="page">Changes</a>' in html


@pytest.mark.parametrize(
    ("asked", "lines"),
    [
        ({"what": "went"}, [("1", "scene", "went")]),
        (
            {"what": ["went", "back"], "stream": "studios"},
            [("1", "studio", "came back")],
        ),
        ({"stream": "tags", "job": 7}, [("2", "tags", "came")]),
        ({"day_from": "2024-05-18", "stream": "tags"}, [("1", "tag", "changed")]),
        ({"day_to": "2024-05-17", "stream": "tags"}, [("2", "tags", "came")]),
        ({"day_to": "2024-05-16"}, []),
        ({"job": 8, "stream": "scenes", "what": "went"}, [("1", "scene", "went")]),
        ({"job": 8, "stream": "performers", "what": "went"}, []),
        ({"source": 2**40}, []),
    ],
    ids=range(9),
)
def test_filters_narrow_it(
    site: Client, history: None, asked: dict[str, Any], lines: list[Any]
) -> None:
    assert told(site, **asked) == lines


def test_sources_are_told_apart(site: Client, source: Source, history: None) -> None:
    other = make_source("Attic")
    row = make_scene(other, 9, "Lecture on mosses")
    make_entry(row, NOON.replace(day=19), {"code": ["", "M-1"]}, job_id=9)

    html = site.get("/changes/").content.decode()

    assert html.index("· <bdi>Attic") < html.index("· <bdi>Film archive")
    assert told(site, source=other.pk) == [("1", "scene", "changed")]
    assert len(told(site, source=source.pk)) == 8


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"day_from": "someday"}, "“someday” is not a day"),
        ({"what": "eaten"}, "“eaten” is none of these: came, changed, went, back."),
        ({"stream": "jobs"}, "“jobs” is none of these"),
        ({"job": "x"}, "“x” is not a number"),
        ({"source": "attic"}, "is not the id of a source"),
        ({"job": ["7", "8"]}, "is given more than once"),
        ({"colour": "red"}, "There is no filter “colour”."),
    ],
    ids=range(7),
)
def test_what_cannot_be_read_is_said_and_shows_nothing_else(
    site: Client, history: None, asked: dict[str, Any], sentence: str
) -> None:
    html = site.get("/changes/", asked).content.decode()

    assert sentence in html
    assert "cannot be used as they are" in html
    assert LINE.findall(html) == []


@pytest.mark.parametrize("after", ["x", "~", "2024-05-17~9", "9" * 30, "\0~1", "-1"])
def test_no_place_breaks_it(site: Client, history: None, after: str) -> None:
    one = {"job": "7", "stream": "scenes", "what": "came"}
    for asked in ({"after": after}, {**one, "after": after}):
        assert site.get("/changes/", asked).status_code == 200


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"job": 99}, "Job 99 changed nothing of that"),
        ({"what": "back", "stream": "tags"}, "Nothing that changed matches these"),
        ({"after": "2001-01-01T00:00:00+00:00~1"}, "No changes stand behind this"),
    ],
)
def test_an_empty_page_says_why(
    site: Client, history: None, asked: dict[str, Any], sentence: str
) -> None:
    assert sentence in site.get("/changes/", asked).content.decode()


def test_before_the_first_sync_it_says_so(site: Client) -> None:
    html = site.get("/changes/").content.decode()

    assert "Nothing was changed by a sync yet" in html
    assert "90 days" in html


@pytest.fixture
def far_east() -> Iterator[None]:
    with timezone.override("Pacific/Auckland"):
        yield


def test_days_are_those_of_the_zone(source: Source, far_east: None) -> None:
    late = datetime(2024, 5, 17, 13, 30, tzinfo=UTC)  # it is the 18th in Auckland
    make_entry(Scene.objects.get(remote_id=1), late, {}, job_id=5)

    (day,) = list_changes(parse_change_filter({})).days
    before = list_changes(parse_change_filter({"day_to": ["2024-05-17"]}))
    first = list_changes(parse_change_filter({"day_from": ["0001-01-01"]}))

    assert day.day.isoformat() == "2024-05-18"
    assert (before.days, first.days) == ((), (day,))


def test_queries_do_not_grow_with_jobs_or_rows(source: Source, history: None) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            list_changes(parse_change_filter({}))
        return len(captured)

    few = cost()
    for number in range(20, 40):
        row = make_scene(source, number, "")
        make_entry(row, NOON, {"tags": [[], [1]]}, job_id=number)
        make_entry(row, NOON.replace(hour=1), {"code": ["", "A"]}, job_id=number)

    assert cost() <= few + 2  # the names of files and of tags, once each
    assert few <= 20


def test_a_list_of_one_group_is_cheap(source: Source, history: None) -> None:
    parsed = parse_change_filter({"job": ["8"], "stream": ["scenes"], "what": ["went"]})

    with CaptureQueriesContext(connection) as captured:
        list_changes(parsed)

    assert len(captured) <= 10


def test_names_are_text_and_never_markup(site: Client, history: None) -> None:
    attack = "<img src=x onerror=alert(1)>"
    Scene.objects.update(title=attack)
    Job.objects.update(title=attack)
    row = Tag.objects.get(remote_id=1)
    make_entry(row, NOON, {"name": [attack, attack]}, job_id=8)

    html = site.get("/changes/").content.decode()

    assert "<img" not in html
    assert "&lt;img" in html


@pytest.mark.parametrize("stream", ["performers", "tags", "studios"])
def test_pages_of_entities_have_their_history(
    site: Client, source: Source, stream: str
) -> None:
    model = {"performers": Performer, "tags": Tag, "studios": Studio}[stream]
    row = model.objects.get(remote_id=1)
    make_entry(row, NOON, {"name": ["Old name", "New name"]}, job_id=5)
    make_entry(row, NOON.replace(hour=13), {}, what="went")

    html = site.get(f"/{stream}/{row.pk}/").content.decode()

    history = html[html.index('id="history"') :]
    assert "<del><bdi>Old name</bdi></del> <ins><bdi>New name</bdi></ins>" in history
    assert "job 5, which was cleared away" in history
    assert history.index("Removed in Stash.") < history.index("New name")


def test_each_number_of_a_job_leads_to_as_many(site: Client, demo: DemoServer) -> None:
    source = make_source("Tideline", url=demo.url, api_key=demo.api_key)
    run_inline(start_sync(source.pk, "quick").job_id)
    library = demo.library
    for kind in ("scene", "tag", "performer", "studio"):
        called: dict[str, Any] = {"title" if kind == "scene" else "name": "Mudflats"}
        library.edit(kind, 2, **called)
        library.delete(kind, 3)
        library.add(kind, **called)
    gone = Tag.objects.filter(remote_id=4)
    gone.update(deleted_at=NOON)
    run_inline(start_sync(source.pk, "quick", accept_deletions=True).job_id)

    first, second = Job.objects.filter(kind="sync.quick").order_by("id")
    for job in (first, second):
        html = site.get(f"/jobs/{job.pk}/").content.decode()
        links = re.findall(r'<a href="(/changes/\?[^"]*)">([0-9,]+)</a>', html)
        numbers = [n for row in job.result["streams"].values() for n in counted(row)]
        assert [shown for _, shown in links] == [f"{n:,}" for n in numbers]
        for address, shown in links:
            page = site.get(address.replace("&amp;", "&")).content.decode()
            assert [line[0] for line in LINE.findall(page)] == [shown], address
    assert second.result["streams"]["tags"]["revived"] == 1


def counted(row: dict[str, int]) -> Iterator[int]:
    """Yield what has a page, and is more than none, in the order of the table."""
    yield from (number for name, number in row.items() if name in COUNTED and number)
