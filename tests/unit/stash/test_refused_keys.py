"""A key that Stash refuses: wrong, or needless."""

import pytest

from syncapp.demo import DemoServer, Library
from syncapp.stash.client import StashClient
from syncapp.stash.errors import KeyRefused

KEY = "canary-key-4f9b"


def test_a_key_that_is_sent_to_an_open_server_is_told_to_be_needless() -> None:
    with (
        DemoServer(Library(seed=2, scenes=1), port=0, api_key="") as demo,
        StashClient(demo.url, KEY) as client,
        pytest.raises(KeyRefused, match="needs no API key") as info,
    ):
        client.handshake()

    assert KEY not in str(info.value)


@pytest.mark.parametrize("version", [(0, 25), (0, 30)])
def test_a_wrong_key_is_told_to_be_wrong(version: tuple[int, int]) -> None:
    with DemoServer(Library(seed=2, scenes=1), port=0, api_key=KEY) as demo:
        demo.play_version(*version)
        with (
            StashClient(demo.url, "another") as client,
            pytest.raises(KeyRefused, match="refused our API key"),
        ):
            client.handshake()
