"""A purge drops old tombstones with all that is theirs, and nothing else."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from jobs.queries import job_card
from jobs.services import run_inline
from syncapp import services
from syncapp.models import (
    Dismissal,
    NotADuplicate,
    Scene,
    SceneAnalysis,
    SceneFile,
    ScenePerformer,
    SceneTag,
    Studio,
    StudioTag,
    Tag,
    TagParent,
)
from syncapp.models.keys import row_id
from syncapp.queries import purgeable_rows
from syncapp.sync import purge as purging
from tests.mirror import Interrupted, Mirror, PlainReporter

LONG_AGO = datetime.now(UTC) - timedelta(days=100)


def age() -> None:
    """Make all tombstones a hundred days old."""
    for model in (Scene, Tag, Studio):
        model.objects.exclude(deleted_at=None).update(deleted_at=LONG_AGO)


@pytest.fixture
def with_tombstones(mirror: Mirror) -> Mirror:
    """Give a mirror with old tombstones: 12 scenes, 2 tags, a studio."""
    mirror.quick()
    for number in range(10, 22):
        mirror.demo.library.delete("scene", number)
    mirror.demo.library.merge_tags([4, 5], into=6)
    mirror.demo.library.delete("studio", 2)
    mirror.quick()
    age()
    return mirror


def purge(mirror: Mirror, days: int = 90) -> dict[str, int]:
    ref = services.purge_tombstones(mirror.source.pk, days, by=None)
    run_inline(ref.job_id)
    card = job_card(ref.job_id)
    assert card.status == "succeeded", card.error_text
    return dict(card.result["purged"])  # type: ignore[arg-type]


@pytest.mark.django_db(transaction=True)
def test_job_drops_exactly_what_was_counted(with_tombstones: Mirror) -> None:
    counted = dict(purgeable_rows(with_tombstones.source.pk, 90))
    assert counted == {"scenes": 12, "performers": 0, "studios": 1, "tags": 2}

    purged = purge(with_tombstones)

    assert purged == {"scenes": 12, "studios": 1, "tags": 2}
    assert not Scene.objects.exclude(deleted_at=None).exists()
    keys = [row_id(with_tombstones.source.pk, number) for number in range(10, 22)]
    for model in (SceneTag, ScenePerformer, SceneFile):
        assert not model.objects.filter(scene_id__in=keys).exists()
    dropped = [row_id(with_tombstones.source.pk, number) for number in (4, 5)]
    for table in (SceneTag, StudioTag):
        assert not table.objects.filter(tag_id__in=dropped).exists()
    assert not TagParent.objects.filter(parent_id__in=dropped).exists()
    assert with_tombstones.differences() == []


@pytest.mark.django_db(transaction=True)
def test_younger_tombstones_stay(with_tombstones: Mirror) -> None:
    Scene.objects.filter(remote_id=10).update(deleted_at=datetime.now(UTC))

    assert purge(with_tombstones)["scenes"] == 11

    assert Scene.objects.filter(remote_id=10).exists()


@pytest.mark.django_db(transaction=True)
def test_purged_record_that_returns_is_mirrored_anew(with_tombstones: Mirror) -> None:
    purge(with_tombstones)
    library = with_tombstones.demo.library
    number = library.add("scene", title="Found in the attic", tags=[6])

    with_tombstones.quick()

    assert Scene.objects.get(remote_id=number).title == "Found in the attic"
    assert with_tombstones.differences() == []


@pytest.mark.django_db
def test_tombstone_that_a_live_row_still_links_to_waits(mirror: Mirror) -> None:
    mirror.quick()
    mirror.demo.library.delete("tag", 4)

    def is_buried() -> bool:
        return Tag.objects.filter(remote_id=4).exclude(deleted_at=None).exists()

    with pytest.raises(Interrupted):
        mirror.quick(reporter=PlainReporter(stop_when=is_buried))
    age()

    assert dict(purgeable_rows(mirror.source.pk, 90))["tags"] == 0

    mirror.quick()
    assert dict(purgeable_rows(mirror.source.pk, 90))["tags"] == 1


@pytest.mark.django_db
def test_interrupted_purge_goes_on_and_counts_all(
    with_tombstones: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purging, "BATCH", 5)
    before = datetime.now(UTC) - timedelta(days=90)
    stopped = PlainReporter(stop_after_commits=2)
    with pytest.raises(Interrupted):
        purging.purge(stopped, with_tombstones.source.pk, before)
    assert stopped.saved == {"purged": {"scenes": 10}}

    again = PlainReporter(resume_from=stopped.saved)
    result = purging.purge(again, with_tombstones.source.pk, before)

    assert result == {"purged": {"scenes": 12, "studios": 1, "tags": 2}}
    assert again.phases["scenes"] == (12, 12)


@pytest.mark.django_db(transaction=True)
def test_command_says_what_would_go_and_drops_it_when_told_to(
    with_tombstones: Mirror,
) -> None:
    out = StringIO()

    call_command("purge", "Film archive", "--yes", "--inline", stdout=out)

    found, dropped = out.getvalue().splitlines()
    assert found.endswith("more than 90 days ago: 12 scenes, 1 studios, 2 tags.")
    assert dropped == "Dropped for good: 12 scenes, 1 studios, 2 tags."
    call_command("purge", "Film archive", stdout=out)
    assert "Nothing of Film archive was marked" in out.getvalue()


@pytest.mark.django_db
def test_command_drops_nothing_unasked(
    with_tombstones: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", StringIO())

    with pytest.raises(CommandError, match="say --yes"):
        call_command("purge", "Film archive", stdout=StringIO())

    assert Scene.objects.exclude(deleted_at=None).count() == 12


@pytest.mark.django_db
@pytest.mark.parametrize("days", [-1, 36_501])
def test_days_that_make_no_sense_are_refused(days: int, mirror: Mirror) -> None:
    with pytest.raises(services.BadRequest, match="0 to 36,500 days"):
        services.purge_tombstones(mirror.source.pk, days, by=None)


@pytest.mark.django_db(transaction=True)
def test_what_was_told_of_a_scene_alone_goes_with_it(with_tombstones: Mirror) -> None:
    source, at = with_tombstones.source, LONG_AGO
    gone, here = row_id(source.pk, 10), row_id(source.pk, 30)
    for scene_id in (gone, here):
        SceneAnalysis.objects.create(
            scene_id=scene_id, analysed_at=at, synced_at=at, digest="d"
        )
        Dismissal.objects.create(
            source=source,
            reach="scene",
            scene_id=scene_id,
            field="tags",
            op="add",
            value_key="3",
            at=at,
        )
    for first, second in ((gone, here), (here, here + 1)):
        NotADuplicate.objects.create(
            source=source, first_id=first, second_id=second, at=at
        )

    purge(with_tombstones)

    for model in (SceneAnalysis, Dismissal):
        assert list(model.objects.values_list("scene_id", flat=True)) == [here]
    assert NotADuplicate.objects.get().first_id == here
