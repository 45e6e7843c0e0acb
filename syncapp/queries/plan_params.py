"""Which changes of a plan, as addresses and commands name them: read and written."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from syncapp.filters.changes import WordsParam
from syncapp.filters.query_string import (
    Pairs,
    Param,
    QueryParams,
    Reading,
    shortened,
    written_params,
)
from syncapp.models.change_states import ChangeState
from syncapp.models.plans import FIELDS, KEY, LEVELS, WORD
from syncapp.queries.plan_facets import PlanFilter


@dataclass(frozen=True, slots=True)
class ParsedPlanFilter:
    """What parameters ask for, and a sentence for each that cannot be read."""

    filters: PlanFilter
    wrong: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NamesParam:
    """Names that no list of ours holds, such as those of detectors."""

    name: str

    def read(self, reading: Reading) -> tuple[str, ...]:
        told = tuple(dict.fromkeys(reading.every(self.name)))
        if odd := [text for text in told if not is_name(text, WORD)]:
            reading.wrong[self.name] = f"“{shortened(odd[0])}” is no {self.name}."
            return ()
        return told

    def write(self, value: tuple[str, ...]) -> Pairs:
        yield from ((self.name, each) for each in value)


@dataclass(frozen=True, slots=True)
class CauseParam:
    name: str

    def read(self, reading: Reading) -> str:
        text = reading.one(self.name)
        if text and not is_name(text, KEY):
            reading.wrong[self.name] = f"“{shortened(text)}” is no {self.name}."
            return ""
        return text

    def write(self, value: str) -> Pairs:
        if value:
            yield self.name, value


PLAN_PARAMS: Mapping[str, Param] = {
    "state": WordsParam("state", tuple(each.value for each in ChangeState)),
    "field": WordsParam("field", FIELDS),
    "level": WordsParam("level", LEVELS),
    "detector": NamesParam("detector"),
    "evidence_kind": NamesParam("kind"),
    "cause": CauseParam("cause"),
}


def is_name(text: str, longest: int) -> bool:
    return len(text) <= longest and text.isprintable()


def parse_plan_filter(params: QueryParams) -> ParsedPlanFilter:
    """Return what these parameters ask for; one that no filter has is wrong."""
    reading = Reading(params)
    values = reading.values(PLAN_PARAMS)
    return ParsedPlanFilter(PlanFilter(**values), reading.wrong)


def plan_filter_params(filters: PlanFilter) -> list[tuple[str, str]]:
    """Return the parameters that ask for this filter, in one order."""
    return written_params(PLAN_PARAMS, filters)
