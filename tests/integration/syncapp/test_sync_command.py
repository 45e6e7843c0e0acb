"""`manage.py sync`: what it prints, what it asks for, how it ends."""

import gc
import io
import json
import os
import signal
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management.base import OutputWrapper
from django.db import connection

from jobs.models import Job
from syncapp.demo import DemoServer
from syncapp.demo.gate import Hold
from syncapp.management import wait_for_job
from syncapp.models import Scene, Source
from syncapp.services import start_sync
from tests.builders import make_source
from tests.commanding import command
from tests.waiting import wait_until
from tests.workers import start_worker

pytestmark = pytest.mark.django_db(transaction=True)


class Terminal(io.StringIO):
    """A stderr that is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def source(demo: DemoServer, transactional_db: None) -> Source:
    return make_source("Film archive", url=demo.url)


def sync(*words: str, err: io.StringIO | None = None) -> tuple[str, int, str]:
    """Run the command; returns what it printed, its exit code and its last words."""
    return command("sync", *words, err=err)


def test_inline_sync_mirrors_without_any_worker(source: Source) -> None:
    printed, code, _ = sync("--inline")

    job = Job.objects.get()
    assert code == 0
    assert printed.splitlines()[0] == str(job.pk)
    assert printed.splitlines()[-1] == f"Job {job.pk} succeeded."
    assert (job.kind, job.trigger) == ("sync.quick", "command")
    assert Scene.objects.count() == 60


def test_streams_and_figures_are_printed_in_the_order_of_the_sync(
    source: Source,
) -> None:
    printed, _, _ = sync("--full", "--inline")

    told = [line.split(": ") for line in printed.splitlines() if ": " in line]
    words = [part.split()[1] for part in told[0][1].split(", ")]
    assert [name for name, _ in told] == ["tags", "studios", "performers", "scenes"]
    assert words[:4] == ["seen", "new", "changed", "unchanged"]


def test_json_is_one_object(source: Source) -> None:
    printed, code, _ = sync("--inline", "--full", "--only", "tags,studios", "--json")

    told = json.loads(printed)
    assert code == 0
    assert set(told) == {"job_id", "status", "created", "kind", "result", "error"}
    assert (told["status"], told["created"], told["error"]) == ("succeeded", True, None)
    assert told["kind"] == "sync.full"
    assert set(told["result"]["streams"]) == {"tags", "studios"}
    assert told["job_id"] == Job.objects.get().pk


def test_chosen_scenes_are_synced(source: Source) -> None:
    sync("--inline", "--only", "tags,studios,performers")

    printed, code, _ = sync("--inline", "--ids", "3,1", "--json")

    assert code == 0
    assert json.loads(printed)["kind"] == "sync.scenes"
    assert sorted(Scene.objects.values_list("remote_id", flat=True)) == [1, 3]


def test_detached_sync_waits_for_nobody(source: Source) -> None:
    printed, code, _ = sync("--detach")

    job = Job.objects.get()
    assert (printed, code, job.status) == (f"{job.pk}\n", 0, "queued")


def test_second_one_joins_the_job_of_the_first(source: Source) -> None:
    sync("--detach")

    printed, _, _ = sync("--detach", "--json")

    told = json.loads(printed)
    assert (told["job_id"], told["created"]) == (Job.objects.get().pk, False)


def test_waiting_without_a_worker_says_how_to_start_one(source: Source) -> None:
    err = io.StringIO()

    printed, code, said = sync("--timeout", "0.3", err=err)

    job = Job.objects.get()
    assert (printed, code) == (f"{job.pk}\n", 1)
    assert said == f"Job {job.pk} is still queued; it goes on without us."
    assert "No worker is running. Start one with `manage.py worker`." in err.getvalue()


def test_waiting_ends_with_the_job(source: Source) -> None:
    err = io.StringIO()

    with start_worker():
        printed, code, _ = sync("--json", err=err)

    assert (code, json.loads(printed)["status"]) == (0, "succeeded")
    assert err.getvalue() == ""


def test_bar_is_drawn_on_a_terminal_alone(source: Source, demo: DemoServer) -> None:
    err = Terminal()
    with demo.gate.hold() as held:
        opener = threading.Thread(target=_open_when_drawn, args=(err, held))
        opener.start()
        sync("--inline", err=err)
        opener.join()

    assert err.getvalue().endswith("\r\033[K")
    assert "running" in err.getvalue()


def _open_when_drawn(err: io.StringIO, held: Any) -> None:
    wait_until(lambda: "running" in err.getvalue(), within=20)
    held.open()


def test_refused_key_ends_with_code_five(source: Source) -> None:
    Source.objects.update(url="http://127.0.0.1:1")
    ref = start_sync(source.pk, "quick")
    Job.objects.update(max_attempts=1)

    printed, code, said = sync("--inline", "--json")

    told = json.loads(printed)
    assert code == 5
    assert (told["job_id"], told["status"]) == (ref.job_id, "failed")
    assert "Nothing answers at http://127.0.0.1:1." in told["error"]
    assert "Nothing answers" in said


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--only", "films"], "There is no stream 'films'"),
        (["--ids", "a"], "is no list of ids"),
        (["--ids", "1", "--only", "tags"], "--ids goes with neither"),
        (["--ids", "1", "--full"], "not allowed with"),
        (["--wait", "--detach"], "not allowed with"),
        (["--source", "Lectures"], "There is no source named 'Lectures'"),
    ],
)
def test_wrong_usage_is_told(words: list[str], sentence: str, source: Source) -> None:
    _, code, said = sync(*words)

    assert code in {1, 2}  # call_command raises argparse's refusals as 1
    assert sentence in said
    assert not Job.objects.exists()


def test_one_of_several_sources_must_be_chosen(source: Source) -> None:
    other = make_source("Lectures", url=source.url)

    _, code, said = sync("--detach")
    _, chosen, _ = sync("--detach", "--source", "Lectures")

    assert (code, chosen) == (2, 0)
    assert "choose one with --source" in said
    assert "'Film archive', 'Lectures'" in said
    assert Job.objects.get().params["source_id"] == other.pk


def test_without_any_source_it_says_how_to_add_one(transactional_db: None) -> None:
    _, code, said = sync()

    assert code == 2
    assert "manage.py source add NAME URL" in said


@pytest.fixture
def uncollected() -> Iterator[None]:
    """Keep the collector away: what hypothesis has it call drops a Ctrl-C."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("uncollected")
@pytest.mark.parametrize("how", [["--wait"], ["--inline"]])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interruption_cancels_the_job(
    how: list[str], number: int, source: Source, demo: DemoServer
) -> None:
    with demo.gate.hold() as held:
        asked: tuple[int, str, Hold | None] = (number, "queued", None)
        if how == ["--inline"]:
            asked = (number, "running", held)  # in the middle of its work
        killer = threading.Thread(target=_interrupt, args=asked)
        killer.start()
        printed, code, said = sync(*how, "--json")
        killer.join()

    told = json.loads(printed)
    assert (code, told["status"]) == (130, "cancelled")
    assert said == f"Interrupted. Job {told['job_id']} is cancelled."
    assert Job.objects.get().status == "cancelled"


def _interrupt(number: int, wanted: str, held: Hold | None = None) -> None:
    wait_until(lambda: Job.objects.filter(status=wanted).exists(), within=20)
    if held is not None:
        held.wait(20)
    wait_until(lambda: signal.getsignal(signal.SIGTERM) != signal.SIG_DFL, within=20)
    connection.close()  # this thread's own
    os.kill(os.getpid(), number)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_ctrl_c_that_python_drops_is_heard(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = start_sync(source.pk, "quick").job_id

    def press(*_: object) -> None:
        gc.callbacks.remove(press)
        os.kill(os.getpid(), signal.SIGINT)
        sum(range(1_000))  # it is raised here, and dropped

    def collect(_seconds: float) -> None:
        gc.callbacks.append(press)
        gc.collect()

    monkeypatch.setattr("syncapp.management.wait_for_job.time.sleep", collect)
    with pytest.raises(KeyboardInterrupt):
        wait_for_job.wait(
            job_id, OutputWrapper(io.StringIO()), timeout_s=20, here=False
        )


@pytest.mark.usefixtures("uncollected")
def test_job_of_another_goes_on_after_an_interruption(source: Source) -> None:
    ref = start_sync(source.pk, "quick")
    killer = threading.Thread(target=_interrupt, args=(signal.SIGINT, "queued"))
    killer.start()

    _, code, said = sync()
    killer.join()

    assert code == 130
    assert "goes on: it was asked for by another" in said
    assert Job.objects.get(pk=ref.job_id).status == "queued"
