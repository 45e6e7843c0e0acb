"""What one server is and which fields it has, learned by introspection."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from syncapp.stash import bounds

HANDSHAKE = """\
query Handshake {
  version { version }
  systemStatus { appSchema status }
  __schema {
    queryType { name }
    mutationType { name }
    types {
      name
      fields(includeDeprecated: true) { name args { name } }
      inputFields { name }
    }
  }
}"""
READY = "OK"
LONGEST_VERSION = 100  # characters; Stash's own have 6 to 20
# What msgspec raises for bytes that are no JSON of the wanted shape.
UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


@dataclass(frozen=True)
class Server:
    """A Stash server as it introduced itself.

    `fields` holds "Scene.urls", "Query.findScenes", "Query.findScenes.ids" (arguments),
    "Mutation.sceneUpdate" and "SceneFilterType.id" (fields of inputs).
    """

    version: str
    app_schema: int
    status: str
    fields: frozenset[str] = field(repr=False)


class _Named(msgspec.Struct):
    name: str


class _Field(_Named):
    args: list[_Named] | None = None


class _Type(_Named):
    fields: list[_Field] | None = None
    inputFields: list[_Named] | None = None  # noqa: N815 - the protocol's name


_decode_type = msgspec.json.Decoder(_Type).decode


class _Schema(msgspec.Struct):
    types: list[msgspec.Raw]  # of _Type, decoded one by one: they may be many
    queryType: _Named  # noqa: N815 - the protocol's name
    mutationType: _Named | None = None  # noqa: N815 - the protocol's name


class _Version(msgspec.Struct):
    version: str | None = None


class _Status(msgspec.Struct):
    status: str
    appSchema: int  # noqa: N815 - Stash's name


def introduced(parts: Mapping[str, msgspec.Raw | None]) -> Server:
    """Return what a server told of itself in the answer to HANDSHAKE.

    While Stash is being set up it may lack a part. Raises what UNREADABLE names for
    what is no introduction, and for a schema that is no server's.
    """
    status = _part(parts, "systemStatus", _Status)
    schema = _part(parts, "__schema", _Schema | None)
    return Server(
        version=_told(_part(parts, "version", _Version | None)),
        app_schema=status.appSchema,
        status=status.status,
        fields=frozenset(_bounded(schema)) if schema else frozenset(),
    )


def _part(parts: Mapping[str, msgspec.Raw | None], name: str, shape: Any) -> Any:
    return msgspec.json.decode(parts.get(name) or b"null", type=shape)


def _bounded(schema: _Schema) -> Iterator[str]:
    """Yield the names of a schema; raises ValidationError if it has no end of them."""
    if len(schema.types) <= bounds.TYPES:
        for number, name in enumerate(_names(schema)):
            if number == bounds.NAMES:
                break
            yield name
        else:
            return
    msg = "more types or fields than a Stash has"
    raise msgspec.ValidationError(msg)


def _told(version: _Version | None) -> str:
    """Return the version as far as it is one: it is stored, and shown on pages."""
    text = (version and version.version) or ""
    return "".join(filter(str.isprintable, text[:LONGEST_VERSION]))


def _names(schema: _Schema) -> Iterator[str]:
    roots = {schema.queryType.name: "Query"}
    if schema.mutationType is not None:
        roots[schema.mutationType.name] = "Mutation"
    for raw in schema.types:
        kind = _decode_type(raw)
        owner = roots.get(kind.name, kind.name)
        for entry in kind.fields or ():
            yield f"{owner}.{entry.name}"
            for arg in entry.args or ():
                yield f"{owner}.{entry.name}.{arg.name}"
        for given in kind.inputFields or ():
            yield f"{owner}.{given.name}"


def stash_called(version: str) -> str:
    """Return how to call a server; one that was built by hand tells no version."""
    return f"Stash {version}" if version else "Stash, which tells no version"
