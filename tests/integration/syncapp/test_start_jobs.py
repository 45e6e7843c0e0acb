"""Asking for syncs: which job comes of it, and what is refused."""

import pytest
from django.db import connection

from jobs.models import Job
from syncapp import services
from syncapp.models import Scene, Tag
from tests.builders import make_library, make_person, make_scene, make_source, make_tag

pytestmark = pytest.mark.django_db


def test_job_is_named_after_what_it_does_and_where() -> None:
    source = make_source("Film archive")

    services.start_sync(source.pk, "full", ["scenes", "tags"], trigger="command")

    job = Job.objects.get()
    assert job.title == "Full sync of tags, scenes · Film archive"
    assert job.params == {
        "source_id": source.pk,
        "streams": ["tags", "scenes"],
        "accept_deletions": False,
        "rewrite": False,
    }
    assert job.trigger == "command"


def test_all_streams_by_name_are_the_same_as_all() -> None:
    source = make_source()

    first = services.start_sync(source.pk, "quick")
    second = services.start_sync(source.pk, "quick", services.STREAM_NAMES)

    assert (first.created, second.created) == (True, False)
    assert first.job_id == second.job_id


def test_who_asked_is_kept() -> None:
    person = make_person("ada")

    services.start_sync(make_source().pk, "quick", by=person.pk)

    assert Job.objects.get().requested_by == person


def test_deletions_are_accepted_only_when_that_is_said() -> None:
    source = make_source()

    services.start_sync(source.pk, "quick", ["tags"])
    services.start_sync(source.pk, "quick", ["scenes"], accept_deletions=True)

    kept = {tuple(job.params["streams"]): job.params for job in Job.objects.all()}
    assert kept["tags",]["accept_deletions"] is False
    assert kept["scenes",]["accept_deletions"] is True


@pytest.mark.parametrize(
    ("ids", "kept"), [([7, 3, 7], [3, 7]), (range(1_000), list(range(1_000)))]
)
def test_chosen_scenes_are_kept_sorted_and_once(
    ids: list[int], kept: list[int]
) -> None:
    services.sync_scenes(make_source().pk, ids)

    assert Job.objects.get().params["ids"] == kept


@pytest.mark.parametrize("ids", [[], [-1], [2**40], list(range(1_001))])
def test_ids_that_no_stash_has_are_refused(ids: list[int]) -> None:
    with pytest.raises(services.BadRequest):
        services.sync_scenes(make_source().pk, ids)


def test_unknown_source_is_refused() -> None:
    with pytest.raises(services.SourceNotFound, match="Source 99 is not here"):
        services.start_sync(99, "quick")


def test_chosen_scenes_of_two_sources_are_a_job_each() -> None:
    first, second = make_source("One"), make_source("Two")
    rows = [make_scene(first, 4, "A"), make_scene(first, 2, "B")]
    rows.append(make_scene(second, 4, "C"))

    refs = services.resync("scenes", [row.pk for row in rows])

    found = Job.objects.order_by("id").values_list("id", "params")
    assert list(found) == [
        (refs[0].job_id, {"source_id": first.pk, "ids": [2, 4]}),
        (refs[1].job_id, {"source_id": second.pk, "ids": [4]}),
    ]


def test_chosen_tags_are_read_again_by_a_quick_sync_of_tags() -> None:
    source = make_source()
    chosen, other = make_tag(source, 1, "Sea"), make_tag(source, 2, "Land")

    (ref,) = services.resync("tags", [chosen.pk])

    job = Job.objects.get(pk=ref.job_id)
    assert job.kind == "sync.quick"
    assert job.params["streams"] == ["tags"]
    dirty = Tag.objects.filter(content_hash=0)
    assert list(dirty) == [chosen]
    assert other.content_hash != 0


@pytest.mark.parametrize("chosen", [[], [12345], [-1], [10**30]])
def test_scenes_that_are_not_there_are_refused(chosen: list[int]) -> None:
    make_library(make_source())

    with pytest.raises(services.Refused):
        services.resync("scenes", chosen)

    assert not Job.objects.exists()
    assert Scene.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_refusal_leaves_no_transaction_open() -> None:
    with pytest.raises(services.BadRequest):
        services.start_sync(make_source().pk, "quick", ["films"])

    assert not connection.in_atomic_block
