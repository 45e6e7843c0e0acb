"""Names what differs between two versions of a record, as JSON keeps it."""

from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Any

from syncapp.models.library import SceneFile
from syncapp.sync.stream import FILE_COLUMNS, LinkTable, Parsed, Stream

FieldDiff = dict[str, list[Any]]  # {field: [before, after]}

LONGEST = 500  # characters of a text; of a longer one the beginning is told
MOST = 50  # items of a list; of a longer one the first
_PATH = FILE_COLUMNS.index(SceneFile._meta.get_field("path").attname)


def diff_fields(stream: Stream, before: Parsed, after: Parsed) -> FieldDiff:
    """Return the fields that differ, each with both values.

    What is worked out from others is left out: it tells nothing more.
    Of links and files only what went and what came: row ids, and paths. A path that
    stands on both sides is of a file that differs in something else.
    """
    told = zip(stream.columns, before.values, after.values, strict=True)
    columns = islice(told, stream.told)  # not what is worked out from those
    found: FieldDiff = {
        name: [json_value(old), json_value(new)]
        for name, old, new in columns
        if old != new and name not in stream.derived
    }
    for place, table in enumerate(stream.links):
        old, new = before.links[place], after.links[place]
        if old != new:
            found[link_name(table)] = [_few(old - new), _few(new - old)]
    went, came = _unlike(before.files, after.files), _unlike(after.files, before.files)
    if went or came:
        found["files"] = [went, came]
    return found


def link_name(table: LinkTable) -> str:
    """Return what the links of this table are called: tags, performers, parents."""
    return f"{table.target.removesuffix('_id')}s"


def json_value(value: Any) -> Any:
    """Return a column's value as JSON takes it."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str) and len(value) > LONGEST:
        return value[:LONGEST] + "…"
    if isinstance(value, list):
        return [json_value(item) for item in value[:MOST]]
    return value


def frozen_file(file: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return a row of SceneFile as a value that sets can hold.

    The last two columns are a list and what was worked out from it.
    """
    return (*file[:-2], repr(file[-1]))


def _few(keys: Iterable[int]) -> list[int]:
    return sorted(keys)[:MOST]


def _unlike(
    files: Iterable[tuple[Any, ...]], others: Iterable[tuple[Any, ...]]
) -> list[str]:
    known = {frozen_file(file) for file in others}
    paths = (file[_PATH] for file in files if frozen_file(file) not in known)
    return [json_value(path) for path in sorted(paths)[:MOST]]
