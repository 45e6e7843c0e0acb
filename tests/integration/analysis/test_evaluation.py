"""Evaluation on organised scenes: its table, and that it writes nothing."""

import json
from typing import Any

import pytest

from jobs import queries as job_queries
from jobs.errors import BadParams
from jobs.models import Job
from jobs.queue import registry
from jobs.services import run_inline
from syncapp import queries, services
from syncapp.analysis.evaluation import EvaluationRequest, run_evaluation
from syncapp.models import (
    Change,
    Dismissal,
    Plan,
    Scene,
    SceneAnalysis,
    SceneTag,
)
from tests.builders import NOON
from tests.commanding import command
from tests.integration.analysis.conftest import SCENES, Archive
from tests.mirror import PlainReporter

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def organised(archive: Archive) -> Archive:
    """Give the archive with six organised scenes; of two the studio is another."""
    keys = archive.keys(range(1, 7))
    tideline, planet = archive.keys([1, 2])
    for number, key in enumerate(keys, 1):
        right = tideline if number % 2 else planet
        studio = right if number < 5 else (planet if number % 2 else tideline)
        Scene.objects.filter(pk=key).update(organized=True, studio_id=studio)
    SceneTag.objects.create(scene_id=keys[0], tag_id=archive.key(1))
    return archive


def evaluate(archive: Archive, **asked: Any) -> dict[str, Any]:
    return run_evaluation(
        PlainReporter(), EvaluationRequest(archive.source.pk, **asked)
    )


def test_precision_and_recall_are_told_by_detector_and_level(
    organised: Archive,
) -> None:
    result = evaluate(organised)

    assert result["scenes"] == {"organized": 6, "compared": 6}
    assert result["known_values"] == {"studio": 6, "tags": 1, "title": 5}
    assert result["accuracy"]["studio, Folder, certain"] == {
        "proposed": 6,
        "right": 4,
        "precision_percent": 66.7,
        "recall_percent": 66.7,
    }
    assert result["accuracy"]["tags, Tag, all"]["recall_percent"] == 100.0
    assert result["accuracy"]["title, Caption, look"]["right"] == 0


def test_nothing_is_written_anywhere(organised: Archive) -> None:
    before = list(Scene.objects.order_by("id").values())

    evaluate(organised)

    stored = (Plan, Change, SceneAnalysis, Dismissal, Job)
    assert [model for model in stored if model.objects.exists()] == []
    assert list(Scene.objects.order_by("id").values()) == before


def test_what_was_dismissed_is_compared_as_well(organised: Archive) -> None:
    with_all = evaluate(organised)["accuracy"]
    organised.run_over([1], detectors=("tag", "folder"), with_organized=True)
    Scene.objects.filter(pk=organised.key(1)).update(studio_id=None)
    organised.run_over([1], detectors=("folder",), with_organized=True)
    change = Change.objects.get(detector="folder")
    services.dismiss(change.pk, "name")
    Scene.objects.filter(pk=organised.key(1)).update(studio_id=organised.key(1))

    assert evaluate(organised)["accuracy"] == with_all


def test_of_many_some_are_drawn_from_all_over(organised: Archive) -> None:
    Scene.objects.update(organized=True)

    result = evaluate(organised, scenes=5)

    assert result["scenes"] == {"organized": SCENES, "compared": 5}


def test_without_organised_scenes_there_is_no_table(archive: Archive) -> None:
    assert evaluate(archive) == {
        "scenes": {"organized": 0, "compared": 0},
        "known_values": {},
        "accuracy": {},
    }


def test_a_job_keeps_the_table_and_shows_its_rows_in_order(organised: Archive) -> None:
    ref = services.start_evaluation(organised.source.pk, scenes=100)
    again = services.start_evaluation(organised.source.pk, scenes=100)
    run_inline(ref.job_id)

    page = queries.evaluation_by_job(ref.job_id)

    assert again.job_id == ref.job_id
    assert page is not None
    assert (page.source, page.compared) == ("Film archive", 6)
    assert [(row.field, row.detector, row.level) for row in page.rows] == [
        ("studio", "Folder", "certain"),
        ("studio", "Folder", "all levels"),
        ("tags", "Tag", "likely"),
        ("tags", "Tag", "all levels"),
        ("title", "Caption", "to look at"),
        ("title", "Caption", "all levels"),
    ]
    card = job_queries.job_card(ref.job_id)
    assert (card.progress_done, card.progress_total) == (6, 6)


@pytest.mark.parametrize("scenes", [0, -1, 100_001])
def test_numbers_of_scenes_that_cannot_be_are_refused(
    scenes: int, archive: Archive
) -> None:
    source_id = archive.source.pk
    with pytest.raises(services.BadRequest, match="100,000 scenes"):
        services.start_evaluation(source_id, scenes=scenes)
    with pytest.raises(BadParams, match="'scenes'"):
        registry.checked_params(
            "analysis.evaluate", {"source_id": source_id, "scenes": scenes}
        )


def test_command_prints_the_table(organised: Archive) -> None:
    out, code, _ = command("analyze", "--evaluate", "--scenes", "6", "--inline")

    lines = [line.split() for line in out.splitlines()]
    assert code == 0
    assert "6 of 6 organised scenes compared" in out
    assert ["studio", "Folder", "certain", "6", "4", "66.7", "%", "66.7", "%"] in lines


def test_command_tells_the_table_as_json(organised: Archive) -> None:
    out, code, _ = command("analyze", "--evaluate", "--inline", "--json")

    told = json.loads(out)
    assert code == 0
    assert told["kind"] == "analysis.evaluate"
    assert told["result"]["accuracy"]["studio, Folder, certain"]["right"] == 4


def test_an_organised_scene_that_went_is_left_out(organised: Archive) -> None:
    Scene.objects.filter(pk=organised.key(1)).update(deleted_at=NOON)

    assert evaluate(organised)["scenes"] == {"organized": 5, "compared": 5}
