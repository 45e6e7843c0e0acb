"""Which names the library refuses: blank ones, and those that another object has."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from syncapp.demo.library import Library, LibraryError

# Until here "_" and "%" in a new name stand for any letter and any letters.
EXACT_SINCE = (0, 31, 1)
TAGS_NAMED_SINCE = (0, 27)


def like(pattern: str, text: str) -> bool:
    """Compare as SQLite's LIKE does: "_" and "%" are wild, case counts beyond ASCII."""
    wild = {"_": ".", "%": ".*"}
    parts = (wild.get(one) or re.escape(one) for one in pattern)
    flags = re.IGNORECASE | re.ASCII | re.DOTALL
    return re.fullmatch("".join(parts), text, flags) is not None


def same(library: Library, new: str, old: str) -> bool:
    """Say whether a new name is taken by an old one."""
    if library.release >= EXACT_SINCE:
        return re.fullmatch(re.escape(new), old, re.IGNORECASE | re.ASCII) is not None
    return like(new, old)


def check_blank(library: Library, kind: str, fields: Mapping[str, Any]) -> None:
    asked = kind != "tag" or library.release >= TAGS_NAMED_SINCE
    if fields.get("name") == "" and asked:
        msg = f"{kind} name must not be blank"
        raise LibraryError(msg)


def check_unique(
    library: Library, kind: str, fields: Mapping[str, Any], *, own: int | None
) -> None:
    """Refuse a name or alias that another tag or studio has as its name or alias."""
    check_blank(library, kind, fields)
    given = [fields["name"]] if "name" in fields else []
    for text in [*given, *fields.get("aliases", ())]:
        for other in _others(library, kind, own):
            if same(library, text, other["name"]):
                msg = f"{kind} with name '{text}' already exists"
                raise LibraryError(msg)
            if any(same(library, text, alias) for alias in other["aliases"]):
                msg = f"name '{text}' is used as alias for '{other['name']}'"
                raise LibraryError(msg)


def check_performer(
    library: Library, person: Mapping[str, Any], *, own: int | None
) -> None:
    """Refuse a name with its disambiguation that another performer has."""
    check_blank(library, "performer", person)
    name, apart = person["name"], person["disambiguation"]
    for other in _others(library, "performer", own):
        if _one_group(library, apart, other["disambiguation"]) and same(
            library, name, other["name"]
        ):
            rest = f" and disambiguation '{apart}'" if apart else ""
            msg = f"performer with name '{name}'{rest} already exists"
            raise LibraryError(msg)
    if (twice := _twice([name, *person["alias_list"]])) is not None:
        msg = f"performer contains duplicate alias '{twice}'"
        raise LibraryError(msg)
    born, died = person["birthdate"], person["death_date"]
    if born and died and died < born:
        msg = f"death date {died} should be after birthdate {born}"
        raise LibraryError(msg)


def _one_group(library: Library, new: str, old: str) -> bool:
    """Say whether what tells two performers apart does not; it is a pattern as well."""
    return same(library, new, old) if new and old else new == old


def _others(
    library: Library, kind: str, own: int | None
) -> Iterator[Mapping[str, Any]]:
    return (one for one in library.records(kind) if one["id"] != own)


def _twice(texts: Iterable[str]) -> str | None:
    """Return the first text that stands there a second time, whatever its case."""
    seen: set[str] = set()
    for text in texts:
        if text.casefold() in seen:
            return text
        seen.add(text.casefold())
    return None
