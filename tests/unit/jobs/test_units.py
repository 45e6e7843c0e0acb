"""Numbers are written with the unit that their name tells of."""

import pytest

from jobs.units import figure, heading


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("seen", 12_345, "12,345"),
        ("bytes", 999, "999 B"),
        ("bytes", 1_234, "1.2 kB"),
        ("bytes", 1_234_567, "1.2 MB"),
        ("bytes", 498_000, "498 kB"),
        ("fetch_s", 0.009, "9 ms"),
        ("fetch_s", 0.41, "0.4 s"),
        ("write_s", 42.3, "42 s"),
        ("write_s", 75.0, "1 min 15 s"),
        ("bytes", 0, "0"),
    ],
)
def test_figures_are_readable(name: str, value: float, text: str) -> None:
    assert figure(name, value) == text


def test_headings_are_words_without_the_unit() -> None:
    assert [heading(n) for n in ("fetch_s", "held_back")] == ["fetch", "held back"]
