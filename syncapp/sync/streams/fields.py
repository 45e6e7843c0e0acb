"""Turns the values of records into the values of columns, the same way everywhere."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from syncapp.models.keys import row_id
from syncapp.stash.records import Fingerprint, Ref, StashId
from syncapp.text.documents import SearchTexts, whole_token


def moment(text: str) -> datetime | None:
    """Return RFC3339 `text` as an aware time in UTC; None if empty or not a time.

    A time without a zone is taken as UTC.
    """
    if not text:
        return None
    try:
        parsed = datetime.fromisoformat(text)
        return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def is_another_time(ours: str, theirs: str) -> bool:
    """Return whether two texts tell different times, in whatever zones."""
    if ours == theirs:
        return False
    times = moment(ours), moment(theirs)
    return None not in times and times[0] != times[1]  # one that is none tells nothing


def targets(refs: Iterable[Ref], source_id: int) -> frozenset[int]:
    """Return the row ids that `refs` point to."""
    return frozenset([row_id(source_id, int(ref.id)) for ref in refs])


def target(ref: Ref | None, source_id: int) -> int | None:
    """Return the row id that `ref` points to."""
    return None if ref is None else row_id(source_id, int(ref.id))


def pairs(items: Iterable[StashId] | Iterable[Fingerprint]) -> list[list[str]]:
    """Return pairs of text, sorted: the source gives them in any order."""
    return sorted(
        [item.endpoint, item.stash_id]
        if isinstance(item, StashId)
        else [item.type, item.value]
        for item in items
    )


def named(name: str, aliases: Sequence[str], *others: str) -> SearchTexts:
    """Return by what a row is found that has a name, and other names."""
    whole = dict.fromkeys(whole_token(each) for each in (name, *aliases) if each)
    return SearchTexts(names=(name, *others, *aliases), whole=tuple(whole))
