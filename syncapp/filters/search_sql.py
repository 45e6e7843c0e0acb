"""The SQL of a search: which rows hold what was typed.

Scenes know their tags, performers and studios by id (`text.documents.link_token`). What
was typed is looked for among the names of those first, and scenes are asked for the
word or one of these: who renames a tag writes no scene.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.db.models.lookups import In

from syncapp.models import SEARCH, Performer, Scene, Studio, Tag
from syncapp.models.keys import remote_id, source_of
from syncapp.models.library import Mirrored
from syncapp.text.documents import link_token, whole_token
from syncapp.text.queries import LANGUAGES, Language
from syncapp.text.terms import Term, Unsearchable, read_terms

FEW = 5_000  # rows that are looked up rather than met in a list's order
SAMPLE = 12_000  # of many, which a list counts no further
KEPT_S = 10  # seconds that it is kept
NAMED = 200  # tags, performers and studios of one word: those with most scenes
KINDS: Mapping[str, type[Mirrored]] = {"t": Tag, "p": Performer, "s": Studio}


def search_condition(model: type[Mirrored], text: str) -> Any:
    """Return what selects the rows that hold this text; None if nothing was typed.

    At most two queries, for whom the words name and for how many rows there are.
    """
    try:
        terms = read_terms(text)
    except Unsearchable:  # who read the filter has told so
        return Q(pk__in=[])
    if not terms:
        return None
    links = _linked(terms) if model is Scene else {}
    wanted: list[str] = []
    excluded: list[str] = []
    for place, term in enumerate(terms):
        query = _language().one(term, links.get(place, ()))
        (excluded if term.is_excluded else wanted).append(query)
    if not wanted:
        return ~Q(pk__in=matching(model, _language().any_of(excluded)))
    query = _language().together(wanted, excluded)
    ids = search_sample(model, text) or _first_ids(model, query)
    if len(ids) <= FEW:
        return Q(pk__in=ids)
    cache.set(_cache_key(model, text), ids, timeout=KEPT_S)
    if connection.vendor == "postgresql":
        return Q(pk__in=matching(model, query))
    # A sum is no key: SQLite would look up all of them, in no order.
    return In(F("pk") + 0, matching(model, query))


def search_sample(model: type[Mirrored], text: str) -> list[int] | None:
    """Return some of the rows that a search found a moment ago, if those are many.

    Enough to see that there are more than a list counts, without finding all again.
    """
    ids: list[int] | None = cache.get(_cache_key(model, text))
    return ids


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
    if connection.vendor == "postgresql":
        return f'SELECT rowid FROM "{table}" WHERE doc @@ %s::tsquery'  # noqa: S608
    return f'SELECT rowid FROM "{table}" WHERE "{table}" MATCH %s'  # noqa: S608


def _first_ids(model: type[Mirrored], query: str) -> list[int]:
    """Return rows that match: all if they are few.

    Few are best looked up by id and sorted; of many, a page is best read in its order,
    with a look at each row. No database knows beforehand how many there are.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"{_select(model)} LIMIT {SAMPLE}", [query])
        return [row[0] for row in cursor.fetchall()]


def _cache_key(model: type[Mirrored], text: str) -> str:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return f"search:{model.__name__}:{digest}"


def _linked(terms: Sequence[Term]) -> dict[int, list[str]]:
    """Return the tokens of what is called so, by the place of the term; one query."""
    named = {place: term for place, term in enumerate(terms) if not term.field}
    found: dict[int, list[str]] = {}
    if named:
        values = [_language().one(term, ()) for term in named.values() for _ in KINDS]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(map(_most_used, named)), values)
            for place, kind, key in cursor.fetchall():
                token = link_token(kind, source_of(key), remote_id(key))
                found.setdefault(place, []).append(token)
    return found


def _most_used(place: int) -> str:
    kinds = " UNION ALL ".join(
        f"SELECT '{kind}' AS kind, id, scene_count "  # noqa: S608 - all ours
        f'FROM "{model._meta.db_table}" WHERE id IN ({_select(model)})'
        for kind, model in KINDS.items()
    )
    some = (
        f"SELECT kind, id FROM ({kinds}) AS every{place} "  # noqa: S608
        f"ORDER BY scene_count DESC, id DESC LIMIT {NAMED}"
    )
    return f"SELECT {place}, kind, id FROM ({some}) AS some{place}"  # noqa: S608
