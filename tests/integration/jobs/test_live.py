"""What an open page is told: by the real web server, of jobs of a real worker."""

import itertools
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Q
from django.utils import timezone
from websockets.exceptions import ConnectionClosed, InvalidStatus

from jobs import queries, services
from jobs.models import Job
from jobs.queries import FAILED_FOR
from jobs.queue import leases
from jobs.queue.leases import Note
from tests.builders import PASSWORD, make_person
from tests.site import Person, running_site
from tests.sockets import Tab, dial, seqs

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def site(django_db_setup: None) -> Iterator[str]:
    with running_site(STEWARD_LIVE_RECHECK_S="1") as address:
        yield address


def log(job_id: int, count: int, text: str = "A reel was read.") -> None:
    for _ in range(count):
        assert leases.update_job(job_id, Q(), Note("info", "read", text), attempt=1)


def other_port(address: str) -> str:
    return f"{address.rpartition(':')[0]}:9999"


@pytest.mark.parametrize(
    "origin",
    [
        pytest.param(other_port, id="another port of this machine"),
        pytest.param(lambda _: "http://evil.example", id="another host"),
        pytest.param(lambda own: own.replace("http:", "https:"), id="another scheme"),
        pytest.param(lambda own: own + ".evil.example", id="a longer name"),
        pytest.param(lambda own: own.replace("//", "//me@"), id="with a user"),
        pytest.param(lambda own: own + "/jobs/", id="with a path"),
        pytest.param(lambda _: "null", id="null"),
        pytest.param(lambda _: None, id="none"),
    ],
)
def test_a_page_of_another_origin_gets_no_socket(
    origin: Any, person: Person, site: str
) -> None:
    line = dial(person, topics="jobs", origin=origin(site))
    with pytest.raises(InvalidStatus) as refused, line:
        pass

    assert refused.value.response.status_code == 403


def test_our_own_page_gets_a_socket(person: Person) -> None:
    with Tab(person, "jobs") as tab:
        assert tab.next()["type"] == "snapshot"


def closed_with(person: Person, address: str, **asked: Any) -> int:
    with dial(person, address, **asked) as socket:
        with pytest.raises(ConnectionClosed) as closed:
            socket.recv(10)
        assert closed.value.rcvd is not None
        return closed.value.rcvd.code


def test_strangers_get_no_socket(site: str, transactional_db: None) -> None:
    line = dial(None, site, topics="jobs")
    with pytest.raises(InvalidStatus) as refused, line:
        pass

    assert refused.value.response.status_code == 401


def test_a_page_that_says_something_is_closed(person: Person) -> None:
    with dial(person, topics="jobs") as socket:
        socket.recv(10)  # the snapshot
        socket.send("Tell me of users, too.")
        with pytest.raises(ConnectionClosed) as closed:
            socket.recv(10)

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4403


@pytest.mark.parametrize(
    "asked",
    [
        {"topics": ""},
        {"topics": "users"},
        {"topics": "job:0"},
        {"topics": "job:99"},
        {"topics": "jobs", "since": "-1"},
        {"topics": ",".join(f"job:{n}" for n in range(1, 30))},
    ],
)
def test_what_is_not_there_is_refused(
    asked: dict[str, str], person: Person, site: str
) -> None:
    assert closed_with(person, site, **asked) == 4403


def test_who_signs_out_is_told_no_more(person: Person) -> None:
    with Tab(person, "jobs") as tab:
        tab.next()
        Session.objects.all().delete()

        with pytest.raises(ConnectionClosed) as closed:
            tab.next(15)

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4401


def test_who_is_made_inactive_is_told_no_more(person: Person) -> None:
    with Tab(person, "jobs") as tab:
        tab.next()
        get_user_model().objects.update(is_active=False)

        with pytest.raises(ConnectionClosed):
            tab.next(15)


def test_two_tabs_are_told_the_same(person: Person) -> None:
    job_id = services.create_job("test.note", {}).job_id
    with Tab(person, f"job:{job_id}") as one, Tab(person, f"job:{job_id}") as other:
        log(job_id, 30)
        services.cancel_job(job_id)
        one.until("cancelled")
        other.until("cancelled")

    assert [e["seq"] for e in one.events] == seqs(job_id)
    assert one.events == other.events


def test_a_long_log_is_told_whole_to_who_comes_late(person: Person) -> None:
    job_id = services.create_job("test.note", {}).job_id
    log(job_id, 1_200)

    with Tab(person, f"job:{job_id}") as tab:
        while tab.last_seq < 1_201:
            tab.next()

    assert [e["seq"] for e in tab.events] == seqs(job_id)


def test_no_more_than_four_messages_a_second(person: Person) -> None:
    job_id = services.create_job("test.note", {}).job_id
    with Tab(person, f"job:{job_id}") as tab:
        tab.next()
        began = time.monotonic()
        while time.monotonic() - began < 2:
            log(job_id, 1)
            time.sleep(0.02)
        while tab.last_seq < seqs(job_id)[-1]:
            tab.next()
        seconds = time.monotonic() - began

    assert len(tab.messages) - 1 <= 4 * seconds + 1
    assert [e["seq"] for e in tab.events] == seqs(job_id)


def test_a_slow_page_holds_up_no_other(person: Person) -> None:
    job_id = services.create_job("test.note", {}).job_id
    with (
        dial(person, topics=f"job:{job_id}", buffer=4_096) as slow,
        Tab(person, f"job:{job_id}") as quick,
    ):
        quick.next()
        for _ in range(12):
            log(job_id, 10, "A long line. " * 4_000)
            wanted = seqs(job_id)[-1]
            while quick.last_seq < wanted:  # the slow one has read nothing yet
                quick.next()
        assert slow.recv(10)

    assert [e["seq"] for e in quick.events] == seqs(job_id)


def test_the_list_is_told_of_a_new_job_and_of_its_end(person: Person) -> None:
    with Tab(person, "jobs") as tab:
        assert tab.next()["data"]["counts"]["text"] == ""
        job_id = services.create_job("test.note", {}).job_id
        counts = {"text": "1 waiting", "newest": job_id}
        while not (counts.items() <= told_counts(tab).items() and told_rows(tab)):
            tab.next()
        services.cancel_job(job_id)
        while told_counts(tab)["text"] or len(told_rows(tab)) < 2:
            tab.next()

    assert told_rows(tab) == [(job_id, "queued"), (job_id, "cancelled")]


def told_counts(tab: Tab) -> dict[str, Any]:
    """Return the counts that came last."""
    every = [
        told["data"]["counts"] for told in tab.messages if "counts" in told["data"]
    ]
    latest: dict[str, Any] = every[-1]
    return latest


def told_rows(tab: Tab) -> list[tuple[int, str]]:
    """Return each row that came: its job and status."""
    rows = [row for told in tab.messages for row in told["data"].get("rows", [])]
    return [(row["id"], row["status"]) for row in rows]


def test_news_reach_a_quiet_page(transactional_db: None) -> None:
    make_person("ada")
    # On PostgreSQL a notification alone is in time; SQLite has none, and looks.
    seldom = {"STEWARD_LIVE_POLL_S": "60"} if connection.vendor == "postgresql" else {}
    with running_site(**seldom) as address:
        ada = Person(address)
        ada.sign_in("ada", PASSWORD)
        job_id = services.create_job("test.note", {}).job_id
        with Tab(ada, f"job:{job_id}") as tab:
            tab.next()
            time.sleep(2)
            log(job_id, 1)
            while tab.last_seq < 2:
                tab.next()
        ada.http.close()

    assert tab.last_seq == 2


def test_a_page_without_socket_reads_the_same(person: Person) -> None:
    job_id = services.create_job("test.note", {}).job_id
    with Tab(person, f"jobs,job:{job_id}") as tab:
        told = [tab.next(), tab.next()]

    of_jobs = person.http.get("/jobs/state.json").json()
    of_job = person.http.get(f"/jobs/{job_id}/state.json").json()

    assert told[0]["data"] == of_jobs
    assert told[1]["data"] == {"job": of_job["job"], "events": of_job["events"]}
    assert told[1]["seq"] == of_job["seq"]
    rest = person.http.get(f"/jobs/{job_id}/state.json", params={"since": 1}).json()
    assert rest["events"] == []
    assert person.http.get(f"/jobs/{job_id + 1}/state.json").status_code == 404


def test_counts_leave_out_old_and_retried_failures() -> None:
    now = timezone.now()
    moments = [now, now, now - FAILED_FOR * 2]
    ids = [services.create_job("test.note", {"n": n}).job_id for n in range(3)]
    for job_id, moment in zip(ids, moments, strict=True):
        Job.objects.filter(pk=job_id).update(status="failed", finished_at=moment)
    services.retry_job(ids[0])

    assert queries.job_counts().sentence == "1 waiting · 1 failed"


def test_a_look_costs_the_same_for_many_jobs(django_assert_num_queries: Any) -> None:
    for number in itertools.count():
        job_id = services.create_job("test.note", {"n": number}).job_id
        log(job_id, 3)
        if number in {0, 20}:
            ids = list(Job.objects.values_list("pk", flat=True))
            with django_assert_num_queries(5):
                found = queries.snapshot(ids, dict.fromkeys(ids, 1))
            assert len(found.events) == 3 * len(ids)
        if number == 20:
            break
