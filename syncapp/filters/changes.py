"""Which changes: a filter as a frozen value, read from an address and written."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from syncapp.filters.days import read_day
from syncapp.filters.query_string import (
    A_DAY,
    IdParam,
    IdsParam,
    Pairs,
    Param,
    QueryParams,
    RangeParam,
    Reading,
    shortened,
    written_params,
)
from syncapp.filters.values import Range
from syncapp.models.history import What

STREAM_NAMES = ("scenes", "performers", "tags", "studios")  # in the order of the pages
ALL_WHAT = tuple(What.values)
ANY_DAY: Range[str] = Range()


@dataclass(frozen=True, slots=True)
class ChangeFilter:
    """Which changes; what is left as it is here narrows nothing."""

    days: Range[str] = ANY_DAY  # on which a job began to change something
    sources: tuple[int, ...] = ()  # of one of these
    streams: tuple[str, ...] = ()
    happened: tuple[str, ...] = ()  # what happened: values of What
    job: int | None = None

    @property
    def group(self) -> tuple[int, str, str] | None:
        """Return job, stream and what happened if it is one of each: one list."""
        if self.job is None or len(self.streams) != 1 or len(self.happened) != 1:
            return None
        return self.job, self.streams[0], self.happened[0]


@dataclass(frozen=True, slots=True)
class ParsedChangeFilter:
    """What parameters ask for, and a sentence for each that cannot be read."""

    filters: ChangeFilter
    wrong: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WordsParam:
    """Some out of a few words, in their order: `stream=tags&stream=studios`."""

    name: str
    words: tuple[str, ...]

    def read(self, reading: Reading) -> tuple[str, ...]:
        told = reading.every(self.name)
        if odd := [text for text in told if text not in self.words]:
            known = ", ".join(self.words)
            reading.wrong[self.name] = (
                f"“{shortened(odd[0])}” is none of these: {known}."
            )
        return tuple(word for word in self.words if word in told)

    def write(self, value: tuple[str, ...]) -> Pairs:
        yield from ((self.name, word) for word in value)


PARAMS: Mapping[str, Param] = {
    "days": RangeParam("day", read_day, A_DAY),
    "sources": IdsParam("source", "the id of a source"),
    "streams": WordsParam("stream", STREAM_NAMES),
    "happened": WordsParam("what", ALL_WHAT),
    "job": IdParam("job"),
}


def parse_change_filter(params: QueryParams) -> ParsedChangeFilter:
    """Return what these parameters ask for; one that no filter has is wrong."""
    reading = Reading(params)
    values = reading.values(PARAMS)
    return ParsedChangeFilter(ChangeFilter(**values), reading.wrong)


def change_params(filters: ChangeFilter) -> list[tuple[str, str]]:
    """Return the parameters that ask for this filter, in one order."""
    return written_params(PARAMS, filters)
