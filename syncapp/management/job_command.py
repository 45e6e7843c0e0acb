"""What commands share that ask for a job: its options, its id, its end."""

import json
from abc import ABC, abstractmethod
from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jobs.queries import JobCard, job_card
from jobs.queue.registry import get
from jobs.services import JobRef
from syncapp import services
from syncapp.job_handlers.exit_codes import FAILED, INCOMPLETE, OK
from syncapp.management.source_option import choose_source
from syncapp.management.wait_for_job import (
    INTERRUPTED,
    USAGE,
    StillRunning,
    cancel_and_wait,
    wait,
)


class JobCommand(BaseCommand, ABC):
    """A command that asks for one job of a source and waits for its end."""

    def add_following(self, parser: ArgumentParser) -> None:
        """Add the options that all such commands have."""
        parser.add_argument("--source", metavar="NAME", help="If there are several.")
        self.add_waiting(parser)

    def add_waiting(self, parser: ArgumentParser) -> None:
        """Add the options of how the job's end is waited for, and told."""
        how = parser.add_mutually_exclusive_group()
        how.add_argument(
            "--wait", action="store_true", help="Wait for the end (so it is anyway)."
        )
        how.add_argument("--detach", action="store_true", help="Return at once.")
        how.add_argument(
            "--inline", action="store_true", help="Run it in this process."
        )
        parser.add_argument(
            "--timeout", type=float, metavar="S", help="Wait at most so many seconds."
        )
        parser.add_argument(
            "--json", action="store_true", help="Print one JSON object, at the end."
        )

    @abstractmethod
    def ask(self, source_id: int, options: dict[str, Any]) -> JobRef:
        """Ask for the job; raises CommandError or services.Refused."""

    @abstractmethod
    def print_result(self, card: JobCard) -> None:
        """Print what the job did, for people."""

    @abstractmethod
    def left_out(self, card: JobCard) -> list[str]:
        """Return what a job that succeeded left undone; its exit code is 3 then."""

    def more_to_tell(self, _card: JobCard) -> Mapping[str, Any]:
        """Return what the JSON says beside what it says of every job."""
        return {}

    def handle(self, *_args: Any, **options: Any) -> None:
        self.ask_and_follow(choose_source(options["source"]).source_id, options)

    def ask_and_follow(self, source_id: int, options: dict[str, Any]) -> None:
        """Ask for the job, and wait for its end as the options say."""
        try:
            ref = self.ask(source_id, options)
        except services.Refused as exc:
            raise CommandError(str(exc), returncode=USAGE) from exc
        self.follow(ref, options)

    def follow(self, ref: JobRef, options: dict[str, Any]) -> None:
        """Tell of a job that was asked for, and wait for its end as the options say."""
        as_json = options["json"]
        if not as_json:
            self.stdout.write(str(ref.job_id))
            self.stdout.flush()
        if options["detach"]:
            self.tell(ref, job_card(ref.job_id), as_json=as_json)
            return
        try:
            card = wait(
                ref.job_id,
                self.stderr,
                timeout_s=options["timeout"],
                here=options["inline"],
            )
        except StillRunning as exc:
            self.tell(ref, job_card(ref.job_id), as_json=as_json)
            raise CommandError(str(exc), returncode=FAILED) from exc
        except KeyboardInterrupt as exc:
            raise self.interrupted(ref, as_json=as_json) from exc
        self.tell(ref, card, as_json=as_json)
        self.judge(card)

    def judge(self, card: JobCard) -> None:
        """Raise CommandError with the right exit code, unless all is well."""
        code = get(card.kind).exit_code(card)
        if code == INCOMPLETE:
            undone = ", and ".join(self.left_out(card))
            sentence = f"Job {card.job_id} is done, but {undone}."
            raise CommandError(sentence, returncode=code)
        if code != OK:
            sentence = f"Job {card.job_id} {card.status}. {card.error_text}".strip()
            raise CommandError(sentence, returncode=code)

    def interrupted(self, ref: JobRef, *, as_json: bool) -> CommandError:
        """Cancel the job, if this command made it; returns what to end with."""
        card = cancel_and_wait(ref.job_id) if ref.created else job_card(ref.job_id)
        self.tell(ref, card, as_json=as_json)
        if not ref.created:
            msg = f"Interrupted. Job {ref.job_id} goes on: it was asked for by another."
        elif card.is_active:
            msg = f"Interrupted. Job {ref.job_id} was asked to stop."
        else:
            msg = f"Interrupted. Job {ref.job_id} is {card.status}."
        return CommandError(msg, returncode=INTERRUPTED)

    def tell(self, ref: JobRef, card: JobCard, *, as_json: bool) -> None:
        """Print the job as JSON, or what it did in lines."""
        if as_json:
            answer = {
                "job_id": ref.job_id,
                "status": card.status,
                "created": ref.created,
                "kind": card.kind,
                "result": card.result,
                "error": card.error_text or None,
                **self.more_to_tell(card),
            }
            self.stdout.write(json.dumps(answer))
            return
        if card.is_active:
            return
        self.print_result(card)
        self.stdout.write(f"Job {ref.job_id} {card.status}.")


def part(card: JobCard, name: str) -> Mapping[str, Any]:
    """Return a part of the job's result; empty if it has none of that name."""
    found = card.result.get(name)
    return found if isinstance(found, Mapping) else {}
