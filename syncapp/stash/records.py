"""Records as Stash tells them: frozen values, decoded and checked in one step.

Text that is null becomes "", a list that is null becomes (), a flag False; numbers
that are null stay None. What we do not know is left out. Dates stay text: Stash allows
"2011" and "2011-04".
"""

from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Generic, NamedTuple, Optional, TypeVar

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import fields, force_setattr

from syncapp.stash import bounds
from syncapp.stash.errors import BadRecord
from syncapp.stash.mending import LEFT_OUT, Mended, mended_record
from syncapp.stash.server import UNREADABLE

T = TypeVar("T")
R = TypeVar("R")

NUL = rb"\u0000"
# Below 10**12, and so within the 40 bits that a remote id may have.
Id = Annotated[str, Meta(pattern=r"\A[1-9][0-9]{0,11}\Z")]
Text = Annotated[str, Meta(max_length=bounds.TEXT)]
Date = Annotated[str, Meta(max_length=bounds.DATE, extra=LEFT_OUT)]
Stamp = Annotated[str, Meta(max_length=bounds.STAMP)]
Few = Meta(max_length=bounds.ITEMS)
Texts = Annotated[tuple[Text, ...], Few]
Int32 = Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)]
Int64 = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
Float = Annotated[float, Meta(ge=-bounds.FLOAT, le=bounds.FLOAT)]
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


Refs = Annotated[tuple[Ref, ...], Few]


class StashId(Struct, frozen=True, gc=False):
    endpoint: Text
    stash_id: Text


StashIds = Annotated[tuple[StashId, ...], Few]


class Fingerprint(Struct, frozen=True, gc=False):
    type: Text
    value: Text


Fingerprints = Annotated[tuple[Fingerprint, ...], Few]


class _Record(_Values, frozen=True, kw_only=True):
    id: Id
    created_at: Nullable[Stamp] = ""
    updated_at: Nullable[Stamp] = ""


class TagRecord(_Record, frozen=True, kw_only=True):
    name: Text
    sort_name: Nullable[Text] = ""
    description: Nullable[Text] = ""
    aliases: Nullable[Texts] = ()
    ignore_auto_tag: Nullable[bool] = False
    favorite: Nullable[bool] = False
    stash_ids: Nullable[StashIds] = ()
    parents: Nullable[Refs] = ()


class StudioRecord(_Record, frozen=True, kw_only=True):
    name: Text
    urls: Nullable[Texts] = ()
    details: Nullable[Text] = ""
    aliases: Nullable[Texts] = ()
    ignore_auto_tag: Nullable[bool] = False
    favorite: Nullable[bool] = False
    rating100: Int32 | None = None
    stash_ids: Nullable[StashIds] = ()
    parent_studio: Ref | None = None
    tags: Nullable[Refs] = ()


class PerformerRecord(_Record, frozen=True, kw_only=True):
    name: Text
    disambiguation: Nullable[Text] = ""
    urls: Nullable[Texts] = ()
    gender: Nullable[Text] = ""
    birthdate: Nullable[Date] = ""
    death_date: Nullable[Date] = ""
    country: Nullable[Text] = ""
    details: Nullable[Text] = ""
    alias_list: Nullable[Texts] = ()
    ignore_auto_tag: Nullable[bool] = False
    favorite: Nullable[bool] = False
    rating100: Int32 | None = None
    stash_ids: Nullable[StashIds] = ()
    tags: Nullable[Refs] = ()


class FileRecord(_Values, frozen=True, kw_only=True):
    id: Id
    path: Text
    basename: Nullable[Text] = ""
    size: Int64 | None = None
    mod_time: Nullable[Stamp] = ""
    created_at: Nullable[Stamp] = ""
    updated_at: Nullable[Stamp] = ""
    format: Nullable[Text] = ""
    width: Int32 | None = None
    height: Int32 | None = None
    duration: Float | None = None
    video_codec: Nullable[Text] = ""
    audio_codec: Nullable[Text] = ""
    frame_rate: Float | None = None
    bit_rate: Int64 | None = None
    fingerprints: Nullable[Fingerprints] = ()


Files = Annotated[tuple[FileRecord, ...], Few]


class SceneRecord(_Record, frozen=True, kw_only=True):
    title: Nullable[Text] = ""
    code: Nullable[Text] = ""
    details: Nullable[Text] = ""
    director: Nullable[Text] = ""
    date: Nullable[Date] = ""
    rating100: Int32 | None = None
    organized: Nullable[bool] = False
    urls: Nullable[Texts] = ()
    o_counter: Int32 | None = None
    play_count: Int32 | None = None
    play_duration: Float | None = None
    resume_time: Float | None = None
    last_played_at: Nullable[Stamp] = ""
    studio: Ref | None = None
    tags: Nullable[Refs] = ()
    performers: Nullable[Refs] = ()
    stash_ids: Nullable[StashIds] = ()
    files: Nullable[Files] = ()


class _OldStudio(StudioRecord, frozen=True, kw_only=True):
    """A studio of Stash before 0.30, which had one URL."""

    url: Text | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        _merge_urls(self, self.url)


class _OldPerformer(PerformerRecord, frozen=True, kw_only=True):
    """A performer of Stash before 0.27, which had a field for each site."""

    url: Text | None = None
    twitter: Text | None = None
    instagram: Text | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        _merge_urls(self, self.url, self.twitter, self.instagram)


def _merge_urls(record: StudioRecord | PerformerRecord, *old: Text | None) -> None:
    if not record.urls:
        force_setattr(record, "urls", tuple(url for url in old if url))


class Head(Struct, frozen=True, gc=False):
    """The part of a record by which it is told from others."""

    id: Id


_read_head = msgspec.json.Decoder(Head).decode


class Decoded(NamedTuple, Generic[R]):
    """A record, and what had to be mended of it: "title was cut", ..."""

    record: R
    mended: tuple[str, ...] = ()


Decoder = Callable[[bytes | msgspec.Raw], Decoded[R]]


def _decoder(kind: str, shape: type[R]) -> Decoder[R]:
    """Return a function that decodes one record, or raises BadRecord naming it."""
    decode = msgspec.json.Decoder(shape).decode

    def decoded(raw: bytes | msgspec.Raw) -> Decoded[R]:
        text = bytes(raw)
        if NUL not in text:
            with suppress(*UNREADABLE):
                return Decoded(decode(text))
        try:
            plain, remarks = _mended(text, shape)
            return Decoded(msgspec.convert(plain, shape), remarks)
        except UNREADABLE as exc:
            msg = (
                f"{_name(kind, text)} is not in a form that we know: "
                f"{str(exc).rstrip('.')}. It was left as it is."
            )
            raise BadRecord(msg) from exc

    return decoded


def _mended(text: bytes, shape: type) -> Mended:
    try:
        return mended_record(text, shape)
    except ValueError as exc:
        raise msgspec.DecodeError(str(exc)) from exc


def _name(kind: str, raw: bytes) -> str:
    try:
        return f"{kind} {_read_head(raw).id}"
    except UNREADABLE:
        return f"A {kind.lower()} without a usable id"


decode_tag: Decoder[TagRecord] = _decoder("Tag", TagRecord)
decode_studio: Decoder[StudioRecord] = _decoder("Studio", _OldStudio)
decode_performer: Decoder[PerformerRecord] = _decoder("Performer", _OldPerformer)
decode_scene: Decoder[SceneRecord] = _decoder("Scene", SceneRecord)
