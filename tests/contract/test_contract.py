"""The sample library answers every line of the contract, as each version does."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

import pytest

from syncapp.demo import DemoServer, Library
from tests.contract import __main__ as command
from tests.contract.line import Data, Line, done
from tests.contract.server import Asked, Outcome
from tests.contract.table import LINES
from tests.ports import free_port

# Each that changed an answer, and the newest.
VERSIONS = [(0, 24, 3), (0, 26, 2), (0, 28, 1), (0, 29, 3), (0, 30, 1), (0, 31, 1)]


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoServer]:
    library = Library(seed=3, scenes=60)
    ticks = count(1_790_000_000)  # a second goes by each time that somebody looks
    library.now = lambda: datetime.fromtimestamp(next(ticks), UTC)
    with DemoServer(library) as server:
        yield server


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.contract.server.sleep", lambda _: None)


def asked(demo: DemoServer, *lines: Line, writes: bool = True) -> list[Outcome]:
    with Asked(demo.url, demo.api_key, writes=writes) as server:
        return [server.ask(line) for line in lines]


def differing(outcomes: list[Outcome]) -> list[str]:
    return [command.told(one) for one in outcomes if one.result == "differs"]


@pytest.mark.parametrize("version", VERSIONS)
def test_every_line_holds(demo: DemoServer, version: tuple[int, int, int]) -> None:
    demo.play_version(*version)
    outcomes = asked(demo, *(line for line in LINES if not line.keyed))

    assert differing(outcomes) == []
    left_out = {one.line.since > version for one in outcomes if one.result != "ok"}
    assert left_out <= {True}


def test_every_line_holds_where_a_key_is_wanted(demo: DemoServer) -> None:
    demo.play_version(0, 30, 1)
    demo.api_key = "right-key"
    outcomes = asked(demo, *LINES)
    demo.api_key = ""

    assert {one.result for one in outcomes} == {"ok"}


def test_no_two_lines_say_the_same() -> None:
    says = [line.says for line in LINES]

    assert sorted(set(says)) == sorted(says)


def test_without_leave_nothing_is_written(demo: DemoServer) -> None:
    demo.play_version(0, 30, 1)
    before = demo.truth()
    outcomes = asked(demo, *LINES, writes=False)

    assert demo.truth() == before
    assert {one.told for one in outcomes if one.line.writes} == {"it writes"}
    read = {
        one.result for one in outcomes if not one.line.writes and not one.line.keyed
    }
    assert read == {"ok"}


def test_an_empty_library_is_told_as_such() -> None:
    lines = [line for line in LINES if line.says == "a list of ids answers these"]
    with DemoServer(Library(scenes=0)) as empty:
        (outcome,) = asked(empty, *lines)

    assert command.told(outcome).endswith("(the server has no scene)")


def test_the_command_tells_every_line_and_fails_on_a_difference(
    demo: DemoServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    demo.play_version(0, 30, 1)
    true = Line("it is up", "{ systemStatus { status } }", Data(_status("OK")))
    wrong = replace(true, says="it is not", answer=Data(_status("SETUP")))
    unready = replace(true, says="after a lie", before=(done("{ nope }"),))
    unasked = replace(true, says="it is changed", writes=True)
    lines = (true, wrong, unready, unasked)
    monkeypatch.setattr(command, "LINES", lines)
    monkeypatch.setattr("sys.argv", ["contract", demo.url])
    code = command.main()

    told = capsys.readouterr().out
    assert code == 1
    assert f"{demo.url} is asked as a Stash 0.30.1\n" in told
    assert "ok        it is up\n" in told
    assert "differs   it is not\n    it should be Data(data={'systemStatus': " in told
    assert "    but it was Data(data={'systemStatus': {'status': 'OK'}})\n" in told
    assert "differs   after a lie\n    it could not be asked: { nope }" in told
    assert "not asked it is changed (it writes)\n" in told
    assert told.endswith("1 lines hold, 2 differ, 1 were not asked.\n")


def test_the_command_is_content_when_all_holds(
    demo: DemoServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.argv", ["contract", demo.url])

    assert command.main() == 0
    assert " 0 differ, " in capsys.readouterr().out


@pytest.mark.parametrize("path", ["", "/graphql/nope.js"])
def test_a_server_that_cannot_be_asked_is_one_sentence(
    demo: DemoServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    path: str,
) -> None:
    url = demo.url + path if path else f"http://127.0.0.1:{free_port()}"
    monkeypatch.setattr("sys.argv", ["contract", url])

    assert command.main() == 1
    assert capsys.readouterr().out.startswith(f"{url} cannot be asked: ")


def _status(status: str) -> dict[str, dict[str, str]]:
    return {"systemStatus": {"status": status}}
