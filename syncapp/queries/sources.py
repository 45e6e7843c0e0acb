"""Sources, for pages and commands: of the API key only whether one is set."""

from dataclasses import dataclass
from datetime import datetime

from django.db import Error, connection

from syncapp.models import Source


@dataclass(frozen=True, slots=True)
class SourceLine:
    source_id: int
    name: str
    url: str
    read_only: bool
    is_demo: bool
    key_set: bool
    version: str
    reached_at: datetime | None
    trouble: str
    trouble_since: datetime | None


def list_sources() -> tuple[SourceLine, ...]:
    """Return all sources, the oldest first."""
    return tuple(
        SourceLine(
            source_id=source.pk,
            name=source.name,
            url=source.url,
            read_only=source.read_only,
            is_demo=source.is_demo,
            key_set=source.api_key != "",
            version=source.version,
            reached_at=source.reached_at,
            trouble=source.trouble,
            trouble_since=source.trouble_since,
        )
        for source in Source.objects.order_by("id")
    )


def database_answers() -> bool:
    """Return whether the database can be read."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone())
    except Error:
        return False
