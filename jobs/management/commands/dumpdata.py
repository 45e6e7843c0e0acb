"""Django's own `dumpdata`, without the queue's tables."""

from typing import Any

from django.core.management.commands import dumpdata

QUEUE = "django_q"


class Command(dumpdata.Command):
    help = (
        f"{dumpdata.Command.help} Leaves out the tables of the queue: they hold "
        "wake-ups alone, and reading them runs what somebody may have planted there."
    )

    def handle(self, *app_labels: str, **options: Any) -> Any:
        exclude = [*options.pop("exclude", ()), QUEUE]
        return super().handle(*app_labels, exclude=exclude, **options)
