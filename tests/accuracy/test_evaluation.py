"""Right is what stands in the truth, wrong is a guess, and both are counted."""

import re
from collections.abc import Iterator
from datetime import date
from functools import partial

import pytest

from syncapp.analysis.confidence import (
    ConfidenceTable,
    KindNotMeasured,
    Level,
    MeasuredKind,
)
from syncapp.analysis.detector import Detector
from syncapp.analysis.facts import FileFacts, SceneFacts
from syncapp.analysis.library import Entity, EntityKind, Library
from syncapp.analysis.proposals import Evidence, Field, Op, Proposal
from syncapp.analysis.reading import SceneReading
from tests.accuracy.baselines import HAS_GUESSIT, auto_tag_rule, substring_rule
from tests.accuracy.evaluation import evaluate, fit
from tests.accuracy.judging import Said, Score, at_level, rightness
from tests.accuracy.releases import release_names
from tests.accuracy.report import behind, row_values, score_table
from tests.accuracy.seam import read_labelled
from tests.accuracy.truth import LabelledScene, Part, Told, Value
from tests.bench.goals import BY_KEY

IDS = 800
DAY = date(2026, 11, 28)
ISO = re.compile(r"(?<!\d)((?:19|20)\d\d-[01]\d-[0-3]\d)(?!\d)")


def find_days(reading: SceneReading, library: Library) -> Iterator[Proposal]:
    """Propose every day that is written whole, with a choice where there are two."""
    if reading.facts.date:
        return
    days = list(dict.fromkeys(ISO.findall(reading.texts[0].text)))
    for day in days:
        kind, choice = ("two", "date") if len(days) > 1 else ("one", "")
        evidence = Evidence(kind, "It is written there.")
        yield Proposal(Field.DATE, Op.SET, day, evidence, cause=day, choice=choice)


TOY = Detector(
    name="toy",
    version=3,
    title="Toy",
    does="Proposes days.",
    kinds={"one": "one day", "two": "two days", "never": "what it never says"},
    find=find_days,
)


def scene_with(about: Field, told: Told, **facts: object) -> LabelledScene:
    files = (FileFacts("/x/a.mp4"),)
    return LabelledScene(SceneFacts(1, files, **facts), "", {about: told})  # type: ignore[arg-type]


def of(*values: Value) -> frozenset[Value]:
    return frozenset(values)


DATED = scene_with(Field.DATE, Told(right=of("2019-04-03")))
TITLED = scene_with(Field.TITLE, Told(of("The Marsh"), tolerated=of("Robin Grimsel")))
UNCLEAR = scene_with(Field.PERFORMERS, Told(of(1), unclear=of(2, 3), tolerated=of(4)))


@pytest.mark.parametrize(
    ("scene", "said", "right"),
    [
        (DATED, Said(Field.DATE, "2019-04-03"), 1.0),
        (DATED, Said(Field.DATE, "2019-03-04"), 0.0),
        (DATED, Said(Field.DATE, "2019"), None),  # coarse
        (DATED, Said(Field.DATE, "2018"), 0.0),
        (DATED, Said(Field.TITLE, "Marsh"), None),  # nobody labelled it
        (TITLED, Said(Field.TITLE, "The Marsh"), 1.0),
        (TITLED, Said(Field.TITLE, "Robin Grimsel"), None),
        (TITLED, Said(Field.TITLE, "Robin Grimsel - The Marsh"), None),
        (TITLED, Said(Field.TITLE, "Marsh"), 0.0),
        (UNCLEAR, Said(Field.PERFORMERS, 1), 1.0),
        (UNCLEAR, Said(Field.PERFORMERS, 2), 0.0),  # a guess
        (UNCLEAR, Said(Field.PERFORMERS, 2, is_choice=True), 0.5),
        (UNCLEAR, Said(Field.PERFORMERS, 4), None),
        (UNCLEAR, Said(Field.PERFORMERS, 5, is_choice=True), 0.0),
        (scene_with(Field.STUDIO, Told(), studio_id=7), Said(Field.STUDIO, 7), None),
        (scene_with(Field.STUDIO, Told(), studio_id=7), Said(Field.STUDIO, 8), 0.0),
    ],
)
def test_what_is_said_is_judged_by_the_truth(
    scene: LabelledScene, said: Said, right: float | None
) -> None:
    assert rightness(scene, said) == right


def test_one_value_said_twice_counts_once() -> None:
    score = Score()

    score.add(UNCLEAR, Field.PERFORMERS, [Said(Field.PERFORMERS, 1)] * 2)
    score.add(UNCLEAR, Field.PERFORMERS, [Said(Field.PERFORMERS, 9)])

    assert (score.right, score.wrong, score.told) == (1, 1, 2)
    assert (score.precision, score.recall) == (0.5, 0.5)


def test_of_spellings_that_are_equally_good_one_is_to_be_found() -> None:
    score = Score()
    scene = scene_with(Field.TITLE, Told(right=of("The Marsh", "the marsh")))

    score.add(scene, Field.TITLE, [Said(Field.TITLE, "the marsh")])

    assert score.recall == 1.0


def test_a_choice_is_at_the_lowest_level_alone() -> None:
    sure = [
        (Said(Field.DATE, "2019", is_choice=choice), 0.999) for choice in (True, False)
    ]

    assert [said.is_choice for said in at_level(sure, Level.LIKELY)] == [False]
    assert len(at_level(sure, Level.LOOK)) == 2


EVALUATE = partial(evaluate, compared=False)


def test_a_detector_is_fitted_on_one_part_and_evaluated_on_another() -> None:
    table = fit([TOY], read_labelled, ids=IDS, today=DAY)
    found = EVALUATE([TOY], read_labelled, table=table, part=Part.TUNE, ids=IDS)

    one, two, never = (table.measured("toy", kind) for kind in TOY.kinds)
    assert (one.version, never.of, never.confidence) == (3, 0, 0.0)
    assert one.right == one.of > 10
    assert two.right == two.of / 2
    assert 0 < found.by_level[Level.LOOK][Field.DATE].recall < 1
    assert found.by_level[Level.LOOK][Field.DATE].precision > 0.9
    assert {kind.name for kind in found.kinds} == {"toy: one", "toy: two"}
    assert "| look and above | - | - |" in score_table("tune", found)


def test_rows_of_the_bench_are_those_that_have_a_goal() -> None:
    table = fit([TOY], read_labelled, ids=100, today=DAY)
    found = evaluate([TOY], read_labelled, table=table, part=Part.SEALED, ids=100)

    values = row_values(found)

    assert [*values] == [key for key in BY_KEY if key.startswith("accuracy_")]


def test_calibration_tells_what_is_stated_from_what_is_seen() -> None:
    kinds = {
        ("toy", kind): MeasuredKind("toy", 3, kind, confidence=sure, right=1, of=1)
        for kind, sure in (("one", 0.25), ("two", 0.5), ("never", 0.0))
    }
    table = ConfidenceTable("2026-11-28", "made up", kinds)

    found = EVALUATE([TOY], read_labelled, table=table, part=Part.TUNE, ids=IDS)

    stated = {kind.name: kind.stated for kind in found.kinds}
    assert stated == {"toy: one": 0.25, "toy: two": 0.5}
    assert found.calibration_error > 0.6
    assert [level.of for level in found.levels][:2] == [0, 0]


def test_a_kind_that_was_not_measured_stops_the_evaluation() -> None:
    table = ConfidenceTable("2026-11-28", "nothing", {})

    with pytest.raises(KindNotMeasured, match=r"'one' of the detector 'toy'.*--write"):
        EVALUATE([TOY], read_labelled, table=table, part=Part.TUNE, ids=100)


def test_columns_in_which_another_is_ahead_are_named() -> None:
    def scores(right: int) -> dict[Field, Score]:
        return {about: Score(right, 0, 10) for about in Field}

    assert behind(scores(5), [scores(5), scores(4)]) == []
    assert behind(scores(5), [scores(6)])[:2] == ["studio recall", "performers recall"]


def performer(row_id: int, name: str, *aliases: str) -> Entity:
    return Entity(EntityKind.PERFORMER, row_id, name, aliases=aliases)


ENTITIES = {
    (one.kind, one.entity_id): one
    for one in (
        performer(1, "Jade"),
        performer(2, "Jade Kush"),
        performer(3, "Max Stone"),
        performer(4, "José García", "Pepe Arcos"),
        Entity(EntityKind.STUDIO, 1, "Art"),
        Entity(EntityKind.STUDIO, 2, "Blue Heron"),
        Entity(EntityKind.TAG, 1, "Movies"),
    )
}


@pytest.mark.parametrize(
    ("path", "auto_tag", "substring"),
    [
        ("/data/Arts/x.mp4", set(), {("studio", 1)}),
        ("/movies/Jade.Kush.mp4", {"Jade", "Jade Kush", "Movies"}, None),
        ("/x/Blue_Heron.mp4", {"Blue Heron"}, None),
        ("/x/Stone, Max.mp4", set(), {("performers", 3)}),
        ("/x/Jose Garcia - Pepe Arcos.mp4", set(), None),
        ("/x/Arc.mp4", set(), {("performers", 4)}),
        ("/Blue Heron/Art - x.mp4", {"Art"}, None),
    ],
)  # fmt: skip
def test_baselines_do_what_is_known_of_them(
    path: str, auto_tag: set[str], substring: set[tuple[str, int]] | None
) -> None:
    facts = SceneFacts(1, (FileFacts(path),))
    kinds = {"studio": "studio", "performers": "performer", "tags": "tag"}

    said = [*auto_tag_rule(ENTITIES)(facts)]

    named = {ENTITIES[EntityKind(kinds[s.field]), int(s.value)].name for s in said}
    assert named == auto_tag
    if substring is not None:
        found = {(str(s.field), s.value) for s in substring_rule(ENTITIES)(facts)}
        assert found == substring


def test_release_names_tell_days_and_years() -> None:
    if not HAS_GUESSIT:
        assert release_names() == ()
        return
    told = [date for s in release_names() for date in s.told(Field.DATE).right]

    assert len(release_names()) > 800
    assert {len(str(date)) for date in told} == {4, 10}
    assert len(told) < len(release_names())
