"""Fields and values stand on pages and at the terminal as people call them."""

from typing import Any

import pytest
from django.test import Client

from syncapp import services
from syncapp.models import Change, Plan, Source, Tag
from tests.builders import NOON
from tests.commanding import command
from tests.plan_builders import make_change, make_plan

pytestmark = pytest.mark.django_db(transaction=True)
RAW = ("organized", "true", "false", "changed_since")


@pytest.fixture
def plan(source: Source, scene: Any) -> Any:
    """Give a plan that sets what is kept as true or false, and adds a tag."""
    Source.objects.filter(pk=source.pk).update(read_only=False)
    plan = make_plan(source, name="Reels that are done")
    make_change(plan, scene, "organized", "true", before="false", detector="manual")
    make_change(plan, scene, "tags", Tag.objects.get(name="Sea"))
    return plan


def read(site: Client, address: str) -> str:
    """Return what a page shows of plans, without the names that forms carry."""
    html = site.get(address).content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    shown = main.replace("field=organized", "").replace('value="organized"', "")
    return " ".join(shown.replace('aria-hidden="true"', "").split())


def assert_plain(text: str) -> None:
    assert not [word for word in RAW if word in text]


def test_a_question_about_many_shows_fields_and_values_in_words(
    writer: Client, plan: Any
) -> None:
    html = read(writer, f"/plans/{plan.pk}/decide/matching/?to=accepted")

    assert "<dt>organised</dt>" in html
    assert "organised</span> <del><bdi>no</bdi></del>" in html
    assert "<strong><bdi>yes</bdi></strong>" in html
    assert "add tag</span> <span><strong><bdi>Sea</bdi></strong></span>" in html
    assert_plain(html)


def test_the_question_before_an_apply_is_in_words(writer: Client, plan: Any) -> None:
    Change.objects.update(state="accepted", decided_at=NOON)

    html = read(writer, f"/plans/{plan.pk}/apply/")

    assert "set organised" in html
    assert_plain(html)


def test_undo_asks_in_words_and_names_its_plan_so(writer: Client, plan: Any) -> None:
    Change.objects.filter(field="organized").update(
        state="changed_since",
        decided_at=NOON,
        written_at=NOON,
        image_before={"is": False},
        image_after={"is": True},
        image_found={"is": False},
    )
    change = Change.objects.get(field="organized")
    address = f"/plans/{plan.pk}/undo/"

    whole, of_field = read(writer, address), read(writer, f"{address}?field=organized")
    of_one = read(writer, f"{address}?change={change.pk}")
    services.start_undo(plan.pk, field="organized")
    command("plan", "undo", str(plan.pk), "--field", "organized", "--inline")

    assert ">organised</a>" in whole
    assert "Undo <bdi>organised</bdi> of" in of_field
    assert "<bdi>set organised to yes</bdi>" in of_one
    assert_plain(whole + of_field + of_one)
    made = Plan.objects.get(kind="undo")
    assert made.name == "Undo of organised of Reels that are done"


def test_a_terminal_is_told_in_words(
    plan: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _question: "n")

    shown = command("plan", "show", str(plan.pk))[0]
    asked = command("plan", "accept", str(plan.pk))[0]

    assert "Field: organised 1, tags 1\n" in shown
    assert "1 organised yes: A folder is its name." in shown
    assert "1 organised, 1 tags" in asked
    assert_plain(shown + asked)
