"""Tells how sure it is that a title begins behind names which nothing parts from it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from syncapp.analysis.library import EntityKind
from syncapp.analysis.reading import Match
from syncapp.analysis.titles import EDGES
from syncapp.analysis.words import is_borderless

PEELED, AT_SIGN = "peeled", "behind a name and a sign"
AT_ARTICLE = "article behind a name"
RELEASED, STRUNG, BESIDE = "peeled in a release", "strung together", "names before"
ALONE, ONE_LEFT = "names and no day", "one word behind a name"
DEED, NAME_NEXT = "maybe what they do", "maybe another name"
NUMBER_NEXT, ONE_NAME = "number behind a name", "one name in a release"
OF_STUDIO = "studio in a release"
GAPS = EDGES + ".()[]{}'\""
# What no name goes on with: the rest is a title by itself.
BRACKETS = re.compile('[-_. ,:]*[(\\[{"“„«]')
OPENS = re.compile(
    r"[-_. ,:]*(?:The|A|An|What|Where|Who|How|Why|When|No|My|Our|Der|Die|Das|Le|La|Les"
    r"|El|Los|Il)\b"
)
ONE_WORD = re.compile(r"[-_. ]*[^\W\d_]+[-_. ]*")
# "Jane Doe paints the tide", "Jane Doe Tides": a verb, or a word of the title; and what
# tells where somebody is, and how: "Jane Doe under the sea".
A_DEED = re.compile(
    r"[-_. ]+(?:[a-z]+(?:[^\W\ds_]s|ed|ing)|to|for|from|by|under|over|into|after|before"
    r"|against|between|behind|beyond|without|through|during|among|near|around|across"
    r"|up|down|about|as|who|that|or|but|can|will|would|could|should|did|had|are|were"
    r")(?![^\W_])",
    re.IGNORECASE,
)


def is_one_word(said: str) -> bool:
    """Return whether this is one word, of a script that puts spaces between them."""
    return bool(ONE_WORD.fullmatch(said)) and not is_borderless(said.strip(GAPS)[:1])


@dataclass(frozen=True, slots=True)
class Begun:
    """A piece of a file's name that names begin."""

    text: str
    start: int
    end: int
    taken: Sequence[Match]  # the names that begin it
    names: Sequence[Match]  # all that is a name in it, or just a word
    is_dated: bool  # a date parts it from what is before

    @property
    def behind(self) -> int:
        return self.taken[-1].end

    @property
    def has_cast(self) -> bool:
        """Return whether several people are listed."""
        people = [one for one in self.taken if one.kind is EntityKind.PERFORMER]
        return len(people) > 1

    @property
    def is_spaced(self) -> bool:
        return " " in self.text[self.start : self.end]


def kind_behind(begun: Begun) -> str:
    """Return the kind of evidence that a title is which stands behind the names."""
    return next(kind for kind, holds in RULES if holds(begun))


def _is_alone(begun: Begun) -> bool:
    """Return whether nothing says that this is no film about this one person.

    Of "Jane Doe: A Life" dots leave no sign.
    """
    is_studio = begun.taken[0].kind is EntityKind.STUDIO
    return len(begun.taken) == 1 and not (
        begun.is_spaced or begun.is_dated or is_studio
    )


def _is_followed_by_name(begun: Begun) -> bool:
    """Return whether the next word may be somebody, or a whole name stands further on.

    Between them may be people whom the library does not know.
    """
    return any(
        not begun.text[begun.behind : name.start].strip(GAPS)
        or (" " in name.spelling.strip() and name.end < begun.end)
        for name in begun.names
        if name.kind is EntityKind.PERFORMER and name.start >= begun.behind
    )


def _is_followed_by_number(begun: Begun) -> bool:
    rest = begun.text[begun.behind : begun.end].strip(GAPS)
    return rest[:1].isdecimal()


def _is_followed_by_article(begun: Begun) -> bool:
    """Return whether this begins anew; of "Jane Doe: The Tide" dots leave no sign."""
    opens = OPENS.match(begun.text, begun.behind, begun.end)
    return begun.is_spaced and bool(opens)


def _is_of_person(begun: Begun) -> bool:
    return begun.taken[-1].kind is EntityKind.PERFORMER


def _leaves_one_word(begun: Begun) -> bool:
    rest = begun.text[begun.behind : begun.end]
    return _is_of_person(begun) and is_one_word(rest)


def _tells_a_deed(begun: Begun) -> bool:
    deed = A_DEED.match(begun.text, begun.behind, begun.end)
    return _is_of_person(begun) and bool(deed)


# The first of these that holds.
RULES: tuple[tuple[str, Callable[[Begun], bool]], ...] = (
    (PEELED, lambda one: bool(BRACKETS.match(one.text, one.behind, one.end))),
    (AT_SIGN, lambda one: one.text[one.behind : one.behind + 1] in (",", ":", ";")),
    (ALONE, _is_alone),
    (NAME_NEXT, _is_followed_by_name),
    (NUMBER_NEXT, _is_followed_by_number),
    (AT_ARTICLE, _is_followed_by_article),
    (ONE_LEFT, _leaves_one_word),
    (DEED, _tells_a_deed),
    (BESIDE, lambda one: one.is_spaced),
    (OF_STUDIO, lambda one: not _is_of_person(one)),
    (ONE_NAME, lambda one: not one.has_cast),
    (RELEASED, lambda one: "." in one.text[one.start : one.end].strip(".")),
    (STRUNG, lambda _: True),
)
