"""The real web server on the test database, and a person's way through its pages."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import httpx2

from tests.waiting import wait_until
from tests.workers import database_url

ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def running_site(
    application: str = "config.asgi:application", **env: str
) -> Iterator[str]:
    """Start uvicorn as `up` does, on a free port; yields its address.

    `env` overrides its settings.
    """
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "uvicorn", application),
            *("--port", "0", "--lifespan", "off", "--no-access-log"),
            *("--http", "config.http_protocol:BoundedHttpProtocol"),
        ],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": database_url(),
            "STEWARD_ROLE": "web",
            **env,
        },
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield _address(process)
        finally:
            process.terminate()
            _end(process)


def _end(process: "subprocess.Popen[str]") -> None:
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        raise


def _address(process: "subprocess.Popen[str]") -> str:
    lines = []
    assert process.stderr is not None
    for line in process.stderr:
        lines.append(line)
        if found := re.search(r"running on (http://[\d.]+:\d+)", line):
            # Read on: a pipe that is full would hold up the server.
            threading.Thread(target=process.stderr.read).start()
            return found[1]
    msg = "The web server did not start:\n" + "".join(lines)
    raise AssertionError(msg)


@dataclass
class Form:
    """A form of a page: where it goes, and what it would send."""

    action: str
    fields: dict[str, str]
    buttons: list[dict[str, str]]


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "").lower() == "post":
            self.forms.append(Form(given.get("action", ""), {}, []))
            self.open = True
        elif self.open and tag == "input" and "name" in given:
            self.forms[-1].fields[given["name"]] = given.get("value", "")
        elif self.open and tag == "button":
            self.forms[-1].buttons.append(given)

    def handle_endtag(self, tag: str) -> None:
        self.open = self.open and tag != "form"


def forms(html: str) -> list[Form]:
    """Return the POST forms of a page."""
    parser = _Forms()
    parser.feed(html)
    return parser.forms


class Person:
    """Somebody at a browser without JavaScript."""

    def __init__(self, address: str) -> None:
        self.http = httpx2.Client(base_url=address, trust_env=False, timeout=30)
        self.http.headers["Origin"] = address

    def sign_in(self, name: str, password: str) -> None:
        page = self.http.get("/sign-in/")
        (form,) = forms(page.text)
        fields = {**form.fields, "username": name, "password": password}
        answer = self.http.post("/sign-in/", data=fields)
        assert answer.status_code == 302, answer.text

    def forms(self, path: str) -> list[Form]:
        page = self.http.get(path)
        assert page.status_code == 200, page.text
        return forms(page.text)

    def press(
        self, form: Form, button: dict[str, str], *, accept: str = "text/html"
    ) -> httpx2.Response:
        """Send the form as a click on this button does."""
        fields = dict(form.fields)
        if "name" in button:
            fields[button["name"]] = button.get("value", "")
        action = button.get("formaction") or form.action
        return self.http.post(action, data=fields, headers={"Accept": accept})

    def wait_for_text(self, path: str, text: str, timeout_s: float = 60) -> str:
        """Reload a page until it shows `text`; returns the page."""

        def page() -> str:
            shown = self.http.get(path).text
            return shown if text in shown else ""

        return str(wait_until(page, within=timeout_s, every=0.2))
