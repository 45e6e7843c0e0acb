"""Opens a page in the browser of who sits at the terminal."""

import subprocess
import sys
from collections.abc import Mapping

# Through a pipe: our own command line never holds the address, which holds a code.
_OPEN = "import sys, webbrowser; webbrowser.open(sys.stdin.readline().strip())"
_SCREENS = ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY")
_FAR_AWAY = ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT")


def can_open(env: Mapping[str, str], *, user: int, platform: str) -> bool:
    """Return whether a browser would open where the person is.

    Not over SSH (it would open there), not as root (browsers refuse), and on Linux only
    where there is a screen.
    """
    if user == 0 or any(env.get(name) for name in _FAR_AWAY):
        return False
    return platform == "darwin" or any(env.get(name) for name in _SCREENS)


def open_page(url: str) -> "subprocess.Popen[str]":
    """Ask for the page in a process of its own, for some browsers keep it waiting."""
    opener = subprocess.Popen(  # noqa: S603 - argv is ours
        [sys.executable, "-c", _OPEN],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    if opener.stdin is not None:
        opener.stdin.write(f"{url}\n")
        opener.stdin.close()
    return opener
