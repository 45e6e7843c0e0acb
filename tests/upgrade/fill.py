"""Fills a database as a person would have who used the state before; see build.py.

It runs in the tree of that state and asks for its parts by the names they had then.
"""

import sys
from datetime import UTC, datetime
from typing import Any

import django
from django.utils.module_loading import import_string

LONG_AGO = datetime(2024, 5, 17, 12, 0, tzinfo=UTC)  # what is due then stays due
PORT, API_KEY, SCENES = 9_987, "between-tides", 20


def then(name: str) -> Any:
    """Return what the state before called so."""
    return import_string(name)


def sync(source_id: int, mode: str, *, by: int, streams: tuple[str, ...] = ()) -> None:
    ref = then("syncapp.services.start_sync")(source_id, mode, streams, by=by)
    then("jobs.services.run_inline")(ref.job_id)


def make_mirror(demo: Any, by: int) -> int:
    """Mirror a demo server, twice, for the history; returns the source's id."""
    add = then("syncapp.services.add_source")
    source_id: int = add("Film archive", demo.url, API_KEY)
    sync(source_id, "full", by=by)
    for number in (3, 4, 5):
        demo.library.edit("scene", number, title=f"Harbour at Dusk {number}")
    demo.library.delete("scene", 6)
    sync(source_id, "quick", by=by)
    return source_id


def fail_a_sync(demo: Any, source_id: int, by: int) -> None:
    """Have a full sync fail for good, on the way: it leaves its checkpoint."""
    demo.faults.login(times=9, operation="ScenePage")
    sync(source_id, "full", by=by)
    demo.faults.clear()


def make_schedules() -> None:
    """Let a person turn one off and delete another; the third is due since long ago."""
    services = "jobs.scheduling.services"
    for schedule in then("jobs.models.Schedule").objects.filter(kind="sync.quick"):
        then(f"{services}.disable_schedule")(schedule.pk)
    for schedule in then("jobs.models.Schedule").objects.filter(kind="sync.full"):
        then(f"{services}.delete_schedule")(schedule.pk)
    then("jobs.scheduling.tick")(LONG_AGO)  # plans what was never planned


def queue_jobs(source_id: int, by: int) -> None:
    """Leave two jobs in the queue, of which one has lost a worker, and a tick."""
    kinds = then("jobs.registry.kinds")()
    purge = then("syncapp.services.purge_tombstones")
    ref = purge(source_id, 30, by=by)
    then("jobs.leases.claim")(kinds, worker_id="gone", only=ref.job_id)
    then("jobs.repairs.abandon")("gone", blame=None)
    purge(source_id, 365, by=by)
    then("jobs.backend.install_tick")()
    then("django_q.scheduler.scheduler")()


def main() -> int:
    """Fill the database, which is migrated and empty."""
    django.setup()
    by = then("syncapp.services.make_administrator")("ada", "between-tides-1931")
    library = then("syncapp.demo.Library")(seed=1, scenes=SCENES)
    server = then("syncapp.demo.DemoServer")
    with server(library, port=PORT, api_key=API_KEY) as demo:
        source_id = make_mirror(demo, by)
        fail_a_sync(demo, source_id, by)
    make_schedules()
    queue_jobs(source_id, by)
    return 0


if __name__ == "__main__":
    sys.exit(main())
