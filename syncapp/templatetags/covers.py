"""How the picture of a row stands on a page."""

from datetime import datetime
from typing import Any

from django import template
from django.conf import settings

register = template.Library()


@register.inclusion_tag("syncapp/_cover.html")
def cover(
    kind: str, row_id: int, updated_at: datetime, *, alt: str = "", wait: bool = True
) -> dict[str, Any]:
    """Show the picture of a scene, performer, tag or studio; nothing if they are off.

    Its address changes with the row. `wait`: until it comes into view.
    """
    return {
        "is_on": settings.COVERS,
        "kind": kind,
        "row_id": row_id,
        "version": int(updated_at.timestamp()),
        "alt": alt,
        "wait": wait,
    }
