"""The jobs app."""

from importlib import import_module

from django.apps import AppConfig
from django.core.checks import register


class JobsConfig(AppConfig):
    name = "jobs"
    verbose_name = "Jobs"

    def ready(self) -> None:
        # Imported here, for the checks reach models, which are loaded by now.
        for check in import_module("jobs.checks").CHECKS:
            register(check)
