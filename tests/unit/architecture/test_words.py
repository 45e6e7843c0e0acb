"""One word for one thing: no name for two things, none of the words that were given up.

docs/glossary.md says what each word means.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = ("config", "jobs", "syncapp")
# What has one name in several files because it is the same in all of them.
ALIKE = {
    "Command": "Django looks for it by this name",
    "ReadOnly": "pages of the admin that only show; the two apps share no admin",
    "app_name": "Django looks for it by this name",
    "logger": "each file has its own",
    "parse": "what each stream does with a record",
    "register": "Django looks for it by this name",
    "run": "what each kind of job does",
    "urlpatterns": "Django looks for it by this name",
}
# A page and the act behind it have one name; so have an act and who hands it on.
SAME_ACT = (
    ({"views"}, {"services", "queries"}),
    ({"access"}, {"services", "queries"}),
)
# Words that were given up, and what is said instead.
GIVEN_UP = {
    r"\bleases\.(tell|hold|change)\b": "notify, verify_lease, update_job",
    r"\b(order_to_stop|write_down|give_way|giv(e|es|ing) way)\b": (
        "stop_reason, append_log, yield_job, to yield"
    ),
    r"(?i)\bwish|(Scene|Name)Wish": "filters, SceneFilter, EntityFilter, ScheduleSpec",
    r"\bNamed(\(|\]|,|$)|\b(Name(Row|Page|Detail)|list_names|name_detail)\b": (
        "EntityRef, EntityRow, EntityPage, EntityDetail, list_entities, entity_by_id"
    ),
    r"\bPlace\.read\b|\bkept_count\b|import.*\bchosen\b": ("KeysetCursor, sort_named"),
    r"views[./]asking\b|import asking\b": "list_params",
    r"queries[./](names?|(narrow|hold|purg|remov|chang)ing|tree|syncs)\b": (
        "entity_detail, entity_list, filters, deletions, purge_preview, "
        "removal_preview, last_changed_by, tags, sync_runs"
    ),
    r"services[./](connecting|sampling|first_run|buttons|syncing)\b": (
        "connection_test, sample_data, demo_source, -, start_jobs"
    ),
    r"job_handlers[./](opening|regular|exits)\b": (
        "sync_session, default_schedules, exit_codes"
    ),
    r"management[./](first_person|following|choosing|waiting)\b": (
        "first_admin, job_command, source_option, wait_for_job"
    ),
    r"\bpress_(cancel|retry|run|sync|verify|purge|resync|test)\b": (
        "the service itself, which returns a JobRef"
    ),
    r"\bRest\(|\.rest\b|\bportion\b": "WriteThrottle, throttle, batch_size",
    r"sync[./](ahead|rest|run|memory|difference|changes|upserts)\b": (
        "prefetch, throttle, context and session, stream_state, record_diff, "
        "field_diff, statements, PrefetchQueue"
    ),
    r"\bfell\(|\b(never_read|forget_probe)\b": (
        "greatest_id_decreased, needs_full_read, invalidate_probe"
    ),
    r"\b(bury|buried|BURY|robbed|supply\(|ours\(|Slice|Lag)\b|\breferences\.mend": (
        "mark_deleted, scenes_losing_files, ensure_targets, load_stored, RawRecord, "
        "DeferredCounts, resolve_self_links"
    ),
    r"\bDifference\(|\brun\.(tell|charge|left)\b|\bput\(": (
        "IndexDiff, report, attribute_cost, incomplete, upsert"
    ),
    r"\b(ticking|ReadyMade|make_once|SceneChange)\b": (
        "firing, SeededSchedule, ensure_default, HistoryEntry"
    ),
    r"\b(queries\.look|live\.Watch|offer_(card|line|counts)|NET_S)\b": (
        "JobsSnapshot, snapshot, Subscription, push_..., FALLBACK_POLL_S"
    ),
    r"\b(unthreaded|KeptThreads|RequestThreadPool|config[./]threads)\b": (
        "async_middleware, RequestThreads"
    ),
    r"\bjobs[./](leases|backend|registry|context|runner|repairs|pace|retention)\b": (
        "jobs.queue: leases, q2, registry, context, runner, recovery, rate, retention"
    ),
    r"\bjobs[./](supervisor|clusters|processes|routing|nodes|values(?!\())\b": (
        "jobs.worker, jobs.live, jobs.monitoring"
    ),
    r"\bjobs[./](views|urls|answers|forms|metrics|states|consumers)\b": (
        "jobs.web, jobs.monitoring, jobs.enums"
    ),
    r"\b(asker|far_end|furnish(ed)?|stills|Ground|Team)\b": (
        "job_requester, fake_wire, demo_site, fixture_rows, Environment, Fleet"
    ),
}
# Where the old words have to stand.
OLD_NAMES = {
    "CHANGELOG.md",
    "jobs/backend.py",
    "jobs/queue/messages.py",
    "jobs/runner.py",
    "tests/unit/architecture/test_words.py",
    "tests/unit/jobs/test_old_names.py",
}


def public_names() -> dict[str, set[str]]:
    """Return where each public class and function of the program is defined."""
    found: dict[str, set[str]] = {}
    for room in PROGRAM:
        for path in (ROOT / room).rglob("*.py"):
            if "migrations" not in path.parts:
                for name in names_in(path.read_text()):
                    found.setdefault(name, set()).add(str(path.relative_to(ROOT)))
    return found


def names_in(source: str) -> Iterator[str]:
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            targets = [node.name]
        elif isinstance(node, ast.Assign):
            targets = [t.id for t in node.targets if isinstance(t, ast.Name)]
        else:
            continue
        yield from (n for n in targets if not n.startswith("_") and not n.isupper())


def is_one_thing(name: str, places: set[str]) -> bool:
    """Return whether a name may stand in all these places."""
    if len(places) == 1 or name in ALIKE:
        return True
    parts = [set(Path(place).with_suffix("").parts) for place in sorted(places)]
    return any(
        sum(bool(part & one) for part in parts) == 1
        and all(part & (one | other) for part in parts)
        for one, other in SAME_ACT
    )


def test_no_public_name_stands_for_two_things() -> None:
    found = public_names()

    assert len(found) > 500
    twice = {n: sorted(p) for n, p in found.items() if not is_one_thing(n, p)}
    assert twice == {}


def test_names_that_are_alike_are_still_needed() -> None:
    found = public_names()

    assert [name for name in ALIKE if len(found.get(name, ())) < 2] == []


@pytest.mark.parametrize(
    ("places", "allowed"),
    [
        ({"jobs/models.py"}, True),
        ({"jobs/models.py", "syncapp/sync/tally.py"}, False),
        ({"jobs/web/views/jobs.py", "jobs/services.py"}, True),
        ({"jobs/services.py", "syncapp/services/sources.py"}, False),
        ({"jobs/web/views/jobs.py", "syncapp/views/library.py"}, False),
    ],
)
def test_two_things_of_one_name_are_seen(places: set[str], *, allowed: bool) -> None:
    assert is_one_thing("Tally", places) is allowed


def texts() -> Iterator[Path]:
    """Yield all that people read: code, templates, docs. Migrations are data."""
    for folder, pattern in (
        *((room, "*.py") for room in (*PROGRAM, "tests")),
        *(("templates", "*.html"), ("docs", "*.md"), (".", "README.md")),
    ):
        for path in (
            (ROOT / folder).rglob(pattern) if folder != "." else [ROOT / pattern]
        ):
            name = str(path.relative_to(ROOT))
            old = "migrations" in path.parts or name.startswith("tests/upgrade/")
            if not old and name not in OLD_NAMES:
                yield path


@pytest.mark.parametrize(("word", "instead"), GIVEN_UP.items())
def test_words_that_were_given_up_are_gone(word: str, instead: str) -> None:
    pattern = re.compile(word)
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in texts()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if pattern.search(line)
    ]

    assert found == [], f"say instead: {instead}"
