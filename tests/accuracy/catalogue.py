"""A library of hard names, invented from a stock of words."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from syncapp.analysis.library import Entity, EntityKind
from tests.accuracy.folded import fold_words
from tests.accuracy.stock import Stock

FULL_NAMES, STUDIOS, HOMONYMS = 700, 150, 24
CALLINGS = ("botanist", "sailor", "actor", "puppeteer", "1950s", "geologist")


class Telling(StrEnum):
    """How much a performer's written name tells."""

    FULL = "full"
    SINGLE = "single"  # one word that means nothing else
    COMMON = "common"  # one word that means something else
    HOMONYM = "homonym"
    SHORT = "short"  # two characters of a script without spaces
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Person:
    entity: Entity
    telling: Telling
    spellings: tuple[str, ...]  # each tells this one alone, but of homonyms

    @property
    def row_id(self) -> int:
        return self.entity.entity_id


@dataclass(frozen=True, slots=True)
class House:
    """A studio."""

    entity: Entity
    spellings: tuple[str, ...]
    is_common: bool = False

    @property
    def row_id(self) -> int:
        return self.entity.entity_id


@dataclass(frozen=True, slots=True)
class Catalogue:
    stock: Stock
    people: Mapping[Telling, tuple[Person, ...]]
    houses: tuple[House, ...]
    tags: tuple[Entity, ...]  # those that say something
    common_tags: tuple[Entity, ...]
    # {studio: {performer: scenes of both}}, of homonyms.
    regulars: Mapping[int, Mapping[int, int]] = field(default_factory=dict)

    @property
    def entities(self) -> dict[tuple[EntityKind, int], Entity]:
        people = [one.entity for group in self.people.values() for one in group]
        studios = [house.entity for house in self.houses]
        found = [*people, *studios, *self.tags, *self.common_tags]
        return {(one.kind, one.entity_id): one for one in found}

    def house(self, row_id: int) -> House:
        return self.houses[row_id - self.houses[0].row_id]

    def alike(self, person: Person) -> tuple[Person, ...]:
        """Return all who are written as this homonym is."""
        return tuple(
            one
            for one in self.people[Telling.HOMONYM]
            if one.entity.name == person.entity.name
        )


def make_catalogue(stock: Stock, seed: str, *, first_id: int) -> Catalogue:
    """Return the same library for the same words, seed and first row id."""
    rng = random.Random(f"catalogue {seed}")
    people = _people(stock, rng, first_id)
    namesake = rng.choice(people[Telling.FULL]).entity.name
    houses = tuple(_houses(stock, rng, first_id, namesake=namesake))
    tags, common = _tags(stock, first_id)
    return Catalogue(
        stock, people, houses, tags, common, _regulars(people, houses, rng)
    )


class _Names:
    """Hands out names that are told apart when folded."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def is_new(self, name: str) -> bool:
        key = "".join(fold_words(name))
        new = key not in self._taken
        self._taken.add(key)
        return new


def _full_names(stock: Stock, rng: random.Random, names: _Names) -> Iterator[str]:
    givens = [*stock.given, *stock.single_people, *stock.common_people]
    while True:
        given = rng.choice(givens)
        family = rng.choice(stock.family_starts) + rng.choice(stock.family_ends)
        if rng.random() < 0.06:
            given += f" {rng.choice('ABCDEFGHJKLMNPRSTVW')}."
        if rng.random() < 0.05:
            family += (
                f"-{rng.choice(stock.family_starts)}{rng.choice(stock.family_ends)}"
            )
        name = f"{given} {family}"
        if names.is_new(name):
            yield name


def _people(
    stock: Stock, rng: random.Random, first_id: int
) -> dict[Telling, tuple[Person, ...]]:
    names = _Names()
    fresh = _full_names(stock, rng, names)
    for name in (*stock.hard_people, *stock.single_people, *stock.common_people):
        names.is_new(name)
    wanted = [
        *((name, Telling.FULL) for name in stock.hard_people),
        *((next(fresh), Telling.FULL) for _ in range(FULL_NAMES)),
        *((name, Telling.SINGLE) for name in stock.single_people),
        *((name, Telling.COMMON) for name in stock.common_people),
        *((name, Telling.SHORT) for name in stock.short_people),
        *((next(fresh), Telling.IGNORED) for _ in range(12)),
    ]
    for _ in range(HOMONYMS):
        wanted += [(next(fresh), Telling.HOMONYM)] * 2
    found: dict[Telling, list[Person]] = {telling: [] for telling in Telling}
    for row_id, (name, telling) in enumerate(wanted, first_id):
        found[telling].append(_person(name, telling, row_id, rng, fresh))
    return {telling: tuple(group) for telling, group in found.items()}


def _person(
    name: str, telling: Telling, row_id: int, rng: random.Random, fresh: Iterator[str]
) -> Person:
    aliases: tuple[str, ...] = ()
    if telling is Telling.FULL and rng.random() < 0.25:
        aliases = (next(fresh),)
    entity = Entity(
        kind=EntityKind.PERFORMER,
        entity_id=row_id,
        name=name,
        disambiguation=CALLINGS[row_id % 6] if telling is Telling.HOMONYM else "",
        aliases=aliases,
        is_ignored=telling is Telling.IGNORED,
    )
    return Person(entity, telling, (name, name, *aliases))


def _house_names(stock: Stock, rng: random.Random) -> Iterator[str]:
    names = _Names()
    for name in (*stock.hard_studios, *stock.common_studios):
        names.is_new(name)
        yield name
    while True:
        parts = (stock.studio_firsts, stock.studio_seconds, stock.studio_lasts)
        name = " ".join(rng.choice(part) for part in parts).strip()
        if names.is_new(name):
            yield name


def _houses(
    stock: Stock, rng: random.Random, first_id: int, *, namesake: str
) -> Iterator[House]:
    fresh = _house_names(stock, rng)
    names = [next(fresh) for _ in range(STUDIOS)]
    parents: dict[int, tuple[int, ...]] = {}
    for n in range(60, STUDIOS):  # a child of one that stands before it, or none
        if rng.random() < 0.5:
            parent = rng.randrange(30, 60)
            parents[n] = (first_id + parent,)
            longer = f"{names[parent]} {('Classics', 'Wild', 'Live')[n % 3]}"
            if rng.random() < 0.3 and longer not in names:
                names[n] = longer
    initials: set[str] = set()
    for n, name in enumerate([*names, namesake]):
        common = name in stock.common_studios
        aliases = () if common else tuple(_house_aliases(name, rng, initials))
        entity = Entity(
            kind=EntityKind.STUDIO,
            entity_id=first_id + n,
            name=name,
            aliases=aliases,
            parent_ids=parents.get(n, ()),
        )
        yield House(entity, (name, name, name, *aliases), common)


def _house_aliases(name: str, rng: random.Random, initials: set[str]) -> Iterator[str]:
    words = fold_words(name)
    short = "".join(word[0] for word in words).upper()
    if len(words) == 3 and rng.random() < 0.3 and short not in initials:
        initials.add(short)
        yield short
    elif len(words) >= 2 and rng.random() < 0.15 and name.isascii():
        yield f"The {name} Company"


def _tags(stock: Stock, first_id: int) -> tuple[tuple[Entity, ...], ...]:
    ids = {name: first_id + n for n, (name, _, _) in enumerate(stock.tags)}
    telling = tuple(
        Entity(
            kind=EntityKind.TAG,
            entity_id=ids[name],
            name=name,
            aliases=(synonym,) if synonym else (),
            parent_ids=(ids[parent],) if parent else (),
        )
        for name, parent, synonym in stock.tags
    )
    start = first_id + len(telling)
    common = tuple(
        Entity(kind=EntityKind.TAG, entity_id=n, name=name)
        for n, name in enumerate(stock.common_tags, start)
    )
    return telling, common


def _regulars(
    people: Mapping[Telling, tuple[Person, ...]],
    houses: tuple[House, ...],
    rng: random.Random,
) -> dict[int, dict[int, int]]:
    """Give every second homonym a studio of its own, with many scenes there."""
    found: dict[int, dict[int, int]] = {}
    for person in people[Telling.HOMONYM][::2]:
        house = rng.choice(houses)
        found.setdefault(house.row_id, {})[person.row_id] = rng.randint(12, 60)
    return found
