"""The clock that counts: the database's, which is one for all machines."""

from datetime import UTC, datetime

from django.db import connection


def database_now() -> datetime:
    """Return the time by the database's clock; it goes on within a transaction."""
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')"
            if sqlite
            else "SELECT STATEMENT_TIMESTAMP()"
        )
        (found,) = cursor.fetchone()
    if sqlite:
        return datetime.fromisoformat(found).replace(tzinfo=UTC)
    at: datetime = found
    return at.astimezone(UTC)
