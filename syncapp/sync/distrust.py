"""When a source seems to be restored from a backup, every record is read again."""

from syncapp.sync.context import SyncContext
from syncapp.sync.stream import Stream
from syncapp.sync.stream_state import require_full_reads


def distrust(context: SyncContext, stream: Stream, why: str) -> None:
    """Have every stream read whole that was not in this run, however it may end."""
    if context.distrusted:
        return
    context.distrusted = True
    require_full_reads(context.source_id, context.reporter, but=context.read_whole)
    context.reporter.log(
        "info",
        "read_whole",
        f"{why} The source may have been restored from a backup, so every record of "
        "it is read again.",
        stream=stream.name,
    )


def distrust_what_revived(context: SyncContext) -> None:
    """Distrust the source if a row came back, also as what another one links to."""
    for name, tally in context.tallies.items():
        if tally.revived:
            distrust(context, context.streams[name], f"Deleted {name} are back.")
