"""Asks for a sync, and waits for its end."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jobs.queries import JobCard, job_card
from jobs.services import JobRef
from syncapp import services
from syncapp.job_handlers.exits import FAILED, OK, exit_code, left_out
from syncapp.management.choosing import choose_source
from syncapp.management.waiting import (
    INTERRUPTED,
    USAGE,
    StillRunning,
    cancel,
    wait,
)


class Command(BaseCommand):
    help = (
        "Pull what changed in Stash since the last sync. Prints the job's id and "
        "waits for its end. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done but "
        "for some items, 5 no answer from the source or key refused, 130 interrupted."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--full", action="store_true", help="Read every record.")
        what.add_argument(
            "--ids", type=_ids, metavar="1,2", help="These scenes, by Stash's ids."
        )
        parser.add_argument(
            "--only", type=_names, default=(), metavar="scenes,tags", help="Streams."
        )
        parser.add_argument("--source", metavar="NAME", help="If there are several.")
        parser.add_argument(
            "--accept-deletions",
            action="store_true",
            help="Mark as deleted what Stash no longer has, however much it is.",
        )
        parser.add_argument(
            "--rewrite",
            action="store_true",
            help="With --full: compare every column, and repair what was changed here.",
        )
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

    def handle(self, *args: Any, **options: Any) -> None:
        ref = _ask(choose_source(options["source"]).source_id, options)
        if not options["json"]:
            self.stdout.write(str(ref.job_id))
            self.stdout.flush()
        if options["detach"]:
            self.tell(ref, job_card(ref.job_id), as_json=options["json"])
            return
        try:
            card = wait(
                ref.job_id,
                self.stderr,
                timeout_s=options["timeout"],
                here=options["inline"],
            )
        except StillRunning as exc:
            self.tell(ref, job_card(ref.job_id), as_json=options["json"])
            raise CommandError(str(exc), returncode=FAILED) from exc
        except KeyboardInterrupt as exc:
            raise self.interrupted(ref, as_json=options["json"]) from exc
        self.tell(ref, card, as_json=options["json"])
        code = exit_code(card)
        if code != OK:
            raise CommandError(_sentence(card), returncode=code)

    def interrupted(self, ref: JobRef, *, as_json: bool) -> CommandError:
        """Cancel the job, if this command made it; returns what to end with."""
        card = cancel(ref.job_id) if ref.created else job_card(ref.job_id)
        self.tell(ref, card, as_json=as_json)
        if not ref.created:
            msg = f"Interrupted. Job {ref.job_id} goes on: it was asked for by another."
        elif card.is_active:
            msg = f"Interrupted. Job {ref.job_id} was asked to stop."
        else:
            msg = f"Interrupted. Job {ref.job_id} is {card.status}."
        return CommandError(msg, returncode=INTERRUPTED)

    def tell(self, ref: JobRef, card: JobCard, *, as_json: bool) -> None:
        """Print the job as JSON, or in a line for each stream."""
        if as_json:
            answer = {
                "job_id": ref.job_id,
                "status": card.status,
                "created": ref.created,
                "kind": card.kind,
                "result": card.result,
                "error": card.error_text or None,
            }
            self.stdout.write(json.dumps(answer))
            return
        if card.is_active:
            return
        streams = card.result.get("streams")
        for name, counts in streams.items() if isinstance(streams, dict) else ():
            counted = ", ".join(f"{value} {word}" for word, value in counts.items())
            self.stdout.write(f"{name}: {counted}")
        self.stdout.write(f"Job {ref.job_id} {card.status}.")


def _ask(source_id: int, options: dict[str, Any]) -> JobRef:
    if options["ids"] and (options["only"] or options["accept_deletions"]):
        msg = "--ids goes with neither --only nor --accept-deletions."
        raise CommandError(msg, returncode=USAGE)
    if options["rewrite"] and not options["full"]:
        msg = "--rewrite goes with --full: a quick sync does not read every record."
        raise CommandError(msg, returncode=USAGE)
    try:
        if options["ids"]:
            return services.sync_scenes(source_id, options["ids"], trigger="command")
        return services.start_sync(
            source_id,
            "full" if options["full"] else "quick",
            options["only"],
            trigger="command",
            accept_deletions=options["accept_deletions"],
            rewrite=options["rewrite"],
        )
    except services.Refused as exc:
        raise CommandError(str(exc), returncode=USAGE) from exc


def _sentence(card: JobCard) -> str:
    if card.status == "succeeded":
        return f"Job {card.job_id} is done, but {', and '.join(left_out(card))}."
    return f"Job {card.job_id} {card.status}. {card.error_text}".strip()


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _ids(text: str) -> tuple[int, ...]:
    parts = _names(text)
    if not parts or not all(part.isascii() and part.isdigit() for part in parts):
        msg = f"{text!r} is no list of ids such as 1,2,3"
        raise ArgumentTypeError(msg)
    return tuple(int(part) for part in parts)
