"""Lists schedules, previews them, turns them on and off, runs them now."""

import json
from argparse import ArgumentParser
from dataclasses import asdict, replace
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder

from jobs.errors import JobError
from jobs.scheduling import queries, services
from jobs.scheduling.queries import PREVIEWED, ScheduleLine
from jobs.scheduling.slots import Rule

MOST = 1_000
VERBS = {
    "next": "Show when a schedule is due next.",
    "run": "Make a job of a schedule now, also when it is off.",
    "enable": "Turn a schedule on.",
    "disable": "Turn a schedule off; jobs that it made go on.",
}


class Command(BaseCommand):
    help = "List schedules, preview them, turn them on and off, run them now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
        verbs.add_parser("list", help="Show all schedules.")
        for verb, text in VERBS.items():
            sub = verbs.add_parser(verb, help=text)
            sub.add_argument("schedule", help="Its name or number.")
        following = verbs.choices["next"]
        following.add_argument("--count", type=int, default=PREVIEWED)
        following.add_argument("--tz", default="", help="As if it had this time zone.")
        for sub in verbs.choices.values():
            sub.add_argument(
                "--json", action="store_true", help="Print one JSON object."
            )

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        self.as_json = options["json"]
        try:
            if verb == "list":
                self.do_list()
            else:
                line = queries.schedule_named(options["schedule"])
                getattr(self, f"do_{verb}")(line, options)
        except JobError as exc:
            raise CommandError(str(exc)) from exc

    def do_list(self) -> None:
        rows = queries.list_schedules()
        lines = [_schedule_line(row) for row in rows] or ["There are no schedules."]
        self.say({"schedules": [asdict(row) for row in rows]}, lines)

    def do_next(self, line: ScheduleLine, options: dict[str, Any]) -> None:
        rule = Rule(line.cron, line.every_minutes, options["tz"] or line.zone)
        slots = queries.preview(rule, max(1, min(options["count"], MOST)))
        there = [replace(s, at=s.at.astimezone(ZoneInfo(rule.zone))) for s in slots]
        lines = [f"{s.at:%a %Y-%m-%d %H:%M %Z}  {s.note}".rstrip() for s in there]
        self.say(
            {"schedule_id": line.schedule_id, "next": [asdict(s) for s in there]}, lines
        )

    def do_run(self, line: ScheduleLine, options: dict[str, Any]) -> None:
        ref = services.run_now(line.schedule_id)
        other = f"Job {ref.job_id} is at this work already."
        made = f"Job {ref.job_id} is made."
        self.say(asdict(ref), [made if ref.created else other])

    def do_enable(self, line: ScheduleLine, options: dict[str, Any]) -> None:
        services.enable_schedule(line.schedule_id)
        self.say_state(line.schedule_id)

    def do_disable(self, line: ScheduleLine, options: dict[str, Any]) -> None:
        services.disable_schedule(line.schedule_id)
        self.say_state(line.schedule_id)

    def say_state(self, schedule_id: int) -> None:
        line = queries.schedule_detail(schedule_id).line
        self.say(asdict(line), [_schedule_line(line)])

    def say(self, answer: dict[str, Any], lines: list[str]) -> None:
        text = json.dumps(answer, cls=DjangoJSONEncoder)
        self.stdout.write(text if self.as_json else "\n".join(lines))


def _schedule_line(row: ScheduleLine) -> str:
    if not row.enabled:
        state = f"off: {row.disabled_reason}" if row.disabled_reason else "off"
    elif row.next_at is None:
        state = "next within a minute"
    else:
        state = f"next {row.next_at.astimezone(ZoneInfo(row.zone)):%Y-%m-%d %H:%M %Z}"
    return f"{row.schedule_id:>4}  {row.name}  ({row.words}, {row.zone})  {state}"
