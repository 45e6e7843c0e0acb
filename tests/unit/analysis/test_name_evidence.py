"""What a scene has, a person's rules and a studio's people decide about a name."""

from dataclasses import replace
from datetime import date

from syncapp.analysis.detector import Detector
from syncapp.analysis.detectors.performers import PERFORMERS
from syncapp.analysis.detectors.studio import REPLACE, STUDIO
from syncapp.analysis.detectors.tags import TAGS
from syncapp.analysis.facts import FileFacts, SceneFacts
from syncapp.analysis.library import (
    EntityKind,
    KnownLibrary,
    KnownName,
    Rules,
    SpellingEffect,
    SpellingRule,
)
from syncapp.analysis.matcher import build_index
from syncapp.analysis.proposals import HeldBack, Proposal
from syncapp.analysis.scene_reading import read_scene

PERFORMER, STUDIO_KIND, TAG = (
    EntityKind.PERFORMER,
    EntityKind.STUDIO,
    EntityKind.TAG,
)
NAMES = (
    KnownName(STUDIO_KIND, 1, "Blue Planet Films"),
    KnownName(STUDIO_KIND, 2, "Deep Blue", parent_ids=(1,)),
    KnownName(PERFORMER, 11, "Sam Moor", disambiguation="harp"),
    KnownName(PERFORMER, 12, "Sam Moor", disambiguation="flute"),
    KnownName(PERFORMER, 13, "Jade"),
    KnownName(PERFORMER, 14, "Jade Kush"),
    KnownName(TAG, 21, "Coast"),
    KnownName(TAG, 22, "Tide Pools", parent_ids=(21,)),
)
LIBRARY = KnownLibrary(
    {(each.kind, each.entity_id): each for each in NAMES},
    Rules(),
    date(2020, 6, 1),
    roots=frozenset({"/data"}),
    regulars={1: {12: 7}},
)


def scene(path: str, **told: object) -> SceneFacts:
    return replace(SceneFacts(1, (FileFacts(path),)), **told)  # type: ignore[arg-type]


def ran(
    detector: Detector,
    facts: SceneFacts,
    *rules: SpellingRule,
    options: tuple[str, ...] = (),
) -> tuple[list[Proposal], list[HeldBack]]:
    reading = read_scene(facts, build_index(NAMES, rules), LIBRARY, options)
    found = list(detector.find(reading, LIBRARY))
    return (
        [each for each in found if isinstance(each, Proposal)],
        [each for each in found if isinstance(each, HeldBack)],
    )


def test_the_one_whom_the_studios_other_scenes_name_is_proposed_and_it_is_said() -> (
    None
):
    (proposal,), _ = ran(
        PERFORMERS, scene("/data/Blue Planet Films/Sam Moor - Reef.mp4")
    )

    assert (proposal.value, proposal.choice) == (12, "")
    assert "7 scenes of “Blue Planet Films”" in proposal.evidence.sentence


def test_without_a_studio_those_of_one_name_are_one_choice() -> None:
    proposals, _ = ran(PERFORMERS, scene("/data/Sam Moor - Reef.mp4"))

    assert [each.value for each in proposals] == [11, 12]
    assert len({each.choice for each in proposals} - {""}) == 1


def test_a_scene_that_has_one_of_the_name_gets_no_other() -> None:
    facts = scene("/data/Sam Moor - Reef.mp4", performer_ids=frozenset({11}))

    assert ran(PERFORMERS, facts)[0] == []


def test_what_is_held_back_for_a_longer_name_says_so_with_its_place() -> None:
    path = "/data/Jade Kush - Reef.mp4"
    _, (held,) = ran(PERFORMERS, scene(path))

    assert held.value == 13
    assert held.reason == "“Jade” stands inside the longer name “Jade Kush”."
    assert path[held.spans[0].start : held.spans[0].end] == "Jade"


def test_a_studio_that_is_set_stays_unless_it_may_be_replaced() -> None:
    facts = scene("/data/Deep Blue/Reef.mp4", studio_id=1)

    assert ran(STUDIO, facts)[0] == []
    (proposal,), _ = ran(STUDIO, facts, options=(REPLACE,))
    assert (proposal.value, proposal.evidence.kind) == (2, "replaces the studio")


def test_a_studio_that_is_set_already_is_not_proposed_again() -> None:
    facts = scene("/data/Deep Blue/Reef.mp4", studio_id=2)

    assert ran(STUDIO, facts, options=(REPLACE,))[0] == []


def test_a_tag_that_is_there_or_has_one_below_it_is_not_proposed() -> None:
    assert (
        ran(TAGS, scene("/data/x.mp4", title="Coast", tag_ids=frozenset({21})))[0] == []
    )
    assert (
        ran(TAGS, scene("/data/x.mp4", title="Coast", tag_ids=frozenset({22})))[0] == []
    )


def test_a_spelling_that_counts_with_a_studio_counts_there_alone() -> None:
    rule = SpellingRule(
        "Jade Kush", SpellingEffect.WITH_STUDIO, PERFORMER, 14, studio_id=1
    )

    at_studio, _ = ran(
        PERFORMERS, scene("/data/Blue Planet Films/Jade Kush - Reef.mp4"), rule
    )
    elsewhere, held = ran(PERFORMERS, scene("/data/Jade Kush - Reef.mp4"), rule)
    assert [each.value for each in at_studio] == [14]
    assert elsewhere == []
    assert any(each.value == 14 and "rule" in each.reason for each in held)


def test_a_spelling_that_needs_more_is_not_enough_by_itself() -> None:
    rule = SpellingRule("Jade Kush", SpellingEffect.NEEDS_MORE)

    assert ran(PERFORMERS, scene("/data/Jade Kush on a reef.mp4"), rule)[0] == []


def test_every_span_is_what_the_sentence_speaks_of() -> None:
    path = "/data/Blue Planet Films/Deep.Blue - Jade Kush - Reef.mp4"
    facts = scene(path, title="Tide pools")

    for detector, name in ((STUDIO, "Deep.Blue"), (PERFORMERS, "Jade Kush")):
        (proposal,), _ = ran(detector, facts)
        told = [path[s.start : s.end] for s in proposal.evidence.spans]
        assert told == [name]
        assert f"“{name}”" in proposal.evidence.sentence
        assert proposal.evidence.kind in detector.kinds
