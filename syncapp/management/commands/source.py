"""Sets up, lists, tries and removes sources."""

import json
import sys
from argparse import ArgumentParser, BooleanOptionalAction
from collections.abc import Callable
from dataclasses import asdict
from getpass import getpass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder
from django.views.decorators.debug import sensitive_variables

from syncapp import services
from syncapp.job_handlers.exit_codes import FAILED, NO_SOURCE, SOURCE_TROUBLE
from syncapp.management.source_option import choose_source
from syncapp.management.wait_for_job import USAGE
from syncapp.management.way_in_options import (
    add_way_in_options,
    read_secret_file,
    read_way_in_options,
)
from syncapp.queries import SourceLine, list_sources
from syncapp.stash.errors import BadAddress, BadWayIn
from syncapp.stash.server import stash_called
from syncapp.stash.way_in import WayIn


class Command(BaseCommand):
    help = (
        "Add, list, test and remove the Stash servers that are mirrored. An API key is "
        "asked for, or read from a file or from stdin; it is never an argument."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
        add = verbs.add_parser("add", help="Add a source and test it; prints its id.")
        add.add_argument("name")
        add.add_argument("url", help="For example http://nas:9999")
        add.add_argument(
            "--writable", action="store_true", help="Steward may write to this Stash."
        )
        _add_after_sync_option(add, default=False)
        _add_public_option(add)
        add.add_argument("--no-test", action="store_true", help="Do not contact it.")
        _add_key_options(add)
        add_way_in_options(add)
        change = verbs.add_parser(
            "set", help="Change address, switches, certificate, or a proxy's headers."
        )
        change.add_argument("name")
        change.add_argument("--url", help="Another server's removes key and headers.")
        _add_public_option(change)
        _add_after_sync_option(change, default=None)
        add_way_in_options(change)
        change.add_argument("--no-certificate", action="store_true")
        change.add_argument("--no-headers", action="store_true")
        listing = verbs.add_parser("list", help="List the sources.")
        listing.add_argument("--json", action="store_true")
        test = verbs.add_parser("test", help="Ask a source who it is.")
        test.add_argument("name")
        test.add_argument("--json", action="store_true")
        set_key = verbs.add_parser("set-key", help="Keep another API key.")
        set_key.add_argument("name")
        _add_key_options(set_key)
        remove = verbs.add_parser("remove", help="Remove a source and its mirror.")
        remove.add_argument("name")
        remove.add_argument("--yes", action="store_true", help="Do not ask.")

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        verbs: dict[str, Callable[..., None]] = {
            "add": self.add,
            "set": self.set,
            "list": self.list_all,
            "test": self.test,
            "set-key": self.set_key,
            "remove": self.remove,
        }
        try:
            verbs[verb](options)
        except (services.Refused, BadAddress, BadWayIn) as exc:
            usage = isinstance(exc, services.BadRequest | BadAddress | BadWayIn)
            code = USAGE if usage else FAILED
            raise CommandError(str(exc), returncode=code) from exc

    @sensitive_variables("key", "way_in")
    def add(self, options: dict[str, Any]) -> None:
        key, said = _read_key(options), read_way_in_options(options)
        source_id = services.add_source(
            options["name"],
            options["url"],
            key,
            way_in=WayIn(said.certificate or "", said.headers or ()),
            read_only=not options["writable"],
            public_url=options["public_url"] or "",
        )
        services.set_analyse_after_sync(source_id, on=options["analyse_after_sync"])
        self.stdout.write(str(source_id))
        if not options["no_test"]:
            self.try_out(source_id, as_json=False)

    @sensitive_variables("said")
    def set(self, options: dict[str, Any]) -> None:
        source, said = choose_source(options["name"]), read_way_in_options(options)
        if options["url"] is not None or options["public_url"] is not None:
            self.move(
                source,
                source.url if options["url"] is None else options["url"],
                options["public_url"],
            )
        if options["analyse_after_sync"] is not None:
            services.set_analyse_after_sync(
                source.source_id, on=options["analyse_after_sync"]
            )
        services.set_way_in(
            source.source_id,
            certificate="" if options["no_certificate"] else said.certificate,
            headers=() if options["no_headers"] else said.headers,
        )

    def move(self, source: SourceLine, url: str, public_url: str | None) -> None:
        """Give the source other addresses; its secrets stay at the old server."""
        cleared = services.change_source(
            source.source_id,
            name=source.name,
            url=url,
            read_only=source.read_only,
            public_url=public_url,
        )
        if cleared:
            self.stderr.write(
                "That is another server: the API key and the headers were removed."
            )

    def list_all(self, options: dict[str, Any]) -> None:
        sources = list_sources()
        if options["json"]:
            told = {"sources": [asdict(source) for source in sources]}
            self.stdout.write(json.dumps(told, cls=DjangoJSONEncoder))
            return
        for source in sources:
            self.stdout.write(_source_row(source))

    def test(self, options: dict[str, Any]) -> None:
        source_id = choose_source(options["name"]).source_id
        self.try_out(source_id, as_json=options["json"])

    def try_out(self, source_id: int, *, as_json: bool) -> None:
        """Ask the source who it is; ends with code 5 or 1 if that does not go well."""
        test = services.test_source(source_id)
        if as_json:
            names = ("ok", "code", "sentence", "version")
            answer = {name: getattr(test, name) for name in names}
            self.stdout.write(json.dumps(answer))
        if not test.ok:
            code = NO_SOURCE if test.code in SOURCE_TROUBLE else FAILED
            raise CommandError(test.sentence, returncode=code)
        if not as_json:
            self.stdout.write(test.sentence)

    def set_key(self, options: dict[str, Any]) -> None:
        source = choose_source(options["name"])
        services.set_key(source.source_id, _read_key(options))

    def remove(self, options: dict[str, Any]) -> None:
        source = choose_source(options["name"])
        if not options["yes"]:
            self.confirm(source)
        removed = services.remove_source(source.source_id)
        counts = ", ".join(f"{count} {name}" for name, count in removed.items())
        self.stdout.write(f"Removed {source.name}: {counts}.")

    def confirm(self, source: SourceLine) -> None:
        if not sys.stdin.isatty():
            msg = "Nobody is here to confirm it: say --yes to remove it unasked."
            raise CommandError(msg, returncode=USAGE)
        question = f"Remove {source.name} and all that was mirrored from it? [y/N] "
        if input(question).strip().lower() not in {"y", "yes"}:
            msg = "Nothing was removed."
            raise CommandError(msg, returncode=FAILED)


def _add_public_option(parser: ArgumentParser) -> None:
    text = "Where browsers find it, for links alone; empty: at its own address."
    parser.add_argument("--public-url", metavar="URL", help=text)


def _add_after_sync_option(parser: ArgumentParser, *, default: bool | None) -> None:
    text = "Whether each sync that changed a scene asks for an analysis."
    parser.add_argument(
        "--analyse-after-sync",
        action=BooleanOptionalAction,
        default=default,
        help=text,
    )


def _add_key_options(parser: ArgumentParser) -> None:
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--key-file", type=Path, help="Read the API key from a file.")
    where.add_argument(
        "--key-stdin", action="store_true", help="Read the API key from stdin."
    )


def _read_key(options: dict[str, Any]) -> str:
    """Return the API key: from a file, from stdin, from who sits there, or none."""
    path = options["key_file"]
    if options["key_stdin"]:
        return sys.stdin.readline()
    if path is None:
        wanted = "API key (empty if the server needs none): "
        return getpass(wanted) if sys.stdin.isatty() else ""
    return read_secret_file(path, "The API key")


def _source_row(source: SourceLine) -> str:
    reached = source.reached_at is not None or source.version
    state = source.trouble or (stash_called(source.version) if reached else "")
    parts = (source.name, source.url, "read only" if source.read_only else "writable")
    key = "key set" if source.key_set else "no key"
    return "\t".join((*parts, key, state or "not tried yet"))
