"""A scene while it is being written: what was drawn for it, and what its texts tell."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from syncapp.analysis.library import KnownName
from syncapp.analysis.proposals import SceneField
from tests.accuracy.catalogue import Catalogue, House, Person, Telling
from tests.accuracy.styles import casings, visible

TODAY = date(2026, 11, 1)  # of the library: nothing is dated later
_OLDEST = date(1996, 1, 1)
# How often a performer of each sort is written where people stand.
_WEIGHTS = {
    Telling.FULL: 76,
    Telling.SINGLE: 6,
    Telling.COMMON: 6,
    Telling.HOMONYM: 7,
    Telling.SHORT: 2,
    Telling.IGNORED: 3,
}


@dataclass(slots=True)
class Draft:
    catalogue: Catalogue
    rng: random.Random
    house: House | None = None
    house_is_told: bool = False
    people: list[Person] = field(default_factory=list)
    named: set[int] = field(default_factory=set)  # those whom the texts name
    # Performers that are named with what tells them from others of their name.
    made_clear: set[int] = field(default_factory=set)
    alone_in_folder: set[int] = field(default_factory=set)
    bracketed: set[int] = field(default_factory=set)
    behind_it: set[int] = field(default_factory=set)  # made it, and need not be seen
    tags: set[int] = field(default_factory=set)
    planted: set[tuple[str, int]] = field(default_factory=set)  # on purpose, not true
    title: str = ""
    titles: frozenset[str] = frozenset()  # equally good ones that the path tells
    day: date = TODAY
    dates: frozenset[str] = frozenset()  # the finest that is told
    unclear_dates: frozenset[str] = frozenset()
    tolerated_dates: frozenset[str] = frozenset()
    tolerated_titles: frozenset[str] = frozenset()
    height: int | None = None
    # What title and details alone tell: a studio or a date is not looked for there.
    told_late: frozenset[SceneField] = frozenset()

    def draw_house(self, *, with_parent: bool = False) -> House:
        """Return the scene's studio, drawn when it is asked for at first."""
        if self.house is None:
            houses = self.catalogue.houses
            if with_parent:
                houses = tuple(h for h in houses if h.entity.parent_ids)
            self.house = self._regular_house() or self.rng.choice(houses)
        return self.house

    def _regular_house(self) -> House | None:
        """Now and then a studio that tells which homonym is meant, with that one."""
        if self.people or self.rng.random() > 0.04:
            return None
        row_id = self.rng.choice(sorted(self.catalogue.regulars))
        regular = min(self.catalogue.regulars[row_id])
        self.people += [
            one
            for one in self.catalogue.people[Telling.HOMONYM]
            if one.row_id == regular
        ]
        return self.catalogue.house(row_id)

    def draw_another(self, telling: Telling) -> Person:
        """Return somebody of this sort, beside those who are drawn already."""
        person = self.rng.choice(self.catalogue.people[telling])
        self.people = [*self.people, person]
        return person

    def draw_people(
        self, least: int, most: int, *, plain: bool = False
    ) -> list[Person]:
        """Return who is named; the same each time they are asked for.

        `plain`: nobody of whom a reader could take the name for a title's word.
        """
        wanted = max(least, self.rng.randint(least, most))
        while len(self.people) < wanted:
            telling = self.rng.choices([*_WEIGHTS], [*_WEIGHTS.values()])[0]
            if plain and telling is not Telling.HOMONYM:
                telling = Telling.FULL
            person = self.rng.choice(self.catalogue.people[telling])
            named = {one.entity.name for one in self.people}
            if person.entity.name not in named:
                self.people.append(person)
        return self.people

    def draw_day(self) -> date:
        if self.day == TODAY:
            days = (TODAY - _OLDEST).days - 40
            self.day = _OLDEST + timedelta(days=self.rng.randrange(days))
        return self.day

    def draw_title(self) -> str:
        if not self.title:
            self.title = make_title(self.catalogue, self.rng)
        return self.title

    def draw_tag(self) -> KnownName:
        tag = self.rng.choice(self.catalogue.tags)
        self.tags.add(tag.entity_id)
        return tag

    def note_late(self, was_told: bool, dates: frozenset[str]) -> None:  # noqa: FBT001
        """Note what was told since the path had told this much."""
        late = {SceneField.STUDIO} if self.house_is_told and not was_told else set()
        late |= {SceneField.DATE} if self.dates != dates else set()
        self.told_late = frozenset(late)

    def tell_title(self, text: str, styles: Iterable[str] = ()) -> None:
        self.titles |= casings(visible(text, tuple(styles)))

    def tell_date(self, *values: str) -> None:
        """Note dates that are told; one to the day drives out one to the year."""
        told = [*self.dates, *values]
        finest = max(map(len, told))
        self.dates = frozenset(one for one in told if len(one) == finest)


def make_title(catalogue: Catalogue, rng: random.Random) -> str:
    """Return a title; its ordinary words are the names of something now and then."""
    stock = catalogue.stock
    if rng.random() < 0.1:
        return rng.choice(stock.foreign_titles)
    one, other = rng.sample(stock.nouns, 2)
    how, place = rng.choice(stock.adjectives), rng.choice(stock.places)
    trap = rng.choice((*stock.common_people, *stock.common_studios, *stock.common_tags))
    forms = (
        f"The {how} {one}",
        f"{one} of the {other}",
        f"A {one} in {place}",
        f"{how} {one}s",
        f"{one}, {other} and {trap}",
        f"What Is a {one}?",
        f"The {one}'s {other}",
        f"{trap} {one}",
        f"The {how} {trap}",
        f"{one}! The {how} {other}",
        f"Twelve {one}s - A {other}",
        f"{one} to {trap}",
        f"Summer of 1976: The {one}" if rng.random() < 0.3 else f"No {one} Tonight",
        f"{one}, Part {rng.randint(1, 4)}",
    )
    return rng.choice(forms)
