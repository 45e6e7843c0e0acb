"""A Stash with a certificate of its own, behind basic auth, or both."""

import hashlib
import io
import logging
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client
from pytest_django import Settings

from jobs.models import JobEvent
from syncapp import services
from syncapp.demo import DemoServer, Library
from syncapp.models import Scene, Source
from syncapp.services import read_way_in
from syncapp.stash.errors import BadAddress
from tests.builders import make_person, make_source
from tests.certificates import Certificate, self_signed
from tests.home_network import Proxy, running

pytestmark = pytest.mark.django_db(transaction=True)
KEY, USER, PASSWORD = "canary-key-5b1e", "gate", "canary-word-0c44"
HEADER = "X-Token: canary-header-91aa"
SECRETS = (KEY, PASSWORD, "canary-header-91aa")
OURS = self_signed()
WAYS = pytest.mark.parametrize(
    ("certificate", "user"),
    [(OURS, ""), (None, USER), (OURS, USER)],
    ids=["own certificate", "basic auth", "both"],
)


@pytest.fixture
def keyed() -> Iterator[DemoServer]:
    with DemoServer(Library(seed=1, scenes=5), port=0, api_key=KEY) as demo:
        yield demo


@contextmanager
def proxy_before(
    demo: DemoServer, folder: Path, certificate: Certificate | None, user: str = ""
) -> Iterator[Proxy]:
    tls = None
    if certificate is not None:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(*certificate.write(folder))
    with running(Proxy(demo, tls, user, PASSWORD)) as proxy:
        yield proxy


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(make_person("ada", "syncapp.manage_source", "jobs.run_job"))
    return client


def command(*words: str) -> tuple[str, int]:
    """Run `manage.py source`; returns all that it said, and its exit code."""
    out = io.StringIO()
    try:
        call_command("source", *words, stdout=out, stderr=out)
    except CommandError as exc:
        return f"{out.getvalue()}{exc}", exc.returncode
    return out.getvalue(), 0


def file_with(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(f"{text}\n")
    return str(path)


def fingerprint(certificate: Certificate) -> str:
    der = ssl.PEM_cert_to_DER_cert(certificate.certificate)
    return hashlib.sha256(der).hexdigest()


def stored() -> str:
    """Return what somebody with a copy of the database sees of sources."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM syncapp_source")
        return repr(cursor.fetchall())


@WAYS
def test_it_is_connected_by_the_page_and_no_secret_is_seen(
    certificate: Certificate | None,
    user: str,
    keyed: DemoServer,
    manager: Client,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    form = {
        "name": "Attic",
        "api_key": KEY,
        "certificate": certificate.certificate if certificate else "",
        "user": user,
        "password": PASSWORD if user else "",
        "headers": HEADER,
    }
    with proxy_before(keyed, tmp_path, certificate, user) as proxy:
        form["url"] = proxy.url
        wrong = {**form, "api_key": "wrong-one", "do": "connect"}
        refused = manager.post("/connect/", wrong).content.decode()
        answer = manager.post("/connect/", {**form, "do": "connect"})

    source = Source.objects.get()
    page = manager.get(answer["Location"]).content.decode()
    assert "refused our API key" in refused
    assert source.version
    assert b"X-Token: canary-header-91aa" in proxy.heads[-1]
    seen = [refused, page, caplog.text, stored(), repr(source.way_in())]
    assert not [secret for secret in SECRETS for text in seen if secret in text]


@WAYS
def test_it_is_connected_by_the_command_and_mirrored(
    certificate: Certificate | None, user: str, keyed: DemoServer, tmp_path: Path
) -> None:
    words = ["--key-file", file_with(tmp_path, "key", KEY)]
    if certificate:
        text = certificate.certificate
        words += ["--certificate-file", file_with(tmp_path, "pem", text)]
    if user:
        words += ["--user", user]
        words += ["--password-file", file_with(tmp_path, "password", PASSWORD)]
    with proxy_before(keyed, tmp_path, certificate, user) as proxy:
        said, code = command("add", "Attic", proxy.url, *words)
        call_command("sync", "--full", "--inline", stdout=io.StringIO())

    assert (code, "The source answers: Stash v" in said) == (0, True)
    assert Scene.objects.count() == 5
    log = " ".join(JobEvent.objects.values_list("message", flat=True))
    assert not [secret for secret in SECRETS if secret in said + log + stored()]


def test_who_refuses_is_named_and_set_mends_it(
    keyed: DemoServer, tmp_path: Path
) -> None:
    with proxy_before(keyed, tmp_path, OURS, USER) as proxy:
        make_source("Attic", url=proxy.url, api_key=KEY)
        certificate = file_with(tmp_path, "pem", fingerprint(OURS))
        untrusted = command("test", "Attic")
        command("set", "Attic", "--certificate-file", certificate)
        stopped = command("test", "Attic")
        headers = file_with(tmp_path, "headers", "Authorization: Basic bm8=")
        command("set", "Attic", "--headers-file", headers)
        wrong = command("test", "Attic")
        word = file_with(tmp_path, "password", PASSWORD)
        command("set", "Attic", "--user", USER, "--password-file", word)
        mended = command("test", "Attic")

    assert "nobody whom we trust has signed it" in untrusted[0]
    assert "it is not Stash that asks for its API key" in stopped[0]
    assert "refused us, not Stash" in wrong[0]
    assert [code for _, code in (untrusted, stopped, wrong, mended)] == [5, 5, 5, 0]


def test_set_moves_a_source_and_takes_its_secrets_away(tmp_path: Path) -> None:
    headers = file_with(tmp_path, "headers", HEADER)
    make_source("Attic", api_key=KEY)
    command("set", "Attic", "--headers-file", headers)

    said, code = command("set", "Attic", "--url", "other:9999")

    source = Source.objects.get()
    assert (code, source.url) == (0, "http://other:9999")
    assert (source.api_key, source.headers) == ("", "")
    assert "the API key and the headers were removed" in said


def test_set_takes_away_what_is_needed_no_more(tmp_path: Path) -> None:
    headers = file_with(tmp_path, "headers", HEADER)
    make_source("Attic", certificate=OURS.certificate)
    command("set", "Attic", "--headers-file", headers)

    command("set", "Attic", "--no-certificate", "--no-headers")

    source = Source.objects.get()
    assert (source.certificate, source.headers) == ("", "")


@pytest.mark.parametrize(
    ("shown", "why"),
    [
        (self_signed(ended=True), "its time is over"),
        (self_signed(name="nas", address="192.0.2.1"), "made for another address"),
    ],
    ids=["ended", "another's"],
)
def test_a_certificate_says_what_is_wrong_with_it_and_a_fingerprint_takes_it(
    shown: Certificate, why: str, keyed: DemoServer, tmp_path: Path
) -> None:
    with proxy_before(keyed, tmp_path, shown) as proxy:
        trusted = read_way_in(shown.certificate)
        pinned = read_way_in(f"SHA256 Fingerprint={fingerprint(shown).upper()}")
        refused = services.test_connection(proxy.url, KEY, trusted)
        taken = services.test_connection(proxy.url, KEY, pinned)

    assert why in refused.sentence
    assert taken.ok


def test_another_certificate_than_the_pinned_one_gets_no_request(
    keyed: DemoServer, tmp_path: Path
) -> None:
    with proxy_before(keyed, tmp_path, OURS) as proxy:
        tried = services.test_connection(
            proxy.url, KEY, read_way_in(fingerprint(self_signed()))
        )

    assert (tried.code, proxy.heads) == ("tls_failed", [])
    assert "another one than the one whose fingerprint" in tried.sentence


def test_a_setting_trusts_whom_this_machine_trusts(
    keyed: DemoServer,
    tmp_path: Path,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", file_with(tmp_path, "pem", OURS.certificate))
    with proxy_before(keyed, tmp_path, OURS) as proxy:
        source = make_source(url=proxy.url, api_key=KEY)
        before = services.test_source(source.pk)
        settings.SYSTEM_CERTIFICATES = True
        after = services.test_source(source.pk)

    assert (before.code, after.code) == ("tls_failed", "ok")


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1:8000", "http://localhost:8000/jobs/", "http://[::1]:8000"),
        *("https://home.example/steward", "https://home.example/steward/scenes/?q=x"),
    ],
)
def test_our_own_address_is_no_source(address: str, settings: Settings) -> None:
    settings.PUBLIC_URL, settings.PUBLIC_PATH = (
        "https://home.example/steward",
        "/steward",
    )
    settings.HOST, settings.PORT = "127.0.0.1", 8000

    with pytest.raises(BadAddress, match="It is Steward's own"):
        services.add_source("Attic", address)

    services.add_source("Beside it", "https://home.example/stash")


@pytest.mark.parametrize(
    ("address", "typed", "sentence"),
    [
        ("certificate", {"certificate": "MIIB"}, "That is no certificate"),
        ("certificate", {"certificate": OURS.key}, "That holds a private key"),
        ("proxy", {"headers": "X-Token"}, "Each header is a line such as"),
        ("proxy", {"headers": "Host: nas"}, "The header Host is not for you to set"),
        ("proxy", {"headers": "X-Forwarded-For: 1.2.3.4"}, "is not for you to set"),
        ("proxy", {"headers": "X-A: gr\u00fcn"}, "no header can have"),
        ("proxy", {"user": "a:b", "password": PASSWORD}, "holds no colon"),
        (
            "proxy",
            {"user": "a", "password": PASSWORD, "headers": "Authorization: Bearer x"},
            "not both",
        ),
    ],
)
def test_what_cannot_be_used_is_told_on_the_page_of_the_source(
    address: str, typed: dict[str, str], sentence: str, manager: Client
) -> None:
    source = make_source()

    answer = manager.post(f"/sources/{source.pk}/{address}/", typed)

    page = answer.content.decode()
    assert (answer.status_code, sentence in page) == (400, True)
    assert PASSWORD not in page
    assert "X-Forwarded-For: 1.2.3.4" not in page


def test_the_page_of_a_source_keeps_and_removes_certificate_and_headers(
    manager: Client,
) -> None:
    source = make_source()
    place = f"/sources/{source.pk}"

    manager.post(f"{place}/certificate/", {"certificate": OURS.certificate})
    manager.post(f"{place}/proxy/", {"headers": HEADER})
    kept = Source.objects.get()
    page = manager.get(f"{place}/").content.decode()
    manager.post(f"{place}/certificate/", {"certificate": ""})
    manager.post(f"{place}/proxy/", {})
    unchanged = Source.objects.get()
    manager.post(f"{place}/proxy/", {"remove": "yes"})

    assert kept.certificate == OURS.certificate.strip()
    assert kept.way_in().headers == (("X-Token", "canary-header-91aa"),)
    assert "Remove them" in page
    assert "canary-header-91aa" not in page
    assert (unchanged.certificate, unchanged.headers != "") == ("", True)
    assert Source.objects.get().headers == ""
