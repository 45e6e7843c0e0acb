"""Tags, performers and studios that are made: a frozen list of documents.

Stash takes a name for another's where they differ in ASCII case alone. Before v0.31.1
its filter reads `_` and `%` in what is asked for as any letters, so what it finds is
compared here once more. No document but a mutation's own makes anything, and a mutation
is sent once.
"""

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from syncapp.stash.client import StashClient
from syncapp.stash.documents import NAMED
from syncapp.stash.errors import BadAnswer, StashUnreachable
from syncapp.stash.scene_writing import WriteUnanswered

_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def _find(kind: str, fields: str) -> str:
    entity = NAMED[kind]
    criterion = f"{entity.type_name}FilterType!"
    found = f"{{ found: {entity.name} {{ {fields} }} }}"
    return (
        f"query {entity.type_name}sNamed($name: {criterion}, $alias: {criterion}, "
        "$all: FindFilterType!) "
        f"{{ named: {entity.list_root}({kind}_filter: $name, filter: $all) {found} "
        f"called: {entity.list_root}({kind}_filter: $alias, filter: $all) {found} }}"
    )


FIND: Mapping[str, str] = {
    "tag": _find("tag", "id name aliases"),
    "performer": _find("performer", "id name disambiguation aliases: alias_list"),
    "studio": _find("studio", "id name aliases"),
}
CREATE: Mapping[str, str] = {
    "tag": (
        "mutation CreateTag($input: TagCreateInput!) "
        "{ made: tagCreate(input: $input) { id } }"
    ),
    "performer": (
        "mutation CreatePerformer($input: PerformerCreateInput!) "
        "{ made: performerCreate(input: $input) { id } }"
    ),
    "studio": (
        "mutation CreateStudio($input: StudioCreateInput!) "
        "{ made: studioCreate(input: $input) { id } }"
    ),
}


@dataclass(frozen=True, slots=True)
class NamedAtSource:
    """What the source has by a name or an alias; ids are Stash's."""

    remote_id: int
    name: str
    disambiguation: str
    by_alias: bool


def named_at_source(
    client: StashClient, kind: str, name: str
) -> tuple[NamedAtSource, ...]:
    """Return what is called so, those whose name it is first; one request.

    `kind`: "tag", "performer" or "studio".
    """
    criterion = {"value": name, "modifier": "EQUALS"}
    asked = {
        "name": {"name": criterion},
        "alias": {"aliases": criterion},
        "all": {"per_page": -1, "sort": "id", "direction": "ASC"},
    }
    data = client.ask(FIND[kind], asked).data
    named = _found(data.get("named"), client.url)
    called = _found(data.get("called"), client.url)
    wanted = _folded(name)
    first = [each for each in named if _folded(each.name) == wanted]
    known = {each.id for each in first}
    others = [
        each
        for each in called
        if each.id not in known and wanted in map(_folded, each.aliases)
    ]
    return (
        *(_told(each, by_alias=False) for each in first),
        *(_told(each, by_alias=True) for each in others),
    )


def create_entity(client: StashClient, kind: str, name: str) -> int:
    """Make a tag, performer or studio of this name; returns its id; sent once.

    Raises QueryFailed if Stash refused it, and so made nothing; StashBusy if its
    database was locked; WriteUnanswered if nobody knows.
    """
    try:
        data = client.ask(CREATE[kind], {"input": {"name": name}}).data
    except StashUnreachable as exc:
        raise WriteUnanswered(str(exc)) from exc
    try:
        made = msgspec.json.decode(data.get("made") or b"", type=_Made, strict=False)
    except msgspec.MsgspecError:
        raise _senseless(client.url) from None
    return made.id


class _Made(msgspec.Struct):
    id: int


class _Entity(msgspec.Struct):
    id: int
    name: str
    aliases: list[str]
    disambiguation: str | None = None


class _Page(msgspec.Struct):
    found: list[_Entity]


def _found(raw: msgspec.Raw | None, url: str) -> Sequence[_Entity]:
    try:
        return msgspec.json.decode(raw or b"", type=_Page, strict=False).found
    except msgspec.MsgspecError:
        raise _senseless(url) from None


def _told(entity: _Entity, *, by_alias: bool) -> NamedAtSource:
    return NamedAtSource(
        entity.id, entity.name, entity.disambiguation or "", by_alias=by_alias
    )


def _folded(name: str) -> str:
    return name.strip().translate(_LOWER)


def _senseless(url: str) -> BadAnswer:
    return BadAnswer(
        f"Stash at {url} answered in a way that makes no sense when it was asked for a "
        "name, or to make one. What it has of that name is not known: look there, then "
        "try again."
    )
