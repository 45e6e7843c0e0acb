"""The SQL of a search: which rows hold what was typed.

Scenes know their tags, performers and studios by id (`text.documents.link_token`). What
was typed is looked for among the names of those first, and scenes are asked for the
word or one of these: who renames a tag writes no scene.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import BooleanField, F, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.lookups import In

from syncapp.filters.number_list import number_list
from syncapp.models import SEARCH, Performer, Scene, Studio, Tag
from syncapp.models.keys import remote_id, source_of
from syncapp.models.library import Mirrored
from syncapp.text.documents import link_token, whole_token
from syncapp.text.queries import LANGUAGES, Language
from syncapp.text.terms import Term, Unsearchable, read_terms

FEW = 5_000  # rows that are looked up rather than met in a list's order
NAMED = 200  # tags, performers and studios of one word: those with most scenes
KINDS: Mapping[str, type[Mirrored]] = {"t": Tag, "p": Performer, "s": Studio}


@dataclass(frozen=True, slots=True)
class TextMatches:
    """The rows that hold a text.

    `of`: what is true of the row whose id stands in this column. `ids`: all of them;
    None if they are many, or all but a few. `rows`: those of the search table, one
    after the other, if they are many. `cut`: words that more are called by than are
    looked for (`NAMED`).
    """

    of: Callable[[str], Any]
    ids: tuple[int, ...] | None = None
    rows: QuerySet[Any, Any] | None = None
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
    links, cut = _linked(terms) if model is Scene else ({}, ())
    wanted: list[str] = []
    excluded: list[str] = []
    for place, term in enumerate(terms):
        query = _language().one(term, links.get(place, ()))
        (excluded if term.is_excluded else wanted).append(query)
    if not wanted:
        without = matching(model, _language().any_of(excluded))
        return TextMatches(lambda key: ~Q(**{f"{key}__in": without}), cut=cut)
    query = _language().together(wanted, excluded)
    ids = _first_ids(model, query)
    if len(ids) <= FEW:
        return _these(ids, cut)
    return TextMatches(_many(model, query), rows=_rows(model, query), cut=cut)


def _these(ids: Sequence[int], cut: tuple[str, ...]) -> TextMatches:
    return TextMatches(
        lambda key: Q(**{f"{key}__in": number_list(ids)}), tuple(ids), cut=cut
    )


def _rows(model: type[Mirrored], query: str) -> QuerySet[Any, Any]:
    matches = RawSQL(_matches(model), [query], output_field=BooleanField())  # noqa: S611
    return SEARCH[model].objects.filter(matches)


def _many(model: type[Mirrored], query: str) -> Callable[[str], Any]:
    found = matching(model, query)
    if connection.vendor == "postgresql":
        return lambda key: Q(**{f"{key}__in": found})
    # A sum is no key: SQLite would look up all of them, in no order.
    return lambda key: In(F(key) + 0, found)


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


def _first_ids(model: type[Mirrored], query: str) -> list[int]:
    """Return rows that match: all if they are few.

    Few are best looked up by id and sorted; of many, a page is best read in its order,
    with a look at each row. No database knows beforehand how many there are.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"{_select(model)} LIMIT {FEW + 1}", [query])
        return [row[0] for row in cursor.fetchall()]


def _linked(terms: Sequence[Term]) -> tuple[dict[int, list[str]], tuple[str, ...]]:
    """Return the tokens of what is called so, by the place of the term; one query.

    And the words by which more are called than that.
    """
    named = {place: term for place, term in enumerate(terms) if not term.field}
    found: dict[int, list[str]] = {}
    if named:
        values = [_language().one(term, ()) for term in named.values() for _ in KINDS]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(map(_most_used, named)), values)
            for place, kind, key in cursor.fetchall():
                token = link_token(kind, source_of(key), remote_id(key))
                found.setdefault(place, []).append(token)
    cut = [place for place, tokens in found.items() if len(tokens) > NAMED]
    words = tuple(" ".join(terms[place].tokens) for place in cut)
    return {place: tokens[:NAMED] for place, tokens in found.items()}, words


def _most_used(place: int) -> str:
    kinds = " UNION ALL ".join(
        f"SELECT '{kind}' AS kind, id, scene_count "  # noqa: S608 - all ours
        f'FROM "{model._meta.db_table}" WHERE id IN ({_select(model)})'
        for kind, model in KINDS.items()
    )
    some = (
        f"SELECT kind, id FROM ({kinds}) AS every{place} "  # noqa: S608
        f"ORDER BY scene_count DESC, id DESC LIMIT {NAMED + 1}"
    )
    return f"SELECT {place}, kind, id FROM ({some}) AS some{place}"  # noqa: S608
