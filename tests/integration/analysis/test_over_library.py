"""Duplicates in an analysis: found among all scenes, stored page by page."""

import pytest

from syncapp.analysis import detectors, over_library
from syncapp.analysis.analyse import run_analysis
from syncapp.analysis.detectors.duplicates import DUPLICATES
from syncapp.analysis.errors import AnalysisStopped
from syncapp.analysis.looking import AnalysisRequest
from syncapp.models import (
    Change,
    KeptMark,
    NotADuplicate,
    Plan,
    Scene,
    SceneAnalysis,
    SceneFile,
    SceneTag,
    Tag,
)
from tests.builders import NOON
from tests.integration.analysis.conftest import Archive
from tests.mirror import Interrupted, PlainReporter

pytestmark = pytest.mark.django_db(transaction=True)
LOOK = 0x0F0F0F0F0F0F0F0F  # 32 bits are set, as of any picture


@pytest.fixture
def copies(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """Give an archive in which 1 and 2 are one film, and 3 and 4 another."""
    monkeypatch.setattr(detectors, "LIBRARY_DETECTORS", (DUPLICATES,))
    SceneFile.objects.update(phash=None, fingerprints=[])
    for number, look in ((1, LOOK), (2, LOOK), (3, LOOK << 1), (4, LOOK << 1)):
        files = SceneFile.objects.filter(scene_id=archive.key(number))
        assert files.update(phash=look, duration=600.0 + number % 2, size=number)
    tag = Tag.objects.get()
    KeptMark.objects.create(
        source=archive.source, mark="duplicate", tag_id=tag.pk, at=NOON
    )
    return archive


def tagged(plan_id: int) -> list[int]:
    rows = Change.objects.filter(plan_id=plan_id, detector="duplicates")
    return list(rows.order_by("scene_id").values_list("scene_id", flat=True))


def test_one_of_each_pair_is_proposed_for_the_tag(copies: Archive) -> None:
    told = copies.run(detectors=["duplicates"])

    assert tagged(told["plan"]) == copies.keys([2, 4])
    assert told["found"] == {"proposals": 2, "dismissed": 0}
    assert Plan.objects.get().detectors == {"duplicates": 1}


def test_looking_at_all_scenes_marks_none_as_analysed(copies: Archive) -> None:
    copies.run(detectors=["duplicates"])

    assert not SceneAnalysis.objects.exists()


def test_what_a_scene_s_own_detectors_find_is_in_the_same_plan(copies: Archive) -> None:
    told = copies.run(detectors=["folder", "duplicates"])

    found = Change.objects.filter(plan_id=told["plan"]).values_list("detector")
    assert {name for (name,) in found} == {"folder", "duplicates"}
    assert SceneAnalysis.objects.count() == Scene.objects.count()


def test_a_copy_is_found_though_the_other_one_is_not_chosen(copies: Archive) -> None:
    told = copies.run_over([2, 3], detectors=["duplicates"])

    assert tagged(told["plan"]) == copies.keys([2])


def test_organised_scenes_are_left_out_unless_asked_for(copies: Archive) -> None:
    Scene.objects.filter(id=copies.key(2)).update(organized=True)

    assert tagged(copies.run(detectors=["duplicates"])["plan"]) == copies.keys([4])
    Scene.objects.update(organized=True)
    assert "plan" not in copies.run(detectors=["duplicates"])
    told = copies.run(detectors=["duplicates"], with_organized=True)
    assert len(tagged(told["plan"])) == 2


def test_a_pair_that_was_judged_is_not_proposed(copies: Archive) -> None:
    first, second = copies.keys([1, 2])
    NotADuplicate.objects.create(
        source=copies.source, first_id=first, second_id=second, at=NOON
    )

    assert tagged(copies.run(detectors=["duplicates"])["plan"]) == copies.keys([4])


def test_what_has_the_tag_is_no_proposal(copies: Archive) -> None:
    SceneTag.objects.create(scene_id=copies.key(2), tag=Tag.objects.get())

    assert tagged(copies.run(detectors=["duplicates"])["plan"]) == copies.keys([4])


def test_without_a_tag_for_it_one_is_told_where_to_name_it(copies: Archive) -> None:
    KeptMark.objects.all().delete()

    with pytest.raises(AnalysisStopped, match="under Rules, say which tag") as caught:
        copies.run(detectors=["duplicates"])
    assert caught.value.code == "mark_without_a_tag"


def test_a_run_that_is_cut_goes_on_behind_what_it_stored(
    copies: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(over_library, "PAGE", 1)
    request = AnalysisRequest(copies.source.pk, detectors=("duplicates",))
    first = PlainReporter()

    def stored_one() -> bool:
        return first.commits == 1

    first.stop_when = stored_one
    with pytest.raises(Interrupted):
        run_analysis(first, request)
    told = run_analysis(PlainReporter(resume_from=first.saved), request)

    assert tagged(told["plan"]) == copies.keys([2, 4])
    assert told["found"]["proposals"] == 2
