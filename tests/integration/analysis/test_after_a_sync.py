"""A sync that changed scenes asks for an analysis if its source is switched to that."""

from collections.abc import Iterator

import pytest

from jobs.models import Job
from jobs.services import create_job, run_inline
from syncapp import services
from syncapp.demo import DemoServer, Library
from syncapp.models import Plan, SceneAnalysis
from tests.builders import make_source
from tests.mirror import Mirror

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def small_mirror(transactional_db: None) -> Iterator[Mirror]:
    with DemoServer(Library(seed=3, scenes=40, tags=10), port=0, api_key="") as demo:
        yield Mirror(demo, make_source("Film archive", url=demo.url))


def sync(mirror: Mirror) -> None:
    run_inline(services.start_sync(mirror.source.pk, "quick").job_id)


def analyses() -> list[str]:
    rows = Job.objects.filter(kind="analysis.run").order_by("pk")
    return list(rows.values_list("title", flat=True))


def test_it_asks_if_a_scene_changed(small_mirror: Mirror) -> None:
    services.set_analyse_after_sync(small_mirror.source.pk, on=True)

    sync(small_mirror)
    assert analyses() == ["Analysis of what changed · Film archive"]
    run_inline(Job.objects.get(kind="analysis.run").pk)
    assert SceneAnalysis.objects.count() > 0
    assert Plan.objects.filter(name="Analysis of what changed").count() <= 1

    sync(small_mirror)
    assert len(analyses()) == 1

    small_mirror.demo.library.edit("scene", 7, title="Reef at dawn")
    sync(small_mirror)
    assert len(analyses()) == 2


def test_it_asks_nothing_unless_it_is_switched_on(small_mirror: Mirror) -> None:
    sync(small_mirror)

    assert analyses() == []


def test_two_syncs_in_a_row_ask_for_one_analysis(small_mirror: Mirror) -> None:
    services.set_analyse_after_sync(small_mirror.source.pk, on=True)
    create_job("analysis.run", {"source_id": small_mirror.source.pk})

    sync(small_mirror)

    assert len(analyses()) == 1
