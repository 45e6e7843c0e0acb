"""The sample library that a new user meets is mirrored whole, whatever its paths."""

from collections.abc import Iterator

import pytest

from syncapp.demo import DemoServer, Library
from syncapp.models import Scene, SceneFile, Source
from tests.mirror import Mirror

pytestmark = pytest.mark.django_db


@pytest.fixture
def sample(db: None) -> Iterator[Mirror]:
    """Give an empty mirror of a small library with gaps."""
    with DemoServer(Library(seed=7, scenes=200, gaps=True)) as demo:
        source = Source.objects.create(name="Sample", url=demo.url)
        yield Mirror(demo, source)


def test_paths_of_all_kinds_arrive_as_they_are(sample: Mirror) -> None:
    sample.full()

    assert sample.differences() == []
    paths = set(SceneFile.objects.values_list("path", flat=True))
    assert any(path.startswith("\\\\nas\\films\\") for path in paths)
    assert any("海辺映画社" in path for path in paths)


def test_a_quick_sync_of_unchanged_gaps_sees_nothing(sample: Mirror) -> None:
    sample.full()

    result = sample.quick()

    assert all(counts["seen"] == 0 for counts in result["streams"].values())


def test_what_is_hidden_is_absent_from_the_mirror(sample: Mirror) -> None:
    sample.full()

    hidden = sample.demo.library.hidden_truth()
    mirrored = {int(s.remote_id): s for s in Scene.objects.select_related("studio")}
    assert len(hidden) > 50
    for number, one in hidden.items():
        assert not (one.studio and mirrored[number].studio)
        assert not (one.title and mirrored[number].title)
        assert not (one.date and mirrored[number].date)
