"""`manage.py jobs`: what it prints, and how it ends."""

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from jobs import queries, services

ROOT = Path(__file__).resolve().parents[3]


def say(*arguments: object) -> str:
    out = StringIO()
    call_command("jobs", *map(str, arguments), stdout=out)
    return out.getvalue()


def answer(*arguments: object) -> Any:
    return json.loads(say(*arguments, "--json"))


@pytest.fixture
def job_id(db: None) -> int:
    return services.create_job("test.note", {"say": "hi"}).job_id


def test_jobs_are_listed(job_id: int) -> None:
    listed = answer("list")["jobs"]

    assert [(job["job_id"], job["status"]) for job in listed] == [(job_id, "queued")]
    assert "Note" in say("list", "--status", "queued")


def test_an_empty_list_says_so(db: None) -> None:
    assert say("list", "--status", "failed") == "There are no such jobs.\n"


def test_a_job_is_shown_with_its_log(job_id: int) -> None:
    shown = answer("show", job_id)

    assert shown["params"] == {"say": "hi"}
    assert [event["code"] for event in shown["events"]] == ["created"]
    assert "No worker is running" in say("show", job_id)


def test_a_job_is_cancelled(job_id: int) -> None:
    assert answer("cancel", job_id) == {"job_id": job_id, "status": "cancelled"}
    assert queries.job_card(job_id).status == "cancelled"


def test_a_job_is_retried(job_id: int) -> None:
    services.cancel_job(job_id)

    made = answer("retry", job_id)

    assert made["created"]
    assert queries.job_card(made["job_id"]).retry_of == job_id
    assert say("cancel", made["job_id"]) == f"Job {made['job_id']} is cancelled.\n"


def test_what_cannot_be_done_is_told_in_one_sentence(job_id: int) -> None:
    with pytest.raises(CommandError, match=f"Job {job_id} is queued") as caught:
        say("retry", job_id)

    assert caught.value.returncode == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["show"], 2), (["list", "--status", "lost"], 2), ([], 2), (["show", "404"], 1)],
)
def test_exit_codes_tell_wrong_use_from_failure(
    arguments: list[str], code: int, database_env: dict[str, str], db: None
) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "default", "manage.py", "jobs", *arguments],
        cwd=ROOT,
        env=database_env,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (code, "")


def test_the_log_of_a_job_that_waits_is_printed_once(job_id: int) -> None:
    assert (
        say("tail", job_id).split(maxsplit=1)[1] == "info    The job was asked for.\n"
    )


def test_following_a_job_ends_with_it(job_id: int) -> None:
    services.run_inline(job_id)

    lines = say("tail", job_id, "--follow").splitlines()

    said = [line.split(maxsplit=2)[2] for line in lines]
    assert said == [
        "The job was asked for.",
        "A worker started the job.",
        "The job ran.",
        "The job is done.",
    ]


def test_following_a_job_that_failed_ends_with_its_code(db: None) -> None:
    job_id = services.create_job("test.refuse", {}).job_id
    services.run_inline(job_id)

    with pytest.raises(CommandError, match="The archive is closed") as failed:
        say("tail", job_id, "--follow")

    assert failed.value.returncode == 1


def test_each_line_of_a_log_is_one_json_object(job_id: int) -> None:
    lines = say("tail", job_id, "--json").splitlines()

    assert [json.loads(line)["code"] for line in lines] == ["created"]


def test_a_lane_is_paused_and_resumed(db: None) -> None:
    said = [say(verb, "long") for verb in ("pause", "pause", "resume", "resume")]

    assert said == [
        "The long lane is paused: none of its jobs is started.\n",
        "The long lane was paused already.\n",
        "The long lane is open again.\n",
        "The long lane was not paused.\n",
    ]
