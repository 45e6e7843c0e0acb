"""Removing a source: all that is its own goes, nothing else does."""

from pathlib import Path

import pytest
from pytest_django import Settings

from jobs.services import cancel_job
from syncapp import services
from syncapp.models import (
    MIRRORED,
    ChangeSet,
    HistoryEntry,
    PerformerTag,
    SceneFile,
    ScenePerformer,
    SceneTag,
    Source,
    StreamState,
    StudioTag,
    TagParent,
)
from syncapp.models.keys import row_id
from syncapp.services import covers, removal
from syncapp.services.cover_files import CoverName
from syncapp.stash.pictures import Picture
from tests.builders import NOON, make_entry, make_library, make_source

pytestmark = pytest.mark.django_db
TABLES = (
    *MIRRORED,
    *(HistoryEntry, ChangeSet),
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


@pytest.mark.parametrize("batch", [2, 1_000])
def test_only_its_own_rows_go(batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(removal, "BATCH", batch)
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
