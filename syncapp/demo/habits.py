"""How people call folders and files after what they know of a film."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"
WHOLE_DATE = 10  # characters of "2011-04-30"
SHORT_YEARS_FROM = "2000"  # older films are never filed under two digits


@dataclass(frozen=True, slots=True)
class Known:
    """What somebody who files a film knows of it."""

    studio: str
    people: tuple[tuple[str, str], ...]  # first and last names
    date: str  # "", "2011", "2011-04" or "2011-04-30"
    title: str

    @property
    def names(self) -> list[str]:
        return [" ".join(name) for name in self.people]


@dataclass(frozen=True, slots=True)
class Habit:
    """One way to call a folder and a file in it; studios and people are always told."""

    folder: Callable[[Known], str]
    stem: Callable[[Known], str]
    tells: frozenset[str] = frozenset({"date", "title"})


def _joined(parts: Sequence[str], between: str = " - ") -> str:
    return between.join(part for part in parts if part)


def _own(film: Known) -> str:
    return film.studio or "Unsorted"


def _by_year(film: Known) -> str:
    return _joined([_own(film), film.date[:4]], "/")


def _by_people(film: Known) -> str:
    return _joined([_own(film), " & ".join(film.names)], "/")


def _for_all(_: Known) -> str:
    return "Incoming"


def _listed(film: Known) -> str:
    """As 2011-04-30 - Ada Vik & Jo Lind - Title."""
    return _joined([film.date, " & ".join(film.names), film.title])


def _dotted(film: Known) -> str:
    """As Studio.19.04.03.Ada.Vik.Title."""
    date = film.date.replace("-", ".")
    if len(film.date) == WHOLE_DATE and film.date >= SHORT_YEARS_FROM:
        date = date[2:]
    parts = [film.studio, date, *film.names, film.title]
    return _joined(parts, ".").replace(" ", ".")


def _in_brackets(film: Known) -> str:
    """As Title (Ada Vik, Jo Lind) (30.04.2011)."""
    date = ".".join(reversed(film.date.split("-")))
    behind = [f"({part})" for part in (", ".join(film.names), date) if part]
    return _joined([film.title, *behind], " ")


def _underscored(film: Known) -> str:
    """As Ada_Vik_Jo_Lind_-_Title_20110430."""
    whole = len(film.date) == WHOLE_DATE
    date = film.date.replace("-", "") if whole else film.date
    stem = _joined([_joined(film.names, " "), film.title])
    return _joined([stem, date], " ").replace(" ", "_")


def _last_first(film: Known) -> str:
    """As Vik, Ada; Lind, Jo - Title."""
    people = "; ".join(f"{last}, {first}" for first, last in film.people)
    return _joined([people, film.title])


def _featuring(film: Known) -> str:
    """As [Studio] Title feat. Ada Vik and Jo Lind (Apr 30, 2011) [1080p]."""
    studio = f"[{film.studio}]" if film.studio else ""
    people = f"feat. {' and '.join(film.names)}" if film.people else ""
    date = f"({_in_english(film.date)})" if film.date else ""
    return _joined([studio, film.title, people, date, "[1080p]"], " ")


def _in_english(date: str) -> str:
    if len(date) != WHOLE_DATE:
        return date
    start = 3 * int(date[5:7]) - 3
    return f"{MONTHS[start : start + 3]} {int(date[8:])}, {date[:4]}"


def _titled(film: Known) -> str:
    return film.title


def _without_accents(film: Known) -> str:
    """As `_listed`, typed on a keyboard without accents."""
    letters = unicodedata.normalize("NFKD", _listed(film))
    return "".join(one for one in letters if not unicodedata.combining(one))


_UNDATED = frozenset({"title"})
# Each studio's films are filed by one of these.
HABITS = (
    Habit(_by_year, _listed),
    Habit(_own, _dotted),
    Habit(_own, _in_brackets),
    Habit(_by_year, _underscored),
    Habit(_own, _last_first, _UNDATED),
    Habit(_for_all, _featuring),
    Habit(_by_people, _titled, _UNDATED),
    Habit(_own, _without_accents, frozenset({"date"})),
)
