"""Old history is cleared away, in small steps, and what is not old stays."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from pytest_django import Settings

from jobs import queries, services
from jobs.queue.context import JobContext
from syncapp.job_handlers import history_prune
from syncapp.models import ChangeSet, HistoryEntry, Source
from tests.builders import make_entry, make_scene, make_source, make_tag

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime.now(UTC)


@pytest.fixture
def source(transactional_db: None) -> Source:
    return make_source()


def prune() -> dict[str, Any]:
    ref = services.create_job("history.prune", {})
    services.run_inline(ref.job_id)
    card = queries.job_card(ref.job_id)
    assert card.status == "succeeded", card.error_text
    return dict(card.result)


def change(row: Any, days: int, job_id: int | None) -> None:
    at = NOW - timedelta(days=days)
    make_entry(row, at, {"code": ["", "A"]}, job_id=job_id)


def left() -> tuple[set[int | None], set[int]]:
    """Return the jobs of all entries, and those of all change sets."""
    entries = HistoryEntry.objects.values_list("job_id", flat=True)
    return set(entries), set(ChangeSet.objects.values_list("job_id", flat=True))


def test_what_is_older_than_the_setting_goes(source: Source) -> None:
    scene, tag = make_scene(source, 1, "Dawn"), make_tag(source, 1, "Sea")
    change(scene, 91, 1)
    change(tag, 91, 1)
    change(tag, 92, None)
    change(scene, 89, 2)
    change(tag, 89, None)

    done = prune()

    assert left() == ({2, None}, {2})
    assert HistoryEntry.objects.get(job_id=None).at > NOW - timedelta(days=90)
    assert done == {"entries": 3, "jobs": 1}


def test_how_long_is_a_setting_and_0_is_for_ever(
    source: Source, settings: Settings
) -> None:
    scene = make_scene(source, 1, "Dawn")
    change(scene, 3_000, 1)
    change(scene, 3, 2)

    settings.HISTORY_DAYS = 0
    assert prune() == {"entries": 0, "jobs": 0}
    settings.HISTORY_DAYS = 2
    assert prune() == {"entries": 2, "jobs": 2}

    assert left() == (set(), set())


def test_it_goes_in_small_transactions(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_prune, "ENTRIES", 3)
    monkeypatch.setattr(history_prune, "SETS", 2)
    sizes: list[int] = []
    write = JobContext.atomic

    def measured(ctx: Any) -> Any:
        sizes.append(HistoryEntry.objects.count())
        return write(ctx)

    monkeypatch.setattr(JobContext, "atomic", measured)
    for number in range(1, 5):
        scene = make_scene(source, number, "Dawn")
        for other in range(4):
            change(scene, 100 + other, number)
            change(make_tag(source, 10 * number + other, "Sea"), 100, number)

    done = prune()

    steps = [before - after for before, after in pairwise(sizes)]
    assert done == {"entries": 32, "jobs": 4}
    assert 0 < max(steps) <= 4
    assert left() == (set(), set())
