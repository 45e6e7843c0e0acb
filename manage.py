"""Steward's command line: `python manage.py help` lists what it can do."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import DatabaseError, InterfaceError

from jobs.monitoring.troubles import sentence

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as exc:
        sys.stderr.write(f"{exc}\n")
        sys.exit(2)
    except (DatabaseError, InterfaceError, OSError) as exc:
        told = sentence(exc)
        if not told:
            raise
        sys.stderr.write(f"{told}\n")
        sys.exit(2)
