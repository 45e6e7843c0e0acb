"""A browser opens for who sits in front of it."""

import sys
from pathlib import Path

import pytest

from syncapp.management.browser import can_open, open_page


@pytest.mark.parametrize(
    ("env", "user", "platform", "opens"),
    [
        ({"DISPLAY": ":0"}, 1000, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, 1000, "linux", True),
        ({"BROWSER": "firefox"}, 1000, "linux", True),
        ({}, 501, "darwin", True),
        ({}, 1000, "linux", False),
        ({"DISPLAY": ":0"}, 0, "linux", False),
        ({"DISPLAY": ":10", "SSH_CONNECTION": "192.0.2.7 1 2"}, 1000, "linux", False),
        ({"SSH_TTY": "/dev/pts/1"}, 501, "darwin", False),
    ],
)
def test_it_opens_where_the_person_is(
    env: dict[str, str], user: int, platform: str, *, opens: bool
) -> None:
    assert can_open(env, user=user, platform=platform) is opens


def test_the_browser_gets_the_whole_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, seen = tmp_path / "browser", tmp_path / "seen"
    write = f'import sys; open("{seen}", "w").write(sys.argv[1])'
    browser.write_text(f"#!{sys.executable}\n{write}\n")
    browser.chmod(0o700)
    monkeypatch.setenv("BROWSER", f"{browser} %s")

    opener = open_page("http://127.0.0.1:8000/setup/#K7QM-4XTA")

    assert opener.wait(20) == 0
    assert seen.read_text() == "http://127.0.0.1:8000/setup/#K7QM-4XTA"
    assert "K7QM" not in str(opener.args)
