"""Changes are decided on the pages, by forms alone."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import AsyncClient, Client

from syncapp import services
from syncapp.models import Change, Decision, Source, Studio
from tests.builders import make_person, make_studio
from tests.integration.pages.plans.conftest import page
from tests.plan_builders import make_change

pytestmark = pytest.mark.django_db(transaction=True)
BULK = re.compile(r'<a class="button" href="([^"]*)">(Accept|Reject) all ([0-9,]+)')
HIDDEN = re.compile(r'<input type="hidden" name="([a-z]+)" value="([^"]*)">')


@pytest.fixture
def other(transactional_db: None) -> Any:
    return make_person("noor", "jobs.run_job")


def decide(site: Client, plan: Any, **form: str) -> Any:
    return site.post(f"/plans/{plan.pk}/decide/", form)


def state_of(change: Any) -> str:
    return str(Change.objects.values_list("state", flat=True).get(pk=change.pk))


def bulk(html: str) -> dict[str, tuple[str, str]]:
    """Return address and number of each way to decide all that match."""
    return {what: (unescape(url), number) for url, what, number in BULK.findall(html)}


def form_of(html: str) -> dict[str, str]:
    """Return what the confirm page's form holds."""
    return {name: unescape(value) for name, value in HIDDEN.findall(html)}


def test_a_button_decides_and_leads_back_to_its_place(site: Client, plan: Any) -> None:
    change = Change.objects.get(field="studio")
    html = page(site, plan, level="certain")
    assert f'form="decide" name="accept" value="{change.pk}.proposed"' in html
    place = unescape(dict(HIDDEN.findall(html))["place"])

    response = decide(site, plan, accept=f"{change.pk}.proposed", place=place)

    assert response.status_code == 303
    assert response["Location"] == (
        f"/plans/{plan.pk}/?level=certain#change-{change.pk}"
    )
    assert state_of(change) == "accepted"
    html = page(site, plan)
    assert "decided by <bdi>ada</bdi>" in html
    assert "You accepted 1 change " in html


def test_put_back_is_undecided_again(site: Client, plan: Any) -> None:
    change = Change.objects.get(field="studio")
    decide(site, plan, reject=f"{change.pk}.proposed")

    decide(site, plan, put_back=f"{change.pk}.rejected")

    assert state_of(change) == "proposed"


def test_who_rejects_is_offered_to_dismiss(site: Client, plan: Any) -> None:
    change = Change.objects.get(field="studio")

    response = decide(
        site, plan, reject=f"{change.pk}.proposed", place="?field=studio&after=3"
    )

    address, _, anchor = response["Location"].partition("#")
    assert address == f"/plans/{plan.pk}/?field=studio&after=3&rejected={change.pk}"
    html = site.get(f"/plans/{plan.pk}/?rejected={change.pk}").content.decode()
    assert html.count('<details class="menu never" open>') == 1
    assert anchor == f"change-{change.pk}"
    assert '<details class="menu never" open>' not in page(site, plan)


def test_what_another_decided_is_told_and_stays(
    site: Client, plan: Any, other: Any
) -> None:
    change = Change.objects.get(field="studio")
    services.decide(plan.pk, "accepted", {change.pk: "proposed"}, by=other.pk)

    decide(site, plan, reject=f"{change.pk}.proposed")

    assert state_of(change) == "accepted"
    html = page(site, plan)
    assert re.search(r"noor accepted it at \d\d:\d\d\. It was left as it is\.", html)


def test_what_is_written_by_now_is_told(site: Client, plan: Any) -> None:
    change = Change.objects.get(field="studio")
    services.decide(plan.pk, "accepted", {change.pk: "proposed"})
    Change.objects.filter(pk=change.pk).update(state="writing", image_after={"is": 1})

    decide(site, plan, reject=f"{change.pk}.accepted")

    assert "It is writing by now. It was left as it is." in page(site, plan)


@pytest.fixture
def choice(plan: Any, source: Source, scene: Any) -> list[Any]:
    """Give two studios of which one can be true."""
    Change.objects.filter(field="studio").delete()
    studios = [make_studio(source, 7, "Berg"), make_studio(source, 8, "Bergen")]
    return [make_change(plan, scene, "studio", s, choice="which") for s in studios]


def test_a_choice_is_a_radio_group(site: Client, plan: Any, choice: list[Any]) -> None:
    html = page(site, plan)
    (radio,) = set(re.findall(r'type="radio" form="decide" name="([^"]*)"', html))
    assert f'name="choose" value="{radio}"' in html
    one, two = choice

    decide(site, plan, choose=radio, **{radio: f"{one.pk}.proposed"})
    assert [state_of(each) for each in choice] == ["accepted", "proposed"]
    assert f'value="{one.pk}.accepted"' in page(site, plan)
    decide(site, plan, choose=radio, **{radio: f"{two.pk}.proposed"})

    assert [state_of(each) for each in choice] == ["proposed", "accepted"]
    assert "The other one of its choice is proposed again." in page(site, plan)
    none = decide(site, plan, choose=radio)
    assert none.status_code == 400
    assert b"choose one first" in none.content


def test_all_of_a_choice_are_rejected(
    site: Client, plan: Any, choice: list[Any]
) -> None:
    html = page(site, plan)
    (both,) = re.findall(r'name="reject" value="([^"]* [^"]*)"', html)

    decide(site, plan, reject=both)

    assert [state_of(each) for each in choice] == ["rejected", "rejected"]


def test_all_that_match_are_decided_after_a_question(
    site: Client, plan: Any, scene: Any
) -> None:
    make_change(plan, scene, "title", "Reel nine", level="certain")
    url, number = bulk(page(site, plan, level="certain"))["Accept"]
    assert number == "2"

    asked = site.get(url).content.decode()

    assert "Accept 2 changes?" in asked
    assert '<span class="chip"><bdi>certain</bdi></span>' in asked
    assert f"<code>{form_of(asked)['digest'][:8]}</code>" in asked
    assert "<bdi>Reel nine</bdi>" in asked

    done = site.post(f"/plans/{plan.pk}/decide/matching/", form_of(asked))

    assert (done.status_code, done["Location"]) == (
        *(303, f"/plans/{plan.pk}/?level=certain"),
    )
    assert Change.objects.filter(state="accepted").count() == 2
    assert "Accept" not in bulk(page(site, plan, level="certain"))


def test_the_question_tells_values_in_peoples_words(
    site: Client, plan: Any, scene: Any
) -> None:
    make_change(plan, scene, "organized", "true", before="false")
    make_change(plan, scene, "rating", "80", before="40")

    html = site.get(f"/plans/{plan.pk}/decide/matching/?to=accepted").content.decode()

    for told in ("<del><bdi>no</bdi></del>", "<bdi>yes</bdi>", "<dt>organised</dt>"):
        assert told in html
    for told in ("<del><bdi>40 of 100</bdi></del>", "<bdi>80 of 100</bdi>"):
        assert told in html
    assert "<dt>organized</dt>" not in html


def test_a_set_that_changed_is_refused_and_shown_again(
    site: Client, plan: Any, scene: Any, other: Any
) -> None:
    url, _ = bulk(page(site, plan))["Accept"]
    form = form_of(site.get(url).content.decode())
    change = Change.objects.get(field="tags")
    services.decide(plan.pk, "rejected", {change.pk: "proposed"}, by=other.pk)

    again = site.post(f"/plans/{plan.pk}/decide/matching/", form)

    html = again.content.decode()
    assert again.status_code == 409
    assert "2 were shown, and 1 match now" in html
    assert "These stay as they are" in html
    assert not Change.objects.filter(state="accepted").exists()
    assert form_of(html)["digest"] != form["digest"]
    site.post(f"/plans/{plan.pk}/decide/matching/", form_of(html))
    assert Change.objects.filter(state="accepted").count() == 1


def test_a_reason_is_decided_from_its_facet(site: Client, plan: Any) -> None:
    key = Change.objects.values_list("cause_key", flat=True).get(field="tags")
    html = unescape(page(site, plan, level="likely"))
    base = f"/plans/{plan.pk}/decide/matching/"

    assert f'href="{base}?level=likely&cause={key}&to=rejected"' in html
    form = form_of(site.get(f"{base}?cause={key}&to=rejected").content.decode())
    site.post(base, form)

    assert Change.objects.get(state="rejected").field == "tags"


def test_the_last_decision_is_taken_back_once(site: Client, plan: Any) -> None:
    change = Change.objects.get(field="studio")
    decide(site, plan, accept=f"{change.pk}.proposed")
    form = {"decision": str(Decision.objects.get().pk), "place": "?field=studio"}
    address = f"/plans/{plan.pk}/take-back/"

    response = site.post(address, form)

    assert response["Location"] == f"/plans/{plan.pk}/?field=studio"
    assert state_of(change) == "proposed"
    assert "Taken back: 1 change is as before." in page(site, plan)
    assert "data-undecide" not in page(site, plan)
    assert site.post(address, form).status_code == 404


def test_a_change_is_edited(site: Client, plan: Any, scene: Any) -> None:
    change = make_change(plan, scene, "title", "The harbor")
    address = f"/plans/{plan.pk}/changes/{change.pk}/edit/"
    asked = site.get(address, {"place": "?field=title"}).content.decode()
    form = {**form_of(asked), "value": "The\nharbour"}
    assert 'value="The harbor"' in asked

    refused = site.post(address, form)
    done = site.post(address, {**form, "value": "The harbour"})

    assert refused.status_code == 400
    assert b"A title is one line" in refused.content
    assert done["Location"] == f"/plans/{plan.pk}/?field=title#change-{change.pk}"
    html = page(site, plan)
    assert "<bdi>The harbour</bdi></ins>" in html
    assert "“The harbor” was proposed; ada edited it." in html
    again = site.post(address, {**form, "value": "The harbour at dawn"})
    assert again.status_code == 409


def test_an_entity_is_edited_by_one_of_the_known_names(
    site: Client, plan: Any, source: Source
) -> None:
    change = Change.objects.get(field="studio")
    address = f"/plans/{plan.pk}/changes/{change.pk}/edit/"
    shorts = Studio.objects.get(name="Tideline Shorts")
    make_studio(source, 9, "Berg")
    asked = site.get(address, {"q": "shorts"}).content.decode()

    assert re.findall(r'name="entity" value="(\d+)"', asked) == [str(shorts.pk)]
    site.post(address, {**form_of(asked), "entity": str(shorts.pk)})

    change.refresh_from_db()
    assert (change.entity_id, change.state) == (shorts.pk, "accepted")
    assert site.get(address, {"q": "\0"}).status_code == 200


def test_old_and_new_titles_are_compared_word_by_word(
    site: Client, plan: Any, scene: Any
) -> None:
    make_change(
        plan, scene, "title", "The harbour at dawn", before="The harbour at night"
    )

    html = page(site, plan, field="title")

    assert "The harbour at <del>night</del><ins>dawn</ins>" in html


@pytest.mark.parametrize(
    ("address", "form", "status"),
    [
        ("decide/", {}, 400),
        ("decide/", {"accept": "x"}, 404),
        ("decide/", {"accept": ""}, 400),
        ("decide/", {"accept": f"{2**80}.proposed"}, 404),
        ("decide/matching/", {"filter": "colour=red", "to": "accepted"}, 400),
        ("decide/matching/", {"filter": "", "to": "applied"}, 400),
        ("take-back/", {"decision": "x"}, 404),
        ("changes/1/edit/", {"value": "x"}, 404),
    ],
)
def test_a_wrong_form_decides_nothing(
    address: str, form: dict[str, str], status: int, site: Client, plan: Any
) -> None:
    assert site.post(f"/plans/{plan.pk}/{address}", form).status_code == status
    assert not Change.objects.exclude(state="proposed").exists()


def test_programs_decide_and_read_json(site: Client, plan: Any) -> None:
    change = Change.objects.get(field="studio")
    json = {"Accept": "application/json"}
    form = {"accept": f"{change.pk}.proposed"}

    told = site.post(f"/plans/{plan.pk}/decide/", form, headers=json).json()

    assert (told["state"], told["changed"], told["contested"]) == ("accepted", 1, [])
    back = {"decision": told["decision_id"]}
    told = site.post(f"/plans/{plan.pk}/take-back/", back, headers=json).json()
    assert told == {"state": "accepted", "changed": 1, "left": 0}


def test_a_reader_decides_nothing(looker: Client, plan: Any) -> None:
    change = Change.objects.get(field="studio")
    html = page(looker, plan)

    assert 'form="decide"' not in html
    assert "accept all" not in html
    for address in ("decide/", "decide/matching/", "take-back/"):
        response = looker.post(
            f"/plans/{plan.pk}/{address}", {"accept": f"{change.pk}.proposed"}
        )
        assert response.status_code == 403
    edit = looker.get(f"/plans/{plan.pk}/changes/{change.pk}/edit/")
    assert edit.status_code == 403
    assert state_of(change) == "proposed"


async def test_two_people_decide_at_the_same_page(
    operator: AsyncClient, plan: Any, other: Any
) -> None:
    second = AsyncClient()
    await second.aforce_login(other)
    change = await Change.objects.aget(field="studio")
    address, seen = f"/plans/{plan.pk}/decide/", f"{change.pk}.proposed"

    await operator.post(address, {"accept": seen})
    await second.post(address, {"reject": seen})

    await change.arefresh_from_db()
    assert change.state == "accepted"


def test_outdated_ones_are_told_before_and_after_all_are_accepted(
    site: Client, plan: Any, scene: Any
) -> None:
    make_change(plan, scene, "title", "Reel ten", before="Another", level="certain")
    url, _ = bulk(page(site, plan, level="certain"))["Accept"]

    asked = site.get(url).content.decode()
    site.post(f"/plans/{plan.pk}/decide/matching/", form_of(asked))

    assert "1 of these is outdated: by the mirror" in asked
    assert "1 of these is outdated: look at them" in page(site, plan)
