"""Refuses another library behind the address, before a record of it is written.

A library's ids and creation times belong together: one in which known ids were made at
other times is another. But a restored backup gives its newest ids anew. So only the
older half of the ids that mirror and source share is looked at.
"""

from collections.abc import Mapping
from typing import NamedTuple

from syncapp.models.keys import row_id, row_range
from syncapp.stash.reading import NEWEST
from syncapp.sync.context import SyncContext
from syncapp.sync.errors import SyncStopped
from syncapp.sync.index import diff_index
from syncapp.sync.probe import Probe
from syncapp.sync.stream import Stream
from syncapp.sync.streams.fields import is_another_time

SHARE = 0.10  # of the ids looked at, that may have been made at other times
# So many of the newest, all made when ours were, belong to no other library.
ENOUGH = 20


class CommonIds(NamedTuple):
    """The older half of the ids that mirror and source share."""

    looked_at: int
    others: int  # of them, made at other times than ours


def refuse_another_library(context: SyncContext, probes: Mapping[str, Probe]) -> None:
    """Raise SyncStopped if these streams, taken together, are another library's.

    `probes` of streams by name. An index is read as well where the newest records tell
    too little.
    """
    found = [
        _common_ids(context, context.streams[name], probes[name]) for name in probes
    ]
    looked_at = sum(common.looked_at for common in found)
    others = sum(common.others for common in found)
    if others <= SHARE * looked_at:
        return
    msg = (
        f"{others} of {looked_at} ids that we know were given at other times than "
        "ours: this looks like another library behind the same address. Nothing was "
        "changed. If it is meant, remove this source and add it again."
    )
    raise SyncStopped(msg, code="another_library")


def _common_ids(context: SyncContext, stream: Stream, probe: Probe) -> CommonIds:
    told = {row.remote_id: row.created_at for row in probe.newest}
    rows = stream.model.objects.filter(
        id__in=[row_id(context.source_id, number) for number in told], deleted_at=None
    )
    kept = rows.order_by("id").values_list("remote_id", "remote_created_text")
    differ = [is_another_time(text, told[number]) for number, text in kept]
    is_plain = len(differ) > ENOUGH and not any(differ)
    if is_plain or len(told) < NEWEST or not _holds_more(context, stream, len(differ)):
        older = differ[: _older_half(len(differ))]
        return CommonIds(len(older), sum(older))
    listed = diff_index(
        stream.model, context.source_id, context.reader.index(stream.entity)
    )
    half = _older_half(listed.known)
    return CommonIds(half, sum(place < half for place in listed.replaced))


def _older_half(of: int) -> int:
    return (of + 1) // 2


def _holds_more(context: SyncContext, stream: Stream, than: int) -> bool:
    """Return whether the mirror has other rows than those that are compared."""
    low, end = row_range(context.source_id)
    rows = stream.model.objects.filter(id__gte=low, id__lt=end, deleted_at=None)
    return rows.order_by().values("id")[: than + 1].count() > than
