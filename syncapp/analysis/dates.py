"""Reads dates in texts: only real ones, each with where it stands."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from syncapp.analysis.month_names import (
    MONTHS,
    SHORTEST,
    month_number,
    whole_month,
)
from syncapp.analysis.release_marks import STRONG_MARK, WEAK_MARK
from syncapp.analysis.titles import PARTS

FIRST_YEAR = 1890  # no film is older
KEPT = 64  # names whose dates were just asked for
MOST_DATES = 20  # a name with more of them is a list of something
OLD_FROM = 80  # years of two digits from here on may be of the last century
FORMS = {
    "iso": "written as 2009-08-01",
    "year first": "written as 2009.08.01 or 2009_8_1",
    "spaced": "written as 2009 08 01 or 28 10 2009",
    "compact": "written as 20090801",
    "stamp": "written as 20090801 with a time behind it",
    "year last": "written as 22.11.2011, which has one meaning",
    "either order": "written as 03.04.2019, which has two meanings",
    "named": "written with the name of its month",
    "cjk": "written as 2009年8月1日",
    "two digits": "written as 09.08.01 beside the studio",
    "two digits last": "written as 28.08.09 beside the studio",
    "month": "a month and its year, without a day",
    "year and month": "written as 2009-08, without a day",
    "year": "a year in brackets",
    "year apart": "a year between signs, or beside the studio",
    "year before marks": "a year before marks as 1080p",
}
ENGLISH = "|".join(f"{name[:SHORTEST]}(?:{name[SHORTEST:]})?" for name in MONTHS)
MONTH = f"(?P<name>{ENGLISH}|sept)"
# Of any language: so many names are quicker looked up than tried one by one.
ANY = "(?P<name>(?:[^\\W\\d_]|[\u0300-\u036f]){3,12})(?![^\\W\\d_])"
Y, D, GAP = "(?P<y>[0-9]{4})", "(?P<d>[0-9]{1,2})", "[-._ ]"
BEFORE, BEHIND = "(?<![0-9A-Za-z])", "(?![0-9A-Za-z])"
NTH = "(?:st|[nr]d|th|er|º)?"
OF = f"(?:(?:of|de|del|di|den){GAP})?"
YEAR = re.compile("[0-9]{4}")
YEAR_FIRST = re.compile(
    rf"(?<![0-9]){Y}(?P<gap>{GAP})(?P<m>[0-9]{{1,2}})(?P=gap){D}(?:{BEHIND}|(?=T[0-9]))"
)
YEAR_LAST = re.compile(
    rf"{BEFORE}(?<![0-9]\.){D}(?P<gap>{GAP})(?P<m>[0-9]{{1,2}})(?P=gap){Y}{BEHIND}"
)
TWO_DIGITS = re.compile(
    rf"{BEFORE}(?<![0-9]{{4}}{GAP}[0-9]{{2}}{GAP})(?P<a>[0-9]{{2}})(?P<gap>{GAP})(?P<b>[0-9]{{2}})(?P=gap)"
    rf"(?P<c>[0-9]{{2}}){BEHIND}(?!(?P=gap)[0-9]{{2}}{BEHIND})"
)
COMPACT = re.compile(
    rf"(?:{BEFORE}|(?<=IMG)|(?<=VID)|(?<=PXL)|(?<=MVI)|(?<=DSC)|(?<=CAM)|(?<=REC))"
    rf"{Y}(?P<m>[0-9]{{2}})(?P<d>[0-9]{{2}})"
    rf"(?:(?P<time>[-_ T]?(?:[01][0-9]|2[0-3])[0-5][0-9][0-5][0-9](?:[0-9]{{3}})?Z?"
    rf"{BEHIND})|{BEHIND})"
)
CJK_DATE = re.compile(
    rf"(?<![0-9]){Y}年(?P<m>[0-9]{{1,2}})月(?:(?P<d>[0-9]{{1,2}})日)?"
)
NAMED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<![A-Za-z]){MONTH}\.?{GAP}{{0,2}}{D}{NTH}(?:,|,?{GAP}){GAP}?{Y}{BEHIND}",
        rf"{BEFORE}{D}{NTH}{GAP}{{0,2}}{OF}{ANY}\.?,?{GAP}{{0,2}}{OF}{Y}{BEHIND}",
        rf"(?<![0-9A-Za-z]){Y},?{GAP}{{1,2}}{ANY}\.?{GAP}{{1,2}}{D}{NTH}{BEHIND}",
    )
)
MONTH_AND_YEAR = re.compile(
    rf"(?<![A-Za-z]){MONTH}\.?,?{GAP}{{1,2}}{Y}{BEHIND}", re.IGNORECASE
)
YEAR_AND_MONTH = re.compile(
    rf"{BEFORE}(?<![0-9]-){Y}-(?P<m>0[1-9]|1[0-2]){BEHIND}(?!-[0-9])"
)
YEAR_IN_BRACKETS = re.compile(rf"[(\[{{] ?{Y} ?[)\]}}]")
YEAR_BEFORE_MARKS = re.compile(
    rf"(?<!BT.)(?<=[\w!?)\]'][-._ ]){Y}"
    rf"(?=(?:[-._ ]{{1,2}}{WEAK_MARK})*[-._ ]{{1,2}}[\[(]?{STRONG_MARK})",
    re.IGNORECASE,
)
ENDS_APART = re.compile(r"(?:[ _][-–—~|][ _]|, |[(\[{\"“”»])\s?$")  # noqa: RUF001
BEGINS_APART = re.compile(r"[ _][-–—~|][ _]|[,)\]}]|[ _]?\Z")  # noqa: RUF001
A_YEAR = re.compile(rf"(?<![-.0-9A-Za-z])(?<![0-9]_){Y}(?![-.0-9A-Za-z])(?!_[0-9])")
# A number behind such a word counts something; it is no day.
COUNTED = re.compile(
    rf"(?:^|[^a-z])(?:{PARTS}|no|nr|track|take|season|(v|version))([-._ ]?)#?$",
    re.IGNORECASE,
)
CHANNELS = re.compile(
    r"(?:dts|aac|e?ac3|ddp?|flac|opus|dolby|digital|surround|truehd|atmos|ma|hd)"
    r"[-._ ](?:[257][-._ ][01])$",
    re.IGNORECASE,
)
IDENTIFIER = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{8}-[0-9a-f]{24}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text: "2009-08-01", or "2009-08" and "2009" where no more is told."""

    form: str  # one of FORMS
    values: tuple[str, ...]  # more than one: day and month may be either
    start: int
    end: int


def dates_in(
    text: str, start: int, end: int, *, today: date, studios: Sequence[range] = ()
) -> list[FoundDate]:
    """Return the dates between two places of a text, in their order.

    Readings that overlap and say different things are left out, all of them.
    `studios`: where names of studios stand; a year of two digits needs one beside it.
    """
    inner = tuple(one for one in studios if start <= one.start and one.stop <= end)
    return list(_dates_in(text, start, end, today, inner))


@lru_cache(KEPT)
def _dates_in(
    text: str, start: int, end: int, today: date, studios: tuple[range, ...]
) -> tuple[FoundDate, ...]:
    """Return the dates; kept for a moment, as detectors ask for the same ones."""
    found = list(_all_forms(text, start, end, studios))
    if not found or len(found) > MOST_DATES:
        return ()
    ids = [range(*match.span()) for match in IDENTIFIER.finditer(text, start, end)]
    real = [
        replace(one, values=_real(one.values, today))
        for one in found
        if not any(one.start in identifier for identifier in ids)
    ]
    return tuple(_without_overlaps([_form_of(one) for one in real if one.values]))


def lone_two_digits(
    text: str, start: int, end: int, *, today: date
) -> Iterator[FoundDate]:
    """Yield what would be a date if a studio stood beside it: "09.08.01"."""
    for match in TWO_DIGITS.finditer(text, start, end):
        for one in _of_two_digits(match):
            if values := _real(one.values, today):
                yield replace(one, values=values[:1])


def real_date(value: str, today: date) -> bool:
    """Return whether a whole or partial date is one that a film can have."""
    year, month, day = (*map(int, value.split("-")), 1, 1)[:3]
    try:
        return year >= FIRST_YEAR and date(year, month, day) <= today
    except ValueError:
        return False


def stands_apart(text: str, found: FoundDate, start: int, end: int) -> bool:
    """Return whether more than a blank parts a date from the rest of its name."""
    longest = len(" - (")
    before = text[max(start, found.start - longest) : found.start]
    behind = text[found.end : min(end, found.end + longest)]
    return (not before or bool(ENDS_APART.search(before))) and (
        not behind or bool(BEGINS_APART.match(behind))
    )


def _all_forms(
    text: str, start: int, end: int, studios: Sequence[range]
) -> Iterator[FoundDate]:
    for pattern, read in READERS if YEAR.search(text, start, end) else ():
        for match in pattern.finditer(text, start, end):
            if one := read(match):
                yield one
        yield from _years_apart(text, start, end, studios)
    if studios:
        yield from _two_digits(text, start, end, studios)


def _years_apart(
    text: str, start: int, end: int, studios: Sequence[range]
) -> Iterator[FoundDate]:
    """Yield years that signs set apart, or that stand between a studio and such."""
    for match in A_YEAR.finditer(text, start, end):
        if match.span() == (start, end):
            continue
        found = FoundDate("year apart", (match["y"],), *match.span())
        beside = next((s for s in studios if _is_beside_name(match, s)), None)
        if beside is not None:
            wider = replace(
                found,
                start=min(found.start, beside.start),
                end=max(found.end, beside.stop),
            )
            if stands_apart(text, wider, start, end):
                yield found
        elif stands_apart(text, found, start, end):
            yield found


def _is_beside_name(match: re.Match[str], studio: range) -> bool:
    gap = match.string[studio.stop : match.start()]
    if match.end() <= studio.start:
        gap = match.string[match.end() : studio.start]
    return gap in (" ", "_")


def _year_first(match: re.Match[str]) -> FoundDate | None:
    gap, short = match["gap"], len(match["m"]) + len(match["d"]) < len("0801")
    before = match.string[match.start() - 1 : match.start()] or " "
    if before.isalpha() and (gap != "-" or before in "vV"):
        return None  # a version, or the end of a longer name
    if gap == " ":
        return None if short else _found("spaced", match)
    return _found("iso" if gap == "-" and not short else "year first", match)


def _year_last(match: re.Match[str]) -> FoundDate | None:
    counted = COUNTED.search(_before(match))
    if counted and (counted[1] or counted[2] in ("", match["gap"])):
        return None
    if CHANNELS.search(_before(match) + match.string[match.start() : match.end("m")]):
        return None
    if match["gap"] == " " and match.end("m") - match.start() < len("28 10"):
        return None
    return _either_order(match, "spaced" if match["gap"] == " " else "year last")


def _year_and_month(match: re.Match[str]) -> FoundDate | None:
    year, month = match["y"], int(match["m"])
    if month == (int(year) + 1) % 100:  # 2009-10 may be a season
        return None
    return FoundDate("year and month", (f"{year}-{month:02}",), *match.span())


def _either_order(match: re.Match[str], form: str) -> FoundDate:
    year, first, second = match["y"], int(match["d"]), int(match["m"])
    values = (_iso(year, second, first), _iso(year, first, second))
    return FoundDate(form, values, match.start(), match.end())


def _two_digits(
    text: str, start: int, end: int, studios: Sequence[range]
) -> Iterator[FoundDate]:
    for match in TWO_DIGITS.finditer(text, start, end):
        if any(_is_beside(match, studio) for studio in studios):
            yield from _of_two_digits(match)


def _of_two_digits(match: re.Match[str]) -> Iterator[FoundDate]:
    first, middle, last = match["a"], match["b"], match["c"]
    # Studios put the year first; the other orders count where that is no date.
    centuries = ("20", "19") if int(first) >= OLD_FROM else ("20",)
    values = tuple(f"{c}{first}-{middle}-{last}" for c in centuries)
    yield FoundDate("two digits", values, *match.span())
    yield FoundDate(
        "two digits last",
        (f"20{last}-{middle}-{first}", f"20{last}-{first}-{middle}"),
        *match.span(),
    )


def _is_beside(match: re.Match[str], studio: range) -> bool:
    """Return whether nothing but separators is between a date and a studio."""
    if studio.stop <= match.start():
        between = match.string[studio.stop : match.start()]
    else:
        between = match.string[match.end() : studio.start]
        if studio.start < match.end():
            return False
    return not between.strip("-._ []()") and len(between) <= len(" - [")


def _compact(match: re.Match[str]) -> FoundDate:
    found = _found("stamp" if match["time"] else "compact", match)
    return replace(found, end=match.end("d"))


def _cjk(match: re.Match[str]) -> FoundDate:
    return _found("cjk" if match["d"] else "month", match)


def _named(match: re.Match[str]) -> FoundDate | None:
    begins_with_day = match.start("d") == match.start()
    if begins_with_day and COUNTED.search(_before(match)):
        return None
    month = whole_month(match["name"])
    if not month:
        return None
    value = _iso(match["y"], month, int(match["d"]))
    return FoundDate("named", (value,), *match.span())


def _before(match: re.Match[str]) -> str:
    """Return what stands before, as much as the longest word that is looked for."""
    return match.string[max(match.start() - 2 * len("surround"), 0) : match.start()]


def _month_and_year(match: re.Match[str]) -> FoundDate:
    value = f"{match['y']}-{month_number(match['name']):02}"
    return FoundDate("month", (value,), *match.span())


def _year(match: re.Match[str]) -> FoundDate:
    return FoundDate("year", (match["y"],), *match.span("y"))


def _year_before_marks(match: re.Match[str]) -> FoundDate:
    return replace(_year(match), form="year before marks")


READERS = (
    (YEAR_FIRST, _year_first),
    (YEAR_LAST, _year_last),
    (COMPACT, _compact),
    *((pattern, _named) for pattern in NAMED),
    (MONTH_AND_YEAR, _month_and_year),
    (CJK_DATE, _cjk),
    (YEAR_AND_MONTH, _year_and_month),
    (YEAR_IN_BRACKETS, _year),
    (YEAR_BEFORE_MARKS, _year_before_marks),
)


def _found(form: str, match: re.Match[str]) -> FoundDate:
    year, month, day = match["y"], int(match["m"]), match["d"]
    value = _iso(year, month, int(day)) if day else f"{year}-{month:02}"
    return FoundDate(form, (value,), *match.span())


def _iso(year: str, month: int, day: int) -> str:
    return f"{year}-{month:02}-{day:02}"


def _real(values: tuple[str, ...], today: date) -> tuple[str, ...]:
    return tuple(v for v in dict.fromkeys(values) if real_date(v, today))


def _form_of(found: FoundDate) -> FoundDate:
    """Return it with the form that its number of meanings gives it."""
    if len(found.values) == 1:
        return found
    if found.form == "two digits":  # of both centuries ours is meant
        return replace(found, values=found.values[:1])
    return replace(found, form="either order")


def _without_overlaps(found: list[FoundDate]) -> list[FoundDate]:
    """Leave out what another reading of the same characters betters, or denies."""
    return sorted(
        (one for one in found if not any(_yields(one, to=other) for other in found)),
        key=lambda one: one.start,
    )


def _yields(one: FoundDate, *, to: FoundDate) -> bool:
    if one is to or one.end <= to.start or to.end <= one.start:
        return False
    if len(one.values[0]) != len(to.values[0]):
        return len(one.values[0]) < len(to.values[0])
    if {one.form, to.form} & {"two digits"}:
        return one.form != "two digits"
    return one.values != to.values or (one.start, one.end) > (to.start, to.end)
