"""Whether requests and jobs can be served: what `/readyz` answers."""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from django.db import DatabaseError, InterfaceError, connection

from jobs.models import WorkerNode
from jobs.monitoring.tables import whose_tables
from jobs.queue import q2

LEAST_FREE = 16 * 2**20  # bytes: a page of records and its log have room


@dataclass(frozen=True, slots=True)
class Readiness:
    database: bool
    migrations: bool  # the tables are those of this program
    worker: bool  # one was heard of lately
    room: bool  # the database can be written, and its disk is not full
    wake_ups: bool = True  # are carried; without, jobs start a few seconds later

    @property
    def ready(self) -> bool:
        return self.database and self.migrations and self.worker and self.room


NOBODY_ANSWERS = Readiness(database=False, migrations=False, worker=False, room=False)


def readiness() -> Readiness:
    """Return whether requests and jobs can be served; raises nothing."""
    carries = q2.ask_carrier()  # and the database meanwhile
    try:
        room = _room()
        if whose_tables() != "ours":
            return replace(NOBODY_ANSWERS, database=True, room=room)
        worker = WorkerNode.objects.alive().exists()
    except (DatabaseError, InterfaceError, OSError):
        return NOBODY_ANSWERS
    return Readiness(
        database=True,
        migrations=True,
        worker=worker,
        room=room,
        wake_ups=carries(),
    )


def _room() -> bool:
    """Ask nothing to be written: a request of a machine must not wait for a writer.

    PostgreSQL's disk is not seen from here; hosts make one that is full read only.
    """
    if connection.vendor == "sqlite":
        folder = Path(connection.settings_dict["NAME"]).parent
        return shutil.disk_usage(folder).free >= LEAST_FREE
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_read_only")
        return bool(cursor.fetchone() == ("off",))
