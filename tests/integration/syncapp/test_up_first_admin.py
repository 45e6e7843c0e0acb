"""How `up` lets the first administrator in: by a link, a file, or two settings."""

import os
import pty
import re
import stat
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import httpx2
import psutil
import pytest

from tests.ports import free_port
from tests.site import forms
from tests.starting import MANAGE, answers, manage, setup_page, until, up

PASSWORD = "between-tides-1931"
CODE = re.compile(r"(?:[A-Z2-7]{4}-){6}[A-Z2-7]{2}")
MAKE_ADMINISTRATOR = (
    "from django.contrib.auth.models import User; User.objects.create_superuser('ada')"
)
WHO = (
    "from django.contrib.auth.models import User;"
    "print(*User.objects.filter(is_superuser=True).values_list('username', flat=True))"
)


def claim(port: int, code: str) -> int:
    """Fill in the setup page; returns the answer's status."""
    with httpx2.Client(
        base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30
    ) as browser:
        (form,) = forms(browser.get("/setup/").text)
        typed = {"code": code, "name": "ada", "password": PASSWORD, "again": PASSWORD}
        status = browser.post("/setup/", data={**form.fields, **typed}).status_code
        if status == 302:
            assert browser.get("/").status_code == 200
            assert browser.get("/setup/").status_code == 404
        return int(status)


class Screen:
    """What a terminal has shown so far."""

    text = ""


@contextmanager
def up_on_a_terminal(env: Mapping[str, str], *words: str) -> Iterator[Screen]:
    """Run `manage.py up` as at a keyboard; yields what it shows."""
    screen, (ours, its) = Screen(), pty.openpty()
    with psutil.Popen(
        [*MANAGE, "up", "--no-demo", "--no-browser", *words],
        env=env,
        stdin=its,
        stdout=its,
        stderr=its,
    ) as process:
        os.close(its)

        def read() -> None:
            try:
                while data := os.read(ours, 65_536):
                    screen.text += data.decode()
            except OSError:
                pass  # the terminal's other side is closed

        reader = Thread(target=read)
        reader.start()
        try:
            yield screen
        finally:
            process.terminate()
            process.wait(15)
            reader.join(15)
            os.close(ours)


def test_on_a_terminal_it_prints_a_link_that_makes_an_administrator(
    made: dict[str, str], tmp_path: Path
) -> None:
    port = free_port()
    with up_on_a_terminal(made, "--port", str(port)) as screen:
        until(lambda: "valid 60 minutes" in screen.text)
        page = setup_page(port)
        found = re.search(rf"Open {page}#(\S+) \(valid 60 minutes\), or", screen.text)
        assert found, screen.text
        assert f"type the code at {page}" in screen.text
        assert not (tmp_path / "data" / "setup-code").exists()
        assert claim(port, found[1]) == 302

    assert "Traceback" not in screen.text


def test_away_from_a_terminal_the_code_is_in_a_file_and_not_in_the_log(
    made: dict[str, str], tmp_path: Path
) -> None:
    port, file = free_port(), tmp_path / "data" / "setup-code"
    with up(made, tmp_path, "--no-demo", "--port", str(port)) as (_, out):
        until(lambda: answers(port))
        until(lambda: str(file) in out.read_text())
        code = file.read_text().strip()
        assert CODE.fullmatch(code)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert claim(port, code.lower()) == 302

        assert not file.exists()
        text = out.read_text()
        assert f"Open {setup_page(port)} and type the code from the file" in text
        assert not CODE.search(text)
        assert code.replace("-", "") not in text


def test_other_machines_may_come_when_a_code_guards_the_door(
    made: dict[str, str], tmp_path: Path
) -> None:
    port = free_port()
    words = ("--no-demo", "--host", "0.0.0.0", "--port", str(port))
    with up(made, tmp_path, *words) as (_, out):
        until(lambda: answers(port))
        until(lambda: "There is no administrator yet" in out.read_text())

        assert f"Open {setup_page(port)} and" in out.read_text()
        assert claim(port, "") == 403


def test_where_the_administrator_is_gone_other_machines_stay_out(
    made: dict[str, str],
) -> None:
    code = CODE.search(manage(made, "setup_link").stdout)
    assert code
    gone = (
        "from syncapp import services; from django.contrib.auth.models import User;"
        f"services.claim('{code[0]}', 'ada', '{PASSWORD}'); User.objects.all().delete()"
    )
    manage(made, "shell", "-v", "0", "-c", gone)

    done = manage(made, "up", "--host", "0.0.0.0", "--port", str(free_port()))

    assert done.returncode == 2
    assert "does not listen on 0.0.0.0 while no administrator can" in done.stderr
    assert "manage.py createsuperuser" in done.stderr


def test_setup_link_makes_a_new_code_and_takes_the_file_away(
    made: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "data" / "setup-code"
    file.write_text("an old one")

    first, second = (manage(made, "setup_link") for _ in range(2))

    assert first.stdout.startswith("Open http://127.0.0.1:8000/setup/#")
    assert first.stdout != second.stdout
    assert not file.exists()


def test_setup_link_says_when_there_is_nothing_to_set_up(made: dict[str, str]) -> None:
    manage(made, "shell", "-v", "0", "-c", MAKE_ADMINISTRATOR)

    done = manage(made, "setup_link")

    assert done.returncode == 1
    assert "Steward has been set up already: sign in." in done.stderr
    assert not CODE.search(done.stdout)


def test_settings_make_the_administrator_once(
    made: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\n")
    made |= {"STEWARD_ADMIN_USER": "ada", "STEWARD_ADMIN_PASSWORD_FILE": str(file)}
    sentence = 'Made the administrator "ada"'
    for is_first in (True, False):
        port = free_port()
        words = ("--no-demo", "--host", "0.0.0.0", "--port", str(port))
        with up(made, tmp_path, *words) as (_, out):
            until(lambda: "Steward answers on" in out.read_text())
            text = out.read_text()
        file.unlink(missing_ok=True)
        made["STEWARD_ADMIN_USER"] = "noor"

        assert (sentence in text) is is_first
        assert "/setup/" not in text
        assert PASSWORD not in text

    assert manage(made, "shell", "-v", "0", "-c", WHO).stdout == "ada\n"


@pytest.mark.parametrize(
    ("name", "password", "sentence"),
    [
        (
            "ada",
            None,
            "of STEWARD_ADMIN_PASSWORD_FILE, {file}, cannot be read",
        ),
        ("ada", b"short", "STEWARD_ADMIN_PASSWORD_FILE was not made: This password is"),
        ("ada", b"\xff\xfe\xff\xfe" * 4, "cannot be read: it is not text."),
        ("a da", PASSWORD.encode(), "STEWARD_ADMIN_USER was not made: Enter a valid"),
        ("", PASSWORD.encode(), "Set both STEWARD_ADMIN_USER and STEWARD_ADMIN_PASSW"),
    ],
)
def test_settings_that_will_not_do_are_one_sentence(
    made: dict[str, str],
    tmp_path: Path,
    name: str,
    password: bytes | None,
    sentence: str,
) -> None:
    file = tmp_path / "password"
    if password is not None:
        file.write_bytes(password)
    made |= {"STEWARD_ADMIN_USER": name, "STEWARD_ADMIN_PASSWORD_FILE": str(file)}

    done: subprocess.CompletedProcess[str] = manage(
        made, "up", "--no-demo", "--port", str(free_port())
    )

    assert done.returncode == 2
    assert sentence.format(file=file) in done.stderr
    assert done.stderr.count("\n") == 1
    assert manage(made, "shell", "-v", "0", "-c", WHO).stdout == "\n"
