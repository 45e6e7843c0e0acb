"""Removing a source: all that is its own goes, nothing else does."""

from pathlib import Path

import pytest
from pytest_django import Settings

from jobs.services import cancel_job
from syncapp import services
from syncapp.models import (
    MIRRORED,
    Change,
    ChangeSet,
    Dismissal,
    HistoryEntry,
    KeptDateOrder,
    KeptMark,
    KeptRoots,
    KeptSpelling,
    NotADuplicate,
    PerformerTag,
    Plan,
    SceneAnalysis,
    SceneFile,
    ScenePerformer,
    SceneTag,
    Source,
    StreamState,
    StudioTag,
    TagParent,
)
from syncapp.models.keys import row_id
from syncapp.services import covers, plans, removal
from syncapp.services.cover_files import CoverName
from syncapp.stash.pictures import Picture
from tests.builders import NOON, make_entry, make_library, make_source

pytestmark = pytest.mark.django_db
TABLES = (
    *MIRRORED,
    *(HistoryEntry, ChangeSet),
    *(Plan, Change, SceneAnalysis, Dismissal, NotADuplicate),
    *(KeptSpelling, KeptDateOrder, KeptMark, KeptRoots),
    *(SceneFile, SceneTag, ScenePerformer, PerformerTag, StudioTag, TagParent),
)


def counts() -> list[int]:
    return [table.objects.count() for table in TABLES]


def add_links(source: Source) -> None:
    rows = [model.objects.filter(source=source).first() for model in MIRRORED]
    for row in rows:
        make_entry(row, NOON, {}, job_id=source.pk)
    tag, studio, performer, _ = rows
    StudioTag.objects.create(studio=studio, tag=tag)
    PerformerTag.objects.create(performer=performer, tag=tag)
    add_analysis(source)


def add_analysis(source: Source) -> None:
    """Make a plan of two changes, and one of all else that is kept beside."""
    told = {"source": source, "at": NOON}
    first, second = row_id(source.pk, 1), row_id(source.pk, 2)
    plan = Plan.objects.create(
        source=source, name="A", kind="analysis", scope="filter", created_at=NOON
    )
    for scene_id in (first, second):
        add_change(plan, scene_id)
        SceneAnalysis.objects.create(
            scene_id=scene_id, analysed_at=NOON, synced_at=NOON, digest="d"
        )
    NotADuplicate.objects.create(first_id=first, second_id=second, **told)
    Dismissal.objects.create(reach="cause", cause_key="c", **told)
    KeptSpelling.objects.create(spelling="May", folded="may", effect="off", **told)
    KeptDateOrder.objects.create(folder="/films", order="dmy", **told)
    KeptMark.objects.create(mark="1080p", tag_id=first, **told)
    KeptRoots.objects.create(folders=["/films"], **told)


def add_change(plan: Plan, scene_id: int) -> None:
    Change.objects.create(
        plan=plan,
        scene_id=scene_id,
        field="date",
        op="set",
        value_key="v",
        detector_version=1,
        confidence=0.5,
        level="look",
    )


@pytest.mark.parametrize("batch", [2, 1_000])
def test_only_its_own_rows_go(batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(removal, "BATCH", batch)
    monkeypatch.setattr(plans, "BATCH", batch - 1)
    kept, gone, later = (make_source(name) for name in ("One", "Two", "Three"))
    for source in (kept, later):
        make_library(source, scenes=4)
        add_links(source)
    before = counts()
    make_library(gone, scenes=7)
    add_links(gone)
    StreamState.objects.create(source=gone, stream="tags")

    removed = services.remove_source(gone.pk)

    assert removed == {"scenes": 7, "performers": 5, "studios": 2, "tags": 2}
    assert counts() == before
    assert list(Source.objects.order_by("id")) == [kept, later]
    assert not StreamState.objects.exists()


def test_its_pictures_go_with_it(tmp_path: Path, settings: Settings) -> None:
    settings.DATA_DIR = tmp_path
    source = make_source("One")
    name = CoverName("scene", row_id(source.pk, 1), "0a")
    covers.cover_files().keep(name, Picture("image/png", b"\x89PNG\r\n\x1a\n"))
    assert covers.cover_files().read(name)

    services.remove_source(source.pk)

    assert covers.cover_files().read(name) is None


def test_not_while_one_of_its_jobs_is_active() -> None:
    source, other = make_source("One"), make_source("Two")
    make_library(source)
    services.start_sync(other.pk, "quick")
    ref = services.start_sync(source.pk, "quick")
    before = counts()

    with pytest.raises(services.SourceBusy, match=f"Job {ref.job_id} works on this"):
        services.remove_source(source.pk)

    assert counts() == before
    cancel_job(ref.job_id)
    services.remove_source(source.pk)
    assert list(Source.objects.all()) == [other]


def test_source_that_is_gone_cannot_be_removed() -> None:
    with pytest.raises(services.SourceNotFound):
        services.remove_source(99)
