"""Confidence is what was measured, bound from below, and never guessed."""

from collections import Counter
from pathlib import Path

import pytest

from syncapp.analysis.confidence import (
    ENOUGH_TO_ORDER,
    ConfidenceTable,
    KindCount,
    KindNotMeasured,
    Level,
    MeasuredKind,
    fitted,
    isotonic,
    level_of,
    read_table,
    wilson_bound,
    write_table,
)
from syncapp.analysis.detectors import DETECTORS
from syncapp.analysis.looking import every_detector


def count(kind: str, right: float, of: int, detector: str = "studio") -> KindCount:
    return KindCount(detector, 1, kind, right, of)


@pytest.mark.parametrize(
    ("right", "of", "bound"),
    [(0, 0, 0.0), (0, 10, 0.0), (5, 10, 0.2366), (95, 100, 0.8882), (381, 381, 0.99)],
)
def test_a_bound_is_that_of_wilsons_interval(right: int, of: int, bound: float) -> None:
    assert wilson_bound(right, of) == pytest.approx(bound, abs=0.0001)


def test_one_less_than_381_right_ones_are_not_certain() -> None:
    assert level_of(wilson_bound(381, 381)) is Level.CERTAIN
    assert level_of(wilson_bound(380, 380)) is Level.LIKELY
    assert level_of(wilson_bound(73, 73)) is Level.LIKELY
    assert level_of(wilson_bound(72, 72)) is Level.LOOK


def test_a_choice_is_for_a_person_however_sure_its_kind_is() -> None:
    assert level_of(0.999, is_choice=True) is Level.LOOK


def test_rates_that_rise_are_pooled_and_others_stay() -> None:
    found = isotonic([(99, 100), (5, 10), (9, 10), (1, 10)])

    assert found == [(99, 100), (14, 20), (14, 20), (1, 10)]


def test_pooling_goes_back_as_far_as_it_has_to() -> None:
    assert isotonic([(8, 10), (7, 10), (30, 30)]) == [(45, 50)] * 3


def test_a_rare_kind_gets_the_confidence_of_those_it_stands_among() -> None:
    expected = [count("folder", 900, 900), count("rare", 60, 60), count("word", 5, 10)]
    counts = [count("word", 5, 10), count("rare", 5, 5), count("folder", 990, 1000)]

    measured = {kind.kind: kind for kind in fitted(counts, expected)}

    assert measured["rare"].confidence == measured["folder"].confidence > 0.98
    assert (measured["rare"].right, measured["rare"].of) == (5, 5)
    assert measured["word"].confidence == pytest.approx(0.2366, abs=0.0001)


def test_the_order_is_told_by_other_scenes_and_kept_by_detector() -> None:
    expected = [count("a", 10, 100), count("b", 90, 100)]
    counts = [count("a", 8, 10), count("b", 2, 10), count("a", 9, 10, "date")]

    found = {(k.detector, k.kind): k.confidence for k in fitted(counts, expected)}

    assert (
        found["studio", "a"] == found["studio", "b"] == round(wilson_bound(10, 20), 4)
    )
    assert found["date", "a"] == round(wilson_bound(9, 10), 4)


def test_a_kind_that_was_hardly_met_elsewhere_is_counted_alone() -> None:
    expected = [count("bad", 10, 100), count("few", 1, ENOUGH_TO_ORDER - 1)]
    counts = [count("bad", 50, 100), count("few", 100, 100)]

    found = {kind.kind: kind.confidence for kind in fitted(counts, expected)}

    assert found["few"] == round(wilson_bound(100, 100), 4)
    assert found["bad"] == round(wilson_bound(50, 100), 4)


def test_a_kind_that_was_never_met_has_no_confidence() -> None:
    (kind,) = fitted([count("never", 0, 0)], [])

    assert (kind.confidence, kind.of) == (0.0, 0)


def test_a_table_is_read_as_it_was_written(tmp_path: Path) -> None:
    kinds = [MeasuredKind("studio", 2, "folder", 0.99, 99.5, 100)]
    kinds.append(MeasuredKind("date", 1, "iso", 0.5, 1, 2))
    table = ConfidenceTable(
        "2026-11-28", "ten scenes", {(k.detector, k.kind): k for k in kinds}
    )
    file = tmp_path / "confidence.json"

    write_table(table, file)

    assert read_table(file) == table
    assert [line for line in file.read_text().splitlines() if '"iso"' in line] != []


def test_a_missing_kind_says_what_to_run(tmp_path: Path) -> None:
    table = ConfidenceTable("2026-11-28", "ten scenes", {})

    with pytest.raises(
        KindNotMeasured, match=r"'word' of the detector 'studio'.*make be"
    ):
        table.measured("studio", "word")


def test_another_format_says_what_to_run(tmp_path: Path) -> None:
    file = tmp_path / "confidence.json"
    file.write_text('{"format": 0}')

    with pytest.raises(KindNotMeasured, match=r"format 0.*make bench"):
        read_table(file)


def test_every_kind_of_every_detector_is_measured_in_its_version() -> None:
    table = read_table()
    wanted = [(d, kind) for d in DETECTORS for kind in d.kinds]

    missing = [
        (d.name, kind) for d, kind in wanted if (d.name, kind) not in table.kinds
    ]
    stale = [
        (d.name, kind)
        for d, kind in wanted
        if (d.name, kind) not in missing
        and table.measured(d.name, kind).version != d.version
    ]

    assert (missing, stale) == ([], []), 'make bench BENCH="--rows accuracy --write"'


def test_no_kind_is_of_two_detectors() -> None:
    owners = Counter(kind for each in every_detector() for kind in each.kinds)

    assert [kind for kind, number in owners.items() if number > 1] == []


def test_a_kind_that_was_not_met_before_is_counted_alone() -> None:
    counts = [count("worst", 0, 100), count("new", 100, 100)]

    found = {k.kind: k.confidence for k in fitted(counts, [count("worst", 1, 100)])}

    assert found["new"] == pytest.approx(wilson_bound(100, 100), abs=1e-4)
    assert found["worst"] == 0
