"""Takes this machine's keys for those of the database."""

from typing import Any

from django.core.management.base import BaseCommand

from jobs import keys


class Command(BaseCommand):
    help = (
        "Use this machine's keys with the database from now on, after they were "
        "changed on purpose. Other machines need them too."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        keys.accept_keys()
        self.stdout.write(
            "From now on this database is used with this machine's keys. Everybody "
            "signs in again; API keys that another key encrypted are to be typed anew."
        )
