"""`manage.py source`: adding, listing, trying and removing; the key stays unseen."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from syncapp.demo import DemoServer, Library
from syncapp.management.wait_for_job import USAGE
from syncapp.models import Scene, Source
from tests.builders import make_library, make_source

pytestmark = pytest.mark.django_db
KEY = "canary-key-93ee"
ADD = ("add", "Film archive", "http://nas:9999", "--no-test")


def source(*words: str) -> tuple[str, int, str]:
    """Run the command; returns what it printed, its exit code and its last words."""
    out = io.StringIO()
    try:
        call_command("source", *words, stdout=out, stderr=out)
    except CommandError as exc:
        return out.getvalue(), exc.returncode, str(exc)
    return out.getvalue(), 0, ""


def type_in(monkeypatch: pytest.MonkeyPatch, text: str, *, tty: bool) -> None:
    stdin = io.StringIO(text)
    stdin.isatty = lambda: tty  # type: ignore[method-assign]
    monkeypatch.setattr("sys.stdin", stdin)


def test_add_prints_the_id_and_asks_nothing_without_a_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    type_in(monkeypatch, "", tty=False)

    printed, code, _ = source(*ADD)

    row = Source.objects.get()
    assert (printed, code) == (f"{row.pk}\n", 0)
    assert (row.name, row.url, row.read_only) == (
        "Film archive",
        "http://nas:9999",
        True,
    )
    assert row.api_key == ""


def test_writing_is_allowed_only_when_said(monkeypatch: pytest.MonkeyPatch) -> None:
    type_in(monkeypatch, "", tty=False)

    source(*ADD, "--writable")

    assert not Source.objects.get().read_only


def test_analysis_after_syncs_is_switched_on_and_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    type_in(monkeypatch, "", tty=False)

    def is_on() -> bool:
        return Source.objects.get().analyse_after_sync

    source(*ADD)
    at_first = is_on()
    source("set", "Film archive", "--analyse-after-sync")
    switched = is_on()
    source("set", "Film archive", "--url", "http://nas:9998")
    left = is_on()
    source("set", "Film archive", "--no-analyse-after-sync")

    assert (at_first, switched, left, is_on()) == (False, True, True, False)


def test_a_source_can_be_added_with_analysis_after_syncs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    type_in(monkeypatch, "", tty=False)

    source(*ADD, "--analyse-after-sync")

    assert Source.objects.get().analyse_after_sync


def test_public_address_is_set_and_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    type_in(monkeypatch, "", tty=False)
    source(*ADD, "--public-url", "https://stash.example")

    added = Source.objects.get().public_url
    moved = source("set", "Film archive", "--url", "http://nas:9998")[1]
    kept = Source.objects.get().public_url
    refused = source("set", "Film archive", "--public-url", "stash://x")
    removed = source("set", "Film archive", "--public-url", "")[1]

    assert (added, moved, kept) == ("https://stash.example", 0, added)
    assert refused[1:] == (USAGE, refused[2])
    assert "This address cannot be used." in refused[2]
    row = Source.objects.get()
    assert (removed, row.public_url, row.url) == (0, "", "http://nas:9998")


def test_key_comes_from_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    type_in(monkeypatch, f"{KEY}\n", tty=False)

    printed, _, _ = source(*ADD, "--key-stdin")

    assert Source.objects.get().api_key.open() == KEY
    assert KEY not in printed


def test_key_comes_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n")

    source(*ADD, "--key-file", str(file))

    assert Source.objects.get().api_key.open() == KEY


def test_key_is_asked_for_at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    type_in(monkeypatch, "", tty=True)
    monkeypatch.setattr("syncapp.management.commands.source.getpass", lambda _: KEY)

    source(*ADD)

    assert Source.objects.get().api_key.open() == KEY


def test_key_is_no_argument() -> None:
    for word in ("--key", "--api-key"):
        _, code, said = source(*ADD, word, KEY)

        assert code != 0
        assert not Source.objects.exists()
        assert "unrecognized arguments" in said or "ambiguous option" in said


def test_missing_key_file_is_told(tmp_path: Path) -> None:
    _, code, said = source(*ADD, "--key-file", str(tmp_path / "no"))

    assert code == 2
    assert "The API key cannot be read from" in said
    assert not Source.objects.exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["add", "", "http://nas:9999"], "A source needs a name"),
        (["add", "Films", "ftp://nas"], "This address cannot be used."),
        (["test", "Films"], "There is no source named 'Films'"),
        (["remove", "Films"], "There is no source named 'Films'"),
    ],
)
def test_wrong_usage_is_told(
    words: list[str], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in(monkeypatch, "", tty=False)
    make_source("Lectures")

    _, code, said = source(*words)

    assert code == 2
    assert sentence in said


def test_new_source_is_tried_and_stays_even_if_it_does_not_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    type_in(monkeypatch, "", tty=False)

    printed, code, said = source("add", "Film archive", "http://127.0.0.1:1")

    assert code == 5
    assert said.startswith("Nothing answers at http://127.0.0.1:1.")
    assert printed == f"{Source.objects.get().pk}\n"


def test_wrong_key_is_told_and_set_key_mends_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with DemoServer(Library(seed=2, scenes=5), port=0, api_key=KEY) as server:
        make_source("Film archive", url=server.url, api_key="wrong")
        refused = source("test", "Film archive", "--json")
        type_in(monkeypatch, KEY, tty=False)
        source("set-key", "Film archive", "--key-stdin")
        mended = source("test", "Film archive")

    told = json.loads(refused[0])
    assert refused[1] == 5
    assert (told["ok"], told["code"]) == (False, "key_refused")
    assert (mended[1], mended[0].startswith("The source answers: Stash")) == (0, True)


def test_list_shows_sources_without_their_keys() -> None:
    make_source("Film archive", api_key=KEY, read_only=False, version="v0.28.1")
    make_source("Lectures", url="http://nas:9998")

    lines, _, _ = source("list")
    told, _, _ = source("list", "--json")

    assert lines.splitlines() == [
        "Film archive\thttp://nas:9999\twritable\tkey set\tStash v0.28.1",
        "Lectures\thttp://nas:9998\tread only\tno key\tnot tried yet",
    ]
    assert [each["key_set"] for each in json.loads(told)["sources"]] == [True, False]
    assert KEY not in lines + told


def test_removal_is_confirmed_or_said(monkeypatch: pytest.MonkeyPatch) -> None:
    make_library(make_source())
    type_in(monkeypatch, "n\n", tty=True)
    declined = source("remove", "Film archive")
    type_in(monkeypatch, "", tty=False)
    unasked = source("remove", "Film archive")
    assert (declined[1], unasked[1]) == (1, 2)
    assert Scene.objects.count() == 3

    printed, code, _ = source("remove", "Film archive", "--yes")

    assert (printed, code) == (
        "Removed Film archive: 3 scenes, 5 performers, 2 studios, 2 tags.\n",
        0,
    )
    assert not Source.objects.exists()


def test_removal_after_a_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    make_source()
    type_in(monkeypatch, "y\n", tty=True)

    _, code, _ = source("remove", "Film archive")

    assert (code, Source.objects.exists()) == (0, False)


def test_a_server_without_a_version_has_answered_all_the_same(
    demo: DemoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in(monkeypatch, "", tty=False)
    demo.library.server_version = ""

    added, code, _ = source("add", "Built by hand", demo.url)
    listed, _, _ = source("list")

    assert (code, "Stash, which tells no version." in added) == (0, True)
    assert listed.rstrip().endswith("Stash, which tells no version")


def test_a_version_is_kept_only_as_far_as_it_can_be_one(
    demo: DemoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in(monkeypatch, "", tty=False)
    demo.library.server_version = "v1\0\x1b[31m" + "7" * 1_000_000

    _, code, _ = source("add", "Boastful", demo.url)

    told = Source.objects.get().version
    assert (code, told[:8]) == (0, "v1[31m77")
    assert len(told) <= 100
