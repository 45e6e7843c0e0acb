"""The real commands in installations of their own, as a person starts them."""

import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
MANAGE = [sys.executable, str(ROOT / "manage.py")]


def manage(env: Mapping[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*MANAGE, *words],
        env=env,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


@contextmanager
def up(
    env: Mapping[str, str], tmp_path: Path, *words: str
) -> Iterator[tuple[psutil.Popen, Path]]:
    """Run `manage.py up`; yields its process and the file that it writes."""
    out = tmp_path / "out"
    with out.open("w") as file:
        process = psutil.Popen(
            [*MANAGE, "up", *words], env=env, stdout=file, stderr=subprocess.STDOUT
        )
    try:
        yield process, out
    finally:
        with suppress(psutil.NoSuchProcess):
            process.kill()
        process.wait()


def until(happened: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.2)


def answers(port: int) -> bool:
    with suppress(OSError):
        url = f"http://127.0.0.1:{port}/healthz"
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    return False


def setup_page(port: int) -> str:
    return f"http://127.0.0.1:{port}/setup/"


def running(process: psutil.Popen) -> list[psutil.Process]:
    return process.children(recursive=True)
