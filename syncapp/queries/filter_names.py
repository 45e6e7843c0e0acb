"""Names in filters: what a typed one means, and how the chosen ones are called."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet

from syncapp.filters.query_string import ENTITY_PARAMS, ParsedFilter
from syncapp.filters.search_sql import named_so, search_condition
from syncapp.filters.values import Choice, SceneFilter
from syncapp.models import Performer
from syncapp.queries.entity_list import MODELS, shown_name
from syncapp.text.folding import tokens

MOST_MEANT = 20  # that are shown to choose from


@dataclass(frozen=True, slots=True)
class NamedEntity:
    """A tag, performer or studio, with what tells it from others of its name."""

    row_id: int
    name: str
    note: str  # the disambiguation of a performer
    source: str  # its name; "" if there is one source alone
    scene_count: int


@dataclass(frozen=True, slots=True)
class UnclearName:
    """A name that was typed, and that no one alone has."""

    param: str
    text: str
    meant: tuple[NamedEntity, ...]  # some that may be; none if there is none


@dataclass(frozen=True, slots=True)
class ResolvedFilter:
    filters: SceneFilter
    unclear: tuple[UnclearName, ...]
    chosen: Mapping[
        str, Mapping[int, NamedEntity]
    ]  # what the filter names, by its field


def resolve_names(
    parsed: ParsedFilter, source_names: Mapping[int, str]
) -> ResolvedFilter:
    """Return the filter with the ids of typed names in it, three queries each."""
    sources = source_names if len(source_names) > 1 else {}
    filters, unclear = parsed.filters, []
    for param, texts in parsed.names.items():
        field, part = ENTITY_PARAMS[param]
        for text in texts:
            meant, is_certain = _meant(field, text, sources)
            if is_certain:
                filters = _with(filters, field, part, meant[0].row_id)
            else:
                unclear.append(UnclearName(param, text, meant))
    return ResolvedFilter(filters, tuple(unclear), dict(_chosen(filters, sources)))


def _with(filters: SceneFilter, field: str, part: str, row_id: int) -> SceneFilter:
    choice: Choice = getattr(filters, field)
    more: dict[str, Any] = {part: tuple(sorted({*getattr(choice, part), row_id}))}
    changed: dict[str, Any] = {field: replace(choice, **more)}
    return replace(filters, **changed)


def _meant(
    field: str, typed: str, sources: Mapping[int, str]
) -> tuple[tuple[NamedEntity, ...], bool]:
    """Return what may be meant, and whether it is certainly the first.

    Two of one name are two choices; one that is called so goes before aliases.
    """
    rows = MODELS[field].objects.filter(deleted_at=None)
    if called := _called(field, rows, typed, sources):
        return called, len(called) == 1
    return _like(field, rows, typed, sources), False


@dataclass(frozen=True, slots=True)
class NameInSource:
    """What a typed name means among those of one source."""

    called: tuple[NamedEntity, ...]  # of which it is the name or an alias
    similar: tuple[NamedEntity, ...] = ()  # that hold it, where none is called so


def name_in_source(field: str, typed: str, source_id: int) -> NameInSource:
    """Return who is called so: one where it is certain; three queries at most.

    `field`: studios, performers or tags.
    """
    rows = MODELS[field].objects.filter(deleted_at=None, source_id=source_id)
    if called := _called(field, rows, typed, {}):
        return NameInSource(called)
    return NameInSource((), _like(field, rows, typed, {}))


def _called(
    field: str, rows: "QuerySet[Any]", typed: str, sources: Mapping[int, str]
) -> tuple[NamedEntity, ...]:
    """Return those that are called so; one alone if it is certain who is meant."""
    rows = rows.order_by("-scene_count", "-id")
    if shown := _shown_so(field, rows, typed):
        return tuple(_named(field, shown, sources))
    found = rows.filter(named_so(MODELS[field], typed))[:MOST_MEANT]
    called = tuple(_named(field, found, sources))
    for same in (_as_typed, _folded):
        if len(alike := [each for each in called if same(each.name, typed)]) == 1:
            return (alike[0],)
    return called


def _like(
    field: str, rows: "QuerySet[Any]", typed: str, sources: Mapping[int, str]
) -> tuple[NamedEntity, ...]:
    holds = search_condition(MODELS[field], typed)
    ordered = rows.order_by("-scene_count", "-id")
    some = () if holds is None else ordered.filter(holds)[:MOST_MEANT]
    return tuple(_named(field, some, sources))


def _as_typed(name: str, typed: str) -> bool:
    return name == typed


def _folded(name: str, typed: str) -> bool:
    return tokens(name) == tokens(typed)


def _shown_so(field: str, rows: "QuerySet[Any]", typed: str) -> list[Any]:
    """Return the performers that are shown so: "Ida Berg (painter)"."""
    if field != "performers" or not typed.endswith(")"):
        return []
    name, _, note = typed.removesuffix(")").rpartition(" (")
    called = rows.filter(named_so(Performer, name), disambiguation__iexact=note)
    return list(called[:MOST_MEANT])


def _chosen(
    filters: SceneFilter, sources: Mapping[int, str]
) -> Iterator[tuple[str, dict[int, NamedEntity]]]:
    for field, model in MODELS.items():
        choice: Choice = getattr(filters, field)
        ids = {*choice.all, *choice.any, *choice.none}
        rows = model.objects.filter(pk__in=ids) if ids else ()
        yield field, {each.row_id: each for each in _named(field, rows, sources)}


def _named(field: str, rows: Any, sources: Mapping[int, str]) -> Iterator[NamedEntity]:
    for row in rows:
        yield NamedEntity(
            row.pk,
            shown_name(row.name),
            row.disambiguation if field == "performers" else "",
            sources.get(row.source_id, ""),
            row.scene_count,
        )
