"""Lists, counts and exports scenes, with the filters of the pages."""

from argparse import (
    ArgumentParser,
    ArgumentTypeError,
    RawDescriptionHelpFormatter,
)
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jobs.numbers import parse_id
from syncapp import queries
from syncapp.filters.canonical import asked_order, query_params
from syncapp.filters.query_string import parse_scene_filter
from syncapp.filters.values import SceneFilter
from syncapp.management.target import Write, file_at, output
from syncapp.management.wait_for_job import USAGE

DEFAULTS: Mapping[str, tuple[str, int | None]] = {
    "list": ("table", 50),
    "export": ("csv", None),
}
TOO_MANY_FIELDS = "The filter has more fields than there are."
BEFORE_CSV = "\ufeff"  # in a file, for spreadsheets; a program that reads on wants none
TABLE = (("id", 16), ("date", 10), ("studio", 24), ("title", 60))
EXAMPLES = """
The filter is what stands in the address of the list of scenes, without the "?":

  scenes count  --filter 'none=studio'
  scenes list   --filter 'tag=12&no_tag=34&date_from=2011' --sort title --limit 20
  scenes list   --filter 'tag=Sea&organized=no' --format json
  scenes export --filter 'source=1&none=date' --output undated.csv
  scenes export --format jsonl | head -n 3

Parameters that repeat are several: 'tag=12&tag=34' has both. A name stands for its id
while only one has it; else the ids to choose from are told. Parameters: q, studio, tag,
performer (also any_tag, no_tag, no_studio and the like; tag_depth, studio_depth),
none, date_from, date_to and the like of added, updated, changed, duration, size,
height, frame_rate, bit_rate, rating, plays, o_counter; organized=yes|no, favorite=1,
several_files=1, folder, source, job, removed=1.

Exit codes: 0 done, 1 not written, 2 a filter or an order that cannot be used.
"""


class Command(BaseCommand):
    help = "List, count or export the scenes that a filter finds."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        return super().create_parser(
            prog_name,
            subcommand,
            epilog=EXAMPLES,
            formatter_class=RawDescriptionHelpFormatter,
            **kwargs,
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("verb", choices=["list", "count", "export"])
        parser.add_argument(
            "--filter", default="", metavar="QUERY", help="Which scenes; all without."
        )
        parser.add_argument(
            "--sort",
            choices=queries.export_sorts("scenes"),
            help=f"The order; {queries.export_sorts('scenes')[0]} without.",
        )
        parser.add_argument(
            "--limit",
            type=_number,
            metavar="N",
            help="So many at most; list: 50, export: all.",
        )
        parser.add_argument(
            "--format",
            choices=["table", *queries.FORMATS],
            help="list: table, export: csv.",
        )
        parser.add_argument(
            "--output",
            type=Path,
            metavar="FILE",
            help="Write this file, also over one that is there; else the output.",
        )

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        filters, sort = _filter(options["filter"]), _sort(options)
        if verb == "count":
            self.stdout.write(str(queries.scene_count(filters)))
            return
        form, limit = DEFAULTS[verb]
        if options["limit"] is not None:
            limit = options["limit"]
        form, path = options["format"] or form, options["output"]
        asked = queries.Export("scenes", filters, form, sort, limit)
        with file_at(path) if path else output(self.stdout) as write:
            _write(asked, write, is_file=path is not None)


def _filter(query: str) -> SceneFilter:
    try:
        params = query_params(query)
    except ValueError:
        raise CommandError(TOO_MANY_FIELDS, returncode=USAGE) from None
    filters = queries.usable_scene_filter(parse_scene_filter(params))
    if isinstance(filters, queries.UnusableFilter):
        raise CommandError("\n".join(filters.sentences), returncode=USAGE)
    return filters


def _sort(options: Mapping[str, Any]) -> str:
    """Return the order that was asked for, also as part of a page's address."""
    sort: str = options["sort"] or asked_order(options["filter"])
    known = queries.export_sorts("scenes")
    if sort and sort not in known:
        msg = f"There is no order {sort!r}. There are: {', '.join(known)}."
        raise CommandError(msg, returncode=USAGE)
    return sort


def _number(text: str) -> int:
    number = parse_id(text)
    if number is None:
        msg = f"{text!r} is no number of scenes"
        raise ArgumentTypeError(msg)
    return number


def _write(asked: queries.Export, write: Write, *, is_file: bool) -> None:
    parts = _table_parts if asked.ending == "table" else _file_parts
    for number, text in enumerate(parts(asked)):
        write(text if is_file or number else text.removeprefix(BEFORE_CSV))


def _file_parts(asked: queries.Export) -> Iterator[str]:
    place: queries.ExportPlace | None = queries.ExportPlace()
    while place is not None:
        part = queries.export_part(asked, place)
        yield part.text
        place = part.next


def _table_parts(asked: queries.Export) -> Iterator[str]:
    columns = queries.export_columns("scenes")
    cells = [(columns.index(name), width) for name, width in TABLE]
    place: queries.ExportPlace | None = queries.ExportPlace()
    while place is not None:
        rows, place = queries.list_part(asked, place)
        for row in rows:
            yield "  ".join(_cell(row[n], width) for n, width in cells).rstrip() + "\n"


def _cell(value: Any, width: int) -> str:
    text = " ".join(str("" if value is None else value).split())
    # What is not printed may be an order to the terminal.
    text = "".join(c if c.isprintable() else "·" for c in text)
    short = text if len(text) <= width else f"{text[: width - 1]}…"
    return short.ljust(width)
