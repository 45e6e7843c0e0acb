"""Scenes are analysed page by page; what is found depends on scene and names alone."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from syncapp.analysis import analyse, detectors, gather
from syncapp.analysis.detector import Detector
from syncapp.analysis.errors import AnalysisStopped
from syncapp.analysis.looking import (
    AnalysisRequest,
    chosen_detectors,
    prepare_analysis,
)
from syncapp.analysis.storing import mark_analysed
from syncapp.models import Change, Plan, Scene, SceneAnalysis
from syncapp.models.keys import row_id
from tests.builders import NOON, make_scene, make_source, make_studio, make_tag
from tests.integration.analysis.conftest import (
    SCENES,
    Archive,
    many_scenes,
    stored,
)
from tests.mirror import Interrupted, PlainReporter
from tests.toy_detectors import TOYS

pytestmark = pytest.mark.django_db
ALL = range(1, SCENES + 1)


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gather, "PAGE", 3)


def analysed() -> list[int]:
    rows = SceneAnalysis.objects.order_by("scene_id")
    return list(rows.values_list("scene_id", flat=True))


def test_what_is_found_is_stored_with_why_and_how_sure(archive: Archive) -> None:
    result = archive.run(name="Everything", by=None)

    plan = Plan.objects.get()
    assert result["plan"] == plan.pk
    assert (plan.name, plan.kind, plan.scope) == (
        "Everything",
        "analysis",
        "unanalysed",
    )
    assert plan.detectors == {"folder": 3, "echo": 1, "tag": 2, "caption": 1}
    studio = Change.objects.get(scene_id=archive.key(1), field="studio")
    assert (studio.entity_id, studio.value) == (archive.key(1), "Tideline Films")
    assert (studio.op, studio.before_id, studio.before) == ("set", None, "")
    assert (studio.detector, studio.detector_version) == ("folder", 3)
    assert studio.sentence == "The folder “Tideline Films” is its name."
    assert studio.spans == [["path", 7, 21]]
    assert (studio.confidence, studio.level) == (0.995, "certain")
    assert (studio.state, studio.decided_at) == ("proposed", None)
    tag = Change.objects.get(scene_id=archive.key(1), field="tags")
    assert (tag.op, tag.value, tag.spans) == ("add", "harbour", [["title", 4, 11]])
    title = Change.objects.get(scene_id=archive.key(4), field="title")
    assert (title.value, title.entity_id) == ("reel 4", None)


def test_counts_are_told_on_the_way_and_at_the_end(archive: Archive) -> None:
    result = archive.run()

    assert result["scenes"] == {"read": SCENES, "with proposals": SCENES}
    assert result["found"] == {"proposals": 24, "dismissed": 0}
    assert archive.reporter.phases == {"scenes": (SCENES, SCENES)}
    assert archive.reporter.counts == result
    assert Change.objects.count() == 24
    assert analysed() == archive.keys(ALL)


def test_all_of_one_reason_have_one_cause(archive: Archive) -> None:
    archive.run()

    causes = Change.objects.filter(field="studio").values_list("cause_key", flat=True)
    assert (len(causes), len(set(causes))) == (SCENES, 2)


def test_what_a_set_replaces_is_kept_by_name(archive: Archive) -> None:
    Scene.objects.filter(pk=archive.key(1)).update(studio_id=archive.key(2))

    archive.run_over([1])

    change = Change.objects.get(field="studio")
    assert (change.before_id, change.before) == (archive.key(2), "Blue Planet")


def test_two_detectors_that_agree_are_one_change(archive: Archive) -> None:
    scene = make_scene(
        archive.source, 50, "Dawn", path="/films/Tideline Films/Tideline Films 50.mkv"
    )

    archive.run_over([50])

    change = Change.objects.get(scene_id=scene.pk)
    assert change.detector == "folder"
    (second,) = change.more_evidence
    assert (second["detector"], second["evidence_kind"]) == ("echo", "file name")
    assert (second["confidence"], second["level"]) == (0.9, "look")


def test_nothing_is_proposed_twice_for_what_did_not_change(archive: Archive) -> None:
    archive.run()

    again = archive.run()

    assert again["scenes"] == {"read": 0}
    assert Plan.objects.count() == 1


def test_what_changed_is_analysed_again(archive: Archive) -> None:
    archive.run()
    later = NOON + timedelta(seconds=1)
    Scene.objects.filter(pk=archive.key(4)).update(title="Reef", synced_at=later)

    result = archive.run()

    assert result["scenes"] == {"read": 1, "with proposals": 1}
    assert [row[0] for row in stored(result["plan"])] == [archive.key(4)]


def test_a_chosen_scene_is_analysed_whether_it_changed_or_not(
    archive: Archive,
) -> None:
    archive.run()

    result = archive.run_over([2, 3])

    assert result["scenes"]["read"] == 2


def test_a_run_that_finds_nothing_makes_no_plan_and_says_so(archive: Archive) -> None:
    result = archive.run(detectors=("echo",))

    assert "plan" not in result
    assert not Plan.objects.exists()
    assert archive.reporter.codes() == ["nothing_to_propose"]
    assert len(analysed()) == SCENES


def test_what_equals_is_no_proposal(archive: Archive) -> None:
    Scene.objects.filter(pk=archive.key(1)).update(studio_id=archive.key(1))

    archive.run_over([1], detectors=("folder",))

    assert not Plan.objects.exists()


def test_organised_scenes_are_left_out_unless_asked_for(archive: Archive) -> None:
    Scene.objects.filter(pk__in=archive.keys([1, 2])).update(organized=True)

    result = archive.run_over([1, 2, 3])
    assert result["scenes"] == {
        "read": 1,
        "with proposals": 1,
        "organized, left out": 2,
    }
    assert archive.reporter.phases == {"scenes": (3, 3)}
    assert analysed() == [archive.key(3)]

    assert archive.run_over([1, 2, 3], with_organized=True)["scenes"]["read"] == 3
    assert len(analysed()) == 3


def test_ignored_names_are_left_out_unless_asked_for(archive: Archive) -> None:
    make_tag(archive.source, 7, "dawn", ignore_auto_tag=True)

    archive.run_over([1], detectors=("tag",))
    found = archive.run_over([1], detectors=("tag",), with_ignored=True)

    first, second = Plan.objects.order_by("id")
    assert [row[4] for row in stored(first.pk)] == ["harbour"]
    assert found["plan"] == second.pk
    assert [row[4] for row in stored(second.pk)] == ["harbour", "dawn"]


def test_a_scene_that_went_is_passed_over(archive: Archive) -> None:
    Scene.objects.filter(pk=archive.key(2)).update(deleted_at=NOON)

    result = archive.run_over([1, 2, 3])

    assert result["scenes"]["removed meanwhile"] == 1
    assert analysed() == archive.keys([1, 3])


def test_only_named_detectors_run(archive: Archive) -> None:
    archive.run(detectors=("tag",))

    assert set(Change.objects.values_list("detector", flat=True)) == {"tag"}
    assert Plan.objects.get().detectors == {"tag": 2}


def test_a_detector_on_request_runs_only_where_it_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = Detector("tidy", 1, "Tidy", "", {}, TOYS[0].find, is_on_request=True)
    monkeypatch.setattr(detectors, "DETECTORS", (*TOYS, asked))

    assert asked not in chosen_detectors()
    assert chosen_detectors(["tidy", "folder"]) == (TOYS[0], asked)


def test_a_detector_that_is_not_there_is_told(archive: Archive) -> None:
    with pytest.raises(AnalysisStopped, match="no detector 'rating': there are folder"):
        archive.run(detectors=("rating",))


def test_one_by_one_finds_what_all_at_once_find(archive: Archive) -> None:
    archive.run()
    at_once = stored()

    singly = []
    for number in ALL:
        plan_id = archive.run_over([number])["plan"]
        singly += stored(plan_id)

    assert singly == at_once


def test_a_scene_is_explained_as_a_run_finds_it(archive: Archive) -> None:
    make_studio(archive.source, 3, "reel 1")
    archive.run_over([1])

    (scene,) = gather.scenes_by_id([archive.key(1)])
    analysis = prepare_analysis(AnalysisRequest(archive.source.pk))
    explained = analysis.explained(scene.facts)

    found = [(each.field, each.cause) for each in explained.merged.proposals]
    kept = Change.objects.order_by("id").values_list("field", "cause")
    assert found == list(kept)
    ((detector, held_back),) = explained.held_back
    assert detector.name == "folder"
    assert held_back.reason == "A file's name alone is not enough."


def test_a_page_reads_by_as_many_statements_whatever_it_holds(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(count: int) -> int:
        source = make_source(f"Archive of {count}")
        many_scenes(source, count)
        with CaptureQueriesContext(connection) as queries:
            Archive(source, PlainReporter()).run()
        return sum(each["sql"].startswith("SELECT") for each in queries)

    monkeypatch.setattr(gather, "PAGE", 100)
    few, many, more = asked(50), asked(100), asked(200)

    assert few == many
    assert more - many == 6  # ids, scenes, files, tags, performers, dismissals


def places(total: int) -> list[int]:
    return list(range(total + 1))


@pytest.mark.parametrize("commits", places(SCENES // 3 - 1))
def test_a_run_that_is_cut_goes_on_with_an_equal_result(
    commits: int, archive: Archive
) -> None:
    whole = archive.run()
    before, plan = stored(), Plan.objects.get()
    plan.delete()
    SceneAnalysis.objects.all().delete()

    cut = PlainReporter(stop_after_commits=commits, job_id=1)
    with pytest.raises(Interrupted):
        archive.run(reporter=cut)
    assert len(analysed()) == 3 * commits
    result = archive.run(reporter=PlainReporter(resume_from=cut.saved, job_id=2))

    assert stored() == before
    assert Plan.objects.get().job_id == 2
    assert {**result, "plan": 0} == {**whole, "plan": 0}
    assert archive.reporter.phases == {"scenes": (SCENES, SCENES)}


@pytest.mark.parametrize("page", places(SCENES // 3 - 1))
def test_a_page_that_fails_stores_nothing_of_itself(
    page: int, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Any] = []

    def mark(*told: Any) -> None:
        if len(written) == page:
            raise Interrupted
        written.append(told)
        mark_analysed(*told)

    monkeypatch.setattr(analyse, "mark_analysed", mark)
    with pytest.raises(Interrupted):
        archive.run()
    saved = archive.reporter.saved

    assert len(analysed()) == 3 * page
    assert Change.objects.values("scene_id").distinct().count() == 3 * page
    monkeypatch.setattr(analyse, "mark_analysed", mark_analysed)
    archive.run(reporter=PlainReporter(resume_from=saved))
    assert len(stored()) == 24
    assert Plan.objects.count() == 1


def test_a_run_whose_plan_was_deleted_meanwhile_makes_another(
    archive: Archive,
) -> None:
    cut = PlainReporter(stop_after_commits=2)
    with pytest.raises(Interrupted):
        archive.run(reporter=cut)
    Plan.objects.get().delete()

    result = archive.run(reporter=PlainReporter(resume_from=cut.saved))

    assert Plan.objects.get().pk == result["plan"]
    assert {row[0] for row in stored()} == set(archive.keys(range(7, SCENES + 1)))


def test_it_looks_whether_to_stop_within_a_page(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gather, "PAGE", 500)
    monkeypatch.setattr(analyse, "LOOK_EVERY", 2)
    looked: list[int] = []

    def asked_to_stop() -> bool:
        looked.append(1)
        return len(looked) > 4

    with pytest.raises(Interrupted):
        archive.run(reporter=PlainReporter(stop_when=asked_to_stop))

    assert analysed() == []


def test_scenes_of_another_source_are_left_alone(archive: Archive) -> None:
    other = make_source("Other archive")
    make_studio(other, 1, "Tideline Films")
    make_scene(other, 1, "", path="/films/Tideline Films/reel 1.mkv")

    archive.run()

    assert row_id(other.pk, 1) not in analysed()


def test_a_kind_that_nobody_measured_is_one_to_look_at(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()  # of the toys' confidence, with all else
    monkeypatch.setattr(detectors, "DETECTORS", TOYS)

    archive.run_over([1])

    told = Change.objects.values_list("confidence", "level")
    assert set(told) == {(0.0, "look")}


def test_of_a_choice_nothing_is_accepted_unseen(archive: Archive) -> None:
    make_studio(archive.source, 3, "films")

    archive.run_over([1], detectors=("folder",))

    told = Change.objects.values_list("value", "choice", "confidence", "level")
    assert sorted(told) == [
        ("Tideline Films", "studio", 0.995, "look"),
        ("films", "studio", 0.995, "look"),
    ]
