"""Asking for work on many scenes: what was shown is done, a job for each source."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from jobs.models import Job
from jobs.queries import job_card
from jobs.services import create_job, run_inline
from syncapp import queries, services
from syncapp.filters.query_string import ParsedFilter, parse_scene_filter
from syncapp.models import Scene, SceneSet, SceneSetPart
from syncapp.models.keys import row_id
from syncapp.models.packed_ids import unpacked
from syncapp.services import scene_sets
from tests.builders import (
    index,
    indexed_at_once,
    make_scene,
    make_scene_set,
    make_source,
)

pytestmark = pytest.mark.django_db
AT_ONCE = 4


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have more than two scenes be many."""
    monkeypatch.setattr(scene_sets, "MOST_CHOSEN", 2)
    monkeypatch.setattr("syncapp.models.packed_ids.PART", 2)


def asked_for(**params: Any) -> ParsedFilter:
    return parse_scene_filter({name: [str(v)] for name, v in params.items()})


def resync_shown(parsed: ParsedFilter, by: int | None = None) -> services.AskedJobs:
    """Look at what matches, and confirm it."""
    shown = queries.matching_scenes(parsed)
    asked = services.resync_matching(parsed, shown.digest, by=by)
    assert isinstance(asked, services.AskedJobs)
    return asked


def frozen(set_id: int) -> list[int]:
    parts = SceneSetPart.objects.filter(scene_set_id=set_id).order_by("number")
    return [key for part in parts for key in unpacked(bytes(part.ids))]


def test_what_matches_is_told_in_numbers_by_source() -> None:
    for name, scenes in (("One", 3), ("Two", 2)):
        source = make_source(name)
        for number in range(scenes):
            make_scene(source, number, f"Tides {number}")
        make_scene(source, 9, "Owls")

    found = queries.matching_scenes(asked_for(q="tides"))

    assert found.count == 5
    assert found.by_source == (("One", 3), ("Two", 2))
    assert {each.name for each in found.samples} == {"Tides 0", "Tides 1", "Tides 2"}


def test_samples_of_many_are_few_and_named_as_in_the_list() -> None:
    source = make_source()
    with indexed_at_once():
        for number in range(20):
            make_scene(source, number, "", path=f"/films/reel {number}.mkv")

    found = queries.matching_scenes(asked_for())

    assert len(found.samples) <= 8
    assert found.samples[0].name == "reel 0.mkv"


@pytest.mark.usefixtures("few")
def test_many_are_a_set_of_their_ids_in_parts() -> None:
    source = make_source()
    keys = [make_scene(source, number, "Tides").pk for number in range(1, 6)]

    (job,) = resync_shown(asked_for(q="tides")).jobs

    made = Job.objects.get(pk=job.ref.job_id)
    assert made.title == "Sync of 5 scenes · Film archive"
    assert made.kind == "sync.scene_set"
    scenes = SceneSet.objects.get(pk=made.params["scene_set"])
    assert (scenes.source, scenes.count, scenes.query) == (source, 5, "q=tides")
    assert frozen(scenes.pk) == keys
    assert scenes.parts.count() == 3


def test_few_are_the_plain_job_of_these_ids() -> None:
    source = make_source()
    for number in (1, 2):
        make_scene(source, number, "Tides")

    (job,) = resync_shown(asked_for(q="tides")).jobs

    made = Job.objects.get(pk=job.ref.job_id)
    assert made.params == {"source_id": source.pk, "ids": [1, 2]}
    assert not SceneSet.objects.exists()


def come(source: Any) -> None:
    make_scene(source, 9, "Tides, again")


def go(source: Any) -> None:
    Scene.objects.filter(remote_id=1).update(deleted_at=datetime.now(UTC))


def change(source: Any) -> None:
    """Let one match that did not, and another not that did."""
    Scene.objects.filter(remote_id=1).update(title="Owls")
    index(Scene.objects.get(remote_id=1))
    make_scene(source, 9, "Tides, again")


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize(
    ("meanwhile", "now"),
    [(come, 4), (go, 2), (change, 3)],
    ids=["more", "less", "same"],
)
def test_if_other_scenes_match_than_were_shown_nothing_is_done(
    meanwhile: Callable[[Any], None], now: int
) -> None:
    source = make_source()
    for number in range(1, 4):
        make_scene(source, number, "Tides")
    parsed = asked_for(q="tides")
    shown = queries.matching_scenes(parsed)
    meanwhile(source)

    found = services.resync_matching(parsed, shown.digest)

    assert isinstance(found, queries.MatchingScenes)
    assert found.count == now
    assert not Job.objects.exists()
    assert not SceneSet.objects.exists()


@pytest.mark.parametrize("params", [{"date_from": "x"}, {"tag": "nobody"}, {"nil": 1}])
def test_filter_that_cannot_be_used_finds_nothing_and_does_nothing(
    params: dict[str, Any],
) -> None:
    make_scene(make_source(), 1, "Tides")
    parsed = asked_for(**params)

    shown = queries.matching_scenes(parsed)
    found = services.resync_matching(parsed, shown.digest)

    assert isinstance(found, queries.MatchingScenes)
    assert (found.count, found.digest) == (0, "")
    assert not Job.objects.exists()


def test_nothing_that_matches_is_refused() -> None:
    parsed = asked_for(q="nothing has this name")
    shown = queries.matching_scenes(parsed)

    with pytest.raises(services.BadRequest, match="nothing to do"):
        services.resync_matching(parsed, shown.digest)


def test_more_than_can_be_worked_on_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("syncapp.queries.matching.RECORDS", 2)
    source = make_source()
    for number in range(4):
        make_scene(source, number, "Tides")
    shown = queries.matching_scenes(asked_for())

    assert (shown.count, shown.too_many) == (2, True)
    with pytest.raises(services.BadRequest, match="narrow the filter"):
        services.resync_matching(asked_for(), shown.digest)


@pytest.mark.usefixtures("few")
def test_scenes_of_several_sources_are_a_job_for_each() -> None:
    first, second = make_source("One"), make_source("Two")
    for number in range(1, 4):
        make_scene(first, number, "Tides")
    make_scene(second, 4, "Tides")

    asked = resync_shown(asked_for(q="tides"))

    assert [(job.source, job.scenes) for job in asked.jobs] == [("One", 3), ("Two", 1)]
    jobs = Job.objects.order_by("id")
    assert [job.exclusive_key for job in jobs] == [
        f"source:{first.pk}",
        f"source:{second.pk}",
    ]
    assert [job.kind for job in jobs] == ["sync.scene_set", "sync.scenes"]


@pytest.mark.usefixtures("few")
def test_asking_again_is_the_same_job_and_the_same_set() -> None:
    source = make_source()
    for number in range(1, 4):
        make_scene(source, number, "Tides")

    (first,) = resync_shown(asked_for(q="tides")).jobs
    (second,) = resync_shown(asked_for()).jobs

    assert (first.ref.created, second.ref.created) == (True, False)
    assert first.ref.job_id == second.ref.job_id
    assert SceneSet.objects.count() == 1


@pytest.mark.usefixtures("few")
@pytest.mark.django_db(transaction=True)
def test_clicks_at_once_are_one_job() -> None:
    source = make_source()
    for number in range(1, 6):
        make_scene(source, number, "Tides")
    start = Barrier(AT_ONCE)

    def click(_number: int) -> int:
        start.wait()
        try:
            return resync_shown(asked_for()).jobs[0].ref.job_id
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        job_ids = set(threads.map(click, range(AT_ONCE)))

    assert job_ids == {Job.objects.get().pk}
    assert SceneSet.objects.count() == 1
    assert frozen(SceneSet.objects.get().pk) == [
        row_id(source.pk, number) for number in range(1, 6)
    ]


@pytest.mark.usefixtures("few")
def test_source_that_goes_at_that_moment_leaves_nothing_half_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept, gone = make_source("One"), make_source("Two")
    for source in (kept, gone):
        for number in range(1, 4):
            make_scene(source, number, "Tides")
    shown = queries.matching_scenes(asked_for())
    gone.delete()  # its rows go with it, a moment later or before

    with pytest.raises(services.SourceNotFound):
        services.resync_matching(asked_for(), shown.digest)

    assert not Job.objects.exists()
    assert not SceneSet.objects.exists()


# Chosen one by one


def test_chosen_scenes_that_are_gone_are_left_out_and_counted() -> None:
    scene = make_scene(make_source(), 1, "Tides")

    asked = services.resync_chosen([scene.pk, scene.pk + 1, -1, 10**30])

    assert (asked.left_out, asked.jobs[0].scenes) == (3, 1)
    assert Job.objects.get().params["ids"] == [1]


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ([], "None of the scenes was chosen"),
        ([12345], "not in the mirror"),
        ([-1], "not in the mirror"),
        (range(5_001), "At most 5,000 scenes"),
    ],
)
def test_what_cannot_be_chosen_is_told(chosen: list[int], sentence: str) -> None:
    make_scene(make_source(), 1, "Tides")

    with pytest.raises(services.Refused, match=sentence):
        services.resync_chosen(chosen)

    assert not Job.objects.exists()


@pytest.mark.usefixtures("few")
def test_many_that_were_chosen_are_a_set_without_a_filter() -> None:
    source = make_source()
    keys = [make_scene(source, number, "Tides").pk for number in range(1, 4)]

    services.resync_chosen(reversed(keys))

    assert frozen(SceneSet.objects.get().pk) == keys
    assert SceneSet.objects.get().query == ""


# How long sets are kept

LONG_AGO = datetime.now(UTC) - timedelta(days=100)


def prune() -> dict[str, Any]:
    ref = create_job("jobs.prune", {})
    run_inline(ref.job_id)
    card = job_card(ref.job_id)
    assert card.status == "succeeded", card.error_text
    return dict(card.result)


@pytest.mark.django_db(transaction=True)
def test_sets_go_with_the_last_job_that_names_them() -> None:
    source = make_source()
    made = [make_scene_set(source, [row_id(source.pk, n)]) for n in range(5)]
    young, active, ended, old, unnamed = made
    SceneSet.objects.filter(pk=young).update(used_at=datetime.now(UTC))
    for number, status, at in (
        (active, "queued", None),
        (ended, "failed", datetime.now(UTC)),
        (old, "failed", LONG_AGO),
    ):
        Job.objects.create(
            kind="sync.scene_set",
            title="Sync",
            params={"source_id": source.pk, "scene_set": number},
            status=status,
            trigger="button",
            max_attempts=5,
            finished_at=at,
            lane="long",
        )

    done = prune()

    left = set(SceneSet.objects.values_list("pk", flat=True))
    assert left == {young, active, ended}
    assert unnamed not in left
    assert done["scene sets"] == 2
    assert set(SceneSetPart.objects.values_list("scene_set_id", flat=True)) == left


def test_sets_of_a_removed_source_go_with_it() -> None:
    kept, gone = make_source("One"), make_source("Two")
    for source in (kept, gone):
        make_scene_set(source, [row_id(source.pk, 1)])

    services.remove_source(gone.pk)

    assert list(SceneSet.objects.values_list("source_id", flat=True)) == [kept.pk]
    assert SceneSetPart.objects.count() == 1
