"""Decides changes of a plan at a terminal: all that match, after a question."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError, OutputWrapper

from syncapp import queries, services
from syncapp.job_handlers.exit_codes import FAILED
from syncapp.management.wait_for_job import USAGE

THEN = {"accept": "accepted", "reject": "rejected"}
# What is accepted where no filter is named: what was right in 95 of 100 or more.
SURE = "level=certain&level=likely"


def add_decision_options(parser: ArgumentParser, verb: str) -> None:
    without = f"{SURE!r} without" if verb == "accept" else "'' for all"
    parser.add_argument(
        "--filter",
        default=SURE if verb == "accept" else None,
        required=verb != "accept",
        metavar="QUERY",
        help=f"Which changes; {without}.",
    )
    parser.add_argument("--yes", action="store_true", help="Do not ask.")
    parser.add_argument("--json", action="store_true")


def decide_at_terminal(
    out: OutputWrapper, filters: queries.PlanFilter, options: dict[str, Any]
) -> None:
    """Decide what matches, as it is shown; prints what came of it.

    Raises CommandError, Refused.
    """
    plan_id, then = options["plan"], THEN[options["verb"]]
    found = queries.matching_changes(plan_id, filters, then)
    if found is None:
        raise services.PlanNotFound(plan_id)
    if found.count and not options["yes"]:
        _confirm(out, found, options["verb"])
    done = services.decide_matching(plan_id, filters, then, digest=found.digest)
    if isinstance(done, queries.MatchingChanges):
        msg = (
            f"Nothing was decided: {found.count:,} changes matched, and {done.count:,} "
            "match now, or others. Ask again."
        )
        raise CommandError(msg, returncode=FAILED)
    if options["json"]:
        out.write(json.dumps(_as_json(plan_id, done)))
        return
    out.write(f"{done.changed:,} changes are {done.state} now.")
    for line in (*_outdated(done.outdated), *_left(done.choices, done.conflicts)):
        out.write(line)


def _confirm(out: OutputWrapper, found: queries.MatchingChanges, verb: str) -> None:
    if not sys.stdin.isatty():
        msg = f"Nobody is here to confirm it: say --yes to {verb} unasked."
        raise CommandError(msg, returncode=USAGE)
    fields = ", ".join(f"{number:,} {name}" for name, number in found.by_field)
    left = _left(found.choices, found.conflicts)
    for line in (fields, *_outdated(found.outdated), *left):
        out.write(line)
    question = f"{verb.capitalize()} {found.count:,} changes? [y/N] "
    if input(question).strip().lower() not in {"y", "yes"}:
        msg = "Nothing was decided."
        raise CommandError(msg, returncode=FAILED)


def _outdated(number: int) -> list[str]:
    if not number:
        return []
    return [f"{number:,} of them are outdated: the mirror holds something else by now."]


def _left(choices: int, conflicts: int) -> list[str]:
    found = []
    if choices:
        found.append(f"{choices:,} alternatives are left: choose one of each choice.")
    if conflicts:
        found.append(f"{conflicts:,} conflicts are left: accept each by itself.")
    return found


def _as_json(plan_id: int, done: services.Decided) -> dict[str, Any]:
    return {
        "plan": plan_id,
        "state": done.state,
        "changed": done.changed,
        "choices": done.choices,
        "conflicts": done.conflicts,
        "outdated": done.outdated,
    }
