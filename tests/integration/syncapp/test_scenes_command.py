"""`manage.py scenes`: the filters of the pages, at a terminal and in files."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from syncapp.models import Source
from syncapp.queries import export
from tests.builders import make_library, make_scene, make_source, make_tag

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def source() -> Source:
    source = make_source()
    make_library(source)
    make_scene(source, 9, "Dunes\x1b[2J", organized=True)
    return source


def scenes(*words: str) -> tuple[str, int, str]:
    """Run the command; returns what it printed, its exit code and its last words."""
    out = io.StringIO()
    try:
        call_command("scenes", *words, stdout=out)
    except CommandError as exc:
        return out.getvalue(), exc.returncode, str(exc)
    return out.getvalue(), 0, ""


def test_count_prints_a_number(source: Source) -> None:
    assert scenes("count") == ("4\n", 0, "")
    assert scenes("count", "--filter", "none=studio&organized=yes") == ("1\n", 0, "")
    assert scenes("count", "--filter", "?tag=tide pools&size=25") == ("3\n", 0, "")


def test_list_prints_a_line_for_each(source: Source) -> None:
    printed, code, _ = scenes("list", "--sort", "title", "--limit", "2")

    lines = printed.splitlines()
    assert (len(lines), code) == (2, 0)
    assert lines[0].endswith("Dunes·[2J")  # an order to the terminal is not passed on
    assert "2024-05-02  Tideline Films" in lines[1]


def test_the_order_of_an_address_counts(source: Source) -> None:
    printed, _, _ = scenes("list", "--filter", "sort=title", "--format", "jsonl")
    over, _, _ = scenes(
        *("list", "--filter", "sort=title", "--sort", "date", "--format", "jsonl")
    )

    first = json.loads(printed.splitlines()[0])
    assert (first["title"], first["remote_id"]) == ("Dunes\x1b[2J", 9)
    assert [json.loads(line)["remote_id"] for line in over.splitlines()] == [1, 2, 3, 9]


def test_export_writes_what_was_asked_for(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "PART", 2)
    file = tmp_path / "found.csv"
    file.write_text("what was there before")
    printed = scenes("export", "--filter", "none=date", "--output", str(file))
    found, _, _ = scenes("export", "--format", "json", "--limit", "3")
    plain, _, _ = scenes("export")

    assert printed == ("", 0, "")
    told = file.read_text(encoding="utf-8")
    assert told.startswith("\ufeffid,source,")
    assert [row["remote_id"] for row in csv.DictReader(io.StringIO(told))] == ["9"]
    assert len(json.loads(found)) == 3
    assert plain.startswith("id,source,")  # for programs: no mark before it
    assert len(plain.splitlines()) == 5
    assert [each.name for each in tmp_path.iterdir()] == ["found.csv"]


def test_nothing_is_printed_where_nothing_is_found(source: Source) -> None:
    assert scenes("list", "--filter", "q=zeppelin") == ("", 0, "")
    assert scenes("export", "--limit", "0", "--format", "json")[0] == "[\n]\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--filter", "colour=red"), "There is no filter “colour”."),
        (("--filter", "date_from=soon"), "“soon” is not a date"),
        (("--filter", "tag=zeppelin"), "None of the tags is called “zeppelin”."),
        (("--filter", "sort=colour"), "There is no order 'colour'. There are: -date"),
        (("--filter", "a=1&" * 1_001), "more fields"),
        (("--sort", "colour"), "invalid choice: 'colour'"),
        (("--limit", "-1"), "'-1' is no number of scenes"),
        (("--limit", "some"), "'some' is no number of scenes"),
        (("--format", "xlsx"), "invalid choice: 'xlsx'"),
    ],
)
@pytest.mark.parametrize("verb", ["list", "count", "export"])
def test_what_cannot_be_used_is_told_and_nothing_printed(
    verb: str, words: tuple[str, ...], says: str, source: Source
) -> None:
    printed, code, said = scenes(verb, *words)

    assert (printed, code != 0) == ("", True)
    assert says in said


@pytest.mark.parametrize("words", [("--filter", "colour=red"), ("--sort", "colour")])
def test_the_exit_code_of_wrong_words_is_two(
    words: tuple[str, ...], made: dict[str, str]
) -> None:
    done = run(made, "count", *words)

    assert (done.returncode, done.stdout) == (2, b"")
    assert b"Traceback" not in done.stderr


def test_of_a_name_that_several_have_the_ids_are_told(source: Source) -> None:
    far = make_source("Lectures", url="http://attic:9999")
    tag = make_tag(far, 1, "Sea", scene_count=1_200)

    printed, code, said = scenes("list", "--filter", "no_tag=sea")

    assert (printed, code) == ("", 2)
    assert said.startswith("Which of the tags is meant by “sea”? ")
    assert f"no_tag={tag.pk}: Sea (Lectures), 1,200 scenes" in said
    assert "Sea (Film archive), 0 scenes" in said


def test_what_cannot_be_written_is_a_sentence(source: Source, tmp_path: Path) -> None:
    missing = tmp_path / "nowhere" / "found.csv"

    assert scenes("export", "--output", str(missing))[1:] == (
        1,
        f"{missing} could not be written: No such file or directory.",
    )
    assert scenes("export", "--output", "/dev/full")[1:] == (
        1,
        "/dev/full could not be written: No space left on device.",
    )


def test_an_export_that_fails_leaves_what_was_there(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "found.json"
    file.write_text("[]")

    def full(_file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    _, code, said = scenes("export", "--format", "json", "--output", str(file))

    assert (code, said) == (1, f"{file} could not be written: No space left on device.")
    assert file.read_text() == "[]"
    assert list(tmp_path.iterdir()) == [file]


def run(
    env: dict[str, str], *words: str, out: int = subprocess.PIPE
) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "manage.py", "scenes", *words],
        cwd=ROOT,
        env=env,
        stdout=out,
        stderr=subprocess.PIPE,
        check=False,
    )


def test_a_reader_that_goes_ends_it_without_a_word(made: dict[str, str]) -> None:
    fill = (
        "from tests.builders import *; s = make_source();"
        "[make_scene(s, n, 'Ærø ' * 500) for n in range(1, 61)]"
    )
    argv = [sys.executable, "manage.py", "shell", "-v", "0", "-c", fill]
    subprocess.run(argv, cwd=ROOT, env=made, check=True)
    reading, writing = os.pipe()
    os.close(reading)
    done = run(made, "export", out=writing)
    os.close(writing)
    with Path("/dev/full").open("wb") as full:
        no_space = run(made, "list", "--limit", "60", out=full.fileno())
    whole = run({**made, "LC_ALL": "C"}, "export", "--format", "jsonl")

    assert (done.returncode, done.stderr) == (141, b"")
    assert no_space.returncode == 1
    assert b"The output could not be written: No space left" in no_space.stderr
    assert b"Traceback" not in no_space.stderr
    assert len(whole.stdout.decode("utf-8").splitlines()) == 60


def test_help_has_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command("scenes", "--help")

    said = capsys.readouterr().out
    assert "scenes count  --filter 'none=studio'" in said
    assert "Exit codes: 0 done" in said
