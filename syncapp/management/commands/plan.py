"""Lists, shows, exports, imports, decides, applies, undoes and deletes plans."""

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder

from jobs.numbers import parse_id
from syncapp import queries, services
from syncapp.filters.canonical import query_params
from syncapp.job_handlers.exit_codes import FAILED
from syncapp.management import automatic_verb, plan_decisions, plan_writing
from syncapp.management.refusals import refusal_code
from syncapp.management.source_option import choose_source
from syncapp.management.target import file_at, output
from syncapp.management.undo_verb import UndoVerb, add_undo_options
from syncapp.management.wait_for_job import USAGE

USUAL_LIMIT = 25
BEFORE_CSV = "\ufeff"  # in a file, for spreadsheets; a program that reads on wants none
FACETS = {
    "state": "State",
    "field": "Field",
    "level": "How sure",
    "detector": "Detector",
    "evidence_kind": "Evidence",
}
TOO_MANY_FIELDS = "The filter has more fields than there are."
EXAMPLES = """
  plan list   --source 'Film archive' --json
  plan show   12
  plan export 12 --filter 'level=certain&field=studio' --output studios.csv
  plan export 12 --format jsonl | head -n 3
  plan accept 12 --filter 'level=certain&field=studio'
  plan reject 12 --filter 'detector=date' --yes --json
  plan apply  12 --dry-run
  plan apply  12 --wait
  plan import plan.json --source 'Film archive'
  plan undo   12 --field tags
  plan automatic --source 'Film archive' --allow studio,date --daily-limit 100
  plan delete 12 --yes

accept and reject take what matches and nobody has decided; a filter that names a state
takes what is in it. Of alternatives none is accepted but one that matches alone.

The filter is what stands in the address of a plan's page, without the "?". Parameters:
state, field, level (certain, likely, look), detector, kind, cause; one that repeats is
either: 'level=certain&level=likely'.

Exit codes: 0 done; 1 not done: it is not there, nothing is accepted, written or
matches, the source is read only, the file is wrong, or the job failed; 2 words or a
filter that cannot be used, or nobody there to confirm it; 4 not while a job works on
the plan; 130 interrupted. Of `apply` also 3 applied, but some changes were not written;
5 the source cannot be reached.
"""


class Command(BaseCommand):
    help = (
        "List, show, export, import, decide, apply and delete plans. A plan holds "
        "changes that an analysis proposes, or a person; `apply` writes to Stash what "
        "is accepted, `undo` takes it back."
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        return super().create_parser(
            prog_name,
            subcommand,
            epilog=EXAMPLES,
            formatter_class=RawDescriptionHelpFormatter,
            **kwargs,
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
        listing = verbs.add_parser("list", help="List plans, the newest first.")
        listing.add_argument("--source", metavar="NAME", help="Of this source alone.")
        listing.add_argument(
            "--limit",
            type=_number,
            default=USUAL_LIMIT,
            metavar="N",
            help=f"So many at most; {USUAL_LIMIT} without.",
        )
        listing.add_argument("--json", action="store_true")
        show = verbs.add_parser("show", help="Show how the changes of a plan are.")
        show.add_argument("plan", type=_number)
        show.add_argument("--json", action="store_true")
        export = verbs.add_parser("export", help="Write the changes of a plan.")
        export.add_argument("plan", type=_number)
        _add_export_options(export)
        for verb in plan_decisions.THEN:
            decide = verbs.add_parser(verb, help=f"{verb.capitalize()} what matches.")
            decide.add_argument("plan", type=_number)
            plan_decisions.add_decision_options(decide, verb)
        applying = verbs.add_parser("apply", help="Write what is accepted to Stash.")
        applying.add_argument("plan", type=_number)
        plan_writing.add_apply_options(applying)
        importing = verbs.add_parser("import", help="Make a plan of an export's JSON.")
        plan_writing.add_import_options(importing)
        undo = verbs.add_parser(
            "undo", help="Make the plan that takes back what this one wrote."
        )
        undo.add_argument("plan", type=_number)
        add_undo_options(undo)
        automatic = verbs.add_parser(
            "automatic", help="Show, allow or stop automatic apply of a source."
        )
        automatic_verb.add_automatic_options(automatic)
        delete = verbs.add_parser("delete", help="Delete a plan with its changes.")
        delete.add_argument("plan", type=_number)
        delete.add_argument("--yes", action="store_true", help="Do not ask.")

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        verbs: dict[str, Callable[..., None]] = {
            "list": self.list_some,
            "show": self.show,
            "export": self.export,
            "accept": self.decide,
            "reject": self.decide,
            "undo": self.undo,
            "delete": self.delete,
            "apply": self.apply,
            "import": self.import_one,
            "automatic": self.automatic,
        }
        try:
            verbs[verb]({**options, "verb": verb})
        except services.Refused as exc:
            raise CommandError(str(exc), returncode=refusal_code(exc)) from exc

    def automatic(self, options: dict[str, Any]) -> None:
        automatic_verb.change_and_show(options, self.stdout)

    def list_some(self, options: dict[str, Any]) -> None:
        named = options["source"]
        source_id = choose_source(named).source_id if named is not None else None
        lines = _lines(source_id, options["limit"])
        if options["json"]:
            told = {"plans": [_as_json(line) for line in lines]}
            self.stdout.write(json.dumps(told, cls=DjangoJSONEncoder))
            return
        for line in lines:
            self.stdout.write(_row(line))

    def show(self, options: dict[str, Any]) -> None:
        head = queries.plan_head(options["plan"])
        if head is None:
            raise services.PlanNotFound(options["plan"])
        if options["json"]:
            told = {**_as_json(head.plan), **_spread(head.facets)}
            self.stdout.write(json.dumps(told, cls=DjangoJSONEncoder))
            return
        self.stdout.write(_row(head.plan))
        for facet, title in FACETS.items():
            values = head.facets.by_facet[facet]
            counts = ", ".join(
                f"{queries.facet_words(facet, each.value)} {each.count:,}"
                for each in values
            )
            self.stdout.write(f"{title}: {_plain(counts) or 'none'}")
        for cause in head.facets.causes:
            field = queries.shown_field(cause.field)
            what = f"{cause.count:,} {field} {cause.value}: {cause.sentence}"
            self.stdout.write(f"  {_plain(what)}")

    def export(self, options: dict[str, Any]) -> None:
        path: Path | None = options["output"]
        asked = queries.PlanExport(
            options["plan"],
            options["format"],
            _filter(options["filter"]),
            options["limit"],
        )
        if not queries.has_plan(asked.plan_id):
            raise services.PlanNotFound(asked.plan_id)
        with file_at(path) if path else output(self.stdout) as write:
            for number, text in enumerate(_parts(asked)):
                write(text if path or number else text.removeprefix(BEFORE_CSV))

    def decide(self, options: dict[str, Any]) -> None:
        plan_decisions.decide_at_terminal(
            self.stdout, _filter(options["filter"]), options
        )

    def apply(self, options: dict[str, Any]) -> None:
        plan_writing.apply_or_print(options, self.stdout, self.stderr)

    def import_one(self, options: dict[str, Any]) -> None:
        plan_writing.import_file(options, self.stdout)

    def undo(self, options: dict[str, Any]) -> None:
        """Write nothing to Stash: what it makes is accepted and applied as any plan."""
        verb = UndoVerb()
        verb.stdout, verb.stderr = self.stdout, self.stderr
        verb.follow(verb.ask(0, options), options)  # a plan tells its source

    def delete(self, options: dict[str, Any]) -> None:
        plan = queries.plan_by_id(options["plan"])
        if plan is None:
            raise services.PlanNotFound(options["plan"])
        if not options["yes"]:
            _confirm(plan)
        count = services.delete_plan(plan.plan_id)
        self.stdout.write(f"Deleted {_plain(plan.name)} and its {count:,} changes.")


def _add_export_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--filter", default="", metavar="QUERY", help="Which changes; all without."
    )
    parser.add_argument(
        "--format", choices=list(queries.FORMATS), default="csv", help="csv without."
    )
    parser.add_argument("--limit", type=_number, metavar="N", help="So many at most.")
    parser.add_argument(
        "--output",
        type=Path,
        metavar="FILE",
        help="Write this file, also over one that is there; else the output.",
    )


def _number(text: str) -> int:
    number = parse_id(text)
    if number is None:
        msg = f"{text!r} is no number"
        raise ArgumentTypeError(msg)
    return number


def _lines(source_id: int | None, limit: int) -> list[queries.PlanLine]:
    found: list[queries.PlanLine] = []
    after: str | None = ""
    while after is not None and len(found) < limit:
        page = queries.list_plans(source_id, after=after)
        found += page.plans
        after = page.next or None
    return found[:limit]


def _filter(query: str) -> queries.PlanFilter:
    try:
        params = query_params(query)
    except ValueError:
        raise CommandError(TOO_MANY_FIELDS, returncode=USAGE) from None
    parsed = queries.parse_plan_filter(params)
    if parsed.wrong:
        raise CommandError("\n".join(parsed.wrong.values()), returncode=USAGE)
    return parsed.filters


def _parts(asked: queries.PlanExport) -> Iterator[str]:
    place: queries.ExportPlace | None = queries.ExportPlace()
    while place is not None:
        part = queries.plan_export_part(asked, place)
        yield part.text
        place = part.next


def _confirm(plan: queries.PlanLine) -> None:
    if not sys.stdin.isatty():
        msg = "Nobody is here to confirm it: say --yes to delete it unasked."
        raise CommandError(msg, returncode=USAGE)
    name = _plain(plan.name)
    question = f"Delete {name} and its {plan.total:,} changes for good? [y/N] "
    if input(question).strip().lower() not in {"y", "yes"}:
        msg = "Nothing was deleted."
        raise CommandError(msg, returncode=FAILED)


def _as_json(line: queries.PlanLine) -> dict[str, Any]:
    return {
        "id": line.plan_id,
        "name": line.name,
        "source": line.source,
        "kind": line.kind,
        "scope": line.scope,
        "filter": line.query,
        "detectors": dict(line.detectors),
        "options": list(line.options),
        "job": line.job_id,
        "by": line.by,
        "created_at": line.created_at,
        "state": line.state.value,
        "changes": {state.value: number for state, number in line.counts.items()},
    }


def _spread(facets: queries.PlanFacets) -> Mapping[str, Any]:
    names = ("key", "count", "field", "value", "sentence")
    return {
        "facets": {
            facet: {each.value: each.count for each in values}
            for facet, values in facets.by_facet.items()
        },
        "causes": [
            {name: getattr(each, name) for name in names} for each in facets.causes
        ],
    }


def _row(line: queries.PlanLine) -> str:
    counts = ", ".join(
        f"{number:,} {queries.facet_words('state', state)}"
        for state, number in line.counts.items()
    )
    made = f"{line.created_at:%Y-%m-%d %H:%M} UTC"
    parts = (line.name, line.source, line.scope_words, counts or "no changes", made)
    return "\t".join((str(line.plan_id), *map(_plain, parts)))


def _plain(text: str) -> str:
    """Return a line that gives a terminal no orders."""
    return "".join(c if c.isprintable() else "·" for c in " ".join(text.split()))
