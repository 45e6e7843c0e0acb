"""`manage.py plan accept|reject`: all that match are decided, after a question."""

import io
import json
from typing import Any

import pytest

from syncapp.models import Change, Scene
from syncapp.services.decisions import decide
from tests.builders import NOON
from tests.commanding import command

pytestmark = pytest.mark.django_db(transaction=True)


def states(plan: Any) -> dict[str, int]:
    found: dict[str, int] = {}
    for state in Change.objects.filter(plan=plan).values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def test_accept_takes_what_matches(plan: Any) -> None:
    printed, code, _ = command(
        "plan", "accept", str(plan.pk), "--filter", "level=certain", "--yes"
    )

    assert (printed, code) == ("5 changes are accepted now.\n", 0)
    assert states(plan) == {"accepted": 5, "proposed": 5}


def test_accept_takes_what_is_likely_without_a_filter(plan: Any, choice: Any) -> None:
    Change.objects.filter(pk=choice[0].pk).update(level="look")

    printed, _, _ = command("plan", "accept", str(plan.pk), "--yes", "--json")

    assert json.loads(printed) == {
        "plan": plan.pk,
        "state": "accepted",
        "changed": 10,
        "choices": 0,
        "conflicts": 0,
        "outdated": 0,
    }


def test_alternatives_are_left_and_told(plan: Any, choice: Any) -> None:
    printed, _, _ = command("plan", "accept", str(plan.pk), "--filter", "", "--yes")

    assert "10 changes are accepted now.\n2 alternatives are left" in printed


def test_reject_wants_a_filter_and_leaves_what_is_decided(plan: Any, ada: Any) -> None:
    first = Change.objects.earliest("id")
    decide(plan.pk, "accepted", {first.pk: "proposed"}, by=ada.pk)

    assert command("plan", "reject", str(plan.pk), "--yes")[1] != 0
    command("plan", "reject", str(plan.pk), "--filter", "", "--yes")

    assert states(plan) == {"accepted": 1, "rejected": 9}


def test_it_asks_first(plan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    number = str(plan.pk)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    unasked = command("plan", "accept", number)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _question: "n")
    refused = command("plan", "accept", number)

    assert unasked[1:] == (
        2,
        "Nobody is here to confirm it: say --yes to accept unasked.",
    )
    assert refused[1:] == (1, "Nothing was decided.")
    assert "5 studio, 5 tags" in refused[0]
    assert states(plan) == {"proposed": 10}
    monkeypatch.setattr("builtins.input", lambda _question: "y")
    assert command("plan", "accept", number)[1] == 0


def test_what_changes_while_it_is_asked_is_refused(
    plan: Any, ada: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Change.objects.earliest("id")

    def meanwhile(_question: str) -> str:
        decide(plan.pk, "rejected", {first.pk: "proposed"}, by=ada.pk)
        return "y"

    monkeypatch.setattr("sys.stdin", io.StringIO())
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", meanwhile)

    _, code, said = command("plan", "accept", str(plan.pk))

    assert (code, "Nothing was decided: 10 changes matched" in said) == (1, True)
    assert states(plan) == {"proposed": 9, "rejected": 1}


def test_what_cannot_be_decided_is_said(plan: Any) -> None:
    number = str(plan.pk)

    assert command("plan", "accept", number, "--filter", "colour=red")[1] == 2
    nothing = command("plan", "accept", number, "--filter", "field=date")
    assert (nothing[1], "No change matches" in nothing[2]) == (1, True)
    assert command("plan", "accept", "999", "--yes")[1] == 1


def test_what_is_outdated_is_told_before_and_after(
    plan: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    Scene.objects.filter(title="Reel 11").update(deleted_at=NOON)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _question: "y")

    asked, code, _ = command("plan", "accept", str(plan.pk))

    told = "2 of them are outdated: the mirror holds something else by now.\n"
    assert (code, asked.count(told)) == (0, 2)
