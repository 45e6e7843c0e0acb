"""`plan automatic`: shows, allows or stops automatic apply of a source."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import OutputWrapper
from django.core.serializers.json import DjangoJSONEncoder

from syncapp import queries, services
from syncapp.management.source_option import choose_source, names


def add_automatic_options(parser: ArgumentParser) -> None:
    parser.add_argument("--source", metavar="NAME", help="If there are several.")
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--allow",
        type=names,
        metavar="DETECTORS",
        help="Have what these are certain of applied by itself: studio,date",
    )
    which.add_argument("--off", action="store_true", help="Switch it off.")
    parser.add_argument(
        "--daily-limit",
        type=int,
        metavar="N",
        help="With --allow: at most so many changes within 24 hours.",
    )
    parser.add_argument("--json", action="store_true")


def change_and_show(options: dict[str, Any], stdout: OutputWrapper) -> None:
    """Do what is asked, and print how it is then."""
    source_id = choose_source(options["source"]).source_id
    if options["off"]:
        services.stop_automatic(source_id)
    page = _page(source_id)
    if options["allow"] is not None:
        limit = options["daily_limit"]
        wanted = page.daily_limit if limit is None else limit
        services.allow_automatic(source_id, options["allow"], wanted)
        page = _page(source_id)
    if options["json"]:
        told = {**asdict(page), "is_on": page.is_on, "has_stopped": page.is_alarming}
        told["plans"] = [plan.plan_id for plan in page.plans]
        stdout.write(json.dumps(told, cls=DjangoJSONEncoder))
        return
    for line in _lines(page):
        stdout.write(line)


def _page(source_id: int) -> queries.AutomaticPage:
    page = queries.automatic_page(source_id)
    if page is None:
        raise services.SourceNotFound(source_id)
    return page


def _lines(page: queries.AutomaticPage) -> list[str]:
    if not page.is_on:
        return [f"{page.source}: automatic apply is off"]
    state = "has stopped, for too much was wrong" if page.is_alarming else "is on"
    return [
        f"{page.source}: automatic apply {state}",
        f"detectors: {', '.join(page.detectors)}",
        f"within a day: {page.today:,} of {page.daily_limit:,}",
        f"certain and undecided: {page.waiting:,}",
        *(
            f"{each.detector}: {each.written:,} written, {each.conflicts:,} in "
            f"conflict, {each.undone:,} undone"
            for each in page.records
        ),
    ]
