"""Whatever JSON can hold in a record: it is kept, mended or left out, and told."""

import math
import os
import sys
from collections.abc import Iterator

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings

from syncapp.demo import Library
from syncapp.models import Source
from syncapp.stash.reading import Reader
from syncapp.sync import throttle
from syncapp.sync.session import new_session
from syncapp.sync.streams import STREAMS
from syncapp.sync.verify import verify
from tests.mirror import PlainReporter
from tests.property.odd_records import Odd, OddWire, odd_records
from tests.property.running import pull
from tests.property.wire import URL

COUNTS = {"scenes": 200, "performers": 80, "tags": 60, "studios": 60}
MOST = 200  # odd records of one example, half of them at the least
RECORDS = int(os.environ.get("PROVE_RECORDS", "2000"))
if sys.get_int_max_str_digits() < 10_000:
    sys.set_int_max_str_digits(10_000)  # to write a number of 5,000 digits


@pytest.fixture(scope="module", autouse=True)
def whole_pages() -> Iterator[None]:
    """Have no page parted because the machine is slow.

    Of scenes in several parts that have the same file, the earlier are read once more:
    it might have been moved in between.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(throttle, "LONG_S", math.inf)
        yield


@pytest.fixture(scope="module")
def wire() -> Iterator[OddWire]:
    library = Library(
        seed=7,
        scenes=COUNTS["scenes"],
        performers=COUNTS["performers"],
        tags=COUNTS["tags"],
        studios=COUNTS["studios"],
    )
    wire = OddWire(library)
    yield wire
    wire.executor.close()


@pytest.mark.django_db
@pytest.mark.timeout(0)  # `make prove` takes as long as it is asked to
@settings(
    max_examples=RECORDS * 4 // (3 * MOST),
    phases=[Phase.explicit, Phase.generate],
    report_multiple_bugs=False,
    deadline=None,
    database=None,
    derandomize="PROVE_RECORDS" not in os.environ,
    suppress_health_check=list(HealthCheck),
)
@given(odd=odd_records(MOST, COUNTS))
def test_whatever_records_hold_they_are_kept_mended_or_told(
    wire: OddWire, odd: Odd
) -> None:
    wire.odd = odd
    with transaction.atomic():
        source = Source.objects.create(name="Film archive", url=URL)
        first = pull(wire, source, PlainReporter(), everything=True)["streams"]
        again = pull(wire, source, PlainReporter(), everything=True)["streams"]
        wrong = _wrong(wire, source)
        transaction.set_rollback(True)

    for kind, count in COUNTS.items():
        assert first[kind]["seen"] == first[kind]["new"] + first[kind]["skipped"]
        assert first[kind]["seen"] == count
        assert (again[kind]["new"], again[kind]["changed"]) == (0, 0)
    assert wrong == {}


def _wrong(wire: OddWire, source: Source) -> dict[str, dict[str, int]]:
    """Return what differs, by stream.

    What was left out is missing or outdated. A tag or studio below one that is not
    there waits, marked, for its parent.
    """
    with wire.client() as client:
        client.handshake()
        session = new_session(source.pk, Reader(client), PlainReporter(), fetchers=0)
        found = verify(session, STREAMS, sample=0, repair=False)["kinds"]
    told = {"missing", "outdated", "dangling"}
    left = {
        stream: {kind: n for kind, n in kinds.items() if kind not in told}
        for stream, kinds in found.items()
    }
    return {stream: kinds for stream, kinds in left.items() if kinds}
