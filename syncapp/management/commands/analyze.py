"""Asks for an analysis, or for its evaluation, and waits for the end."""

from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import CommandError

from jobs.queries import JobCard
from jobs.services import JobRef
from syncapp import queries, services
from syncapp.filters.canonical import query_params
from syncapp.filters.query_string import ParsedFilter, parse_scene_filter
from syncapp.management.job_command import JobCommand, part
from syncapp.management.source_option import ids_of_stash, names
from syncapp.management.wait_for_job import USAGE

TOO_MANY_FIELDS = "The filter has more fields than there are."
CHANGED = "Other scenes match than a moment ago, so nothing was done: try again."
TABLE = "{:<12} {:<16} {:<12} {:>9} {:>9} {:>10} {:>8}"
HEADS = ("field", "detector", "level", "proposed", "right", "precision", "recall")


class Command(JobCommand):
    help = (
        "Look at scenes of the mirror, and keep what could be better as a plan. Which: "
        "what is not analysed since it changed, or --filter, or --ids. Prints the job "
        "and waits for its end. Writes nothing to Stash. Exit codes: 0 done, "
        "1 failed, 2 wrong usage, 130 interrupted."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument(
            "--filter", metavar="QUERY", help="All that match; see `scenes --help`."
        )
        which.add_argument(
            "--ids", type=ids_of_stash, metavar="1,2", help="These, by Stash's ids."
        )
        which.add_argument(
            "--evaluate",
            action="store_true",
            help="Hide what organised scenes have, propose it, and tell how often that "
            "is right. Nothing is stored.",
        )
        parser.add_argument(
            "--scenes",
            type=int,
            metavar="N",
            help=f"With --evaluate: of how many ({services.EVALUATED:,} without).",
        )
        parser.add_argument(
            "--detectors", type=names, default=(), metavar="studio,date", help=_known()
        )
        parser.add_argument(
            "--options",
            type=names,
            default=(),
            metavar="studio.replace",
            help="What is off unless asked for.",
        )
        parser.add_argument(
            "--organized", action="store_true", help="Organised scenes as well."
        )
        parser.add_argument(
            "--ignored",
            action="store_true",
            help="Names as well that Stash leaves out of its own tagging.",
        )
        parser.add_argument("--plan-name", default="", help="How the plan is called.")
        self.add_following(parser)

    def ask(self, source_id: int, options: dict[str, Any]) -> JobRef:
        choices = services.AnalysisChoices(
            detectors=options["detectors"],
            options=options["options"],
            organized=options["organized"],
            ignored=options["ignored"],
            name=options["plan_name"],
        )
        if options["evaluate"]:
            scenes = options["scenes"]
            return services.start_evaluation(
                source_id,
                choices,
                scenes=services.EVALUATED if scenes is None else scenes,
                trigger="command",
            )
        if options["scenes"] is not None:
            msg = "--scenes goes with --evaluate: --filter narrows an analysis."
            raise CommandError(msg, returncode=USAGE)
        if options["ids"]:
            found = services.analyse_remote(
                source_id, options["ids"], choices, trigger="command"
            )
            if found.left_out:
                self.stderr.write(f"{found.left_out:,} are not in the mirror: left out")
            return found.jobs[0].ref
        if options["filter"] is not None:
            return self._ask_for_filter(source_id, options["filter"], choices)
        return services.start_analysis(source_id, choices, trigger="command")

    def _ask_for_filter(
        self, source_id: int, query: str, choices: services.AnalysisChoices
    ) -> JobRef:
        parsed = _of_source(query, source_id)
        usable = queries.usable_scene_filter(parsed)
        if isinstance(usable, queries.UnusableFilter):
            raise CommandError("\n".join(usable.sentences), returncode=USAGE)
        digest = queries.matching_scenes(parsed).digest
        found = services.analyse_matching(parsed, digest, choices, trigger="command")
        if isinstance(found, queries.MatchingScenes):
            raise CommandError(CHANGED)
        (job,) = found.jobs  # one source: one job
        return job.ref

    def print_result(self, card: JobCard) -> None:
        """Print the counts, and where the plan is; of an evaluation its table."""
        if card.kind == queries.EVALUATION_KIND:
            self._print_table(card)
            return
        for name in ("scenes", "found"):
            counts = part(card, name)
            told = ", ".join(f"{number:,} {word}" for word, number in counts.items())
            self.stdout.write(f"{name}: {told}")
        if plan := card.result.get("plan"):
            self.stdout.write(f"plan: {plan}")

    def left_out(self, _card: JobCard) -> list[str]:
        return []

    def _print_table(self, card: JobCard) -> None:
        scenes = part(card, "scenes")
        compared, organized = scenes.get("compared", 0), scenes.get("organized", 0)
        self.stdout.write(f"{compared:,} of {organized:,} organised scenes compared")
        self.stdout.write(TABLE.format(*HEADS))
        for row in queries.evaluation_rows(card.result):
            self.stdout.write(
                TABLE.format(
                    row.field,
                    row.detector,
                    row.level,
                    f"{row.proposed:,}",
                    f"{row.right:,}",
                    f"{row.precision} %",
                    f"{row.recall} %",
                )
            )


def _of_source(query: str, source_id: int) -> ParsedFilter:
    """Return the filter, of this source alone."""
    try:
        params = query_params(query)
    except ValueError:
        raise CommandError(TOO_MANY_FIELDS, returncode=USAGE) from None
    return parse_scene_filter({**params, "source": [str(source_id)]})


def _known() -> str:
    told: Iterable[str] = (each.name for each in queries.offered_detectors())
    return f"These alone; there are {', '.join(told) or 'none yet'}."
