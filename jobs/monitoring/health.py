"""Whether requests and jobs can be served: what `/readyz` answers."""

from dataclasses import dataclass

from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor

from jobs.models import WorkerNode
from jobs.queue import q2


@dataclass(frozen=True, slots=True)
class Readiness:
    database: bool
    migrations: bool  # the tables are those of this program
    worker: bool  # one was heard of lately
    wake_ups: bool = True  # are carried; without, jobs start a few seconds later

    @property
    def ready(self) -> bool:
        return self.database and self.migrations and self.worker


NOBODY_ANSWERS = Readiness(database=False, migrations=False, worker=False)


def readiness() -> Readiness:
    """Return whether requests and jobs can be served; raises nothing."""
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            return Readiness(database=True, migrations=False, worker=False)
        worker = WorkerNode.objects.alive().exists()
    except (DatabaseError, InterfaceError):
        return NOBODY_ANSWERS
    return Readiness(
        database=True, migrations=True, worker=worker, wake_ups=q2.carries()
    )
