"""An analysis is asked for by a filter, a choice of scenes, or what changed."""

from typing import Any

import pytest

from jobs import queries as job_queries
from jobs.enums import JSON
from jobs.errors import BadParams
from jobs.models import Job
from jobs.queue import registry
from jobs.services import create_job, run_inline
from syncapp import queries, services
from syncapp.filters.query_string import parse_scene_filter
from syncapp.models import Change, Plan, Scene, SceneSet, Source
from syncapp.services import AnalysisChoices
from tests.builders import NOON, make_person, make_scene, make_source
from tests.integration.analysis.conftest import SCENES, Archive

pytestmark = pytest.mark.django_db(transaction=True)
UNTITLED = {"none": ["title"]}


def done(job_id: int) -> Any:
    """Run a job here and now; returns its card."""
    run_inline(job_id)
    return job_queries.job_card(job_id)


def digest_of(params: dict[str, list[str]]) -> str:
    return queries.matching_scenes(parse_scene_filter(params)).digest


def test_all_that_match_a_filter_are_analysed_and_no_others(archive: Archive) -> None:
    person = make_person("ada")
    filters = parse_scene_filter(UNTITLED)

    asked = services.analyse_matching(filters, digest_of(UNTITLED), by=person.pk)

    assert isinstance(asked, services.AskedJobs)
    (job,) = asked.jobs
    assert (job.scenes, job.source) == (3, "Film archive")
    card = done(job.ref.job_id)
    assert card.status == "succeeded"
    plan = queries.plan_by_id(card.result["plan"])
    assert plan is not None
    assert (plan.name, plan.scope, plan.query) == (
        "Analysis of 3 scenes",
        "filter",
        "none=title",
    )
    assert (plan.by, plan.job_id) == ("ada", job.ref.job_id)
    scenes = set(Change.objects.values_list("scene_id", flat=True))
    assert sorted(scenes) == archive.keys([4, 8, 12])


def test_nothing_is_done_if_others_match_by_now(archive: Archive) -> None:
    shown = digest_of(UNTITLED)
    make_scene(archive.source, 40, "")

    found = services.analyse_matching(parse_scene_filter(UNTITLED), shown)

    assert isinstance(found, queries.MatchingScenes)
    assert found.count == 4
    assert not Job.objects.exists()


def test_chosen_scenes_are_a_job_for_each_source(archive: Archive) -> None:
    other = make_source("Other archive")
    scene = make_scene(other, 1, "Elsewhere")

    asked = services.analyse_chosen([*archive.keys([1, 2, 99]), scene.pk])

    assert [job.scenes for job in asked.jobs] == [2, 1]
    assert asked.left_out == 1
    card = done(asked.jobs[0].ref.job_id)
    assert card.title == "Analysis of 2 scenes · Film archive"
    assert Plan.objects.get().scope == "chosen"


def test_two_asks_for_the_same_scenes_are_one_job(archive: Archive) -> None:
    first = services.analyse_chosen(archive.keys([1, 2])).jobs[0]
    others = AnalysisChoices(detectors=("tag",))

    again = services.analyse_chosen(archive.keys([2, 1]), others).jobs[0]
    of_others = services.analyse_chosen(archive.keys([1])).jobs[0]

    assert (again.ref.job_id, again.ref.created) == (first.ref.job_id, False)
    assert of_others.ref.created
    assert SceneSet.objects.count() == 2


def test_what_changed_is_asked_for_once(archive: Archive) -> None:
    first = services.start_analysis(archive.source.pk)
    again = services.start_analysis(archive.source.pk)

    assert (again.job_id, again.created) == (first.job_id, False)
    card = done(first.job_id)
    assert card.result["scenes"]["read"] == SCENES
    assert (card.progress_done, card.progress_total) == (SCENES, SCENES)
    assert [phase.name for phase in card.phases] == ["scenes"]


def test_choices_reach_the_run(archive: Archive) -> None:
    Scene.objects.filter(pk=archive.key(1)).update(organized=True)
    choices = AnalysisChoices(
        detectors=("caption", "folder"),
        options=("caption.tidy",),
        organized=True,
        ignored=True,
        name="  Of the first ",
    )

    asked = services.analyse_chosen(archive.keys([1]), choices)

    done(asked.jobs[0].ref.job_id)
    plan = Plan.objects.get()
    assert plan.name == "Of the first"
    assert plan.detectors == {"folder": 3, "caption": 1}
    assert plan.options == ["caption.tidy"]


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        (AnalysisChoices(detectors=("rating",)), "no detector 'rating'"),
        (AnalysisChoices(options=("tidy",)), "no option 'tidy'"),
        (AnalysisChoices(name="a" * 201), "at most 200 characters"),
        (AnalysisChoices(name="a\nb"), "one line"),
    ],
)
def test_choices_that_make_no_sense_are_refused(
    choices: AnalysisChoices, sentence: str, archive: Archive
) -> None:
    with pytest.raises(services.BadRequest, match=sentence):
        services.start_analysis(archive.source.pk, choices)

    assert not Job.objects.exists()


def test_nothing_chosen_and_no_source_are_refused(archive: Archive) -> None:
    with pytest.raises(services.NothingChosen):
        services.analyse_chosen([])
    with pytest.raises(services.SceneNotFound):
        services.analyse_chosen([archive.key(99)])
    with pytest.raises(services.SourceNotFound):
        services.start_analysis(0)


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"scene_set": 99}, "no set 99 of scenes"),
        ({"source_id": 0}, "Source 0 is not here"),
        ({"detectors": ["rating"]}, "no detector 'rating'"),
    ],
)
def test_a_schedule_of_what_cannot_be_is_refused(
    told: dict[str, JSON], sentence: str, archive: Archive
) -> None:
    with pytest.raises(BadParams, match=sentence):
        registry.checked_params(
            "analysis.run", {"source_id": archive.source.pk, **told}
        )


def test_a_set_that_went_meanwhile_fails_with_a_sentence(archive: Archive) -> None:
    params: dict[str, JSON] = {"source_id": archive.source.pk, "scene_set": 99}
    card = done(create_job("analysis.run", params).job_id)

    assert (card.status, card.error_code) == ("failed", "set_gone")
    assert "choose again" in card.error_text


def test_a_set_is_kept_while_a_job_names_it(archive: Archive) -> None:
    asked = services.analyse_chosen(archive.keys([1]))
    done(asked.jobs[0].ref.job_id)
    SceneSet.objects.update(used_at=NOON)

    done(create_job("jobs.prune", {}).job_id)
    assert SceneSet.objects.count() == 1

    Job.objects.filter(kind="analysis.run").delete()
    done(create_job("jobs.prune", {}).job_id)
    assert not SceneSet.objects.exists()


def test_a_plan_that_a_job_works_on_cannot_be_deleted(archive: Archive) -> None:
    job_id = services.start_analysis(archive.source.pk).job_id
    archive.run(reporter=None)
    plan = Plan.objects.get()
    Plan.objects.update(job_id=job_id)

    with pytest.raises(services.PlanBusy, match=f"Job {job_id} still works"):
        services.delete_plan(plan.pk)

    done(job_id)
    assert services.delete_plan(plan.pk) == 24
    assert not Change.objects.exists()
    with pytest.raises(services.PlanNotFound):
        services.delete_plan(plan.pk)


def test_the_switch_of_a_source_is_off_at_first(archive: Archive) -> None:
    assert Source.objects.get().analyse_after_sync is False

    services.set_analyse_after_sync(archive.source.pk, on=True)

    assert Source.objects.get().analyse_after_sync is True
    with pytest.raises(services.SourceNotFound):
        services.set_analyse_after_sync(0, on=True)
