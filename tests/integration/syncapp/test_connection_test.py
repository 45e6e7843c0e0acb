"""The connection test: each thing that may be wrong has its step and its sentence."""

import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asgiref.sync import sync_to_async
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.test import AsyncClient

from syncapp import services
from syncapp.demo import DemoServer
from syncapp.models import Source
from syncapp.services import connection_test
from tests.builders import make_person

KEY = "canary-key-77d1"
Break = Callable[[DemoServer], None]


def failed(url: str, key: str = "") -> tuple[str, str]:
    """Return name and sentence of the step that failed; those after were not tried."""
    steps = services.test_connection(url, key).steps
    states = [step.state for step in steps]
    place = states.index("failed")
    assert set(states[:place]) <= {"ok"}
    assert set(states[place + 1 :]) <= {"not reached"}
    return steps[place].name, steps[place].sentence


def test_a_stash_that_is_well_passes_every_step(demo: DemoServer) -> None:
    steps = services.test_connection(demo.url, "").steps

    assert [step.state for step in steps] == ["ok"] * 7
    assert "Stash v" in steps[5].sentence


def test_no_such_name() -> None:
    name, sentence = failed("http://nas:9999")

    assert name == "Name"
    assert "No server named 'nas' was found" in sentence


def test_forbidden_address() -> None:
    assert failed("http://169.254.169.254")[0] == "Name"


def test_refused() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        name, sentence = failed(f"http://127.0.0.1:{closed.getsockname()[1]}")

    assert name == "Connection"
    assert "Nothing answers at" in sentence


def test_silence_is_given_up_in_time(demo: DemoServer) -> None:
    demo.faults.hang(times=5)  # until the test has ended

    name, sentence = failed(demo.url)

    assert connection_test.LIMITS.deadline_s <= 8
    assert name == "Connection"
    assert "did not answer in time" in sentence


def test_others_wait_while_two_servers_are_being_tried(demo: DemoServer) -> None:
    with demo.gate.hold() as held, ThreadPoolExecutor(2) as pool:
        tests = [pool.submit(services.test_connection, demo.url, "") for _ in range(2)]
        held.wait(10, count=2)

        with pytest.raises(services.TooManyTests, match="try again in a few seconds"):
            services.test_connection(demo.url, "")

        held.open()
        assert all(test.result().ok for test in tests)
    assert services.test_connection(demo.url, "").ok


def test_plain_http_behind_https(demo: DemoServer) -> None:
    name, sentence = failed(demo.url.replace("http:", "https:"))

    assert name == "Secure connection"
    assert "does not speak https" in sentence


@pytest.fixture
def self_signed(tmp_path: Path) -> Iterator[str]:
    """Serve TLS with a certificate that nobody trusts; yields the address."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(
            name, name, key.public_key(), x509.random_serial_number()
        )
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (tmp_path / "both.pem").write_bytes(
        key.private_bytes(
            pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + made.public_bytes(pem)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "both.pem")
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            try:
                connection, _ = listener.accept()
                with connection:
                    context.wrap_socket(connection, server_side=True).close()
            except OSError:  # the other side hung up, as it should
                return

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"https://127.0.0.1:{listener.getsockname()[1]}"
        thread.join(5)


def test_certificate_that_is_not_trusted(self_signed: str) -> None:
    name, sentence = failed(self_signed)

    assert name == "Secure connection"
    assert "certificate is not trusted" in sentence


def needs_key(demo: DemoServer) -> None:
    demo.api_key = KEY


def old(demo: DemoServer) -> None:
    demo.schema_without("Scene.files")


def page(demo: DemoServer) -> None:
    demo.faults.html(times=5)


def set_up(demo: DemoServer) -> None:
    demo.library.status = "SETUP"


def migrate(demo: DemoServer) -> None:
    demo.library.status = "NEEDS_MIGRATION"


def in_trouble(demo: DemoServer) -> None:
    demo.faults.status(500, times=5)


@pytest.mark.parametrize(
    ("wrong", "key", "step", "sentence"),
    [
        (page, "", "Stash", "a web page instead of Stash"),
        (in_trouble, "", "Stash", "is in trouble"),
        (needs_key, "", "API key", "asks for an API key"),
        (needs_key, "another", "API key", "refused our API key"),
        (set_up, "", "Version and state", "has not been set up yet"),
        (migrate, "", "Version and state", "to be migrated"),
        (old, "", "Needed fields", "Steward needs Stash 0.24 or later"),
    ],
)
def test_what_answers_wrongly_has_its_own_sentence(
    wrong: Break, key: str, step: str, sentence: str, demo: DemoServer
) -> None:
    wrong(demo)

    name, told = failed(demo.url, key)

    assert name == step
    assert sentence in told
    assert KEY not in told
    assert "Router" not in told  # no text of the other side


MANAGED = pytest.mark.django_db(transaction=True)


@pytest.fixture
def manager(claimed: None, async_client: AsyncClient) -> AsyncClient:
    """Give the browser of somebody who manages sources."""
    person = make_person("ada", "syncapp.manage_source", "jobs.run_job")
    async_client.force_login(person)
    return async_client


@MANAGED
async def test_connecting_keeps_a_source_that_is_well(
    manager: AsyncClient, demo: DemoServer
) -> None:
    demo.api_key = KEY
    form = {"name": "Attic", "url": demo.url, "api_key": KEY, "do": "connect"}

    response = await manager.post("/connect/", form)

    source = await Source.objects.aget()
    assert response["Location"] == f"/sources/{source.pk}/"
    assert (source.api_key.open(), source.read_only) == (KEY, True)
    html = (await manager.get(f"/sources/{source.pk}/")).content.decode()
    assert "reached" in html
    assert KEY not in html


@MANAGED
async def test_connecting_shows_the_step_that_failed_and_keeps_nothing(
    manager: AsyncClient, demo: DemoServer
) -> None:
    demo.api_key = KEY
    form = {"name": "Attic", "url": demo.url, "api_key": "wrong-one", "do": "connect"}

    html = (await manager.post("/connect/", form)).content.decode()

    assert "refused our API key" in html
    assert "not reached" in html
    assert "wrong-one" not in html
    assert not await Source.objects.aexists()


@MANAGED
async def test_moving_a_source_removes_its_key_and_says_so(
    manager: AsyncClient,
) -> None:
    source = await Source.objects.acreate(name="A", url="http://nas:9999", api_key=KEY)
    form = {"name": "A", "url": "http://elsewhere:9999", "read_only": "on"}

    response = await manager.post(f"/sources/{source.pk}/", form, follow=True)

    assert "the API key was removed" in response.content.decode()
    moved = await Source.objects.aget()
    assert (moved.api_key, moved.url) == ("", "http://elsewhere:9999")


@MANAGED
async def test_connecting_keeps_whether_syncs_ask_for_an_analysis(
    manager: AsyncClient, demo: DemoServer
) -> None:
    form = {"name": "Attic", "url": demo.url, "do": "connect"}

    await manager.post("/connect/", {**form, "analyse_after_sync": "on"})

    assert (await Source.objects.aget()).analyse_after_sync is True


@MANAGED
async def test_a_source_s_page_switches_the_analysis_after_syncs(
    manager: AsyncClient,
) -> None:
    source = await Source.objects.acreate(name="A", url="http://nas:9999")
    address = f"/sources/{source.pk}/"
    form = {"name": "A", "url": source.url, "read_only": "on"}

    await manager.post(address, {**form, "analyse_after_sync": "on"})
    await source.arefresh_from_db()
    on, html = source.analyse_after_sync, (await manager.get(address)).content.decode()
    await manager.post(address, form)
    await source.arefresh_from_db()

    assert (on, source.analyse_after_sync, source.read_only) == (True, False, True)
    (box,) = re.findall(r'<input[^>]*name="analyse_after_sync"[^>]*>', html)
    assert "checked" in box


@MANAGED
async def test_a_source_s_page_sets_the_address_for_links(
    manager: AsyncClient,
) -> None:
    source = await Source.objects.acreate(name="A", url="http://nas:9999")
    address = f"/sources/{source.pk}/"
    form = {"name": "A", "url": source.url, "public_url": "stash.example"}

    await manager.post(address, form)
    html = (await manager.get(address)).content.decode()
    wrong = await manager.post(address, {**form, "public_url": "ftp://stash"})

    assert 'name="public_url" value="http://stash.example"' in html
    assert wrong.status_code == 400
    assert "This address cannot be used." in wrong.content.decode()
    await source.arefresh_from_db()
    assert source.public_url == "http://stash.example"


@MANAGED
@pytest.mark.parametrize("address", ["/connect/", "/sources/1/", "/sources/1/remove/"])
async def test_others_may_not_see_or_change_sources(
    address: str, claimed: None, async_client: AsyncClient
) -> None:
    await Source.objects.acreate(pk=1, name="Attic", url="http://nas:9999")
    reader = await sync_to_async(make_person)("noor", "jobs.run_job")
    await async_client.aforce_login(reader)

    for answer in (await async_client.get(address), await async_client.post(address)):
        assert answer.status_code == 403
    assert await Source.objects.aexists()


@MANAGED
async def test_sample_data_goes_by_one_click_and_a_word(
    manager: AsyncClient,
) -> None:
    source = await Source.objects.acreate(
        name="Sample library", url="http://127.0.0.1:9", is_demo=True
    )
    before = (await manager.get("/tags/")).content.decode()
    asked = (await manager.get(f"/sources/{source.pk}/remove/")).content.decode()

    response = await manager.post(f"/sources/{source.pk}/remove/", follow=True)

    assert f'href="/sources/{source.pk}/remove/"' in before
    assert "Remove sample data" in asked
    assert "Sample data." not in response.content.decode()
    assert not await Source.objects.aexists()


@MANAGED
async def test_a_source_with_active_jobs_stays_until_they_are_cancelled(
    manager: AsyncClient,
) -> None:
    source = await Source.objects.acreate(name="Attic", url="http://nas:9999")
    await manager.post(f"/sources/{source.pk}/sync/quick/")
    address = f"/sources/{source.pk}/remove/"

    refused = await manager.post(address)
    page = (await manager.get(address)).content.decode()
    await manager.post(f"/sources/{source.pk}/cancel-jobs/")
    await manager.post(address)

    assert refused.status_code == 409
    assert "Cancel this job" in page
    assert not await Source.objects.aexists()
