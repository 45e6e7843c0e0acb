"""What we ask for: static documents, fitted to the fields that one server has."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

from syncapp.stash.server import Server

# Raise it when the records of the same fields are to be read in another way.
DECODER = 2


@dataclass(frozen=True, slots=True)
class Field:
    """One selected field; with `of`, an object of that type and its own fields."""

    name: str
    of: str = ""
    fields: tuple["Field", ...] = ()
    needed: bool = False
    unless: str = ""  # left out where the server has this field, which replaced it


@dataclass(frozen=True, slots=True)
class Entity:
    """One kind of record that Stash keeps, and how it is asked for."""

    name: str  # "scenes", which is also the list's field in an answer
    type_name: str
    list_root: str
    one_root: str
    fields: tuple[Field, ...]
    keyset: bool = False  # can be read by "id greater than", not only by page number


def _plain(names: str, *, needed: bool = False) -> tuple[Field, ...]:
    return tuple(Field(name, needed=needed) for name in names.split())


def _refs(name: str, of: str, *, needed: bool = True) -> Field:
    return Field(name, of, _plain("id", needed=True), needed=needed)


# Never `updated_at` of these: a zero in it fails the whole page (stash#5563).
_STASH_IDS = Field("stash_ids", "StashID", _plain("endpoint stash_id", needed=True))
_FILES = Field(
    "files",
    "VideoFile",
    (
        *_plain("id path", needed=True),
        *_plain("basename size mod_time created_at updated_at format width height"),
        *_plain("duration video_codec audio_codec frame_rate bit_rate"),
        Field("fingerprints", "Fingerprint", _plain("type value", needed=True)),
    ),
    needed=True,
)

# No field that moves by itself (`paths`, `image_path` hold the host and a time stamp),
# and none that holds the API key (`paths.stream`, `sceneStreams`).
TAGS = Entity(
    name="tags",
    type_name="Tag",
    list_root="findTags",
    one_root="findTag",
    fields=(
        *_plain("id name created_at updated_at", needed=True),
        *_plain("sort_name description aliases ignore_auto_tag favorite"),
        _refs("parents", "Tag"),
        _STASH_IDS,
    ),
)
STUDIOS = Entity(
    name="studios",
    type_name="Studio",
    list_root="findStudios",
    one_root="findStudio",
    fields=(
        *_plain("id name created_at updated_at", needed=True),
        *_plain("urls details aliases ignore_auto_tag favorite rating100"),
        Field("url", unless="urls"),
        _refs("parent_studio", "Studio"),
        _refs("tags", "Tag", needed=False),
        _STASH_IDS,
    ),
)
PERFORMERS = Entity(
    name="performers",
    type_name="Performer",
    list_root="findPerformers",
    one_root="findPerformer",
    fields=(
        *_plain("id name created_at updated_at", needed=True),
        *_plain("disambiguation urls gender birthdate death_date country details"),
        *_plain("alias_list ignore_auto_tag favorite rating100"),
        Field("url", unless="urls"),
        Field("twitter", unless="urls"),
        Field("instagram", unless="urls"),
        _refs("tags", "Tag"),
        _STASH_IDS,
    ),
)
SCENES = Entity(
    name="scenes",
    type_name="Scene",
    list_root="findScenes",
    one_root="findScene",
    keyset=True,
    fields=(
        *_plain("id created_at updated_at", needed=True),
        *_plain("title code details director date rating100 organized urls"),
        *_plain("o_counter play_count play_duration resume_time last_played_at"),
        _refs("studio", "Studio"),
        _refs("tags", "Tag"),
        _refs("performers", "Performer"),
        _STASH_IDS,
        _FILES,
    ),
)
ENTITIES = (TAGS, STUDIOS, PERFORMERS, SCENES)
# Those that have a name of their own, by what one of them is called.
NAMED: Mapping[str, Entity] = {
    "tag": TAGS,
    "performer": PERFORMERS,
    "studio": STUDIOS,
}


def missing(server: Server) -> list[str]:
    """Return the names that we cannot do without and the server lacks."""
    wanted = dict.fromkeys(name for entity in ENTITIES for name in _needed(entity))
    return [name for name in wanted if name not in server.fields]


def _needed(entity: Entity) -> Iterator[str]:
    yield f"Query.{entity.list_root}.filter"
    yield f"Query.{entity.one_root}.id"
    if entity.keyset:
        yield f"Query.{entity.list_root}.scene_filter"
        yield f"{entity.type_name}FilterType.id"
    yield from _needed_fields(entity.type_name, entity.fields)


def _needed_fields(owner: str, fields: tuple[Field, ...]) -> Iterator[str]:
    for field in fields:
        if field.needed:
            yield f"{owner}.{field.name}"
            yield from _needed_fields(field.of, field.fields)


def takes_ids(entity: Entity, server: Server) -> bool:
    """Whether records can be listed by their ids (Stash 0.25 and later)."""
    return f"Query.{entity.list_root}.ids" in server.fields


def selection_version(entity: Entity, server: Server) -> int:
    """Return a number of 64 bits, signed, that changes iff the selected fields do."""
    text = f"{DECODER} {_selection(entity, server)}"
    digest = blake2b(text.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _selection(entity: Entity, server: Server) -> str:
    return _selected(entity.type_name, entity.fields, server.fields)


def _selected(owner: str, fields: tuple[Field, ...], has: frozenset[str]) -> str:
    parts = []
    for field in fields:
        if f"{owner}.{field.name}" not in has or f"{owner}.{field.unless}" in has:
            continue
        inner = _selected(field.of, field.fields, has) if field.fields else ""
        parts.append(f"{field.name} {{ {inner} }}" if inner else field.name)
    return " ".join(parts)


# The documents. Their texts are constant for one server: Stash keeps parsed ones by
# text. Whatever varies is a variable.


@lru_cache(maxsize=64)
def count(entity: Entity) -> str:
    """Variables: filter, with per_page 0."""
    return _listing(entity, "Count", "count")


@lru_cache(maxsize=64)
def index(entity: Entity) -> str:
    """Variables: filter, and for entities with a keyset scene_filter."""
    return _listing(entity, "Index", f"{entity.name} {{ id created_at updated_at }}")


@lru_cache(maxsize=64)
def ids(entity: Entity) -> str:
    """Variables: as those of `index`."""
    return _listing(entity, "Ids", f"{entity.name} {{ id }}")


@lru_cache(maxsize=64)
def probe(entity: Entity) -> str:
    """Variables: newest and last, two filters; the roots have these names."""
    stamps = f"{entity.name} {{ id created_at updated_at }}"
    return (
        f"query {entity.type_name}Probe"
        "($newest: FindFilterType, $last: FindFilterType) {\n"
        f"  newest: {entity.list_root}(filter: $newest) {{ count {stamps} }}\n"
        f"  last: {entity.list_root}(filter: $last) {{ {entity.name} {{ id }} }}\n"
        "}"
    )


@lru_cache(maxsize=64)
def page(entity: Entity, server: Server) -> str:
    """Variables: as those of `index`."""
    selection = _selection(entity, server)
    return _listing(entity, "Page", f"{entity.name} {{ {selection} }}")


def _listing(entity: Entity, what: str, selection: str) -> str:
    declared, passed = "$filter: FindFilterType", "filter: $filter"
    if entity.keyset:
        declared += ", $scene_filter: SceneFilterType"
        passed += ", scene_filter: $scene_filter"
    return (
        f"query {entity.type_name}{what}({declared}) {{\n"
        f"  {entity.list_root}({passed}) {{ {selection} }}\n"
        "}"
    )


@lru_cache(maxsize=64)
def by_ids(entity: Entity, server: Server) -> str:
    """Variables: ids, never empty (that means no filter) and without duplicates."""
    return (
        f"query {entity.type_name}sByIds($ids: [ID!]) {{\n"
        f"  {entity.list_root}(ids: $ids) "
        f"{{ {entity.name} {{ {_selection(entity, server)} }} }}\n"
        "}"
    )


@lru_cache(maxsize=256)
def one_by_one(entity: Entity, server: Server, number: int) -> str:
    """Variables: i0, i1, ...; the roots r0, r1, ... are null for what is not there."""
    fragment = (
        f"fragment Whole on {entity.type_name} {{ {_selection(entity, server)} }}"
    )
    return f"{_aliased(entity, 'OneByOne', number, '...Whole')}\n{fragment}"


@lru_cache(maxsize=256)
def existence(entity: Entity, number: int) -> str:
    """Variables and roots: as those of `one_by_one`."""
    return _aliased(entity, "Existence", number, "id")


def _aliased(entity: Entity, what: str, number: int, selection: str) -> str:
    declared = ", ".join(f"$i{n}: ID!" for n in range(number))
    roots = "\n".join(
        f"  r{n}: {entity.one_root}(id: $i{n}) {{ {selection} }}" for n in range(number)
    )
    return f"query {entity.type_name}{what}({declared}) {{\n{roots}\n}}"
