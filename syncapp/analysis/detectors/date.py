"""Proposes the date that a file's name or its folders tell."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from syncapp.analysis.dates import (
    FORMS,
    FoundDate,
    dates_in,
    lone_two_digits,
    real_date,
    stands_apart,
)
from syncapp.analysis.detector import Detector
from syncapp.analysis.library import DateOrder, EntityKind, KnownLibrary
from syncapp.analysis.month_names import MONTHS, month_number
from syncapp.analysis.proposals import (
    Evidence,
    Finding,
    HeldBack,
    Op,
    Proposal,
    SceneField,
    TextSpan,
)
from syncapp.analysis.reading import ReadText, SceneReading, Segment

WHOLE = len("2009-08-01")
MOST_CHOICES = 3
FILE, FOLDER = "file", "folder"
EITHER = "either order"
WHOLE_FOLDER, PART_FOLDER = "in a folder", "a year or month in a folder"
KINDS = (
    {f"{FILE}, {form}": f"In the file's name, {says}." for form, says in FORMS.items()}
    | {
        EITHER: "Day and month may stand in either order.",
        WHOLE_FOLDER: "A whole date in a folder's name, or folders as 2015/04/30.",
        PART_FOLDER: "A year, or a year and a month, that folders tell.",
    }
    | {
        "by rule": "Day and month in the order that is set for the folder.",
        "narrowed": "Of two meanings the one that agrees with the folders.",
        "two dates": "One of several dates in one name.",
        "contested date": "In the file's name, while a folder has another date.",
        "fuller": "Tells more than the partial date that the scene has.",
        "replaces the date": "Differs from the date that the scene has.",
    }
)
YEAR_NAME = re.compile("[0-9]{4}")
YEAR_MONTH_NAME = re.compile("([0-9]{4})([-._ ])([0-9]{2})")
MONTH_NAME = re.compile("([0-9]{1,2})?[-._ ]*([A-Za-z]{3,9})?")
DAY_NAME = re.compile("[0-9]{1,2}")


@dataclass(frozen=True, slots=True)
class _Told:
    """What one name of a path, or a chain of folders, tells of the date."""

    kind: str
    values: tuple[str, ...]  # more than one: a person picks
    spans: tuple[TextSpan, ...]

    @property
    def is_whole(self) -> bool:
        return len(self.values) == 1 and len(self.values[0]) == WHOLE


def _find(reading: SceneReading, library: KnownLibrary) -> Iterator[Finding]:
    for text in reading.texts:
        told = _of_path(text, library) if text.segments else None
        if told:
            yield from _proposals(told, text, reading, library)
            return
    if not reading.facts.date:
        yield from _without_studio(reading, library)


def _without_studio(reading: SceneReading, library: KnownLibrary) -> Iterator[HeldBack]:
    for text in reading.texts[:1]:
        for one in (s for s in text.segments if s.is_file):
            found = lone_two_digits(text.text, one.start, one.end, today=library.today)
            for date in list(found)[:1]:
                span = TextSpan(text.name, date.start, date.end)
                yield HeldBack(SceneField.DATE, date.values[0], NO_STUDIO, (span,))


def _of_path(text: ReadText, library: KnownLibrary) -> _Told | None:
    """Return what a path tells: its file's name first, then the deepest folder."""
    files = [segment for segment in text.segments if segment.is_file]
    folders = [s for s in text.segments if not s.is_file and not s.is_root]
    by_file = _of_segments(text, files, FILE, library=library)
    by_folder = _of_segments(text, folders[::-1], FOLDER, library=library)
    chain = _of_chain(text, folders, library)
    if chain and (not by_folder or _says_more(chain, by_folder)):
        by_folder = chain
    return _together(by_file, by_folder)


def _of_segments(
    text: ReadText, segments: list[Segment], place: str, *, library: KnownLibrary
) -> _Told | None:
    for segment in segments:
        studios = [
            range(match.start, match.end)
            for match in text.matches
            if match.kind is EntityKind.STUDIO and not match.inside
        ]
        found = dates_in(
            text.text, segment.start, segment.end, today=library.today, studios=studios
        )
        found = [one for one in found if not _is_name(one, text, segment)]
        if told := _settled(text, found, place, library=library):
            return told
    return None


def _is_name(found: FoundDate, text: ReadText, segment: Segment) -> bool:
    """Return whether the month may be a name that somebody has: "With May 2019"."""
    if found.form != "month":
        return False
    is_whole = (found.start, found.end) == (segment.start, segment.end)
    is_apart = stands_apart(text.text, found, segment.start, segment.end)
    if is_apart and not (is_whole and segment.is_file):
        return False
    return any(
        match.start < found.end and found.start < match.end and not match.inside
        for match in text.matches
    )


def _settled(
    text: ReadText, found: list[FoundDate], place: str, *, library: KnownLibrary
) -> _Told | None:
    """Return what all dates of one name tell together, the whole ones before others."""
    whole = [one for one in found if len(one.values[0]) == WHOLE]
    told = [_told(text, one, place, library=library) for one in whole or found]
    if not told:
        return None
    agreed = [v for v in told[0].values if all(v in one.values for one in told)]
    if agreed:
        best = min(told, key=lambda one: len(one.values))
        kind = "narrowed" if len(best.values) > len(agreed) else best.kind
        return _Told(kind, tuple(agreed), best.spans)
    return _of_several(told)


def _of_several(told: list[_Told]) -> _Told | None:
    finest = max(told, key=lambda one: len(one.values[0]))
    if all(finest.values[0].startswith(one.values[0]) for one in told):
        return finest
    values = tuple(dict.fromkeys(v for one in told for v in one.values))
    if len(values) > MOST_CHOICES or len(finest.values[0]) < WHOLE:
        return None  # of several years none is more likely than another
    return _Told("two dates", values, tuple(s for one in told for s in one.spans))


def _told(
    text: ReadText, one: FoundDate, place: str, *, library: KnownLibrary
) -> _Told:
    spans = (TextSpan(text.name, one.start, one.end),)
    order = _date_order(text, library) if len(one.values) > 1 else None
    if order is None:
        return _Told(_kind(place, one.form, one.values), one.values, spans)
    day_first, month_first = one.values
    is_day_first = order is DateOrder.DAY_FIRST
    return _Told("by rule", (day_first if is_day_first else month_first,), spans)


def _kind(place: str, form: str, values: tuple[str, ...]) -> str:
    if len(values) > 1:
        return EITHER
    if place == FOLDER:
        return WHOLE_FOLDER if len(values[0]) == WHOLE else PART_FOLDER
    return f"{FILE}, {form}"


def _date_order(text: ReadText, library: KnownLibrary) -> DateOrder | None:
    """Return the rule of the deepest folder that has one."""
    rules = {_folder(name): order for name, order in library.rules.date_orders.items()}
    for segment in reversed(text.segments if rules else ()):
        folder = _folder(text.text[: segment.end])
        if not segment.is_file and folder in rules:
            return rules[folder]
    return rules.get("") if rules else None


def _folder(path: str) -> str:
    return path.replace("\\", "/").rstrip("/")


def _of_chain(
    text: ReadText, folders: list[Segment], library: KnownLibrary
) -> _Told | None:
    """Return what folders as 2015, 2015-04, 2015/04 and 2015/04/30 tell."""
    for at in range(len(folders) - 1, -1, -1):
        names = [text.text[one.start : one.end].strip() for one in folders[at : at + 3]]
        value, depth = _chained(names)
        if value and real_date(value, library.today):
            form = ("bare year", "year and month", "nested")[value.count("-")]
            spans = tuple(
                TextSpan(text.name, one.start, one.end)
                for one in folders[at : at + depth]
            )
            return _Told(_kind(FOLDER, form, (value,)), (value,), spans)
    return None


def _chained(names: list[str]) -> tuple[str, int]:
    """Return a date and how many folders it takes, or "" and 0."""
    if match := YEAR_MONTH_NAME.fullmatch(names[0]):
        is_range = int(match[3]) == (int(match[1]) + 1) % 100  # 2009-10 may be a season
        return ("", 0) if is_range else (f"{match[1]}-{match[3]}", 1)
    if not YEAR_NAME.fullmatch(names[0]):
        return "", 0
    month = _month(names[1]) if len(names) > 1 else 0
    if not month:
        return names[0], 1
    if len(names) > 2 and DAY_NAME.fullmatch(names[2]):  # noqa: PLR2004 - the third
        return f"{names[0]}-{month:02}-{int(names[2]):02}", 3
    return f"{names[0]}-{month:02}", 2


def _month(name: str) -> int:
    """Return the month that "04", "April" and "04 - April" mean, or 0."""
    match = MONTH_NAME.fullmatch(name)
    if not match:
        return 0
    number = int(match[1] or 0)
    named = month_number(match[2]) if match[2] else number
    return named if named <= len(MONTHS) and number in (0, named) else 0


def _says_more(one: _Told, other: _Told) -> bool:
    return len(one.values[0]) > len(other.values[0])


def _together(by_file: _Told | None, by_folder: _Told | None) -> _Told | None:
    """Return what the file's name tells in the light of its folders."""
    if by_file is None or by_folder is None:
        return by_file or by_folder
    agreeing = tuple(v for v in by_file.values if _agrees(v, by_folder))
    if not agreeing:
        if len(by_folder.values[0]) == len("2009"):
            return by_file  # a year's folder says when somebody got it
        is_one = len(by_file.values) == 1
        kind = "contested date" if is_one else by_file.kind
        return _Told(kind, by_file.values, by_file.spans)
    if len(agreeing) < len(by_file.values):
        return _Told("narrowed", agreeing, by_file.spans + by_folder.spans)
    return by_folder if _says_more(by_folder, by_file) else by_file


def _agrees(value: str, other: _Told) -> bool:
    return any(value.startswith(v) or v.startswith(value) for v in other.values)


def _proposals(
    told: _Told, text: ReadText, reading: SceneReading, library: KnownLibrary
) -> Iterator[Finding]:
    has = reading.facts.date
    fuller = tuple(v for v in told.values if has and v.startswith(has) and v != has)
    if fuller:
        told = _Told("fuller", fuller, told.spans)
    elif has and (has in told.values or "date.replace" not in reading.options):
        return
    elif has:
        told = _Told("replaces the date", told.values, told.spans)
    for at, value in enumerate(told.values):
        if len(value) == WHOLE or library.takes_partial_dates:
            yield _proposal(value, _marked(told, at), text)
        else:
            yield HeldBack(SceneField.DATE, value, NOT_WHOLE, told.spans)


def _marked(told: _Told, at: int) -> _Told:
    """Return it with the place of one of its values, where each has its own."""
    if told.kind == "two dates" and len(told.spans) == len(told.values):
        return replace(told, spans=told.spans[at : at + 1])
    return told


NO_STUDIO = "A year of two digits counts where the studio stands beside it alone."
NOT_WHOLE = "It has no day, and the source keeps whole dates alone."


def _proposal(value: str, told: _Told, text: ReadText) -> Proposal:
    written = " / ".join(text.text[span.start : span.end] for span in told.spans)
    return Proposal(
        field=SceneField.DATE,
        op=Op.SET,
        value=value,
        evidence=Evidence(told.kind, f'"{written}": {KINDS[told.kind]}', told.spans),
        cause=f"date: {told.kind}",
        choice="date" if len(told.values) > 1 else "",
    )


DATE = Detector(
    name="date",
    version=2,
    title="Date",
    does="Reads the date from the file's name, then from its folders.",
    kinds=KINDS,
    find=_find,
    options={"date.replace": "Propose a date where the scene has a different one."},
)
