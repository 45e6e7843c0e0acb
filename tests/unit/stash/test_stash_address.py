"""Which addresses a source may have."""

import pytest

from syncapp.stash.address import normalize
from syncapp.stash.client import StashClient
from syncapp.stash.errors import BadAddress, StashError


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("http://nas:9999", "http://nas:9999"),
        (" http://nas:9999/ ", "http://nas:9999"),
        ("HTTP://NAS:80", "http://nas"),
        ("https://stash.example.org:443/", "https://stash.example.org"),
        ("http://my_container:9999", "http://my_container:9999"),
        ("http://192.168.1.4:9999", "http://192.168.1.4:9999"),
        ("http://127.0.0.1:9999", "http://127.0.0.1:9999"),
        ("http://100.64.3.2:9999", "http://100.64.3.2:9999"),
        ("http://[FD00::0001]:9999/", "http://[fd00::1]:9999"),
        ("http://[::1]", "http://[::1]"),
        ("https://home.example/media/stash/", "https://home.example/media/stash"),
        ("http://nas:9999/graphql", "http://nas:9999"),
        ("http://nas:9999/graphql/", "http://nas:9999"),
        ("nas:9999", "http://nas:9999"),
        ("nas", "http://nas"),
        ("192.168.1.4:9999/", "http://192.168.1.4:9999"),
        ("[fd00::1]:9999", "http://[fd00::1]:9999"),
        ("nas:9999/scenes?sortby=date&disp=1", "http://nas:9999"),
        ("http://nas:9999/scenes/12?qsp=0#top", "http://nas:9999"),
        ("http://nas:9999/settings?tab=security", "http://nas:9999"),
        ("http://nas:9999/login?returnURL=%2Fscenes", "http://nas:9999"),
        (
            "https://home.example/stash/performers/4/scenes",
            "https://home.example/stash",
        ),
        ("http://bücher.example", "http://xn--bcher-kva.example"),
    ],
)
def test_an_address_of_a_home_network_is_kept_in_one_form(
    given: str, kept: str
) -> None:
    assert normalize(given) == kept
    assert normalize(kept) == kept


@pytest.mark.parametrize(
    "given",
    [
        "",
        "ftp://nas",
        "mailto:ada@films.example",
        "javascript:alert(1)",
        "nas:9999/other?x",
        "me:secret@nas:9999",
        "file:///etc/passwd",
        "http://",
        "http:///graphql",
        "http://nas:99999",
        "http://nas:0",
        "http://nas:port",
        "http://me:secret@nas:9999",
        "http://me@nas",
        "http://@nas",
        "http://nas/?apikey=x",
        "http://nas?",
        "http://nas/#top",
        "http://na s",
        "http://nas\\evil",
        "http://nas\r\nX: y",
        "http://nas%2eevil",
        "http://-nas",
        "http://nas..example",
        "http://[::1",
        "http://1.2.3",
        "http://0x7f.1",
        "http://2852039166",
        "http://0xa9fea9fe",
        "http://0251.254.169.254",
        "http://" + "a" * 600,
    ],
)
def test_what_is_no_address_of_a_server_is_refused_in_a_sentence(given: str) -> None:
    with pytest.raises(
        BadAddress, match=r"^This address cannot be used\. .+\."
    ) as info:
        normalize(given)

    assert "secret" not in str(info.value)
    assert isinstance(info.value, ValueError)
    assert isinstance(info.value, StashError)


@pytest.mark.parametrize(
    "host",
    [
        "169.254.169.254",
        "169.254.0.1",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "224.0.0.1",
        "255.255.255.255",
        "0.0.0.0",
        "[::]",
        "[fe80::1]",
        "[fe80::1%25eth0]",
        "[ff02::1]",
        "[fd00:ec2::254]",
        "[::ffff:169.254.169.254]",
        "[64:ff9b::a9fe:a9fe]",
        "[2002:a9fe:a9fe::1]",
    ],
)
def test_addresses_at_which_no_stash_can_be_are_refused(host: str) -> None:
    with pytest.raises(BadAddress):
        normalize(f"http://{host}:9999")


@pytest.mark.parametrize("page", ["movies", "images", "setup"])
def test_a_path_that_is_called_like_a_page_is_kept_if_it_is_meant(page: str) -> None:
    url = f"https://nas.example/{page}"

    assert normalize(url) == "https://nas.example"
    assert normalize(f"{url}/") == url
    assert normalize(f"{url}/scenes/7?x=1") == "https://nas.example"
    assert normalize(url, cut_pages=False) == url
    assert StashClient(url).url == url


@pytest.mark.parametrize("text", ["127.0.0.1", "10.0.0.1", "8.8.8.8", "::1", "fd12::1"])
def test_private_and_public_addresses_may_be_connected_to(text: str) -> None:
    url = f"http://[{text}]:9999" if ":" in text else f"http://{text}:9999"

    assert normalize(url) == url
