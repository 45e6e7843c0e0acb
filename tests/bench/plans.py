"""Opens the page of a plan of 50,000 changes, and tells what each way took the server.

`python -m tests.bench.plans [CHANGES] [ROUNDS]`, on an empty database that
`manage.py migrate` has made (DATABASE_URL). Its rows are made first, and stay.
The last line is JSON: for each page its median and 95th percentile in ms, and how many
statements it sent; for a decision over many changes how many these were.
"""

import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import django

GOAL_MS = 150  # p95
DECISION_MS = 1_000  # of some 11,000 changes at once, on SQLite
CHANGES, ROUNDS, PLANS = 50_000, 20, 25
NOW = datetime(2026, 5, 17, tzinfo=UTC)
DETECTORS = ("studio", "performers", "tags", "date", "title")


def fill(source_id: int, changes: int) -> int:
    """Make a plan over so many changes, two of a scene; returns its id."""
    from syncapp.models import Change, Plan

    plan = Plan.objects.create(
        source_id=source_id,
        name=f"Analysis of {changes:,}",
        kind="analysis",
        scope="filter",
        detectors=dict.fromkeys(DETECTORS, 1),
        created_at=NOW,
    )
    chance = random.Random(plan.pk)
    rows = (_row(plan.pk, source_id, number, chance) for number in range(changes))
    Change.objects.bulk_create(rows, batch_size=500)
    return plan.pk


def _row(plan_id: int, source_id: int, number: int, chance: random.Random) -> Any:
    from syncapp.models import Change
    from syncapp.models.keys import row_id
    from syncapp.text.digests import digest_of

    field = DETECTORS[number % 2 * 2 + chance.randrange(2)]
    folder = f"/data/films/folder {chance.randrange(2_000)}"
    state = chance.choices(("proposed", "accepted", "rejected"), (90, 7, 3))[0]
    return Change(
        plan_id=plan_id,
        scene_id=row_id(source_id, number // 2 + 1),
        field=field,
        op="add" if field in {"performers", "tags"} else "set",
        value=f"{field} {number % 500}",
        value_key=str(number),
        detector=field,
        detector_version=1,
        evidence_kind=chance.choice(("exact folder", "file name", "alias", "title")),
        sentence=f"The folder “{folder}” is its name.",
        spans=[["path", 12, 40]],
        confidence=0.97,
        level=chance.choice(("certain", "likely", "look")),
        cause=f"{field} {number % 500} because of {folder}",
        cause_key=digest_of(f"{field} {folder}"),
        state=state,
        decided_at=None if state == "proposed" else NOW,
    )


def ways(plan_id: int) -> dict[str, Callable[[], Any]]:
    """Return what is opened, by what it is called."""
    from syncapp.models import Change
    from syncapp.queries.plan_facets import PlanFilter
    from syncapp.queries.plan_review import read_plan
    from syncapp.queries.planned_scenes import plan_page
    from syncapp.queries.plans import list_plans

    rows = Change.objects.filter(plan_id=plan_id).order_by("scene_id")
    middle = str(rows.values_list("scene_id", flat=True)[rows.count() // 2])
    cause = rows.values_list("cause_key", flat=True)[0]
    filters = {
        "rejected": PlanFilter(state=("rejected",)),
        "accepted, tags": PlanFilter(state=("accepted",), field=("tags",)),
        "certain studios": PlanFilter(level=("certain",), field=("studio",)),
        "one kind": PlanFilter(evidence_kind=("alias",)),
        "one cause": PlanFilter(cause=cause),
        "none at all": PlanFilter(state=("failed",)),
    }
    found: dict[str, Callable[[], Any]] = {
        "first page": lambda: plan_page(plan_id),
        "as it is read": lambda: read_plan(plan_id),
        "middle": lambda: plan_page(plan_id, after=middle),
        "list of plans": list_plans,
    }
    for name, each in filters.items():
        found[name] = lambda each=each: plan_page(plan_id, each)  # type: ignore[misc]
    return found


def _figures(times: list[float]) -> dict[str, float]:
    from tests.bench.watch import p95

    return {"median": round(statistics.median(times), 1), "p95": round(p95(times), 1)}


def measure_page(read: Callable[[], Any], rounds: int) -> dict[str, float]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as sent:
        read()
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        read()
        times.append(1_000 * (time.perf_counter() - began))
    return {**_figures(times), "statements": len(sent)}


def measure_decision(plan_id: int, rounds: int) -> dict[str, float]:
    """Accept many changes by one decision, and take it back, so many times."""
    from django.contrib.auth import get_user_model

    from syncapp.queries.deciding import matching_changes
    from syncapp.queries.plan_facets import PlanFilter
    from syncapp.services import Decided, decide_matching, take_back_decision

    people = get_user_model().objects
    person, _ = people.get_or_create(username="reviewer")
    filters = PlanFilter(field=("studio", "performers", "tags"), level=("certain",))
    times, changed = [], 0
    for _ in range(rounds):
        found = matching_changes(plan_id, filters, "accepted")
        digest = found.digest if found else ""
        began = time.perf_counter()
        done = decide_matching(
            plan_id, filters, "accepted", digest=digest, by=person.pk
        )
        times.append(1_000 * (time.perf_counter() - began))
        if not isinstance(done, Decided) or done.decision_id is None:
            msg = "The set of changes changed while nobody else was here."
            raise TypeError(msg)
        changed = done.changed
        take_back_decision(plan_id, done.decision_id, by=person.pk)
    return {**_figures(times), "changes": changed}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from syncapp.models import Source

    told = [int(each) for each in sys.argv[1:]]
    changes, rounds = [*told, *(CHANGES, ROUNDS)[len(told) :]]
    name = f"Archive {time.time_ns()}"
    source = Source.objects.create(name=name, url="http://nas:9999")
    began = time.perf_counter()
    plan_ids = [fill(source.pk, changes)]
    took = time.perf_counter() - began
    plan_ids += [fill(source.pk, changes // 10) for _ in range(PLANS - 1)]
    print(f"{changes:,} changes were written in {took:.1f} s.", flush=True)
    found = {n: measure_page(w, rounds) for n, w in ways(plan_ids[0]).items()}
    for what, figures in found.items():
        verdict = "" if figures["p95"] <= GOAL_MS else f"  over {GOAL_MS} ms"
        print(f"{what:>16}: {figures['p95']:7.1f} ms{verdict}")
    decision = measure_decision(plan_ids[0], rounds)
    verdict = "" if decision["p95"] <= DECISION_MS else f"  over {DECISION_MS} ms"
    what = f"{decision['changes']:,} accepted by one decision"
    print(f"{what}: {decision['p95']:.1f} ms{verdict}")
    print(json.dumps({**found, "one decision": decision}))


if __name__ == "__main__":
    main()
