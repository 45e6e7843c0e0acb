"""Takes tags, performers and studios away: who uses one, and fixed documents.

Stash takes one away whoever uses it, and what comes back later has another id. So its
use is asked for right before, as far as the server counts it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import msgspec

from syncapp.stash.client import StashClient
from syncapp.stash.documents import NAMED
from syncapp.stash.errors import BadAnswer, StashUnreachable
from syncapp.stash.scene_writing import WriteUnanswered

TAKE_AWAY: Mapping[str, str] = {
    "tag": (
        "mutation TakeTagAway($input: TagDestroyInput!) { tagDestroy(input: $input) }"
    ),
    "performer": (
        "mutation TakePerformerAway($input: PerformerDestroyInput!) "
        "{ performerDestroy(input: $input) }"
    ),
    "studio": (
        "mutation TakeStudioAway($input: StudioDestroyInput!) "
        "{ studioDestroy(input: $input) }"
    ),
}
# What a server may count, and what that is called: one and many.
COUNTED: Mapping[str, tuple[str, str]] = {
    "scene_count": ("scene", "scenes"),
    "scene_marker_count": ("marker", "markers"),
    "image_count": ("image", "images"),
    "gallery_count": ("gallery", "galleries"),
    "performer_count": ("performer", "performers"),
    "studio_count": ("studio", "studios"),
    "group_count": ("group", "groups"),
    "movie_count": ("group", "groups"),
}
# Those that hang below it.
LISTED: Mapping[str, tuple[str, str]] = {
    "children": ("tag below it", "tags below it"),
    "child_studios": ("studio below it", "studios below it"),
}


@dataclass(frozen=True, slots=True)
class EntityUse:
    """How many use an entity; of what, as a person calls it."""

    numbers: Mapping[str, int] = field(default_factory=dict)

    @property
    def words(self) -> str:
        return " and ".join(f"{number:,} {what}" for what, number in self._used())

    def _used(self) -> Iterator[tuple[str, int]]:
        for name, (one, many) in {**COUNTED, **LISTED}.items():
            if number := self.numbers.get(name, 0):
                yield one if number == 1 else many, number


def entity_use(client: StashClient, kind: str, remote_id: int) -> EntityUse | None:
    """Return who uses an entity; None if it is not there."""
    document = use_document(kind, client.server.fields)
    raw = client.ask(document, {"id": str(remote_id)}).data.get("found")
    try:
        found = msgspec.json.decode(raw or b"null", type=dict[str, object] | None)
    except msgspec.MsgspecError:
        raise _senseless(client.url, kind) from None
    if found is None:
        return None
    if str(found.get("id")) != str(remote_id):
        raise _senseless(client.url, kind)
    return EntityUse({name: _number(found[name]) for name in found if name != "id"})


def use_document(kind: str, fields: frozenset[str]) -> str:
    """Return what asks for an entity's use, of what this server knows."""
    entity = NAMED[kind]
    owner = entity.type_name
    counts = [name for name in COUNTED if f"{owner}.{name}" in fields]
    if "group_count" in counts and "movie_count" in counts:
        counts.remove("movie_count")  # the same, as it was called before
    lists = [f"{name} {{ id }}" for name in LISTED if f"{owner}.{name}" in fields]
    asked = " ".join(["id", *counts, *lists])
    found = f"found: {entity.one_root}(id: $id) {{ {asked} }}"
    return f"query UseOf{owner}($id: ID!) {{ {found} }}"


def destroy_entity(client: StashClient, kind: str, remote_id: int) -> None:
    """Take an entity away; sent once.

    Raises QueryFailed if Stash refused it, and so took nothing away; StashBusy if its
    database was locked; WriteUnanswered if nobody knows.
    """
    try:
        client.ask(TAKE_AWAY[kind], {"input": {"id": str(remote_id)}})
    except StashUnreachable as exc:
        raise WriteUnanswered(str(exc)) from exc


def _number(told: object) -> int:
    if isinstance(told, list):
        return len(told)
    return told if isinstance(told, int) else 0


def _senseless(url: str, kind: str) -> BadAnswer:
    return BadAnswer(
        f"Stash at {url} answered in a way that makes no sense when it was asked who "
        f"uses a {kind}, so it was left as it is. Try again, or update Stash."
    )
