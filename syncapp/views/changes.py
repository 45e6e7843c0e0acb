"""The page of what changed: what its address asks for, and the form that shows it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from asgiref.sync import sync_to_async
from django.http import HttpResponse
from django.http.request import QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jobs.viewer import ViewerRequest
from syncapp import queries
from syncapp.filters.changes import (
    STREAM_NAMES,
    ParsedChangeFilter,
    change_params,
    parse_change_filter,
)
from syncapp.views.list_params import Chip, FilterOption, ParamPair
from syncapp.views.scene_params import FilterInput

HAPPENED: Mapping[str, str] = {
    "came": "came",
    "changed": "changed",
    "went": "went",
    "back": "came back",
}
DAYS = {"day_from": ("from", "7d"), "day_to": ("to", "today")}


@dataclass(frozen=True, slots=True)
class ChangesForm:
    """The filters, as they were filled in."""

    days: tuple[FilterInput, ...]
    job: FilterInput
    streams: tuple[FilterOption, ...]
    happened: tuple[FilterOption, ...]
    sources: tuple[FilterOption, ...]
    wrong: tuple[str, ...]  # sentences about what has no input
    is_open: bool


@require_safe
async def changes_page(request: ViewerRequest) -> HttpResponse:
    asked = request.GET
    parsed = parse_change_filter(
        {name: texts for name, texts in asked.lists() if name != "after"}
    )
    page = await sync_to_async(queries.list_changes)(
        parsed, after=asked.get("after", "")
    )
    context = {
        "page": page,
        "form": _form(asked, parsed, page),
        "chips": tuple(_chips(page)),
        "next_url": _address(change_params(page.filters), page.next)
        if page.next
        else "",
        "back_url": _address([("job", str(page.filters.job))]),
    }
    return render(request, "syncapp/changes.html", context)


def _form(
    asked: QueryDict, parsed: ParsedChangeFilter, page: queries.ChangesPage
) -> ChangesForm:
    pairs = change_params(page.filters)

    def typed(name: str, label: str, hint: str) -> FilterInput:
        wrong = parsed.wrong.get(name, "")
        return FilterInput(name, label, asked.get(name, ""), hint, wrong)

    def options(name: str, labels: Mapping[str, str]) -> tuple[FilterOption, ...]:
        return tuple(
            FilterOption(name, value, label, (name, value) in pairs)
            for value, label in labels.items()
        )

    has_input = {*DAYS, "job"}
    return ChangesForm(
        days=tuple(typed(name, *words) for name, words in DAYS.items()),
        job=typed("job", "number of the job", "12"),
        streams=options("stream", {name: name for name in STREAM_NAMES}),
        happened=options("what", HAPPENED),
        sources=options("source", {str(k): v for k, v in page.sources.items()}),
        wrong=tuple(t for name, t in parsed.wrong.items() if name not in has_input),
        is_open=bool(parsed.wrong),
    )


def _chips(page: queries.ChangesPage) -> Iterator[Chip]:
    """Yield what is on, each with the address of the page without it."""
    pairs = change_params(page.filters)
    for pair in pairs:
        yield Chip(_label(page, *pair), _address([p for p in pairs if p != pair]))


def _label(page: queries.ChangesPage, name: str, value: str) -> str:
    """Return a pair of an address in words."""
    if name == "source":
        return f"source: {page.sources.get(int(value), value)}"
    words = {
        "what": HAPPENED.get(value, ""),
        "stream": value,
        "job": f"by job {value}",
        "day_from": f"from {value}",
        "day_to": f"to {value}",
    }
    return words[name]


def _address(pairs: Sequence[ParamPair], after: str = "") -> str:
    of_page = [("after", after)] if after else []
    return "?" + urlencode([*pairs, *of_page])
