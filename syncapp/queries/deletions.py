"""Deletions that wait for a person: which they are, as far as the source said."""

from dataclasses import dataclass
from datetime import datetime

from syncapp.models import StreamState
from syncapp.models.keys import row_id
from syncapp.queries.entity_list import EntityRef, shown_name
from syncapp.queries.sources import SourceLine, source_line
from syncapp.sync.streams import STREAMS


@dataclass(frozen=True, slots=True)
class HeldDeletions:
    source: SourceLine
    stream: str
    count: int  # of all, as far as a sample tells
    live: int  # rows that are here, those among them
    since: datetime | None
    sample: tuple[EntityRef, ...]  # the source said of each that it is gone

    @property
    def url_name(self) -> str:
        """Return the name of the address of one of these rows."""
        return f"syncapp:{self.stream.removesuffix('s')}"


def held_deletions(source_id: int, stream: str) -> HeldDeletions | None:
    """Return what the guard holds of a stream; None if it holds nothing."""
    found = next((each for each in STREAMS if each.name == stream), None)
    source = source_line(source_id)
    state = StreamState.objects.filter(
        source_id=source_id, stream=stream, held_deletions__gt=0
    ).first()
    if found is None or source is None or state is None:
        return None
    keys = [row_id(source_id, number) for number in state.held_ids]
    type_name, columns = found.entity.type_name, ["id", "remote_id", found.columns[0]]
    if "disambiguation" in found.columns:
        columns.append("disambiguation")
    rows = found.model.objects.filter(id__in=keys).order_by("id")
    live = found.model.objects.filter(source_id=source_id, deleted_at=None)
    return HeldDeletions(
        source=source,
        stream=stream,
        count=state.held_deletions,
        live=live.count(),
        since=state.held_since,
        sample=tuple(
            EntityRef(key, shown_name(name or f"{type_name} {number}", *notes))
            for key, number, name, *notes in rows.values_list(*columns)
        ),
    )
