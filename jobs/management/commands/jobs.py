"""Lists, shows, cancels and retries jobs."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder

from jobs import queries, services
from jobs.errors import JobError
from jobs.queries import JobCard
from jobs.states import Status

STATUSES = [status.value for status in Status]


class Command(BaseCommand):
    help = "List, show, cancel or retry jobs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
        listing = verbs.add_parser("list", help="Show the newest jobs.")
        listing.add_argument("--status", choices=STATUSES, default="")
        listing.add_argument("--kind", default="", help="For example sync.quick.")
        listing.add_argument("--limit", type=int, default=20)
        for verb, text in (
            ("show", "Show a job and its log."),
            ("cancel", "Cancel a job: at once, or at its next checkpoint."),
            ("retry", "Ask for a job's work again, from where it stopped."),
        ):
            verbs.add_parser(verb, help=text).add_argument("job_id", type=int)
        for sub in verbs.choices.values():
            sub.add_argument(
                "--json", action="store_true", help="Print one JSON object."
            )

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        self.as_json = options["json"]
        try:
            getattr(self, f"do_{verb}")(options)
        except JobError as exc:
            raise CommandError(str(exc)) from exc

    def do_list(self, options: dict[str, Any]) -> None:
        page = queries.list_jobs(
            status=options["status"], kind=options["kind"], limit=options["limit"]
        )
        lines = [_line(card) for card in page.rows] or ["There are no such jobs."]
        self.say({"jobs": [asdict(card) for card in page.rows]}, lines)

    def do_show(self, options: dict[str, Any]) -> None:
        card = queries.job_card(options["job_id"])
        events = queries.job_events(card.job_id)
        lines = [_line(card), *filter(None, (card.waits_for, card.error_text))]
        lines += [f"  {event.at:%H:%M:%S} {event.message}" for event in events]
        self.say({**asdict(card), "events": [asdict(event) for event in events]}, lines)

    def do_cancel(self, options: dict[str, Any]) -> None:
        job_id = options["job_id"]
        status = services.cancel_job(job_id)
        asked = f"Job {job_id} was asked to stop; it does so at its next checkpoint."
        done = f"Job {job_id} is cancelled."
        self.say(
            {"job_id": job_id, "status": status},
            [asked if status == Status.RUNNING else done],
        )

    def do_retry(self, options: dict[str, Any]) -> None:
        ref = services.retry_job(options["job_id"])
        made = f"Job {ref.job_id} does the work of job {options['job_id']} again."
        other = f"Job {ref.job_id} is at this work already."
        self.say(asdict(ref), [made if ref.created else other])

    def say(self, answer: dict[str, Any], lines: list[str]) -> None:
        text = json.dumps(answer, cls=DjangoJSONEncoder)
        self.stdout.write(text if self.as_json else "\n".join(lines))


def _line(card: JobCard) -> str:
    done = f"{card.progress_done:,}" if card.progress_done else ""
    at = f"{card.created_at:%Y-%m-%d %H:%M}"
    return f"{card.job_id:>6}  {card.status:<9}  {at}  {card.title}  {done}".rstrip()
