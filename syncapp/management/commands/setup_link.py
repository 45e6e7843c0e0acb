"""Makes a new setup code and prints the link with it."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from syncapp.management.first_admin import address, invite


class Command(BaseCommand):
    help = (
        "Make a new setup code and print the link for the first administrator. "
        "Codes made before are good no longer."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        invitation = invite(address(settings.HOST, settings.PORT), terminal=True)
        if invitation is None:
            msg = (
                "Steward has been set up already: sign in. If no administrator can, "
                "make one with `manage.py createsuperuser`."
            )
            raise CommandError(msg)
        self.stdout.write(invitation.sentence)
