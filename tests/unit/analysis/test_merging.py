"""What all detectors say of a scene becomes what is stored of it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from syncapp.analysis.detector import Detector
from syncapp.analysis.facts import SceneFacts
from syncapp.analysis.finding_keys import proposal_key
from syncapp.analysis.merging import MOST_EVIDENCE, Dismissed, Merged, merge
from syncapp.analysis.proposals import Evidence, Op, Proposal, SceneField
from syncapp.text.digests import digest_of, key_of_value

SURE = {"folder": 0.99, "name": 0.8, "title": 0.8}
BARE = SceneFacts(scene_id=7)


def no_findings(*_: Any) -> Iterator[Any]:
    return iter(())


def detector(name: str, version: int = 1) -> Detector:
    kinds = dict.fromkeys(SURE, "")
    return Detector(name, version, name, "", kinds, no_findings)


ONE, TWO = detector("one"), detector("two", 4)


def proposal(
    field: SceneField, value: int | str, kind: str = "folder", **told: Any
) -> Proposal:
    many = field in {SceneField.TAGS, SceneField.PERFORMERS}
    given = {"op": Op.ADD if many else Op.SET, "cause": f"{field} {value}", **told}
    return Proposal(field=field, value=value, evidence=Evidence(kind, kind), **given)


def merged(
    *said: tuple[Detector, Proposal],
    facts: SceneFacts = BARE,
    dismissed: Dismissed = Dismissed(),  # noqa: B008 - frozen
) -> Merged:
    return merge(facts, said, dismissed, confidence_of=lambda _, kind: SURE[kind])


def test_two_detectors_that_propose_the_same_are_one_with_both_evidences() -> None:
    weak = proposal(SceneField.STUDIO, 3, "name", cause="by name")
    strong = proposal(SceneField.STUDIO, 3, "folder", cause="by folder")

    (found,) = merged((ONE, weak), (TWO, strong)).proposals

    assert [(g.detector, g.version, g.evidence.kind) for g in found.grounds] == [
        ("two", 4, "folder"),
        ("one", 1, "name"),
    ]
    assert (found.first.confidence, found.first.level) == (0.99, "certain")
    assert found.cause == "by folder"


def test_of_two_equally_sure_the_first_that_spoke_leads() -> None:
    said = (
        (ONE, proposal(SceneField.TAGS, 3, "title")),
        (TWO, proposal(SceneField.TAGS, 3, "name")),
    )

    (found,) = merged(*said).proposals

    assert found.first.detector == "one"


def test_the_same_said_very_often_keeps_some_of_it() -> None:
    said = [(detector(f"d{n}"), proposal(SceneField.TAGS, 3)) for n in range(9)]

    (found,) = merged(*said).proposals

    assert len(found.grounds) == MOST_EVIDENCE


@pytest.mark.parametrize(
    ("facts", "there"),
    [
        (replace(BARE, studio_id=3), proposal(SceneField.STUDIO, 3)),
        (replace(BARE, tag_ids=frozenset({3})), proposal(SceneField.TAGS, 3)),
        (BARE, proposal(SceneField.TAGS, 3, op=Op.REMOVE)),
        (
            replace(BARE, performer_ids=frozenset({3})),
            proposal(SceneField.PERFORMERS, 3),
        ),
        (replace(BARE, title="Reef "), proposal(SceneField.TITLE, " Reef")),
        (replace(BARE, date="2011"), proposal(SceneField.DATE, "2011")),
        (BARE, proposal(SceneField.TITLE, "  ")),
    ],
)
def test_what_is_there_already_is_no_proposal(
    facts: SceneFacts, there: Proposal
) -> None:
    assert merged((ONE, there), facts=facts) == Merged(())


def test_a_tag_that_is_there_can_be_proposed_to_go() -> None:
    facts = replace(BARE, tag_ids=frozenset({3}))

    (found,) = merged(
        (ONE, proposal(SceneField.TAGS, 3, op=Op.REMOVE)), facts=facts
    ).proposals

    assert found.key == ("tags", "remove", "3")


def test_a_text_is_proposed_as_a_source_would_keep_it() -> None:
    (found,) = merged((ONE, proposal(SceneField.TITLE, " Reef\0 at dawn "))).proposals

    assert found.value == "Reef at dawn"


def test_several_values_of_one_field_become_a_choice() -> None:
    said = [
        (ONE, proposal(SceneField.DATE, "2011-03-04")),
        (TWO, proposal(SceneField.DATE, "2011-04-03")),
    ]

    found = merged(*said, (ONE, proposal(SceneField.TAGS, 3))).proposals

    assert [each.choice for each in found] == ["date", "date", ""]
    assert [each.level for each in found] == ["look", "look", "certain"]


def test_a_choice_that_one_of_two_names_is_kept() -> None:
    plain = proposal(SceneField.PERFORMERS, 3)
    either = [
        replace(plain, choice="jane"),
        proposal(SceneField.PERFORMERS, 4, choice="jane"),
    ]

    found = merged((ONE, plain), *((TWO, each) for each in either)).proposals

    assert [each.choice for each in found] == ["jane", "jane"]


@pytest.mark.parametrize(
    "dismissed",
    [
        Dismissed(causes=frozenset({digest_of("tags 3")})),
        Dismissed(names=frozenset({("tags", "add", "3")})),
        Dismissed(of_scenes={7: frozenset({("tags", "add", "3")})}),
    ],
)
def test_what_was_dismissed_is_counted_and_not_proposed(dismissed: Dismissed) -> None:
    found = merged(
        (ONE, proposal(SceneField.TAGS, 3)),
        (ONE, proposal(SceneField.TAGS, 4)),
        dismissed=dismissed,
    )

    assert [each.value for each in found.proposals] == [4]
    assert found.dismissed == 1


def test_what_was_dismissed_for_another_scene_is_proposed() -> None:
    elsewhere = Dismissed(of_scenes={8: frozenset({("tags", "add", "3")})})

    found = merged((ONE, proposal(SceneField.TAGS, 3)), dismissed=elsewhere)

    assert (len(found.proposals), found.dismissed) == (1, 0)


def test_a_dismissed_reason_leaves_the_other_one() -> None:
    said = [
        (ONE, proposal(SceneField.STUDIO, 3, "folder", cause="by folder")),
        (TWO, proposal(SceneField.STUDIO, 3, "name", cause="by name")),
    ]

    found = merged(
        *said, dismissed=Dismissed(causes=frozenset({digest_of("by folder")}))
    )

    (only,) = found.proposals
    assert [g.detector for g in only.grounds] == ["two"]
    assert found.dismissed == 0


def test_a_key_is_short_however_long_the_text() -> None:
    long, other = "word " * 10_000, "word " * 10_001

    assert len(key_of_value(long)) == 32
    assert key_of_value(long) != key_of_value(other)
    assert proposal_key(SceneField.TAGS, Op.ADD, 2**61) == ("tags", "add", str(2**61))
    assert digest_of("half \ud800")
