"""An answer that is nearly JSON is read as what was meant."""

import msgspec
import pytest

from syncapp.stash.client import StashClient
from syncapp.stash.mending import mended_answer
from tests.fake_wire import Wire, reply


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        (b'{"a": NaN, "b": [-Infinity, +Inf]}', b'{"a": 1e999, "b": [1e999, 1e999]}'),
        (b'{"a": "x: NaN, y", "b": NaN}', b'{"a": "x: NaN, y", "b": 1e999}'),
        (b'{"a": "x\x00\x1by\nz"}', b'{"a": "xy z"}'),
        (
            rb'{"a": "\ud800x \ud83d\ude00 \\ud800"}',
            rb'{"a": "\ufffdx \ud83d\ude00 \\ud800"}',
        ),
        (rb'{"a": "\ude00\ud83d \""}', rb'{"a": "\ufffd\ufffd \""}'),
        (b'\xef\xbb\xbf{"a": 1}', b'{"a": 1}'),
    ],
    ids=["no numbers", "in a text", "control", "half a pair", "turned round", "mark"],
)
def test_what_was_meant_is_read(told: bytes, meant: bytes) -> None:
    assert mended_answer(told) == meant
    assert msgspec.json.decode(meant, type=dict[str, msgspec.Raw])


def test_a_text_without_an_end_is_gone_through_once() -> None:
    told = b'{"a":"' + rb"\"" * 200_000  # from each quote to the end: an hour

    assert mended_answer(told) == told


def test_an_answer_that_is_nearly_json_is_an_answer(
    wire: Wire, client: StashClient
) -> None:
    wire.will(reply(200, b'{"data": {"\xff": {"n": NaN}}}'))

    answer = client.ask("query { tags }", {})

    assert {name: bytes(raw or b"") for name, raw in answer.data.items()} == {
        "\ufffd": b'{"n": 1e999}'
    }
