"""The queue carries calls of our two functions, and drops whatever else it is given."""

import pickle
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.utils import timezone
from django_q.brokers import get_broker  # noqa: TID251 - to plant messages
from django_q.models import OrmQ, Schedule, Task  # noqa: TID251 - to plant messages
from django_q.signing import SignedPackage  # noqa: TID251 - to plant messages
from django_q.tasks import async_task  # noqa: TID251 - to plant messages
from picklefield.fields import dbsafe_encode  # type: ignore[import-untyped]

from jobs import services
from jobs.models import Job, MetricCounter
from jobs.queue import wakeups
from jobs.queue.messages import OLD_RUN
from jobs.queue.q2 import install_tick, patient_broker
from tests.waiting import wait_until
from tests.workers import Worker

pytestmark = pytest.mark.django_db(transaction=True)


class Planted:
    """Makes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return Path.touch, (self.path,)


def message(**fields: Any) -> str:
    """Return a message that is signed with our key."""
    whole: dict[str, Any] = {
        "id": "1",
        "name": "x",
        "func": "jobs.queue.runner.run",
        "args": (1,),
    }
    whole |= {"kwargs": {}, "started": timezone.now(), "ack_failure": True}
    return str(SignedPackage.dumps(whole | fields))


def put_into_queue(payload: str) -> None:
    OrmQ.objects.create(key="short", payload=payload, lock=timezone.now())


class Silent:
    """A bell that nobody waits for."""

    def mark(self) -> None: ...
    def wait(self) -> None: ...


def taken() -> list[str]:
    broker = patient_broker("short")
    broker.bell = Silent()
    return [payload for _ in range(3) for _, payload in broker.dequeue() or ()]


@pytest.mark.parametrize(
    "fields",
    [
        {"func": "os.system", "args": ("true",)},
        {"func": print},
        {"hook": "os.system"},
        {"chain": [("os.system", ("true",))]},
        {"args": ("1",)},
        {"args": (True,)},
        {"kwargs": {"job_id": 1}},
        {"func": "jobs.scheduling.tick", "args": (1,)},
    ],
)
def test_a_message_that_asks_for_anything_else_is_dropped(fields: Any) -> None:
    put_into_queue(message(**fields))

    assert taken() == []
    assert not OrmQ.objects.exists()
    assert MetricCounter.objects.get(name="dropped_messages").count == 1


@pytest.mark.parametrize("payload", ["", "x", "a:b:c", message()[:-3], "\x00"])
def test_a_message_that_nobody_signed_is_dropped(payload: str) -> None:
    if payload == "\x00":
        payload = "no message"  # which PostgreSQL would not store
    put_into_queue(payload)

    assert taken() == []
    assert not OrmQ.objects.exists()


def test_a_message_is_not_unpickled_before_it_is_judged(tmp_path: Path) -> None:
    put_into_queue(message(args=(Planted(tmp_path / "ran"),)))

    assert taken() == []
    assert not (tmp_path / "ran").exists()
    pickle.loads(pickle.dumps(Planted(tmp_path / "ran")))
    assert (tmp_path / "ran").exists()  # what would have run


def test_a_dump_does_not_read_the_queue_s_tables(tmp_path: Path) -> None:
    planted = dbsafe_encode(Planted(tmp_path / "ran"), copy=False)
    Task.objects.create(id="1", started=timezone.now(), stopped=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE django_q_task SET result = %s", [planted])
    out = StringIO()

    call_command("dumpdata", stdout=out)

    assert "django_q." not in out.getvalue()
    assert "auth.permission" in out.getvalue()
    assert not (tmp_path / "ran").exists()


def test_our_own_messages_pass() -> None:
    async_task("jobs.queue.runner.run", 7, cluster="short")
    async_task(OLD_RUN, 7, cluster="short")
    async_task("jobs.scheduling.tick", cluster="short", group="tick")

    assert len(taken()) == 3
    assert not MetricCounter.objects.exists()


def test_a_worker_runs_nothing_that_was_planted(worker: Worker, tmp_path: Path) -> None:
    key = get_broker("long+short+system").list_key
    planted = {"func": "os.mkdir", "args": (str(tmp_path / "ran"),)}
    OrmQ.objects.create(key=key, payload=message(**planted), lock=timezone.now())
    install_tick()
    Schedule.objects.create(
        pk=7,  # the tick has a number that it gave itself
        func="os.mkdir",
        args=repr((str(tmp_path / "ran too"),)),
        schedule_type=Schedule.ONCE,
        next_run=timezone.now(),
        cluster=key,
    )

    job_id = services.create_job("test.note", {}).job_id  # rings, as nobody else did
    counted = MetricCounter.objects.filter(name="dropped_messages", count=2)
    wait_until(counted.exists, within=90)
    done = Job.objects.filter(pk=job_id, status="succeeded")
    wait_until(done.exists, within=20)

    assert list(tmp_path.iterdir()) == []


def test_a_job_that_is_stored_is_answered_whatever_its_wake_up_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for error in (DatabaseError("away"), ZeroDivisionError("a fault of ours")):

        def fail(*_args: Any, error: Exception = error) -> None:
            raise error

        monkeypatch.setattr(wakeups, "announce", fail)

        assert services.create_job("test.note", {}).created
