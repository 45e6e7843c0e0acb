"""Names to choose from while one types, for the filters of scenes."""

from dataclasses import dataclass
from typing import cast

from django.core.cache import cache

from syncapp.models import Performer, Studio, Tag
from syncapp.queries.entity_list import shown_name

MOST_NAMES = 100
KEPT_S = 60  # what is suggested need not be of this moment


@dataclass(frozen=True, slots=True)
class Suggestions:
    """The names that most scenes have."""

    studios: tuple[str, ...]
    tags: tuple[str, ...]
    performers: tuple[str, ...]


def suggested_names() -> Suggestions:
    """Return the names of what has most scenes; up to a minute old."""
    return cast(
        Suggestions, cache.get_or_set("suggestions", _suggested, timeout=KEPT_S)
    )


def _suggested() -> Suggestions:
    return Suggestions(_often(Studio), _often(Tag), _often(Performer))


def _often(model: type[Studio] | type[Tag] | type[Performer]) -> tuple[str, ...]:
    rows = model.objects.filter(deleted_at=None).order_by("-scene_count", "-id")
    notes = ("disambiguation",) if model is Performer else ()
    names = rows.exclude(name="").values_list("name", *notes)[:MOST_NAMES]
    return tuple(dict.fromkeys(shown_name(*name) for name in names))
