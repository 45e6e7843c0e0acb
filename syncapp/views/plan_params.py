"""What a plan's address asks for; the facets, chips and addresses that show it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http.request import QueryDict

from jobs.units import heading
from syncapp import queries
from syncapp.queries import FacetValue, ParsedPlanFilter, plan_filter_params
from syncapp.views.list_params import Chip, ParamPair

PLACE = "after"
# Facets in the order of the page: how the address calls each, and its heading.
FACETS = (
    ("state", "state", "State"),
    ("field", "field", "Field"),
    ("level", "level", "How sure"),
    ("detector", "detector", "Detector"),
    ("evidence_kind", "kind", "Evidence"),
)

ORDERS: Mapping[str, Sequence[str]] = {
    "state": queries.STATES,
    "level": tuple(queries.LEVEL_WORDS),
}


@dataclass(frozen=True, slots=True)
class FacetLink:
    """A value that narrows the plan, or widens it again."""

    label: str
    count: int
    address: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class FacetGroup:
    title: str
    links: tuple[FacetLink, ...]


@dataclass(frozen=True, slots=True)
class CauseLink:
    sentence: str
    value: str
    field: str
    count: int
    address: str
    is_on: bool


def parsed_plan_filter(asked: QueryDict) -> ParsedPlanFilter:
    return queries.parse_plan_filter(
        {name: texts for name, texts in asked.lists() if name != PLACE}
    )


def plan_address(pairs: Sequence[ParamPair], after: str = "") -> str:
    return "?" + urlencode([*pairs, *([(PLACE, after)] if after else [])])


def facet_groups(reading: queries.PlanReading) -> tuple[FacetGroup, ...]:
    """Return the facets of which there is something to choose."""
    pairs = plan_filter_params(reading.filters)
    groups = []
    for facet, param, title in FACETS:
        links = tuple(
            FacetLink(
                label=facet_label(param, each.value),
                count=each.count,
                address=plan_address(toggled(pairs, (param, each.value))),
                is_on=each.is_chosen,
            )
            for each in in_order(facet, reading.facets.by_facet[facet])
        )
        if links:
            groups.append(FacetGroup(title, links))
    return tuple(groups)


def in_order(facet: str, values: Sequence[FacetValue]) -> Sequence[FacetValue]:
    """Return states and levels in their own order; others stand by their number."""
    order = list(ORDERS.get(facet, ()))
    return sorted(values, key=lambda each: order.index(each.value)) if order else values


def cause_links(reading: queries.PlanReading) -> tuple[CauseLink, ...]:
    """Return the reasons of most changes; one at a time can be chosen."""
    pairs = plan_filter_params(reading.filters)
    others = [pair for pair in pairs if pair[0] != "cause"]
    return tuple(
        CauseLink(
            sentence=each.sentence,
            value=each.value,
            field=each.field,
            count=each.count,
            address=plan_address(
                others if each.is_chosen else [*others, ("cause", each.key)]
            ),
            is_on=each.is_chosen,
        )
        for each in reading.facets.causes
    )


def plan_chips(reading: queries.PlanReading) -> Iterator[Chip]:
    """Yield what is on, each with the address of the page without it."""
    pairs = plan_filter_params(reading.filters)
    causes = {each.key: each for each in reading.facets.causes}
    for pair in pairs:
        label = facet_label(*pair)
        if pair[0] == "cause" and (cause := causes.get(pair[1])):
            label = f"{cause.value}: {cause.sentence}"
        yield Chip(label, plan_address([each for each in pairs if each != pair]))


def facet_label(param: str, value: str) -> str:
    """Return a value of a facet in words."""
    if param == "level":
        return queries.level_words(value)
    if param == "detector":
        return queries.detector_words(value)
    if param == "kind":
        return value
    if param == "field":
        value = queries.shown_field(value)
    return "this reason" if param == "cause" else heading(value)


def toggled(pairs: Sequence[ParamPair], pair: ParamPair) -> list[ParamPair]:
    """Return the pairs without this one, or with it."""
    if pair in pairs:
        return [each for each in pairs if each != pair]
    return [*pairs, pair]
