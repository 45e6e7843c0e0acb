"""The jobs app."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import register
from django.db.backends.signals import connection_created


def let_go_when_frozen(connection: Any, **_: Any) -> None:
    """Have PostgreSQL end a session that stands still in the middle of a transaction.

    A process that is frozen there holds its locks, and keeps waiting who would take its
    job back. Pages share a pool, and their transactions hold no job for long.
    """
    if connection.vendor == "postgresql" and settings.ROLE != "web":
        still_ms = round(settings.JOB_LEASE_S * 1000)
        with connection.cursor() as cursor:
            cursor.execute(f"SET idle_in_transaction_session_timeout = {still_ms}")


class JobsConfig(AppConfig):
    name = "jobs"
    verbose_name = "Jobs"

    def ready(self) -> None:
        # Imported here, for the checks reach models, which are loaded by now.
        for check in import_module("jobs.checks").CHECKS:
            register(check)
        connection_created.connect(let_go_when_frozen)
