"""Writes to scenes: a frozen list of documents, each sent once and never again blindly.

Stash has no conditional update. So a write is one document of two mutations, which
Stash runs one after the other: the first changes nothing and shows what stood there at
that moment, the second writes and shows what stands there now. Between the halves an
edit can still come, so they are as short as can be: links are told only where they are
written, for Stash reads each kind of them by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from syncapp.stash.client import StashClient
from syncapp.stash.errors import BadAnswer, StashUnreachable

# Never `updated_at`: stamps are no evidence, two edits of one second share one.
_VALUES = (
    "id title details date rating100 organized "
    "studio { id } performers { id } tags { id }"
)
SCENE_NOW = f"query SceneNow($id: ID!) {{ findScene(id: $id) {{ {_VALUES} }} }}"
_TOUCHED = (
    "id title details date rating100 organized studio @include(if: $studio) { id } "
    "performers @include(if: $performers) { id } tags @include(if: $tags) { id }"
)
_LINKS = ", ".join(
    f"${name}: Boolean! = true" for name in ("studio", "performers", "tags")
)
WRITE_SCENE = (
    "mutation WriteScene($seen: BulkSceneUpdateInput!, $input: BulkSceneUpdateInput!, "
    f"{_LINKS}) {{ seen: bulkSceneUpdate(input: $seen) {{ {_TOUCHED} }} "
    f"wrote: bulkSceneUpdate(input: $input) {{ {_TOUCHED} }} }}"
)
# Where a plugin hooks updates of scenes, `seen` would run it a second time.
WRITE_SCENE_UNSEEN = (
    f"mutation WriteSceneUnseen($input: BulkSceneUpdateInput!, {_LINKS}) "
    f"{{ wrote: bulkSceneUpdate(input: $input) {{ {_TOUCHED} }} }}"
)
HOOKS = "query Hooks { plugins { name enabled hooks { name hooks } } }"
UPDATE_HOOK = "Scene.Update.Post"


class WriteUnanswered(StashUnreachable):
    """A write was sent and its answer is lost: it may have landed, or land later."""

    code = "write_unanswered"


@dataclass(frozen=True, slots=True)
class SceneValues:
    """What can be changed of a scene, as Stash tells it; ids are Stash's."""

    title: str = ""
    details: str = ""
    date: str = ""
    rating: int | None = None
    organized: bool = False
    studio: int | None = None
    performers: frozenset[int] = frozenset()
    tags: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class SceneWritten:
    """A scene around a write of ours."""

    # Links that were not written are told empty.
    seen: SceneValues | None  # at the moment before; None where it was not shown
    wrote: SceneValues  # at the moment after, what plugins wrote in it


def scene_now(client: StashClient, remote_id: int) -> SceneValues | None:
    """Return what can be changed of a scene; None if it is not there."""
    found = client.ask(SCENE_NOW, {"id": str(remote_id)}).data
    return _known(found.get("findScene"), client.url)


def scenes_now(
    client: StashClient, remote_ids: Sequence[int]
) -> dict[int, SceneValues | None]:
    """Return what can be changed of each of these scenes; one request."""
    names = _aliases(len(remote_ids))
    asked = dict(zip(names, map(str, remote_ids), strict=True))
    data = client.ask(scenes_now_document(len(remote_ids)), asked).data
    found = zip(remote_ids, (data.get(name) for name in names), strict=True)
    return {number: _known(scene, client.url) for number, scene in found}


def scenes_now_document(count: int) -> str:
    """Return the document that reads so many scenes; its variables are i0, i1 ..."""
    names = _aliases(count)
    wanted = ", ".join(f"${name}: ID!" for name in names)
    parts = " ".join(
        f"{name}: findScene(id: ${name}) {{ {_VALUES} }}" for name in names
    )
    return f"query ScenesNow({wanted}) {{ {parts} }}"


def _aliases(count: int) -> list[str]:
    return [f"i{place}" for place in range(count)]


def write_scene(
    client: StashClient, remote_id: int, given: Mapping[str, Any], *, look: bool = True
) -> SceneWritten:
    """Write `given`, an input of `bulkSceneUpdate` without its ids; sent once.

    Without `look` the moment before is not shown.

    Raises QueryFailed if Stash refused it, and so wrote nothing; StashBusy if its
    database was locked; WriteUnanswered if nobody knows.
    """
    variables = scene_variables(remote_id, given, look=look)
    document = WRITE_SCENE if look else WRITE_SCENE_UNSEEN
    try:
        answer = client.ask(document, variables, partial=True)
    except StashUnreachable as exc:
        raise WriteUnanswered(str(exc)) from exc
    seen, wrote = answer.data.get("seen"), answer.data.get("wrote")
    if wrote is None and answer.errors:
        raise client.failure_of(answer)
    # The first half may fail alone, locked for a moment: the second has written.
    before = None if seen is None else _only(seen, client.url)
    return SceneWritten(before, _only(wrote, client.url))


def scene_variables(
    remote_id: int, given: Mapping[str, Any], *, look: bool = True
) -> dict[str, Any]:
    """Return what a write of `given` sends beside its document."""
    ids = {"ids": [str(remote_id)]}
    variables: dict[str, Any] = {
        "input": {**ids, **given},
        "studio": "studio_id" in given,
        "performers": "performer_ids" in given,
        "tags": "tag_ids" in given,
    }
    return {"seen": ids, **variables} if look else variables


def update_hooks(client: StashClient) -> tuple[str, ...]:
    """Return the names of the plugins that run when a scene is updated."""
    raw = client.ask(HOOKS, {}).data.get("plugins")
    try:
        plugins = msgspec.json.decode(raw or b"[]", type=list[_Plugin])
    except msgspec.MsgspecError:
        raise _senseless(client.url) from None
    return tuple(
        plugin.name
        for plugin in plugins
        if plugin.enabled
        and any(UPDATE_HOOK in (hook.hooks or ()) for hook in plugin.hooks or ())
    )


class _Ref(msgspec.Struct):
    id: int


class _Scene(msgspec.Struct):
    title: str | None
    details: str | None
    date: str | None
    rating100: int | None
    organized: bool
    studio: _Ref | None = None
    performers: list[_Ref] = []
    tags: list[_Ref] = []


class _Hook(msgspec.Struct):
    hooks: list[str] | None = None


class _Plugin(msgspec.Struct):
    name: str
    enabled: bool = True
    hooks: list[_Hook] | None = None


def _only(scenes: msgspec.Raw | None, url: str) -> SceneValues:
    try:
        (scene,) = msgspec.json.decode(scenes or b"", type=list[msgspec.Raw])
    except (msgspec.MsgspecError, ValueError):
        raise _senseless(url) from None
    return _values(scene, url)


def _known(scene: msgspec.Raw | None, url: str) -> SceneValues | None:
    return None if scene is None else _values(scene, url)


def _values(raw: msgspec.Raw, url: str) -> SceneValues:
    try:
        scene = msgspec.json.decode(raw, type=_Scene, strict=False)
    except msgspec.MsgspecError:
        raise _senseless(url) from None
    return SceneValues(
        title=scene.title or "",
        details=scene.details or "",
        date=scene.date or "",
        rating=scene.rating100,
        organized=scene.organized,
        studio=None if scene.studio is None else scene.studio.id,
        performers=frozenset(each.id for each in scene.performers),
        tags=frozenset(each.id for each in scene.tags),
    )


def _senseless(url: str) -> BadAnswer:
    return BadAnswer(
        f"Stash at {url} answered a write in a way that makes no sense, so what the "
        "scene holds now is not known. Read the scene, then try again."
    )
