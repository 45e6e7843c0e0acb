"""Row ids of the mirror: one number out of source and remote id.

No look-ups are needed to link rows, and foreign keys have a single column.
"""

REMOTE_BITS = 40


def row_id(source_id: int, remote_id: int) -> int:
    """Return the id under which the mirror keeps this remote object."""
    return (source_id << REMOTE_BITS) | remote_id


def remote_id(key: int) -> int:
    """Return the id that the source itself uses for the row `key`."""
    return key & ((1 << REMOTE_BITS) - 1)


def source_of(key: int) -> int:
    """Return the id of the source whose object the row `key` mirrors."""
    return key >> REMOTE_BITS


def row_range(source_id: int) -> tuple[int, int]:
    """Return the first row id of this source and the first of the next one."""
    return source_id << REMOTE_BITS, (source_id + 1) << REMOTE_BITS
