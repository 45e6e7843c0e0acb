"""Marks rows whose remote object is gone; never drops one."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from django.db.models import Count

from syncapp.models.history import What
from syncapp.models.keys import remote_id, row_id
from syncapp.stash.batches import batches
from syncapp.sync.context import SyncContext
from syncapp.sync.dirty import mark_linking_dirty
from syncapp.sync.guard import say_unconfirmed
from syncapp.sync.history import history_statements
from syncapp.sync.session import SyncSession
from syncapp.sync.statements import Row, Statements, add_to_counts, execute
from syncapp.sync.stream import Stream

ASKED_TOGETHER, BATCH = 250, 500


def confirm_and_mark(
    session: SyncSession, stream: Stream, keys: Sequence[int]
) -> list[int]:
    """Tombstone what the source confirms to be gone; returns remote ids still alive.

    An index may miss a live record (rows shift while it is read by page number), so
    each id is asked for alone before its row is marked.
    """
    context = session.context
    alive: list[int] = []
    for batch in batches(keys, ASKED_TOGETHER):
        context.reporter.check()
        ids = [remote_id(key) for key in batch]
        answer = context.reader.confirm(stream.entity, ids)
        gone = [row_id(context.source_id, n) for n in sorted(answer.gone)]
        mark_deleted(session, stream, gone)
        alive.extend(sorted(answer.alive))
        if answer.unknown:
            say_unconfirmed(context, stream, len(answer.unknown))
    return alive


def mark_deleted(session: SyncSession, stream: Stream, keys: Sequence[int]) -> None:
    """Tombstone rows, and mark in the same transaction all that linked to them.

    Ids that are tombstoned already, or were never mirrored, are passed over.
    """
    context = session.context
    for batch in batches(keys, BATCH):
        rows = stream.model.objects.filter(id__in=batch)
        alive = list(rows.filter(deleted_at=None).values_list("id", flat=True))
        if not alive:
            continue
        with context.reporter.atomic():
            execute(_uncount(context, stream, alive))
            _mark(context, stream, alive)
            for owner in context.streams.values():
                mark_linking_dirty(owner, stream, alive)
        context.has_change_set = True
        context.tally(stream).gone += len(alive)
    session.references.forget(stream, keys)


def _mark(context: SyncContext, stream: Stream, keys: Sequence[int]) -> None:
    """Tombstone live rows, with an entry each: a row that comes back forgets it."""
    now, job_id = datetime.now(UTC), context.reporter.job_id
    stream.model.objects.filter(id__in=keys).update(
        deleted_at=now,
        synced_at=now,
        unsettled=False,
        changed_by_job=job_id,
        deleted_by_job=job_id,
    )
    entries: list[Row] = [
        (stream.name, key, now, job_id, What.WENT.value, {}) for key in keys
    ]
    execute([*history_statements(entries), *context.change_set()])


def _uncount(context: SyncContext, stream: Stream, keys: Sequence[int]) -> Statements:
    """Take rows that are about to be tombstoned out of the counts of their targets."""
    statements: Statements = []
    for table in stream.links:
        if table.counted:
            rows = table.model.objects.filter(**{f"{table.owner}__in": keys})
            found = rows.values_list(table.target).annotate(n=Count(table.owner))
            target = context.streams[table.to].model
            deltas = [(to, -n) for to, n in found.order_by()]
            statements += add_to_counts(target, deltas)
    for column in stream.to_one:
        if column.counted:
            held = stream.model.objects.filter(id__in=keys, deleted_at=None)
            counter = Counter(held.values_list(column.column, flat=True))
            counter.pop(None, None)
            target = context.streams[column.to].model
            statements += add_to_counts(target, [(to, -n) for to, n in counter.items()])
    return statements
