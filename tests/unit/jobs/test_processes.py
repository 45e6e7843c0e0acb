"""Programs are kept alive, prefixed, restarted and stopped, whatever happens to us."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

KEEPER = """
import os, sys
from jobs.worker.processes import Program, keep_alive
programs = [
    Program(f"p{n}", [sys.executable, "-c", text], dict(os.environ))
    for n, text in enumerate(sys.argv[1:])
]
sys.exit(keep_alive(programs, lambda line: print(line, flush=True)))
"""
PATIENT = f"from jobs.worker import processes; processes.GRACE_S = 600{KEEPER}"
HASTY = f"from jobs.worker import processes; processes.FROZEN_S = 0.5{KEEPER}"
SLEEPS = "import time; print('here', flush=True); time.sleep(600)"
DEAF = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print('here', flush=True); time.sleep(600)"
)


@contextmanager
def keeper(
    tmp_path: Path, *programs: str, text: str = KEEPER
) -> Iterator[tuple[psutil.Popen, Path]]:
    """Run a keeper over Python programs; yields its process and the file it writes."""
    out = tmp_path / "out"
    with out.open("w") as file:
        process = psutil.Popen(
            [sys.executable, "-c", text, *programs],
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process, out
    finally:
        with suppress(psutil.NoSuchProcess):
            process.kill()
        process.wait()


def until(happened: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def says(out: Path, text: str, times: int = 1) -> Callable[[], bool]:
    return lambda: out.read_text().count(text) >= times


def test_lines_carry_the_name_of_their_program(tmp_path: Path) -> None:
    with keeper(tmp_path, SLEEPS, "print('one'); print('two')") as (_, out):
        until(says(out, "p1 | two"))
        until(says(out, "p0 | here"))

        assert "p1 | one\np1 | two\n" in out.read_text()


def test_a_program_that_is_killed_comes_back(tmp_path: Path) -> None:
    with keeper(tmp_path, SLEEPS) as (process, out):
        until(says(out, "p0 | here"))

        process.children()[0].kill()

        until(says(out, "p0 | here", times=2))
        assert "p0 ended (exit code -9); starting it again in 1 s." in out.read_text()


def test_a_program_that_is_frozen_is_started_again(tmp_path: Path) -> None:
    with keeper(tmp_path, SLEEPS, text=HASTY) as (process, out):
        until(says(out, "here"))
        (frozen,) = process.children()

        frozen.suspend()

        until(says(out, "here", times=2))
        assert not frozen.is_running()
    assert "p0 is frozen; it is killed." in out.read_text()


def test_five_crashes_in_a_minute_stop_all_and_show_the_last_lines(
    tmp_path: Path,
) -> None:
    crashes = "import sys; print('\\n'.join(map(str, range(100, 130)))); sys.exit(3)"
    with keeper(tmp_path, SLEEPS, crashes) as (process, out):
        code = process.wait(timeout=40)

        text = out.read_text()
        shown = text.partition("Its last lines:\n")[2].splitlines()
        assert code == 1
        assert "p1 ended 5 times within 60 s; everything is stopped." in text
        assert [line.strip() for line in shown] == [str(n) for n in range(110, 130)]


def test_a_stop_ends_all_programs_and_is_no_failure(tmp_path: Path) -> None:
    with keeper(tmp_path, SLEEPS, SLEEPS) as (process, out):
        until(says(out, "| here", times=2))
        children = process.children()

        process.send_signal(signal.SIGINT)

        assert process.wait(timeout=10) == 0
        assert not any(child.is_running() for child in children)


def test_a_program_that_will_not_end_is_killed_within_ten_seconds(
    tmp_path: Path,
) -> None:
    with keeper(tmp_path, DEAF) as (process, out):
        until(says(out, "p0 | here"))
        children = process.children()

        process.send_signal(signal.SIGTERM)

        assert process.wait(timeout=10.5) == 0
        assert not any(child.is_running() for child in children)


def test_a_second_ctrl_c_kills_at_once(tmp_path: Path) -> None:
    with keeper(tmp_path, DEAF, text=PATIENT) as (process, out):
        until(says(out, "p0 | here"))
        process.send_signal(signal.SIGINT)
        until(says(out, "Stopping."))

        process.send_signal(signal.SIGINT)

        assert process.wait(timeout=30) == 0


def test_programs_die_with_a_keeper_that_is_killed(tmp_path: Path) -> None:
    with keeper(tmp_path, SLEEPS, DEAF) as (process, out):
        until(says(out, "| here", times=2))
        children = process.children()

        process.kill()

        _gone, left = psutil.wait_procs(children, timeout=20)
        assert not left


def test_a_terminals_ctrl_c_does_not_reach_programs_directly(tmp_path: Path) -> None:
    with keeper(tmp_path, SLEEPS) as (process, out):
        until(says(out, "p0 | here"))

        child = process.children()[0].pid

        assert os.getsid(child) != os.getsid(process.pid)


def test_what_is_to_follow_a_start_follows_once(tmp_path: Path) -> None:
    out = tmp_path / "out"
    text = """
import sys
from jobs.worker.processes import Program, keep_alive
say = lambda line: print(line, flush=True)
ends = [sys.executable, "-c", "import time; time.sleep(0.5)"]
program = Program("p0", ends, {}, greeting="hello", on_ready=lambda: say("ready"))
sys.exit(keep_alive([program], say))
"""
    with (
        out.open("w") as file,
        psutil.Popen(
            [sys.executable, "-c", text], stdout=file, stderr=subprocess.STDOUT
        ) as process,
    ):
        until(says(out, "hello"))
        until(says(out, "p0", times=2))
        process.terminate()
        process.wait(15)

    lines = out.read_text().splitlines()
    assert (lines.count("hello"), lines.count("ready")) == (1, 1)
    assert lines.index("hello") < lines.index("ready")
