"""Six processes ask for the same jobs at the same instant: one job for each key.

Fifteen times for each of forty keys; `make prove` does it fifty times.
"""

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from jobs.models import Job
from tests.job_requester import KEYS

ROOT = Path(__file__).resolve().parents[3]
PROCESSES, ROUNDS = 6, int(os.environ.get("PROVE_ROUNDS", "15"))
Requester = subprocess.Popen[str]


@pytest.fixture
def requesters(
    database_env: dict[str, str], transactional_db: None
) -> Iterator[list[Requester]]:
    env = {**database_env, "DJANGO_SETTINGS_MODULE": "config.settings"}
    with ExitStack() as stack:
        yield [stack.enter_context(_start(env)) for _ in range(PROCESSES)]


def _start(env: dict[str, str]) -> Requester:
    pipe = subprocess.PIPE
    argv = [sys.executable, "-m", "tests.job_requester"]
    return subprocess.Popen(argv, cwd=ROOT, env=env, stdin=pipe, stdout=pipe, text=True)


def all_ask(
    requesters: list[Requester], prefix: str
) -> dict[str, list[tuple[int, bool]]]:
    """Let all ask at once; returns what each got, by key."""
    for requester in requesters:
        assert requester.stdin is not None
        requester.stdin.write(f"{prefix}\n")
        requester.stdin.flush()
    got = defaultdict(list)
    for requester in requesters:
        assert requester.stdout is not None
        for item, job_id, created in json.loads(requester.stdout.readline()):
            got[item].append((job_id, created))
    return got


@pytest.mark.timeout(300)
def test_there_are_never_two_active_jobs_of_a_key(requesters: list[Requester]) -> None:
    for number in range(ROUNDS):
        got = all_ask(requesters, "same")  # the same keys, whose jobs have ended since

        assert len(got) == KEYS
        for answers in got.values():
            assert len({job_id for job_id, _ in answers}) == 1, (number, answers)
            assert sum(created for _, created in answers) == 1, (number, answers)
        assert Job.objects.filter(status="queued").update(status="succeeded") == KEYS
    assert Job.objects.count() == ROUNDS * KEYS
    for requester in requesters:
        assert requester.stdin is not None
        requester.stdin.close()
        assert requester.wait(20) == 0
