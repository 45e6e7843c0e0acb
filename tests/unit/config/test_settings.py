"""A wrong setting stops the program with a sentence that names it."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

ROOT = Path(__file__).resolve().parents[3]


def manage(tmp_path: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py with these settings and no others."""
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *words],
        env={
            "PATH": os.environ["PATH"],
            "STEWARD_DATA_DIR": str(tmp_path / "data"),
            **env,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("STEWARD_DATA_DIR", "/etc/hostname", "a folder that can be made and written"),
        ("STEWARD_DEBUG", "maybe", "1 or 0"),
        ("STEWARD_PORT", "70000", "a port from 1 to 65535"),
        ("STEWARD_LANES", "short:2,long:1", "each of system, short and long once"),
        ("STEWARD_ROLE", "boss", "web, worker or command"),
        ("STEWARD_SECRET_KEY", "hunter2", "32 characters or more"),
        ("STEWARD_SECRET_KEY_FILE", "/nowhere", "32 characters or more"),
        ("STEWARD_FERNET_KEYS", "hunter2", "keys as `Fernet.generate_key` makes them"),
        ("STEWARD_URL", "steward.example", "an address such as https://"),
        ("STEWARD_URL", "https://a:hunter2@h.example", "without a user, a query"),
        ("STEWARD_URL", "https://h.example/a?hunter2", "without a user, a query"),
        ("STEWARD_TRUSTED_PROXIES", "my-proxy", "addresses or networks such as"),
        ("STEWARD_TIME_ZONE", "Mars/Base", "a zone such as Europe/Berlin"),
        ("STEWARD_COVERS", "perhaps", "on or off"),
        ("STEWARD_COVERS_MB", "-1", "a number from 0 to 1000000"),
        ("STEWARD_JOB_LEASE_S", "soon", "a number of seconds from 0.5 to 3600"),
        ("STEWARD_MODEL_URL", "ftp://hunter2", "an address such as http://127"),
        ("STEWARD_MODEL_URL", "http://a:hunter2@h/v1", "without a user, a query"),
        ("STEWARD_MODEL_PRICES", "hunter2", "what a million tokens cost"),
        ("STEWARD_MODEL_PRICES", "1/-2", "what a million tokens cost"),
        ("STEWARD_MODEL_MONEY", "NaN", "an amount such as 2.50"),
        ("STEWARD_MODEL_TOKENS", "many", "a number from 0 to 1000000000"),
        ("DATABASE_URL", "hunter2", "an address such as sqlite"),
        ("DATABASE_URL", "other://me:hunter2@db/x", "an address such as sqlite"),
        ("DATABASE_URL", "mysql://me:hunter2@db/x", "an address such as sqlite"),
        ("DATABASE_URL", "postgres://me:hunter2@db:x/y", "an address such as sqlite"),
        ("REDIS_URL", "http://:hunter2@cache", "an address such as redis://"),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not_shown(
    tmp_path: Path, name: str, value: str, wanted: str
) -> None:
    done = manage(tmp_path, "check", **{name: value})

    setting = name.removesuffix("_FILE")
    assert done.returncode == 2
    assert done.stderr.startswith(f"The setting {setting} cannot be used: wanted is ")
    assert wanted in done.stderr
    assert done.stderr.count("\n") == 1
    assert "hunter2" not in done.stderr


@pytest.mark.parametrize(
    ("given", "lacks"),
    [
        ({"STEWARD_MODEL_URL": "http://nas/v1"}, "STEWARD_MODEL_NAME"),
        ({"STEWARD_MODEL_MONEY": "2.50"}, "STEWARD_MODEL_PRICES"),
    ],
)
def test_a_setting_that_another_one_needs_is_asked_for(
    tmp_path: Path, given: dict[str, str], lacks: str
) -> None:
    done = manage(tmp_path, "check", **given)

    assert done.returncode == 2
    assert done.stderr.startswith(f"The setting {lacks} cannot be used: wanted is ")


def test_secrets_are_made_once_and_for_their_owner_alone(tmp_path: Path) -> None:
    manage(tmp_path, "check")
    keys = [tmp_path / "data" / name for name in ("secret.key", "fernet.key")]
    first = [key.read_text() for key in keys]

    done = manage(tmp_path, "check")

    assert done.returncode == 0, done.stderr
    assert [key.read_text() for key in keys] == first
    assert [stat.S_IMODE(key.stat().st_mode) for key in keys] == [0o600, 0o600]
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["secret.key", "fernet.key"])
@pytest.mark.parametrize("left", ["", "\n", "a-part-of-a-key", "\udcff\udcfe"])
def test_a_key_that_is_empty_or_cut_is_told_in_one_sentence(
    tmp_path: Path, name: str, left: str
) -> None:
    manage(tmp_path, "check")
    file = tmp_path / "data" / name
    file.write_bytes(left.encode("utf-8", "surrogateescape"))

    done = manage(tmp_path, "check")

    assert done.returncode == 2
    assert done.stderr.startswith(f"{file} holds no usable key")
    assert "move the file away" in done.stderr
    assert done.stderr.count("\n") == 1
    file.unlink()
    assert manage(tmp_path, "check").returncode == 0  # as the sentence says


def test_an_empty_folder_is_closed_when_steward_moves_in(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(0o755)

    manage(tmp_path, "check")

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


OURS = (
    *("steward.sqlite3", "steward.sqlite3-wal", "steward.sqlite3-shm"),
    *("secret.key", "fernet.key", "setup-code", "migrate.lock", "sample-address"),
    "backups/steward-20260517T120000.sqlite3",
)


def opened_folder(tmp_path: Path, *others: str) -> tuple[Path, list[Path]]:
    """Make a folder as an older Steward left it: all may read what is in it."""
    folder = tmp_path / "data"
    (folder / "backups").mkdir(parents=True)
    manage(tmp_path, "check")  # makes the keys
    for name in (*OURS, *others):
        (folder / name).touch()
        (folder / name).chmod(0o644)
    (folder / "backups").chmod(0o755)
    folder.chmod(0o755)
    return folder, [folder / name for name in OURS]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_folder_of_steward_s_own_is_closed_with_all_its_files(tmp_path: Path) -> None:
    folder, ours = opened_folder(tmp_path)

    done = manage(tmp_path, "check")

    assert {path.name: mode(path) for path in ours if mode(path) != 0o600} == {}
    assert (mode(folder), mode(folder / "backups")) == (0o700, 0o700)
    assert "data folder" not in done.stderr


def test_in_a_folder_that_others_share_files_are_closed_and_a_check_says_what_to_do(
    tmp_path: Path,
) -> None:
    folder, ours = opened_folder(tmp_path, "photo.jpeg")

    done = manage(tmp_path, "check")

    assert {path.name: mode(path) for path in ours if mode(path) != 0o600} == {}
    assert (mode(folder), mode(folder / "photo.jpeg")) == (0o755, 0o644)
    assert f"Others may open the data folder {folder} (mode 0755)" in done.stderr
    assert f"chmod 700 {folder}" in done.stderr
    assert done.returncode == 0


def test_a_new_database_is_closed_before_anything_is_in_it(tmp_path: Path) -> None:
    folder, _ = opened_folder(tmp_path, "photo.jpeg")
    (folder / "steward.sqlite3").unlink()
    script = (
        "import sys; from syncapp.management.database import prepare; "
        "from syncapp.models import Source; prepare(sys.stderr.write); "
        "Source.objects.create(name='Attic'); "
        "from pathlib import Path; print(sorted(oct(p.stat().st_mode & 0o777) "
        f"for p in Path({str(folder)!r}).glob('*.sqlite3*')))"
    )

    done = manage(tmp_path, "shell", "-v", "0", "-c", script)

    assert done.stdout.strip() == str(["0o600"] * 3), done.stderr


def test_a_database_in_another_folder_is_closed(tmp_path: Path) -> None:
    database = tmp_path / "elsewhere.db"
    files = [database, tmp_path / "elsewhere.db-wal", tmp_path / "elsewhere.db-shm"]
    for file in files:
        file.touch()
        file.chmod(0o644)

    manage(tmp_path, "check", DATABASE_URL=f"sqlite:///{database}")

    assert [mode(file) for file in files] == [0o600] * 3


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("x" * 40)

    script = "from django.conf import settings; print(settings.SECRET_KEY)"
    done = manage(
        tmp_path, "shell", "-v", "0", "-c", script, STEWARD_SECRET_KEY_FILE=str(file)
    )

    assert done.stdout.strip() == "x" * 40


def test_the_production_profile_has_no_warnings(tmp_path: Path) -> None:
    done = manage(
        tmp_path,
        *("check", "--deploy", "--fail-level", "WARNING"),
        STEWARD_URL="https://steward.example",
        STEWARD_SECRET_KEY="a-long-key-for-this-test-alone-0123456789-abcdefghij",
    )

    assert done.returncode == 0, done.stderr


def test_an_https_address_closes_what_the_checks_of_django_would_ask_for(
    tmp_path: Path,
) -> None:
    # Those checks are off where the middleware does not have Django's own name.
    asked = {
        "CSRF_COOKIE_SECURE": True,
        "SECURE_CONTENT_TYPE_NOSNIFF": True,
        "SECURE_REFERRER_POLICY": "same-origin",
        "SECURE_SSL_REDIRECT": True,
        "SESSION_COOKIE_SECURE": True,
        "X_FRAME_OPTIONS": "DENY",
    }
    script = (
        "from django.conf import settings as s; "
        f"print({{name: getattr(s, name) for name in {sorted(asked)}}}, "
        "s.SECURE_HSTS_SECONDS >= 31536000)"
    )

    done = manage(
        tmp_path,
        *("shell", "-v", "0", "-c", script),
        STEWARD_URL="https://steward.example",
    )

    assert done.stdout.strip() == f"{asked} True"


def test_an_address_below_a_path_is_what_commands_print_and_cookies_go_to(
    tmp_path: Path,
) -> None:
    manage(tmp_path, "migrate", "-v", "0")
    address = {"STEWARD_URL": "https://h.example/steward/"}
    script = (
        "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, "
        "s.SESSION_COOKIE_PATH, s.CSRF_COOKIE_PATH, s.STATIC_URL)"
    )

    link = manage(tmp_path, "setup_link", **address)
    cookies = manage(tmp_path, "shell", "-v", "0", "-c", script, **address)

    assert "Open https://h.example/steward/setup/#" in link.stdout, link.stderr
    assert cookies.stdout.split() == [
        *("__Secure-steward_session", "/steward/", "/steward/", "/steward/static/")
    ]


def test_every_part_of_django_that_guards_a_request_stands_in_its_way() -> None:
    ours = [import_string(name) for name in settings.MIDDLEWARE]
    guards = (
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.middleware.security.SecurityMiddleware",
    )

    found = [
        name
        for name in guards
        if any(
            isinstance(one, type) and issubclass(one, import_string(name))
            for one in ours
        )
    ]

    assert found == list(guards)
