"""Verbs of `plan` that write: apply to Stash, and import of a file."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, OutputWrapper

from jobs.queries import JobCard
from jobs.services import JobRef
from syncapp import queries, services
from syncapp.job_handlers.exit_codes import FAILED, not_written
from syncapp.management.job_command import JobCommand, part
from syncapp.management.source_option import choose_source
from syncapp.management.target import output


class PlanApply(JobCommand):
    """The apply of a plan, asked for by `plan apply`."""

    def ask(self, _source_id: int, options: dict[str, Any]) -> JobRef:
        return services.start_apply(options["plan"], trigger="command")

    def print_result(self, card: JobCard) -> None:
        for state, number in part(card, "changes").items():
            self.stdout.write(f"{state.replace('_', ' ')}: {number:,}")

    def left_out(self, card: JobCard) -> list[str]:
        return not_written(card)


def add_apply_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="Print the exact mutations instead, by the mirror, a JSON object a line.",
    )
    PlanApply().add_waiting(parser)


def add_import_options(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--source", metavar="NAME", help="If there are several.")
    parser.add_argument("--plan-name", default="", help="How the plan is called.")
    parser.add_argument("--json", action="store_true")


def apply_or_print(
    options: dict[str, Any], stdout: OutputWrapper, stderr: OutputWrapper
) -> None:
    """Write what is accepted, or print what would be sent."""
    plan = queries.plan_by_id(options["plan"])
    if plan is None:
        raise services.PlanNotFound(options["plan"])
    if options["dry_run"]:
        with output(stdout) as write:
            for asked in _mutations(plan.plan_id):
                write(f"{asked}\n")
        return
    verb = PlanApply()
    verb.stdout, verb.stderr = stdout, stderr
    verb.follow(verb.ask(plan.source_id, options), options)


def _mutations(plan_id: int) -> Iterator[str]:
    """Yield each request that would be sent as GraphQL takes it, page by page."""
    after: int | None = 0
    while after is not None:
        page = queries.dry_run_page(plan_id, after)
        if page is None:  # deleted meanwhile
            return
        document = json.dumps(page.document)
        for scene in page.scenes:
            for text in scene.texts:
                yield f'{{"query": {document}, "variables": {text}}}'
        after = int(page.next) if page.next else None


def import_file(options: dict[str, Any], stdout: OutputWrapper) -> None:
    """Make a plan of a file, and print its id."""
    source, path = choose_source(options["source"]), options["file"]
    try:
        content = path.read_bytes()
    except OSError as exc:
        why = exc.strerror or str(exc)
        msg = f"{path} could not be read: {why}."
        raise CommandError(msg, returncode=FAILED) from exc
    name = options["plan_name"] or f"Import of {path.name}"
    plan_id = services.import_plan(source.source_id, content, name=name)
    told = json.dumps({"plan_id": plan_id}) if options["json"] else str(plan_id)
    stdout.write(told)
