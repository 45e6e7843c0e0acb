"""A server writes its local time as text; no zone and no clock change hides an edit."""

from datetime import UTC, datetime, timedelta

import pytest

from syncapp.demo import DemoServer, Library
from syncapp.models import Scene, Source
from tests.mirror import Mirror

pytestmark = pytest.mark.django_db
ZONES = ("UTC", "Asia/Tokyo", "Pacific/Honolulu", "America/Los_Angeles")
# The hour that Los Angeles lives twice begins at 8:00 UTC.
AUTUMN_NIGHT = datetime(2025, 11, 2, 8, 0, tzinfo=UTC)
SPRING_NIGHT = datetime(2026, 3, 8, 9, 30, tzinfo=UTC)


def mirror_of(demo: DemoServer) -> Mirror:
    return Mirror(demo, Source.objects.create(name="Observatory", url=demo.url))


def edit_all_night(mirror: Mirror, begin: datetime, hours: int) -> list[str]:
    """Edit a scene each quarter of an hour, and sync; returns what was ever missed."""
    library, missed = mirror.demo.library, []
    for quarter in range(hours * 4):
        at = begin + timedelta(minutes=15 * quarter)
        library.now = lambda at=at: at
        library.edit("scene", 1 + quarter % 7, title=f"Exposure of {at:%H:%M} UTC")
        library.now = lambda at=at: at + timedelta(minutes=5)
        mirror.quick()
        missed += mirror.differences()
    return missed


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    "night", [AUTUMN_NIGHT, SPRING_NIGHT], ids=["autumn", "spring"]
)
def test_every_edit_of_a_night_is_seen_in(zone: str, night: datetime, db: None) -> None:
    library = Library(seed=5, scenes=40, tags=8, zone=zone)
    with DemoServer(library, port=0, api_key="") as demo:
        mirror = mirror_of(demo)
        mirror.quick()

        assert edit_all_night(mirror, night, hours=3) == []


def test_edit_whose_text_is_older_than_those_before_is_seen(db: None) -> None:
    """More than a probe's worth of edits, then an hour later one that sorts below."""
    library = Library(seed=5, scenes=400, tags=8, zone="America/Los_Angeles")
    library.now = lambda: AUTUMN_NIGHT + timedelta(minutes=50)
    for number in range(1, 301):
        library.edit("scene", number, rating100=50)
    with DemoServer(library, port=0, api_key="") as demo:
        mirror = mirror_of(demo)
        library.now = lambda: AUTUMN_NIGHT + timedelta(minutes=55)
        mirror.quick()
        library.now = lambda: AUTUMN_NIGHT + timedelta(minutes=70)
        library.edit("scene", 350, title="The clock had been set back")
        library.now = lambda: AUTUMN_NIGHT + timedelta(minutes=80)

        mirror.quick()

        assert mirror.differences() == []


def test_index_is_read_for_26_hours_after_the_server_moved(db: None) -> None:
    library = Library(seed=5, scenes=40, tags=8, zone="Asia/Tokyo")
    noon = datetime(2025, 12, 1, 12, tzinfo=UTC)
    with DemoServer(library, port=0, api_key="") as demo:
        mirror = mirror_of(demo)
        library.now = lambda: noon
        library.edit("scene", 1, title="Filmed in Tokyo")
        library.zone = "Pacific/Honolulu"
        library.now = lambda: noon + timedelta(hours=1)
        library.edit("scene", 2, title="Filmed in Honolulu")
        library.now = lambda: noon + timedelta(hours=2)
        mirror.quick()

        assert indexed(mirror) is True
        library.now = lambda: noon + timedelta(hours=25)
        assert indexed(mirror) is True
        library.now = lambda: noon + timedelta(hours=27)
        assert indexed(mirror) is False
        assert Scene.objects.get(remote_id=2).title == "Filmed in Honolulu"
        assert mirror.differences() == []


def indexed(mirror: Mirror) -> bool:
    """Sync, and say whether the scenes' index was read."""
    mirror.demo.requests.clear()
    mirror.quick()
    return bool(mirror.demo.requests.count(operation="SceneIndex"))
