"""The benchmark runs whole, on a library that is small."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.goals import BY_KEY, GOALS, wrong_facts
from tests.bench.table import table
from tests.redis_server import PROGRAM

ROOT = Path(__file__).resolve().parents[2]
SCENES = 200


@pytest.mark.timeout(900)
def test_every_row_is_measured_and_printed(tmp_path: Path) -> None:
    file = tmp_path / "bench.json"

    done = subprocess.run(
        [
            *(sys.executable, "-m", "tests.bench", "sqlite", "--scenes", str(SCENES)),
            *("--rounds", "1", "--clicks", "2", "--opens", "1", "--labelled", "300"),
            *("--json", str(file)),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=880,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    (result,) = json.loads(file.read_text())
    values = result["values"]
    empty = [goal.key for goal in GOALS if values.get(goal.key) is None]
    assert empty == ([] if PROGRAM else ["claimed_redis", "job_rate_redis"])
    assert [goal.what for goal in GOALS if goal.what not in done.stdout] == []
    assert (values["unchanged_written"], values["quick_written"]) == (0, 0)
    pages = values["lists"]["pages"]
    assert all(0 < page["queries"] < 40 for page in pages.values())
    # In the middle it is counted as well how many rows are before the page.
    assert pages["by -added, middle"]["queries"] == pages["by -added"]["queries"] + 1
    assert "| one source, by title |" in done.stdout
    assert "| search, two popular words, by title |" in done.stdout
    assert 0 < values["job_statements"] <= 3  # fewer where a page's place is not saved
    assert all(values[speed] > 0 for speed in ("loop", "floor", "null_client"))


def test_the_table_says_what_falls_short() -> None:
    result = {"vendor": "sqlite", "scenes": 20_000, "values": {"load": 3_999.4}}

    shown = table([result])

    assert shown.splitlines()[2].split("|")[1:4] == [
        " first load, whole command: scenes ",
        " ≥ 4,000/s    ",
        " 3,999/s SHORT ",
    ]


def test_only_a_wrong_fact_fails_a_run() -> None:
    said: list[str] = []
    slow = {"load": 1.0, "quick": 9.0, "unchanged_written": 0}

    assert wrong_facts(slow, "sqlite", 20_000, said.append) == 0
    assert wrong_facts({"unchanged_written": 2}, "sqlite", 200, said.append) == 1
    assert said == ["full sync, nothing changed: rows: 2, 0"]


def test_goals_of_seconds_are_for_libraries_of_their_size() -> None:
    assert BY_KEY["quick"].met(0.9, "sqlite", 500_000) is True
    assert BY_KEY["quick"].met(0.9, "sqlite", 100_000) is False
    assert BY_KEY["unchanged"].met(20, "postgres", 500_000) is None
