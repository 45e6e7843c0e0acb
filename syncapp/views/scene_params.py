"""What the address of the list of scenes asks for; the form and chips that show it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from django.http.request import QueryDict

from jobs.units import size, span
from syncapp import queries
from syncapp.filters.canonical import OF_PAGES
from syncapp.filters.query_string import (
    ENTITY_PARAMS,
    ParsedFilter,
    filter_params,
    parse_scene_filter,
    shortened,
)
from syncapp.filters.values import Missing
from syncapp.queries import NamedEntity, ScenePage, UnclearName
from syncapp.views.list_params import (
    Chip,
    FilterOption,
    ParamPair,
    encoded,
    grouped,
    in_between,
)

ENTITIES: Mapping[str, str] = {
    "studio": "studio",
    "tag": "tag",
    "performer": "performer",
    "any_tag": "one of the tags",
    "any_performer": "one of the performers",
    "no_studio": "not studio",
    "no_tag": "not tag",
    "no_performer": "not performer",
}
WITHOUT: Mapping[str, str] = {
    Missing.STUDIO: "no studio",
    Missing.PERFORMERS: "no performers",
    Missing.TAGS: "no tags",
    Missing.DATE: "no date",
    Missing.TITLE: "no title",
    Missing.FILES: "no files",
    Missing.PHASH: "no phash",
    Missing.URLS: "no URLs",
    Missing.STASH_IDS: "no Stash ids",
}
# What is measured: how it is called, and an example of what to type.
RANGES: Mapping[str, tuple[str, str]] = {
    "date": ("date", "2011-04"),
    "added": ("added", "7d"),
    "updated": ("updated", "7d"),
    "changed": ("changed here", "yesterday"),
    "duration": ("length", "1:30:00"),
    "size": ("size", "1.5 GB"),
    "height": ("height", "1080"),
    "frame_rate": ("frame rate", "25"),
    "bit_rate": ("bit rate", "8 Mbit/s"),
    "rating": ("rating", "60"),
    "plays": ("plays", "1"),
    "o_counter": ("o-counter", "1"),
}
IN_UNITS: Mapping[str, Callable[[str], str]] = {
    "duration": lambda value: span(float(value)),
    "size": lambda value: size(int(value)),
    "bit_rate": lambda value: f"{int(value) / 1_000_000:g} Mbit/s",
}
FLAGS: Mapping[str, str] = {
    "favorite": "favourite people",
    "several_files": "several files",
    "same_fingerprint": "same fingerprint as another",
    "removed": "removed in Stash",
}
ORGANIZED = {"yes": "organised", "no": "not organised"}
DEPTHS = {"studio_depth": "studios below as well", "tag_depth": "tags below as well"}


ShownAs = Literal["", "grid"]
TABLE: ShownAs = ""
GRID: ShownAs = "grid"
VIEWS: Mapping[ShownAs, str] = {TABLE: "List", GRID: "Grid"}


@dataclass(frozen=True, slots=True)
class ViewLink:
    """A way to show the list."""

    label: str
    address: str
    is_on: bool


class FilterNames(Protocol):
    """How what a filter names is called."""

    @property
    def chosen(self) -> Mapping[str, Mapping[int, NamedEntity]]: ...
    @property
    def sources(self) -> Mapping[int, str]: ...


@dataclass(frozen=True, slots=True)
class FilterInput:
    """An input of the form: what stands in it, and what is wrong with that."""

    name: str
    label: str
    value: str
    hint: str = ""
    wrong: str = ""
    suggested: str = ""  # the list of names that are offered
    meant: tuple[NamedEntity, ...] = ()  # what a name that was typed may mean


@dataclass(frozen=True, slots=True)
class SceneForm:
    """The filters above the list, as they were filled in."""

    search: FilterInput
    kept: tuple[ParamPair, ...]  # what has no input, and stays
    entities: tuple[FilterInput, ...]
    ranges: tuple[tuple[str, FilterInput, FilterInput], ...]
    folder: FilterInput
    missing: tuple[FilterOption, ...]
    flags: tuple[FilterOption, ...]
    organized: tuple[FilterOption, ...]
    below: tuple[FilterOption, ...]
    sources: tuple[FilterOption, ...]
    wrong: tuple[str, ...]  # sentences about what has no input
    is_open: bool  # something in the folded part has to be put right


def parsed_filter(asked: QueryDict) -> ParsedFilter:
    """Return what an address asks for; order and place are of the page alone."""
    return parse_scene_filter(
        {name: texts for name, texts in asked.lists() if name not in OF_PAGES}
    )


def scene_form(asked: QueryDict, parsed: ParsedFilter, page: ScenePage) -> SceneForm:
    pairs = filter_params(page.filters)
    # One of each parameter is shown; the others of it wait for their turn.
    unclear = {each.param: each for each in reversed(page.unclear)}
    shown = {(each.param, each.text) for each in unclear.values()}
    waiting = [(each.param, each.text) for each in page.unclear]

    def typed(name: str, label: str, hint: str = "") -> FilterInput:
        value = asked.get(name, "")
        return FilterInput(name, label, value, hint, parsed.wrong.get(name, ""))

    def entity(name: str, label: str) -> FilterInput:
        kind, wrong = ENTITY_PARAMS[name][0], parsed.wrong.get(name, "")
        if (each := unclear.get(name)) is None:
            return FilterInput(name, label, "", wrong=wrong, suggested=kind)
        return FilterInput(
            name, label, each.text, "", unclear_sentence(each), kind, each.meant
        )

    def options(name: str, labels: Mapping[str, str]) -> tuple[FilterOption, ...]:
        return tuple(
            FilterOption(name, value, label, (name, value) in pairs)
            for value, label in labels.items()
        )

    ranges = tuple(
        (label, typed(f"{name}_from", "from", hint), typed(f"{name}_to", "to", hint))
        for name, (label, hint) in RANGES.items()
    )
    with_input = {"q", "folder", *ENTITIES, *(i.name for r in ranges for i in r[1:])}
    return SceneForm(
        search=typed("q", "Search scenes"),
        kept=tuple(
            pair
            for pair in [*pairs, *waiting]
            if _has_no_input(*pair) and pair not in shown
        ),
        entities=tuple(entity(*each) for each in ENTITIES.items()),
        ranges=ranges,
        folder=typed("folder", "in the folder", "/films/archive"),
        missing=options("none", WITHOUT),
        flags=tuple(options(name, {"1": FLAGS[name]})[0] for name in FLAGS),
        organized=options("organized", ORGANIZED),
        below=tuple(options(name, {"all": DEPTHS[name]})[0] for name in DEPTHS),
        sources=options(
            "source", {str(k): f"from {v}" for k, v in page.sources.items()}
        ),
        wrong=tuple(t for name, t in parsed.wrong.items() if name not in with_input),
        is_open=bool(unclear or parsed.wrong),
    )


def _has_no_input(name: str, value: str) -> bool:
    """Return whether a pair has no input that shows it, and would be lost."""
    return name in ENTITIES or name == "job" or (name in DEPTHS and value != "all")


def unclear_sentence(name: UnclearName) -> str:
    kind = ENTITY_PARAMS[name.param][0]
    if not name.meant:
        return f"None of the {kind} is called “{shortened(name.text)}”."
    return f"Which of the {kind} is meant by “{shortened(name.text)}”?"


def scene_address(page: ScenePage, **changed: str) -> str:
    """Return the query string of this list, with another order, place or view in it."""
    return encoded(filter_params(page.filters), page, **changed)


def scene_view(asked: QueryDict) -> ShownAs:
    """Return how the list is shown: as a table, unless it is asked for as a grid."""
    return GRID if asked.get("view") == GRID else TABLE


def scene_views(asked: QueryDict, page: ScenePage) -> tuple[ViewLink, ...]:
    """Return the ways to show the list, each with its address; the place is kept."""
    pairs = [*filter_params(page.filters), *_unread(asked, page)]
    place = {name: asked.get(name, "") for name in ("after", "before")}
    shown = scene_view(asked)
    return tuple(
        ViewLink(label, encoded(pairs, page, **place, view=view), view == shown)
        for view, label in VIEWS.items()
    )


def scene_chips(asked: QueryDict, page: ScenePage) -> tuple[Chip, ...]:
    """Return what is on, each with the address of the list without it.

    The two ends of a range are one chip.
    """
    pairs, unread = filter_params(page.filters), _unread(asked, page)

    def without(gone: Sequence[ParamPair]) -> str:
        left = [p for p in [*pairs, *unread] if p not in gone]
        return encoded(left, page, view=scene_view(asked))

    return tuple(
        Chip(_label_of_all(page, group), without(group))
        for group in grouped(pairs, RANGES)
    )


def _label_of_all(page: ScenePage, group: Sequence[ParamPair]) -> str:
    if len(group) == 1:
        return filter_label(page, *group[0])
    field = group[0][0].rpartition("_")[0]
    low, high = (IN_UNITS.get(field, str)(value) for _, value in group)
    return f"{RANGES[field][0]} {in_between(low, high)}"


def _unread(asked: QueryDict, page: ScenePage) -> list[ParamPair]:
    """Return what was typed and is not in the filter: left out, it would be forgotten.

    A list without it would show what nobody asked for.
    """
    wrong = parsed_filter(asked).wrong
    typed = [(name, text) for name in wrong for text in asked.getlist(name)]
    known = set(filter_params(page.filters))
    unclear = [(each.param, each.text) for each in page.unclear]
    return [pair for pair in [*typed, *unclear] if pair not in known]


def filter_label(page: FilterNames, name: str, value: str) -> str:
    """Return a pair of an address in words."""
    if name in ENTITY_PARAMS:
        return f"{ENTITIES[name]}: {_called(page, name, value)}"
    if name == "source":
        return f"source: {page.sources.get(int(value), value)}"
    plain = {
        "q": f"“{value}”",
        "folder": f"in {value}",
        "job": f"changed by job {value}",
    }
    named = {
        "none": WITHOUT.get(value, ""),
        "organized": ORGANIZED.get(value, ""),
        **FLAGS,
        **DEPTHS,
    }
    if name in plain or name in named:
        return plain.get(name) or named[name]
    field, _, end = name.rpartition("_")
    return f"{RANGES[field][0]} {end} {IN_UNITS.get(field, str)(value)}"


def _called(page: FilterNames, name: str, value: str) -> str:
    """Return the name of what is chosen, with what tells it from others."""
    entity = page.chosen[ENTITY_PARAMS[name][0]].get(int(value))
    if entity is None:
        return f"{value} (not in the mirror)"
    return described(entity)


def described(entity: NamedEntity) -> str:
    return queries.shown_name(entity.name, entity.note, entity.source)


def candidates(
    asked: QueryDict, form: SceneForm, page: ScenePage
) -> Iterator[tuple[str, str]]:
    """Yield what an unclear name may mean: in words, and the list with it chosen."""
    pairs, unread = filter_params(page.filters), _unread(asked, page)
    for each in form.entities:
        others = [pair for pair in unread if pair != (each.name, each.value)]
        for entity in each.meant:
            words = f"{each.label}: {described(entity)}, {entity.scene_count:,} scenes"
            chosen = (each.name, str(entity.row_id))
            pairs_then = [*pairs, *others, chosen]
            yield words, encoded(pairs_then, page, view=scene_view(asked))
