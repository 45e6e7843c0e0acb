"""What is measured, and what it has to be."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

Value = float | int | None
SQLITE, POSTGRES = "sqlite", "postgres"
LISTS, ACCURACY = "lists", "accuracy"  # the parts with tables of their own
DUPLICATES = "duplicates"
ANALYSIS = "analysis"
APART = {LISTS, ACCURACY, DUPLICATES, ANALYSIS}  # ask no source
ENOUGH = 100_000  # scenes; below, what is paid once a run hides what a scene costs


@dataclass(frozen=True, slots=True)
class Goal:
    """One row of the table. A limit of None: shown for comparison, nothing is asked."""

    key: str
    what: str
    form: str  # of a value
    sqlite: float | None = None
    postgres: float | None = None
    at_least: bool = False  # else at most
    fact: bool = False  # the same on a slow machine
    # Other limits for larger libraries, or none: (scenes, limit).
    beyond: tuple[int, float | None] | None = None

    def limit(self, vendor: str, scenes: int) -> float | None:
        """Return what is asked of this database at this size."""
        limit = self.sqlite if vendor == SQLITE else self.postgres
        if limit is not None and self.beyond and scenes > self.beyond[0]:
            return self.beyond[1]
        return limit

    def met(self, value: Value, vendor: str, scenes: int) -> bool | None:
        """Return whether the value is good enough; None where nothing is asked."""
        limit = self.limit(vendor, scenes)
        if value is None or limit is None:
            return None
        return value >= limit if self.at_least else value <= limit

    def shown(self, value: Value) -> str:
        return "-" if value is None else self.form.format(value)

    def asked(self, vendor: str) -> str:
        """Return the goal as the table shows it."""
        limit = self.sqlite if vendor == SQLITE else self.postgres
        if limit is None:
            return "-"
        sign = "" if limit == 0 else ("≥ " if self.at_least else "≤ ")
        return sign + self.form.format(limit)


def _rightness() -> Iterator[Goal]:
    """Yield what is asked of detectors on the sealed fifth of the labelled scenes."""
    asked = {
        "studio": (0.99, 0.95),
        "performers": (0.985, 0.90),
        "date": (0.995, 0.97),
        "title": (0.95, 0.85),
    }
    for about, (right, found) in asked.items():
        key, what = f"accuracy_{about}", f"{about} at likely"
        precision = f"{what}: right (lower bound of Wilson's interval)"
        yield Goal(f"{key}_precision", precision, SHARE, right, right, at_least=True)
        recall = f"{what}: found of what the texts tell"
        yield Goal(f"{key}_recall", recall, SHARE, found, found, at_least=True)
    ahead = "columns of accuracy in which another program is ahead"
    yield Goal("accuracy_behind", ahead, NUMBER, 0, 0)
    off = "confidence stated : observed, mean difference"
    yield Goal("accuracy_calibration", off, SHARE, 0.02, 0.02)
    broken = "levels that are right less often than they say"
    yield Goal("accuracy_broken_levels", broken, NUMBER, 0, 0)
    decisions = "decisions for 80 % of the right changes : changes"
    yield Goal("accuracy_decisions", decisions, SHARE, 0.05, 0.05)


RATE, SECONDS, MS, MB = "{:,.0f}/s", "{:.2f} s", "{:.0f} ms", "{:.0f} MB"
TIMES, NUMBER, FEW, SHARE = "{:.2f}", "{:,.0f}", "{:.1f}", "{:.3f}"
PERCENT = "{:.1f}%"

GOALS = (
    Goal(
        "load", "first load, whole command: scenes", RATE, 4_000, 3_500, at_least=True
    ),
    Goal("loop_ratio", "first load : plain Django loop", FEW, 25, 30, at_least=True),
    Goal(
        "floor_ratio",
        "first load : floor (decode, raw inserts)",
        TIMES,
        0.6,
        0.75,
        at_least=True,
    ),
    Goal("reading_ratio", "first load : floor that reads as well", TIMES),
    Goal(
        "search_ratio", "first load without search rows : first load", TIMES, 1.1, 1.1
    ),
    Goal(
        "search_again_ratio",
        "the same, full sync, nothing changed",
        TIMES,
        1.05,
        1.05,
    ),
    Goal("loop", "plain Django loop: scenes", RATE),
    Goal("floor", "floor, pages in memory: scenes", RATE),
    Goal(
        "unchanged", "full sync, nothing changed", SECONDS, 5, 6, beyond=(100_000, None)
    ),
    Goal(
        "unchanged_written", "full sync, nothing changed: rows", NUMBER, 0, 0, fact=True
    ),
    Goal(
        "quick",
        "quick sync, nothing changed (≤ 1 s beyond 100,000)",
        SECONDS,
        0.5,
        0.5,
        beyond=(100_000, 1.0),
    ),
    Goal("quick_written", "quick sync, nothing changed: rows", NUMBER, 0, 0, fact=True),
    Goal(
        "quick_requests",
        "quick sync, nothing changed: requests after the handshake",
        NUMBER,
        8,
        8,
        fact=True,
    ),
    Goal("changed", "quick sync, 1% changed", SECONDS, 5, 5, beyond=(100_000, None)),
    Goal("resync", "one scene again, button to done, p95", SECONDS, 0.5, 0.6),
    Goal("job_pages", "job - bare engine: commits of pages", NUMBER, 0, 0, fact=True),
    Goal(
        "job_statements",
        "job - bare engine: statements a page (fence, place, order to stop)",
        FEW,
        3,
        3,
        fact=True,
    ),
    Goal("job_cpu", "job : bare engine, CPU time", TIMES, 1.10, 1.10),
    Goal("claimed", "job asked for to claimed, idle worker, p95", MS, 250, 300),
    Goal("claimed_redis", "the same, woken by Redis", MS, 100, 100),
    Goal("job_rate", "jobs that do nothing", RATE, 40, 25, at_least=True),
    Goal("job_rate_redis", "the same, woken by Redis", RATE, 40, 40, at_least=True),
    Goal("lock", "write lock, longest", MS, 100),
    Goal("wait", "another writer's wait, longest", MS, 150),
    Goal("page", "list pages while syncing, p95 (server time)", MS, 30, 30),
    Goal("page_wall", "list pages while syncing, p95 (seen by the client)", MS),
    Goal("memory", "memory above idle, first load and full", MB, 120, 120),
    Goal(
        "load_statements",
        "statements per 1,000 scenes, first load",
        FEW,
        40,
        30,
    ),
    Goal(
        "unchanged_statements",
        "statements per 1,000 scenes, unchanged",
        FEW,
        6,
        6,
        fact=True,
    ),
    Goal(
        "analysis",
        "analysis, 50,000 names, two in each path: scenes",
        RATE,
        3_000,
        3_000,
        at_least=True,
    ),
    Goal("analysis_mb", "analysis: memory above the start", MB, 200, 200),
    Goal("analysis_statements", "analysis: statements per 1,000 scenes", FEW),
    Goal("analysis_changes", "analysis: changes proposed for a scene", FEW),
    Goal(
        "duplicates",
        "duplicates, from facts to findings: a file a scene (goal for 500,000)",
        SECONDS,
        20,
        20,
    ),
    Goal("duplicates_mb", "duplicates: memory above idle", MB, 150, 150),
    Goal(
        "duplicates_recall",
        "duplicates: pairs found of those that a sample has, none wrong",
        PERCENT,
        100,
        100,
        at_least=True,
        fact=True,
    ),
    Goal("apply", "apply of a plan, a job: scenes", RATE, 100, 100, at_least=True),
    Goal("apply_writes", "a client that only writes the same: scenes", RATE),
    Goal("apply_ratio", "apply : a client that only writes the same", TIMES),
    Goal("apply_window_p50", "apply, from read to written, median", MS),
    Goal("apply_window", "apply, from read to written, p95", MS, 15, 15),
    Goal("null_client", "the source, read by a null client: scenes", RATE),
    *_rightness(),
)
BY_KEY = {goal.key: goal for goal in GOALS}
# What can be asked for alone, and what it fills in.
PARTS: dict[str, tuple[str, ...]] = {
    "load": ("load", "lock", "load_statements"),
    "unchanged": ("unchanged", "unchanged_written", "unchanged_statements"),
    "quick": ("quick", "quick_written", "quick_requests"),
    "changed": ("changed",),
    "ratios": (
        *("loop_ratio", "floor_ratio", "reading_ratio", "loop", "floor"),
        *("search_ratio", "search_again_ratio"),
    ),
    "job": ("job_pages", "job_statements", "job_cpu"),
    "apply": (
        *("apply", "apply_writes", "apply_ratio"),
        *("apply_window_p50", "apply_window"),
    ),
    "waits": ("claimed", "claimed_redis", "job_rate", "job_rate_redis"),
    LISTS: (),
    ANALYSIS: (
        *("analysis", "analysis_mb", "analysis_statements", "analysis_changes"),
    ),
    DUPLICATES: ("duplicates", "duplicates_mb", "duplicates_recall"),
    ACCURACY: (),
    "site": ("resync", "wait", "page", "page_wall", "memory"),
}


def wrong_facts(
    values: Mapping[str, Value], vendor: str, scenes: int, shown: Callable[[str], None]
) -> int:
    """Count facts that do not hold; what a slow machine makes slow is none."""
    if scenes < ENOUGH:
        values = {key: value for key, value in values.items() if "written" in key}
    wrong = [
        goal
        for goal in GOALS
        if goal.fact and goal.met(values.get(goal.key), vendor, scenes) is False
    ]
    for goal in wrong:
        shown(f"{goal.what}: {goal.shown(values[goal.key])}, {goal.asked(vendor)}")
    return len(wrong)
