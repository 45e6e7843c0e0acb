"""Where a browser finds in Stash what is mirrored here."""

from syncapp.models import Source
from syncapp.models.library import Mirrored


def page_in_stash(source: Source, kind: str, row: Mirrored) -> str:
    """Return the address of a row's page in Stash; empty if it was removed there."""
    if row.deleted_at is not None:
        return ""
    base = source.public_url or source.url
    return f"{base.rstrip('/')}/{kind}/{row.remote_id}"
