"""The app that mirrors Stash."""

from django.apps import AppConfig
from django.core.checks import register

from syncapp.checks import CHECKS


class SyncappConfig(AppConfig):
    name = "syncapp"
    verbose_name = "Library"

    def ready(self) -> None:
        for check in CHECKS:
            register(check)
