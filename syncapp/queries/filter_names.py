"""Names in filters: what a typed one means, and how the chosen ones are called."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from syncapp.filters.query_string import ENTITY_PARAMS, ParsedFilter
from syncapp.filters.values import Choice, SceneFilter
from syncapp.models import Performer, Studio, Tag
from syncapp.models.library import Mirrored
from syncapp.queries.entity_list import shown_name
from syncapp.text.folding import search_text

MOST_MEANT = 20  # that are shown to choose from
MODELS: Mapping[str, type[Mirrored]] = {
    "studios": Studio,
    "tags": Tag,
    "performers": Performer,
}


@dataclass(frozen=True, slots=True)
class NamedEntity:
    """A tag, performer or studio, with what tells it from others of its name."""

    row_id: int
    name: str
    note: str  # the disambiguation of a performer
    source: str  # its name; "" if there is one source alone
    scene_count: int

    def is_called(self, text: str) -> bool:
        """Return whether that is its name, with or without its note."""
        names = (self.name, shown_name(self.name, self.note))
        return text.casefold() in {name.casefold() for name in names}


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
    """Return the filter with the ids of typed names in it; at most two queries each."""
    sources = source_names if len(source_names) > 1 else {}
    filters, unclear = parsed.filters, []
    for param, texts in parsed.names.items():
        field, part = ENTITY_PARAMS[param]
        for text in texts:
            meant = _meant(field, text, sources)
            if len(meant) == 1 and meant[0].is_called(text):
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
) -> tuple[NamedEntity, ...]:
    """Return what is shown so, else has that very name, else has it within its own."""
    text = search_text(typed)
    rows = MODELS[field].objects.filter(deleted_at=None)
    very = [_as_shown(text)] if field == "performers" and text.endswith(")") else []
    for condition in (*very, {"name__iexact": text}, {"name__icontains": text}):
        found = rows.filter(**condition).order_by("-scene_count", "-id")[:MOST_MEANT]
        if named := tuple(_named(field, found, sources)):
            return named
    return ()


def _as_shown(text: str) -> dict[str, str]:
    """Return what selects "Ida Berg (painter)"."""
    name, _, note = text.removesuffix(")").rpartition(" (")
    return {"name__iexact": name, "disambiguation__iexact": note}


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
