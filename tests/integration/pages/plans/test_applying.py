"""A plan is applied from its page: the question, the right, the mutations, the end."""

import json
import re
from typing import Any

import pytest
from django.test import AsyncClient, Client

from jobs.models import Job
from syncapp import queries, services
from syncapp.models import Change, Creation, Scene, Source, Tag
from tests.builders import NOON, make_scene
from tests.integration.pages.plans.conftest import page
from tests.plan_builders import as_it_is, make_change

pytestmark = pytest.mark.django_db(transaction=True)
IMAGE = {"is": None}


@pytest.fixture
def accepted(plan: Any, source: Source) -> Any:
    """Give the plan with all of it accepted, of a source that may be written."""
    Source.objects.filter(pk=source.pk).update(read_only=False)
    Change.objects.update(state="accepted", decided_at=NOON)
    return plan


def question(site: Client, plan: Any) -> str:
    response = site.get(f"/plans/{plan.pk}/apply/")
    assert response.status_code == 200, response.content
    html: str = response.content.decode()
    return html


def test_the_question_counts_what_would_be_written(
    writer: Client, accepted: Any, scene: Any, source: Source
) -> None:
    make_change(accepted, scene, "title", "Reel", before="Dunes", state="accepted")
    gone = make_scene(source, 12, "Gone", deleted_at=NOON)
    make_change(accepted, gone, "title", "Tides", before="Gone", state="accepted")
    Creation.objects.create(
        plan=accepted, kind="tag", name="Harbour", state="accepted", decided_at=NOON
    )

    html = question(writer, accepted)

    assert "4 accepted changes in 2 scenes" in html
    assert "set studio" in html
    assert "create tag <strong><bdi>Harbour</bdi>" in html
    assert "1 of them is outdated" in html
    assert "1 is of a scene that is not in Stash any more" in html
    assert "disabled" not in html


def test_the_button_asks_for_one_job_however_often(
    writer: Client, accepted: Any
) -> None:
    first = writer.post(f"/plans/{accepted.pk}/apply/")
    second = writer.post(f"/plans/{accepted.pk}/apply/")

    job = Job.objects.get()
    assert (first.status_code, first["Location"]) == (303, f"/jobs/{job.pk}/")
    assert second["Location"] == first["Location"]
    assert (job.kind, job.params["plan_id"]) == ("plan.apply", accepted.pk)
    html = page(writer, accepted)
    assert f'data-follow-job="{job.pk}"' in html
    asked = question(writer, accepted)
    assert "It is being applied already" in asked
    assert "Not while it is being applied." in asked


def test_a_plan_with_a_queued_apply_is_not_deleted(
    writer: Client, accepted: Any
) -> None:
    writer.post(f"/plans/{accepted.pk}/apply/")

    with pytest.raises(services.PlanBusy, match="still works on this plan"):
        services.delete_plan(accepted.pk)


async def test_who_may_only_run_jobs_does_not_write(
    operator: AsyncClient, accepted: Any
) -> None:
    response = await operator.post(f"/plans/{accepted.pk}/apply/")

    assert response.status_code == 403
    assert await Job.objects.acount() == 0


def test_a_source_that_is_read_only_refuses_with_the_way_out(
    writer: Client, accepted: Any, source: Source
) -> None:
    Source.objects.filter(pk=source.pk).update(read_only=True)

    html = question(writer, accepted)
    refused = writer.post(f"/plans/{accepted.pk}/apply/")

    assert f'href="/sources/{source.pk}/">the source' in html
    assert "Not while this source is read only." in html
    assert refused.status_code == 409
    assert "Allow writing on the" in refused.content.decode()
    assert not Job.objects.exists()


def test_nothing_accepted_is_nothing_to_write(writer: Client, plan: Any) -> None:
    Source.objects.update(read_only=False)

    assert "There is nothing to write." in question(writer, plan)
    assert writer.post(f"/plans/{plan.pk}/apply/").status_code == 400


def test_the_mutations_are_shown_as_they_would_be_sent(
    writer: Client, accepted: Any
) -> None:
    html = writer.get(f"/plans/{accepted.pk}/dry-run/").content.decode()

    assert "mutation WriteScene(" in html
    assert "&quot;studio_id&quot;: &quot;1&quot;" in html
    assert "&quot;mode&quot;: &quot;ADD&quot;" in html
    assert not Job.objects.exists()


def buttons(html: str, name: str) -> dict[str, str]:
    """Return what the buttons of this name carry, by their words."""
    found = re.findall(rf'name="{name}" value="([^"]*)"[^>]*>([^<]*)<', html)
    return {words.strip(): value for value, words in found}


def conflict(plan: Any, scene: Any, found: str = "Theirs") -> Change:
    change: Change = make_change(
        *(plan, scene, "title", "Ours"),
        before="Reel",
        state="conflict",
        image_after={"is": "Ours"},
        image_found={"is": found},
    )
    return change


def test_a_conflict_shows_both_values_and_is_decided_again(
    writer: Client, plan: Any, scene: Any
) -> None:
    change = conflict(plan, scene)
    html = page(writer, plan, field="title")

    assert "<bdi>Reel</bdi>" in html
    assert "<bdi>Theirs</bdi>" in html
    again = buttons(html, "accept")["Write it all the same"]
    response = writer.post(
        f"/plans/{plan.pk}/decide/", {"accept": again, "place": "?field=title"}
    )

    change.refresh_from_db()
    assert response["Location"] == f"/plans/{plan.pk}/?field=title#change-{change.pk}"
    assert (change.state, change.before) == ("accepted", "Theirs")
    assert change.image_found is None


def test_a_decision_by_an_old_page_is_told_and_decides_nothing(
    writer: Client, plan: Any, scene: Any
) -> None:
    change = conflict(plan, scene)
    old = buttons(page(writer, plan, field="title"), "accept")["Write it all the same"]
    Change.objects.filter(pk=change.pk).update(image_found={"is": "Theirs by now"})

    writer.post(f"/plans/{plan.pk}/decide/", {"accept": old})

    change.refresh_from_db()
    assert change.state == "conflict"
    html = page(writer, plan)
    assert "something else at the last look than this page showed" in html
    writer.post(
        f"/plans/{plan.pk}/decide/", {"reject": buttons(html, "reject")["Reject"]}
    )
    change.refresh_from_db()
    assert change.state == "rejected"


def test_a_conflict_of_a_choice_is_chosen_by_what_was_found(
    writer: Client, plan: Any, scene: Any
) -> None:
    change = conflict(plan, scene)
    Change.objects.filter(pk=change.pk).update(choice="which")
    make_change(plan, scene, "title", "Another", choice="which")
    html = page(writer, plan, field="title")
    assert "Write it all the same" not in html
    (seen,) = re.findall(rf'value="({change.pk}\.conflict[^"]*)"[^>]*data-choose', html)
    radio = f"choice.{change.pk}"

    blind = f"{change.pk}.conflict"
    writer.post(f"/plans/{plan.pk}/decide/", {"choose": radio, radio: blind})
    change.refresh_from_db()
    assert change.state == "conflict"
    writer.post(f"/plans/{plan.pk}/decide/", {"choose": radio, radio: seen})

    change.refresh_from_db()
    assert (change.state, change.before) == ("accepted", "Theirs")


def test_a_studio_found_is_expected_by_its_row(
    writer: Client, plan: Any, scene: Any, studio: Any
) -> None:
    change = Change.objects.get(field="studio")
    Change.objects.filter(pk=change.pk).update(
        state="conflict", decided_at=NOON, image_found={"is": 2}
    )

    html = page(writer, plan, field="studio")
    services.decide(plan.pk, "accepted", as_it_is(change))

    change.refresh_from_db()
    assert "Tideline Shorts" in html
    assert (change.before_id, change.before) == (studio.pk + 1, "Tideline Shorts")


def test_what_was_lost_is_put_back_by_a_plan_of_its_own(
    writer: Client, plan: Any, scene: Any
) -> None:
    change = make_change(
        *(plan, scene, "title", "Ours"),
        state="overwrote",
        image_before={"is": "Theirs"},
        image_after={"is": "Ours"},
        written_at=NOON,
        written_by_job=77,
    )
    html = page(writer, plan, field="title")
    assert "<bdi>Theirs</bdi>" in html
    assert "by job 77" in html

    first = writer.post(f"/plans/changes/{change.pk}/put-back/")
    second = writer.post(f"/plans/changes/{change.pk}/put-back/")

    made = Change.objects.exclude(plan=plan).get()
    assert first["Location"] == second["Location"] == f"/plans/{made.plan_id}/apply/"
    assert (made.value, made.before, made.state) == ("Theirs", "Ours", "accepted")
    assert made.plan.kind == "by_hand"


def test_ours_is_written_again_after_a_later_edit(plan: Any, scene: Any) -> None:
    change = make_change(
        *(plan, scene, "rating", "80"),
        state="changed_since",
        image_before={"is": None},
        image_after={"is": 80},
        image_found={"is": 40},
        written_at=NOON,
    )

    plan_id = services.put_back(change.pk)

    made = Change.objects.get(plan_id=plan_id)
    assert (made.value, made.before) == ("80", "40")


def test_a_failure_is_tried_again(plan: Any, scene: Any) -> None:
    Change.objects.filter(field="tags").update(
        state="failed", decided_at=NOON, objection="Stash refused it."
    )
    change = Change.objects.get(field="tags")

    services.decide(plan.pk, "accepted", as_it_is(change))

    change.refresh_from_db()
    assert (change.state, change.objection) == ("accepted", "")


def test_a_scene_tells_what_plans_changed_in_it(
    writer: Client, plan: Any, scene: Any
) -> None:
    Change.objects.filter(field="tags").update(
        state="applied",
        decided_at=NOON,
        image_before={"is": False},
        image_after={"is": True},
        written_at=NOON,
    )

    html = writer.get(f"/scenes/{scene.pk}/").content.decode()

    assert "Changed by plans" in html
    section = html[html.index("Changed by plans") :]
    assert "Analysis of 3 scenes" in section
    assert "applied" in section
    assert "Tideline Films" not in section[: section.index("</section>")]


def test_a_number_of_the_job_leads_to_its_changes(
    writer: Client, accepted: Any
) -> None:
    writer.post(f"/plans/{accepted.pk}/apply/")
    Job.objects.update(status="succeeded", result={"changes": {"applied": 2}})
    job = Job.objects.get()

    shown = writer.get(f"/jobs/{job.pk}/").content.decode()
    response = writer.get(f"/analyse/jobs/{job.pk}/plan/?state=applied")

    assert f"/analyse/jobs/{job.pk}/plan/?state=applied" in shown
    assert response["Location"] == f"/plans/{accepted.pk}/?state=applied"


def test_a_dry_run_tells_what_waits_for_a_creation(accepted: Any, scene: Any) -> None:
    creation = Creation.objects.create(
        plan=accepted, kind="tag", name="Harbour", state="accepted", decided_at=NOON
    )
    Change.objects.filter(field="tags").update(entity_id=None, creation=creation)

    page_of_scenes = queries.dry_run_page(accepted.pk)

    assert page_of_scenes is not None
    (told,) = page_of_scenes.scenes[0].texts
    assert json.loads(told)["input"]["tag_ids"]["ids"] == [
        "<id of the new tag “Harbour”>"
    ]
    assert Tag.objects.filter(name="Harbour").count() == 0
    assert Scene.objects.filter(pk=scene.pk).exists()
