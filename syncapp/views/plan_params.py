"""What a plan's address asks for; the facets, chips and addresses that show it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponseRedirect
from django.http.request import QueryDict
from django.urls import reverse

from jobs.web.responses import SEE_OTHER
from syncapp import queries
from syncapp.queries import FacetValue, ParsedPlanFilter, plan_filter_params
from syncapp.views.list_params import Chip, ParamPair

PLACE = "after"
JUST_REJECTED = "rejected"  # the change that may be dismissed as well
LONGEST = 2_000  # characters of an address' query string that are kept
ACCEPTED, REJECTED = "accepted", "rejected"
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
    query: str  # of a decision about all of it


@dataclass(frozen=True, slots=True)
class BulkLink:
    """The way to decide all that match."""

    label: str
    address: str  # of the page that asks


def parsed_plan_filter(asked: QueryDict) -> ParsedPlanFilter:
    of_page = (PLACE, JUST_REJECTED)
    return queries.parse_plan_filter(
        {name: texts for name, texts in asked.lists() if name not in of_page}
    )


def bulk_links(reading: queries.PlanReading) -> tuple[BulkLink, ...]:
    """Return what can be done to all that match, with about how many that are."""
    filters, pairs = reading.filters, plan_filter_params(reading.filters)
    of = " of this reason" if filters.cause else " that match" if pairs else ""
    base = reverse("syncapp:decide_matching", args=[reading.plan.plan_id])
    links = []
    for verb, then in (("Accept", ACCEPTED), ("Reject", REJECTED)):
        number = queries.number_to_decide(reading.facets, filters, then)
        if number:
            address = base + plan_address([*pairs, ("to", then)])
            links.append(BulkLink(f"{verb} all {number:,}{of}…", address))
    return tuple(links)


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
            query=urlencode([*others, ("cause", each.key)]),
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
    if param == "cause":
        return "this reason"
    return value if param == "kind" else queries.facet_words(param, value)


def toggled(pairs: Sequence[ParamPair], pair: ParamPair) -> list[ParamPair]:
    """Return the pairs without this one, or with it."""
    if pair in pairs:
        return [each for each in pairs if each != pair]
    return [*pairs, pair]


def own_query(place: str) -> str:
    """Return the query string of a plan's page, as that page itself would write it."""
    if len(place) > LONGEST:
        return ""
    asked = QueryDict(place.removeprefix("?"))
    parsed = parsed_plan_filter(asked)
    pairs = queries.plan_filter_params(parsed.filters)
    query = plan_address(pairs, asked.get(PLACE, ""))
    return "" if query == "?" else query


def lead_to_plan(
    plan_id: int, query: str = "", anchor: str = ""
) -> HttpResponseRedirect:
    """Lead to a plan's page after a button; `query` and `anchor` with their marks."""
    url = reverse("syncapp:plan", args=[plan_id])
    return HttpResponseRedirect(f"{url}{query}{anchor}", status=SEE_OTHER)


def undo_query(filters: queries.PlanFilter) -> str:
    """Return the query string of the undo of what a plan's page is narrowed to."""
    if filters.cause:
        return "?" + urlencode({"cause": filters.cause})
    if len(filters.field) == 1:
        return "?" + urlencode({"field": filters.field[0]})
    return ""
