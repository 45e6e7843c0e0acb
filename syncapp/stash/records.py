"""Records as Stash tells them: frozen values, decoded and checked in one step.

Text that is null becomes "", a list that is null becomes (), a flag False; numbers
that are null stay None. What we do not know is left out. Dates stay text: Stash allows
"2011" and "2011-04".
"""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Optional, TypeVar

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import fields, force_setattr

from syncapp.stash.errors import BadRecord
from syncapp.stash.server import UNREADABLE

T = TypeVar("T")
R = TypeVar("R")

# Below 10**12, and so within the 40 bits that a remote id may have.
Id = Annotated[str, Meta(pattern=r"\A[1-9][0-9]{0,11}\Z")]
Stamp = Annotated[str, Meta(min_length=1, max_length=64)]
Int32 = Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)]
Int64 = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
if TYPE_CHECKING:
    # Null on the wire, its default once decoded: readers never meet None.
    Nullable = Annotated[T, "null on the wire"]
else:
    Nullable = Optional[T]  # noqa: UP045 - a generic alias


class _Values(Struct, frozen=True, gc=False):
    """Puts the default in the place of each null."""

    def __post_init__(self) -> None:
        for name, default in _defaults(type(self)):
            if getattr(self, name) is None:
                force_setattr(self, name, default)


@cache
def _defaults(shape: type[Struct]) -> tuple[tuple[str, Any], ...]:
    """Return the fields of `shape` that have a default other than None."""
    return tuple(
        (field.name, field.default)
        for field in fields(shape)
        if field.default not in {None, msgspec.NODEFAULT}
    )


class Ref(Struct, frozen=True, gc=False):
    id: Id


class StashId(Struct, frozen=True, gc=False):
    endpoint: str
    stash_id: str


class Fingerprint(Struct, frozen=True, gc=False):
    type: str
    value: str


class _Record(_Values, frozen=True, kw_only=True):
    id: Id
    created_at: Stamp
    updated_at: Stamp


class TagRecord(_Record, frozen=True, kw_only=True):
    name: str
    sort_name: Nullable[str] = ""
    description: Nullable[str] = ""
    aliases: Nullable[tuple[str, ...]] = ()
    ignore_auto_tag: Nullable[bool] = False
    favorite: Nullable[bool] = False
    stash_ids: Nullable[tuple[StashId, ...]] = ()
    parents: Nullable[tuple[Ref, ...]] = ()


class StudioRecord(_Record, frozen=True, kw_only=True):
    name: str
    urls: Nullable[tuple[str, ...]] = ()
    details: Nullable[str] = ""
    aliases: Nullable[tuple[str, ...]] = ()
    ignore_auto_tag: Nullable[bool] = False
    favorite: Nullable[bool] = False
    rating100: Int32 | None = None
    stash_ids: Nullable[tuple[StashId, ...]] = ()
    parent_studio: Ref | None = None
    tags: Nullable[tuple[Ref, ...]] = ()


class PerformerRecord(_Record, frozen=True, kw_only=True):
    name: str
    disambiguation: Nullable[str] = ""
    urls: Nullable[tuple[str, ...]] = ()
    gender: Nullable[str] = ""
    birthdate: Nullable[str] = ""
    death_date: Nullable[str] = ""
    country: Nullable[str] = ""
    details: Nullable[str] = ""
    alias_list: Nullable[tuple[str, ...]] = ()
    ignore_auto_tag: Nullable[bool] = False
    favorite: Nullable[bool] = False
    rating100: Int32 | None = None
    stash_ids: Nullable[tuple[StashId, ...]] = ()
    tags: Nullable[tuple[Ref, ...]] = ()


class FileRecord(_Values, frozen=True, kw_only=True):
    id: Id
    path: str
    basename: Nullable[str] = ""
    size: Int64 | None = None
    mod_time: Nullable[str] = ""
    created_at: Nullable[str] = ""
    updated_at: Nullable[str] = ""
    format: Nullable[str] = ""
    width: Int32 | None = None
    height: Int32 | None = None
    duration: float | None = None
    video_codec: Nullable[str] = ""
    audio_codec: Nullable[str] = ""
    frame_rate: float | None = None
    bit_rate: Int64 | None = None
    fingerprints: Nullable[tuple[Fingerprint, ...]] = ()


class SceneRecord(_Record, frozen=True, kw_only=True):
    title: Nullable[str] = ""
    code: Nullable[str] = ""
    details: Nullable[str] = ""
    director: Nullable[str] = ""
    date: Nullable[str] = ""
    rating100: Int32 | None = None
    organized: Nullable[bool] = False
    urls: Nullable[tuple[str, ...]] = ()
    o_counter: Int32 | None = None
    play_count: Int32 | None = None
    play_duration: float | None = None
    resume_time: float | None = None
    last_played_at: Nullable[str] = ""
    studio: Ref | None = None
    tags: Nullable[tuple[Ref, ...]] = ()
    performers: Nullable[tuple[Ref, ...]] = ()
    stash_ids: Nullable[tuple[StashId, ...]] = ()
    files: Nullable[tuple[FileRecord, ...]] = ()


class _OldStudio(StudioRecord, frozen=True, kw_only=True):
    """A studio of Stash before 0.30, which had one URL."""

    url: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        _merge_urls(self, self.url)


class _OldPerformer(PerformerRecord, frozen=True, kw_only=True):
    """A performer of Stash before 0.27, which had a field for each site."""

    url: str | None = None
    twitter: str | None = None
    instagram: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        _merge_urls(self, self.url, self.twitter, self.instagram)


def _merge_urls(record: StudioRecord | PerformerRecord, *old: str | None) -> None:
    if not record.urls:
        force_setattr(record, "urls", tuple(url for url in old if url))


class Head(Struct, frozen=True, gc=False):
    """The part of a record by which it is told from others."""

    id: Id


_read_head = msgspec.json.Decoder(Head).decode


def _decoder(kind: str, shape: type[R]) -> Callable[[msgspec.Raw], R]:
    """Return a function that decodes one record, or raises BadRecord naming it."""
    decode = msgspec.json.Decoder(shape).decode

    def decoded(raw: msgspec.Raw) -> R:
        try:
            return decode(raw)
        except UnicodeDecodeError:
            # Stash passes names of files on as the disk has them, in any encoding.
            return decoded(msgspec.Raw(bytes(raw).decode(errors="replace").encode()))
        except UNREADABLE as exc:
            msg = (
                f"{_name(kind, raw)} is not in a form that we know: "
                f"{str(exc).rstrip('.')}. It was left as it is."
            )
            raise BadRecord(msg) from exc

    return decoded


def _name(kind: str, raw: msgspec.Raw) -> str:
    try:
        return f"{kind} {_read_head(raw).id}"
    except UNREADABLE:
        return f"A {kind.lower()} without a usable id"


decode_tag: Callable[[msgspec.Raw], TagRecord] = _decoder("Tag", TagRecord)
decode_studio: Callable[[msgspec.Raw], StudioRecord] = _decoder("Studio", _OldStudio)
decode_performer: Callable[[msgspec.Raw], PerformerRecord] = _decoder(
    "Performer", _OldPerformer
)
decode_scene: Callable[[msgspec.Raw], SceneRecord] = _decoder("Scene", SceneRecord)
