"""What the addresses of performers, tags and studios ask for; form and chips of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http.request import QueryDict

from syncapp.filters.canonical import OF_PAGES
from syncapp.filters.entity_query_string import (
    ParsedEntityFilter,
    entity_filter_params,
    params_of,
    parse_entity_filter,
)
from syncapp.filters.values import EntityMissing
from syncapp.queries import EntityPage
from syncapp.views.list_params import (
    Chip,
    FilterOption,
    ParamPair,
    encoded,
    grouped,
    in_between,
)
from syncapp.views.scene_params import FilterInput

WITHOUT: Mapping[str, str] = {
    EntityMissing.ALIASES: "no aliases",
    EntityMissing.STASH_IDS: "no Stash ids",
    EntityMissing.SCENES: "no scenes",
}
# What is measured: how it is called, and an example of what to type.
RANGES: Mapping[str, tuple[str, str]] = {
    "scenes": ("scenes", "10"),
    "rating": ("rating", "60"),
    "added": ("added", "7d"),
    "updated": ("updated", "7d"),
    "changed": ("changed here", "yesterday"),
}
FLAGS: Mapping[str, str] = {
    "favorite": "favourite",
    "removed": "removed in Stash",
}


@dataclass(frozen=True, slots=True)
class EntityForm:
    """The filters above the list, as they were filled in."""

    search: FilterInput
    kept: tuple[ParamPair, ...]  # what has no input, and stays
    ranges: tuple[tuple[str, FilterInput, FilterInput], ...]
    missing: tuple[FilterOption, ...]
    flags: tuple[FilterOption, ...]
    sources: tuple[FilterOption, ...]
    wrong: tuple[str, ...]  # sentences about what has no input
    is_open: bool  # something has to be put right


def parsed_entity_filter(stream: str, asked: QueryDict) -> ParsedEntityFilter:
    """Return what an address asks for; order and place are of the page alone."""
    told = {name: texts for name, texts in asked.lists() if name not in OF_PAGES}
    return parse_entity_filter(stream, told)


def entity_form(
    stream: str, asked: QueryDict, parsed: ParsedEntityFilter, page: EntityPage
) -> EntityForm:
    pairs = entity_filter_params(page.filters)

    def typed(name: str, label: str, hint: str = "") -> FilterInput:
        value = asked.get(name, "")
        return FilterInput(name, label, value, hint, parsed.wrong.get(name, ""))

    def options(name: str, labels: Mapping[str, str]) -> tuple[FilterOption, ...]:
        return tuple(
            FilterOption(name, value, label, (name, value) in pairs)
            for value, label in labels.items()
        )

    ranges = tuple(
        (label, typed(f"{name}_from", "from", hint), typed(f"{name}_to", "to", hint))
        for name, (label, hint) in RANGES.items()
        if name in params_of(stream)
    )
    with_input = {"q", *(part.name for each in ranges for part in each[1:])}
    return EntityForm(
        search=typed("q", f"Search {stream}"),
        kept=tuple(pair for pair in pairs if pair[0] == "job"),
        ranges=ranges,
        missing=options("none", WITHOUT),
        flags=tuple(options(name, {"1": FLAGS[name]})[0] for name in FLAGS),
        sources=options(
            "source", {str(k): f"from {v}" for k, v in page.sources.items()}
        ),
        wrong=tuple(t for name, t in parsed.wrong.items() if name not in with_input),
        is_open=bool(parsed.wrong),
    )


def entity_chips(
    asked: QueryDict, parsed: ParsedEntityFilter, page: EntityPage
) -> tuple[Chip, ...]:
    """Return what is on, each with the address of the list without it.

    The two ends of a range are one chip.
    """
    pairs = entity_filter_params(page.filters)
    # What cannot be used stays in the address: a list without it would show what
    # nobody asked for.
    unread = [(name, text) for name in parsed.wrong for text in asked.getlist(name)]
    unread = [pair for pair in unread if pair not in pairs]

    def without(gone: Sequence[ParamPair]) -> str:
        return encoded([p for p in [*pairs, *unread] if p not in gone], page)

    return tuple(
        Chip(_label_of_all(page, group), without(group))
        for group in grouped(pairs, RANGES)
    )


def entity_address(page: EntityPage, **changed: str) -> str:
    """Return the query string of this list, with another order or place in it."""
    return encoded(entity_filter_params(page.filters), page, **changed)


def _label_of_all(page: EntityPage, group: Sequence[ParamPair]) -> str:
    if len(group) == 1:
        return _label(page, *group[0])
    field = group[0][0].rpartition("_")[0]
    return f"{RANGES[field][0]} {in_between(group[0][1], group[1][1])}"


def _label(page: EntityPage, name: str, value: str) -> str:
    """Return a pair of an address in words."""
    if name == "source":
        return f"source: {page.sources.get(int(value), value)}"
    plain = {"q": f"“{value}”", "job": f"changed by job {value}"}
    named = {"none": WITHOUT.get(value, ""), **FLAGS}
    if name in plain or name in named:
        return plain.get(name) or named[name]
    field, _, end = name.rpartition("_")
    return f"{RANGES[field][0]} {end} {value}"
