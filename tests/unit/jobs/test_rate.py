"""Rates and what is said of a job's end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.queue.rate import RateMeter, outlook


def seen(*counts: tuple[float, int], phase: str = "scenes") -> RateMeter:
    pace = RateMeter()
    for at, done in counts:
        pace.see(phase, done, at)
    return pace


def test_no_rate_before_ten_seconds_or_twenty_items() -> None:
    assert seen((0, 0), (9, 500)).per_second() is None
    assert seen((0, 0), (30, 19)).per_second() is None
    assert seen((0, 0), (10, 500)).per_second() == 50


def test_what_was_done_before_a_restart_is_no_speed() -> None:
    assert seen((0, 9_000), (10, 9_100)).per_second() == 10


@given(st.lists(st.tuples(st.floats(0.01, 30), st.integers(1, 500)), min_size=1))
def test_the_rate_lies_between_the_slowest_and_the_fastest(
    steps: list[tuple[float, int]],
) -> None:
    pace, at, done = RateMeter(), 0.0, 0
    pace.see("scenes", 0, at)
    for seconds, count in steps:
        at, done = at + seconds, done + count
        pace.see("scenes", done, at)
    rates = [count / seconds for seconds, count in steps]

    rate = pace.per_second()

    assert rate is None or 0.99 * min(rates) <= rate <= 1.01 * max(rates)


def test_the_latest_counts_most() -> None:
    slower = seen((0, 0), (60, 6_000), (120, 6_060)).per_second()

    assert slower is not None
    assert 1 <= slower < 10


def test_another_phase_begins_anew() -> None:
    pace = seen((0, 0), (20, 400), phase="tags")
    pace.see("scenes", 0, 21)

    assert pace.per_second() is None


def test_a_call_that_counts_nothing_is_no_progress() -> None:
    pace = RateMeter()

    assert pace.see("scenes", 0, 0)
    assert not pace.see("scenes", 0, 5)
    assert pace.see("scenes", 1, 6)


@pytest.mark.parametrize(
    ("left", "rate", "still_s", "sentence"),
    [
        (9_120, 38.0, 0, "About 4 min left in scenes · 38/s"),
        (10, 38.0, 0, "About 10 s left in scenes · 38/s"),
        (100, 2.5, 3, "About 40 s left in scenes · 2.5/s"),
        (7_000, 1.0, 0, "About 1 h 57 min left in scenes · 1.0/s"),
        (50, 0.25, 0, "About 4 min left in scenes · 15/min"),
        (None, 38.0, 0, "38/s"),
        (100, None, 59, ""),
        (100, 38.0, 80, "No progress for 1 min 20 s."),
        (None, None, 3_700, "No progress for 1 h 1 min."),
    ],
)
def test_only_what_is_known_is_said(
    left: int | None, rate: float | None, still_s: float, sentence: str
) -> None:
    assert outlook("scenes", left, rate, still_s) == sentence
