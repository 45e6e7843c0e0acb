"""The SQL of a search: which rows hold what was typed.

A scene is found by the names of its tags, performers and studio as well. Those are
looked for first, and then scenes that hold the word or are linked to one of them: who
renames a tag writes no scene.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any

from django.db import connection
from django.db.models import BooleanField, F, Func, Q, QuerySet
from django.db.models.expressions import RawSQL

from syncapp.filters.number_list import number_list
from syncapp.models import (
    SEARCH,
    Performer,
    Scene,
    ScenePerformer,
    SceneTag,
    Studio,
    Tag,
)
from syncapp.models.library import Mirrored
from syncapp.text.documents import whole_token
from syncapp.text.queries import LANGUAGES, Language
from syncapp.text.terms import Term, Unsearchable, read_terms

FEW = 5_000  # rows that are looked up rather than met in a list's order
SCAN = 40_000  # scenes of a name that are read sooner than all that hold a word
MANY = 100_000  # scenes of a name that are met soon in a list's order
NAMED = 200  # tags, performers and studios of one word: those with most scenes
KINDS: Mapping[str, type[Mirrored]] = {"t": Tag, "p": Performer, "s": Studio}
# Whose scenes these are: the table that says so, its column of scenes and of names.
OF_SCENES = {
    "t": (SceneTag, "scene_id", "tag_id"),
    "p": (ScenePerformer, "scene_id", "performer_id"),
    "s": (Scene, "id", "studio_id"),
}


@dataclass(frozen=True, slots=True)
class TextMatches:
    """The rows that hold a text.

    `of`: what is true of the row whose id stands in this column. `ids`: all of them;
    None if they are many, or all but a few. `rows`: if they are many, those of the
    search table, or scenes, to be read one after the other, and how many they are at
    most. `cut`: words that more are called by than are looked for (`NAMED`).
    """

    of: Callable[[str], Any]
    ids: tuple[int, ...] | None = None
    rows: QuerySet[Any, Any] | None = None
    size: float = inf
    cut: tuple[str, ...] = ()


def search_condition(model: type[Mirrored], text: str) -> Any:
    """Return what selects the rows that hold this text; None if nothing was typed."""
    found = text_matches(model, text)
    return None if found is None else found.of("pk")


def text_matches(model: type[Mirrored], text: str) -> TextMatches | None:
    """Return which rows hold this text; None if nothing was typed.

    At most two queries, for whom the words name and for how many rows there are.
    """
    try:
        terms = read_terms(text)
    except Unsearchable:  # who read the filter has told so
        return _these((), ())
    if not terms:
        return None
    named = _named(terms) if model is Scene else {}
    cut = tuple(
        " ".join(term.tokens) for term, called in named.items() if called.is_cut
    )
    wanted, without = _holdings(model, terms, named)
    if not wanted:
        return TextMatches(_all_of((), without), cut=cut)
    ids = _few_ids(wanted, without)
    if ids is not None:
        return _these(ids, cut)
    of, first = _all_of(wanted, without), wanted[0]
    if len(wanted) + len(without) > 1:
        return TextMatches(of, cut=cut)
    return TextMatches(of, rows=first.rows(), size=first.size, cut=cut)


def _these(ids: Sequence[int], cut: tuple[str, ...]) -> TextMatches:
    return TextMatches(
        lambda key: Q(**{f"{key}__in": number_list(ids)}), tuple(ids), cut=cut
    )


def named_so(model: type[Mirrored], name: str) -> Q:
    """Return what selects the rows of which this is the whole name, or an alias."""
    return Q(pk__in=matching(model, _language().token(whole_token(name))))


def matching(model: type[Mirrored], query: str) -> RawSQL:
    """Return the ids of the rows that match a query in the database's language."""
    return RawSQL(_select(model), [query])  # noqa: S611


def _language() -> Language:
    return LANGUAGES[connection.vendor]


def _select(model: type[Mirrored]) -> str:
    table = SEARCH[model]._meta.db_table
    return f'SELECT rowid FROM "{table}" WHERE {_matches(model)}'  # noqa: S608


def _matches(model: type[Mirrored]) -> str:
    table = SEARCH[model]._meta.db_table
    if connection.vendor == "postgresql":
        return f'"{table}".doc @@ %s::tsquery'
    return f'"{table}" MATCH %s'


# What rows hold


@dataclass(frozen=True, slots=True)
class Holding:
    """A question to the search table, and links that do as well."""

    model: type[Mirrored]
    query: str
    links: tuple[tuple[str, tuple[int, ...]], ...] = ()  # kinds and ids
    size: float = inf  # rows, about

    def select(self) -> str:
        """Return SQL for the ids of all rows; some may come twice."""
        return " UNION ALL ".join(
            [
                _select(self.model),
                *(
                    f'SELECT {owner} FROM "{table}" WHERE {target} IN ({ids})'  # noqa: S608
                    for table, owner, target, ids in self._links()
                ),
            ]
        )

    def test(self, key: str) -> str:
        """Return SQL for whether the row holds it whose id `key` is.

        A scene has few links, so they are looked at one by one; a sum is no key, by
        which a database would look up each of the ids.
        """
        return " OR ".join(
            [
                self._has_words(key),
                *(
                    f'EXISTS (SELECT 1 FROM "{table}" AS link '  # noqa: S608
                    f"WHERE link.{owner} = {key} AND link.{target} + 0 IN ({ids}))"
                    for table, owner, target, ids in self._links()
                ),
            ]
        )

    def rows(self) -> QuerySet[Any, Any] | None:
        """Return the rows to be read: of the search table, or scenes.

        None of a name with very many scenes: to read others costs less.
        """
        if self.links:
            if self.size > MANY:
                return None
            ids = RawSQL(self.select(), [self.query])  # noqa: S611 - all ours
            return Scene.objects.filter(id__in=ids)
        return SEARCH[self.model].objects.filter(
            RawSQL(_matches(self.model), [self.query], output_field=BooleanField())  # noqa: S611
        )

    def _links(self) -> Iterable[tuple[str, str, str, str]]:
        for kind, ids in self.links:
            model, owner, target = OF_SCENES[kind]
            yield model._meta.db_table, owner, target, ", ".join(map(str, ids))

    def _has_words(self, key: str) -> str:
        """PostgreSQL weighs what is the shorter way; SQLite looks them all up once."""
        found = _select(self.model)
        if connection.vendor == "postgresql":
            return f"EXISTS ({found} AND rowid = {key})"
        return f"{key} + 0 IN ({found})"


class Holds(Func):
    """Whether the row holds it whose id stands in a column."""

    template = "%(expressions)s"
    output_field = BooleanField()

    def __init__(self, column: str, holding: Holding) -> None:
        super().__init__(F(column))
        self.holding = holding

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        key, values = self.as_sql(compiler, connection, **extra)
        return f"({self.holding.test(key)})", (*values, self.holding.query)

    as_postgresql = as_sqlite


def _holdings(
    model: type[Mirrored], terms: Sequence[Term], named: Mapping[Term, "_Called"]
) -> tuple[list[Holding], list[Holding]]:
    """Return what rows have to hold, and what they must not.

    What nothing is called by is one question, in which the database passes over most
    rows. It is asked first, unless a name has few scenes.
    """
    plain = [term for term in terms if term not in named]
    by_size = sorted(named, key=lambda term: named[term].scenes)
    wanted = [_of_name(term, named[term]) for term in by_size if not term.is_excluded]
    without = [_of_name(term, named[term]) for term in by_size if term.is_excluded]
    parts = [(_language().one(term), term.is_excluded) for term in plain]
    words = [query for query, excluded in parts if not excluded]
    others = [query for query, excluded in parts if excluded]
    if words:
        first = not wanted or wanted[0].size > SCAN
        asked = Holding(model, _language().together(words, others))
        wanted.insert(0 if first else 1, asked)
    elif others:
        without.append(Holding(model, _language().any_of(others)))
    return wanted, without


def _all_of(
    wanted: Iterable[Holding], without: Iterable[Holding]
) -> Callable[[str], Any]:
    def of(key: str) -> Any:
        found = Q()
        for each in wanted:
            found &= Q(Holds(key, each))
        for each in without:
            found &= ~Q(Holds(key, each))
        return found

    return of


def _few_ids(wanted: Sequence[Holding], without: Sequence[Holding]) -> list[int] | None:
    """Return the rows that match; None if they are many.

    Few are best looked up by id and sorted; of many, a page is best read in its order,
    with a look at each row. No database knows beforehand how many there are.
    """
    first, *others = wanted
    tests = [
        *(f"({each.test('found.rowid')})" for each in others),
        *(f"NOT ({each.test('found.rowid')})" for each in without),
    ]
    where = f"WHERE {' AND '.join(tests)} " if tests else ""
    rows = first.select()
    if connection.vendor == "sqlite" and first.links:
        rows += " LIMIT -1"  # or each part of the union is tested by its own copy
    sql = f"SELECT rowid FROM ({rows}) AS found {where}LIMIT {FEW + 1}"  # noqa: S608
    values = [each.query for each in (*wanted, *without)]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        ids = [row[0] for row in cursor.fetchall()]
    return sorted({*ids}) if len(ids) <= FEW else None


# What is called so


@dataclass(slots=True)
class _Called:
    """What is called by a word: ids by kind, of those with most scenes."""

    ids: dict[str, list[int]] = field(default_factory=dict)
    number: int = 0
    scenes: int = 0
    is_cut: bool = False  # there are more


def _of_name(term: Term, called: _Called) -> Holding:
    links = tuple((kind, tuple(ids)) for kind, ids in called.ids.items())
    return Holding(Scene, _language().one(term), links, called.scenes + FEW)


def _named(terms: Sequence[Term]) -> dict[Term, _Called]:
    """Return what is called by each of the terms that is a name; one query."""
    asked = [term for term in terms if not term.field]
    found: dict[Term, _Called] = {}
    if not asked:
        return found
    values = [_language().one(term) for term in asked for _ in KINDS]
    sql = " UNION ALL ".join(_most_used(place) for place in range(len(asked)))
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        for place, kind, key, scenes in cursor.fetchall():
            _add(found.setdefault(asked[place], _Called()), kind, key, scenes)
    return found


def _add(called: _Called, kind: str, key: int, scenes: int) -> None:
    if called.number == NAMED:
        called.is_cut = True
        return
    called.number += 1
    called.scenes += scenes
    called.ids.setdefault(kind, []).append(key)


def _most_used(place: int) -> str:
    kinds = " UNION ALL ".join(
        f"SELECT '{kind}' AS kind, id, scene_count "  # noqa: S608 - all ours
        f'FROM "{model._meta.db_table}" WHERE id IN ({_select(model)})'
        for kind, model in KINDS.items()
    )
    some = (
        f"SELECT kind, id, scene_count FROM ({kinds}) AS every{place} "  # noqa: S608
        f"ORDER BY scene_count DESC, id DESC LIMIT {NAMED + 1}"
    )
    return f"SELECT {place}, kind, id, scene_count FROM ({some}) AS some{place}"  # noqa: S608
