"""Lists, shows, follows, cancels and retries jobs; pauses lanes."""

import json
import time
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder

from jobs import queries, services
from jobs.enums import Lane, Status
from jobs.errors import JobError, UnknownKind
from jobs.queries import JobCard
from jobs.queue.registry import get, plain_exit

STATUSES = [status.value for status in Status]
LANES = [lane.value for lane in Lane]
POLL_S = 0.5
INTERRUPTED = 130


class Command(BaseCommand):
    help = "List, show, follow, cancel or retry jobs; pause and resume lanes."

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
        tail = verbs.add_parser(
            "tail",
            help="Print a job's log. The exit code is that of the job's end.",
        )
        tail.add_argument("job_id", type=int)
        tail.add_argument(
            "--follow", "-f", action="store_true", help="Go on until the job ends."
        )
        for verb, text in (
            ("pause", "Start no more jobs of a lane; what runs goes on."),
            ("resume", "Start jobs of a lane again."),
        ):
            verbs.add_parser(verb, help=text).add_argument("lane", choices=LANES)
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
        lines = [_job_line(card) for card in page.rows] or ["There are no such jobs."]
        self.say({"jobs": [asdict(card) for card in page.rows]}, lines)

    def do_show(self, options: dict[str, Any]) -> None:
        card = queries.job_card(options["job_id"])
        events = queries.job_events(card.job_id)
        lines = [_job_line(card), *filter(None, (card.waits_for, card.error_text))]
        lines += [f"  {event.at:%H:%M:%S} {event.message}" for event in events]
        self.say({**asdict(card), "events": [asdict(event) for event in events]}, lines)

    def do_tail(self, options: dict[str, Any]) -> None:
        try:
            card = self.print_log(options["job_id"], follow=options["follow"])
        except KeyboardInterrupt as exc:
            msg = f"Interrupted. Job {options['job_id']} goes on."
            raise CommandError(msg, returncode=INTERRUPTED) from exc
        code = 0 if card.is_active else _exit_code(card)
        if code:
            msg = card.error_text or f"Job {card.job_id} is {card.status}."
            raise CommandError(msg, returncode=code)

    def print_log(self, job_id: int, *, follow: bool) -> JobCard:
        """Print the log as it grows, to the end of the job or of what is there."""
        after = 0
        while True:
            card = queries.job_card(job_id)  # first: the lines of its end are there
            while events := queries.job_events(job_id, after=after):
                for event in events:
                    line = f"{event.at:%H:%M:%S} {event.level:<7} {event.message}"
                    self.say(asdict(event), [line])
                after = events[-1].seq
            self.stdout.flush()
            if not (follow and card.is_active):
                return card
            time.sleep(POLL_S)

    def do_pause(self, options: dict[str, Any]) -> None:
        lane = options["lane"]
        changed = services.pause_lane(lane)
        did = f"The {lane} lane is paused: none of its jobs is started."
        self.say(
            {"lane": lane, "paused": True, "changed": changed},
            [did if changed else f"The {lane} lane was paused already."],
        )

    def do_resume(self, options: dict[str, Any]) -> None:
        lane = options["lane"]
        changed = services.resume_lane(lane)
        did = f"The {lane} lane is open again."
        self.say(
            {"lane": lane, "paused": False, "changed": changed},
            [did if changed else f"The {lane} lane was not paused."],
        )

    def do_cancel(self, options: dict[str, Any]) -> None:
        job_id = options["job_id"]
        status = services.cancel_job(job_id).status
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


def _exit_code(card: JobCard) -> int:
    try:
        return get(card.kind).exit_code(card)
    except UnknownKind:  # of another version of the program
        return plain_exit(card)


def _job_line(card: JobCard) -> str:
    done = f"{card.progress_done:,}" if card.progress_done else ""
    at = f"{card.created_at:%Y-%m-%d %H:%M}"
    return f"{card.job_id:>6}  {card.status:<9}  {at}  {card.title}  {done}".rstrip()
