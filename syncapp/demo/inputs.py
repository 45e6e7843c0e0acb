"""What a mutation's input sets: left out is untouched, null is cleared."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from syncapp.demo.catalogue import Record
from syncapp.demo.finding import whole
from syncapp.demo.library import Library, LibraryError

Input = Mapping[str, Any]

# Names of inputs that stand for a relation, and the kind they point at.
LINKS = {
    "tag_ids": ("tags", "tag"),
    "performer_ids": ("performers", "performer"),
    "parent_ids": ("parents", "tag"),
}
LISTS = {"urls", "aliases", "alias_list"}
FLAGS = {"organized", "favorite", "ignore_auto_tag"}
# A date alone, or with a time to the second, which is cut off.
STORED_DATE = re.compile(
    r"(\d{4}-\d\d-\d\d)"
    r"( \d\d:\d\d:\d\d|T\d\d:\d\d:\d\d([.,]\d+)?(Z|[+-]\d\d:\d\d))?",
    re.ASCII,
)
DATES = {"date", "birthdate", "death_date"}
# Never null in an answer.
TEXTS = {
    *("title", "code", "details", "director", "name", "disambiguation", "country"),
    *("description", "sort_name"),
}
# Stash takes these in a scene's input and does nothing with them.
IGNORED = {"id", "ids", "resume_time"}
COUNTS = {"o_counter", "play_count"}
IGNORES_COUNTS_SINCE = (0, 25)
# Stash tells the statement that failed before; nobody should compare the whole text.
UNLINKED = "writing a link: FOREIGN KEY constraint failed"
TRIMS_SINCE = PARTIAL_DATES_SINCE = (0, 30)


def changes(library: Library, given: Input) -> dict[str, Any]:
    """Return the fields that an input sets, and to what."""
    left_out = IGNORED | ({"url"} if "urls" in given else set())
    if library.release >= IGNORES_COUNTS_SINCE:
        left_out |= COUNTS
    return dict(
        _change(library, name, value)
        for name, value in given.items()
        if name not in left_out
    )


def _change(library: Library, name: str, value: Any) -> tuple[str, Any]:
    """Return which field a part of an input sets, and to what."""
    if name in LINKS:
        field, kind = LINKS[name]
        return field, linked(library, kind, value or ())
    if name in LISTS:
        return name, texts(library, value or ())
    if name == "url":
        return "urls", texts(library, [value] if value else ())
    if name in {"studio_id", "parent_id"}:
        field = "studio" if name == "studio_id" else "parent_studio"
        none = value is None
        return field, None if none else linked(library, "studio", [value])[0]
    if name == "stash_ids":
        return name, _stash_ids(library, value or ())
    return name, _scalar(library, name, value)


def _scalar(library: Library, name: str, value: Any) -> Any:
    if value is None and (name in FLAGS or name == "play_duration"):
        kind = "bool" if name in FLAGS else "float64"
        msg = (
            f"Internal system error. Error <null value not allowed in optional {kind}>"
        )
        raise LibraryError(msg)
    if name in DATES:
        return _date(library, name, value) if value else None
    if name in TEXTS:
        return texts(library, [value or ""])[0]
    return value


def texts(library: Library, given: Iterable[str]) -> list[str]:
    """Return texts as they are stored."""
    if library.release < TRIMS_SINCE:
        return list(given)
    return [text.strip() for text in given]


def _date(library: Library, name: str, text: str) -> str:
    """Return a date as it is stored: whole, or from 0.30 on a month or a year."""
    partial = library.release >= PARTIAL_DATES_SINCE
    if partial and re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2]))?", text, re.ASCII):
        return text
    whole_date = STORED_DATE.fullmatch(text)
    try:
        return date.fromisoformat(whole_date[1] if whole_date else "").isoformat()
    except ValueError:
        failed = f"ParseDateStringAsTime failed: dateString <{text}>"
        if partial:
            failed = f'failed to parse date "{text}": [{failed}]'
        msg = f"converting {name}: {failed}"
        raise LibraryError(msg) from None


def linked(library: Library, kind: str, given: Iterable[Any]) -> list[int]:
    """Return the numbers of objects that are there, each once."""
    numbers = [whole(text, "converting ids: ") for text in given]
    for number in numbers:
        if library.get(kind, number) is None:
            raise LibraryError(UNLINKED)
    return list(dict.fromkeys(numbers))


def _stash_ids(library: Library, given: Iterable[Input]) -> list[Record]:
    now = library.timestamp()
    found = [{**one, "updated_at": one.get("updated_at") or now} for one in given]
    if len({one["endpoint"] for one in found}) < len(found):
        msg = "UNIQUE constraint failed: stash_ids.endpoint"
        raise LibraryError(msg)
    return found
