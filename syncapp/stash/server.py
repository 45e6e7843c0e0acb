"""What one server is and which fields it has, learned by introspection."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

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


class _Schema(msgspec.Struct):
    types: list[_Type]
    queryType: _Named  # noqa: N815 - the protocol's name
    mutationType: _Named | None = None  # noqa: N815 - the protocol's name


class _Version(msgspec.Struct):
    version: str | None = None


class _Status(msgspec.Struct):
    status: str
    appSchema: int  # noqa: N815 - Stash's name


class Introduction(msgspec.Struct):
    """The answer to HANDSHAKE; while Stash is being set up it may lack a part."""

    systemStatus: _Status  # noqa: N815 - Stash's name
    version: _Version | None = None
    schema: _Schema | None = msgspec.field(name="__schema", default=None)

    def server(self) -> Server:
        """Return what the server told of itself."""
        return Server(
            version=_told(self.version),
            app_schema=self.systemStatus.appSchema,
            status=self.systemStatus.status,
            fields=frozenset(_names(self.schema)) if self.schema else frozenset(),
        )


def _told(version: _Version | None) -> str:
    """Return the version as far as it is one: it is stored, and shown on pages."""
    text = (version and version.version) or ""
    return "".join(filter(str.isprintable, text[:LONGEST_VERSION]))


def _names(schema: _Schema) -> Iterator[str]:
    roots = {schema.queryType.name: "Query"}
    if schema.mutationType is not None:
        roots[schema.mutationType.name] = "Mutation"
    for kind in schema.types:
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
