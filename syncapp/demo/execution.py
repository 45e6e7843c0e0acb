"""From a document and its variables to the body of the answer."""

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import msgspec
from graphql import (
    ExecutionResult,
    GraphQLResolveInfo,
    GraphQLSchema,
    execute_sync,
    is_non_null_type,
)
from graphql.execution.values import get_argument_values, get_variable_values

from syncapp.demo.documents import Document, Documents, Root, document_refusal
from syncapp.demo.fields import KIND_OF, getter
from syncapp.demo.finding import Finder, Found, whole
from syncapp.demo.hooks import HOOKED, run_hooks
from syncapp.demo.library import Library, LibraryError
from syncapp.demo.mutation_log import Mutated, MutationLog, Order, carried_out
from syncapp.demo.mutations import MUTATIONS
from syncapp.demo.projection import FILE_TYPE, Projection
from syncapp.demo.rows import Rows

Json = dict[str, Any]
# Asked before each root field (response key, field, arguments): a text makes it fail.
Interference = Callable[[str, str, Mapping[str, Any]], str | None]

NOT_READY = (
    "Internal system error. Error <runtime error: "
    "invalid memory address or nil pointer dereference>"
)
# How old servers say that a document does not tell which operation is meant.
UNCLEAR = {"errors": [{"message": "operation  not found"}], "data": None}
LEFT = "context canceled"  # how a mutation fails whose client left before it began
_encode = msgspec.json.Encoder().encode


@dataclass
class Errand:
    """One request while it is answered."""

    interfere: Interference
    operation: str = ""
    arrived_at: datetime | None = None  # what its first mutation writes as a stamp
    left: Callable[[], bool] = lambda: False
    most: int | None = None  # so many mutations, then its client counts as gone
    begun: int = 0  # mutations so far

    def begin(self, library: Library) -> datetime:
        """Begin a mutation; returns its stamp. LibraryError if its client left."""
        if self.left() or self.begun == self.most:
            raise LibraryError(LEFT)
        first, self.begun = not self.begun, self.begun + 1
        return self.arrived_at if first and self.arrived_at else library.now()


class Executor:
    """Answers documents from one library by one schema."""

    def __init__(self, library: Library, schema: GraphQLSchema) -> None:
        self.library = library
        self.log = MutationLog()
        self._schema = schema
        self._finder = Finder(library)
        self._documents = Documents(schema, self._rows_of)
        self._rows: dict[tuple[Any, ...], Rows] = {}

    def close(self) -> None:
        for rows in self._rows.values():
            rows.close()

    def document(self, text: str, name: str | None = None) -> Document:
        return self._documents.get(text, name)

    def answer(
        self, document: Document, variables: Json, interfere: Interference
    ) -> tuple[int, bytes]:
        """Return the status and body of the answer."""
        return self.run(document, variables, Errand(interfere, document.operation))

    def run(
        self, document: Document, variables: Json, errand: Errand
    ) -> tuple[int, bytes]:
        """Return the status and body of the answer to a request.

        A query is answered from one moment of the library. Each mutation of a document
        is a moment of its own, and others may come between them, as in Stash.
        """
        if document.unclear and self.library.release < (0, 27):
            return 200, _encode(UNCLEAR)
        if document.refusal is not None:
            return 422, _encode(document.refusal)
        with nullcontext() if document.changes else self.library.lock:
            if document.plan is None:
                return self._by_core(document, variables, errand)
            return self._by_plan(document, document.plan, variables, errand)

    # By plan

    def _rows_of(self, projection: Projection) -> Rows:
        if projection.signature not in self._rows:
            self._rows[projection.signature] = Rows(self.library, projection)
        return self._rows[projection.signature]

    def _by_plan(
        self,
        document: Document,
        plan: tuple[Root, ...],
        variables: Json,
        errand: Errand,
    ) -> tuple[int, bytes]:
        asked = document.definition.variable_definitions if document.definition else ()
        values = get_variable_values(self._schema, asked or (), variables)
        if isinstance(values, list):
            return 422, _encode(document_refusal(values))
        data: Json | None = {}
        errors: list[Json] = []
        for root in plan:
            value = None
            try:
                args = get_argument_values(root.definition, root.node, values)
                value = self._value(root, args, errand)
            except LibraryError as error:
                errors.append({"message": str(error), "path": [root.key]})
                if is_non_null_type(root.definition.type):
                    data = None
            if data is not None:
                data[root.key] = value
        body: Json = {"data": data}
        return 200, _encode({"errors": errors, **body} if errors else body)

    def _value(self, root: Root, args: Json, errand: Errand) -> Any:
        found = self._resolve(root.key, root.field, args, errand)
        if found is None:
            return None
        if not isinstance(found, Found):
            if kind := KIND_OF.get(root.projection.type_name):
                self._check(kind, [found["id"]], root.wanted)
            if isinstance(found, list):
                return [root.projection(self.library, one) for one in found]
            return root.projection(self.library, found)
        self._check(found.kind, found.ids, root.wanted)
        if root.rows is None:
            return root.projection(self.library, self._opened(found))
        rows = root.rows.encoded(found.ids)
        return {
            key: found.count
            if inner is None
            else msgspec.Raw(b"[" + b",".join(rows) + b"]")
            for key, _, _, inner in root.projection.steps
        }

    def _check(self, kind: str, ids: Any, wanted: set[str]) -> None:
        """Fail if a field that is asked for cannot be read on one of the objects."""
        for (spoiled_kind, number), (field, message) in self.library.spoiled.items():
            if spoiled_kind == kind and field in wanted and number in ids:
                raise LibraryError(message)

    def _opened(self, found: Found) -> Json:
        """Return a find query's result as a record that a projection can read."""
        records = [self._finder.get(found.kind, number) for number in found.ids]
        return {"count": found.count, f"{found.kind}s": records}

    def _resolve(self, key: str, field: str, args: Json, errand: Errand) -> Any:
        """Return what a root field means: a record, a Found, None or a plain value."""
        library = self.library
        if field in TOLD:
            return TOLD[field](library)
        message = errand.interfere(key, field, args)
        if library.status != "OK":
            message = NOT_READY
        if message is not None:
            raise LibraryError(message)
        if field in MUTATIONS:
            return self._mutate(key, field, args, errand)
        return self._looked_up(field, args)

    def _mutate(self, key: str, field: str, args: Json, errand: Errand) -> Any:
        """Do a mutation and return its result, after plugins had their turn."""
        given = args.get("input", args)
        with self.library.lock:
            at = errand.begin(self.library)
            order = Order(field, key, errand.operation, given, at)
            result, mutated = carried_out(self.library, order)
            self.log.add(mutated)
        return self._hooked(result, mutated) if self.library.hooks else result

    def _hooked(self, result: Any, mutated: Mutated) -> Any:
        """Run the plugins, without the lock; returns the result as it reads then."""
        if mutated.field not in HOOKED or result is None:
            return result
        run_hooks(self.library, mutated.scenes)
        if isinstance(result, list):
            return [self.library.get("scene", one["id"]) or one for one in result]
        return self.library.get("scene", result["id"]) or result

    def _looked_up(self, field: str, args: Json) -> Any:
        library = self.library
        if field == "findJob":
            return library.tasks.find(whole(args["input"]["id"]), library.now())
        kind = field.removeprefix("find").lower()
        if kind in KIND_OF.values():
            number = args.get("id")
            return None if number is None else library.get(kind, whole(number))
        return self._finder.find(kind.removesuffix("s"), args)

    # By graphql-core: mutations, introspection and the rare forms of queries

    def by_graphql_core(
        self, document: Document, variables: Json, interfere: Interference
    ) -> tuple[int, bytes]:
        """Return the answer as graphql-core's own executor makes it."""
        return self._by_core(document, variables, Errand(interfere))

    def _by_core(
        self, document: Document, variables: Json, errand: Errand
    ) -> tuple[int, bytes]:
        if document.tree is None:
            return 422, _encode(document.refusal)
        result: ExecutionResult = execute_sync(
            self._schema,
            document.tree,
            variable_values=dict.fromkeys(document.nested) | variables,
            operation_name=document.operation or None,
            field_resolver=partial(self._field, errand),
            type_resolver=lambda *_: FILE_TYPE,
        )
        errors = result.errors or []
        if any(error.path is None for error in errors):
            return 422, _encode(document_refusal(errors))
        told = [{"message": error.message, "path": error.path} for error in errors]
        body: Json = {"data": result.data}
        return 200, _encode({"errors": told, **body} if told else body)

    def _field(
        self,
        errand: Errand,
        source: Any,
        info: GraphQLResolveInfo[Any],
        **args: Any,
    ) -> Any:
        if source is None:
            return self._resolve(str(info.path.key), info.field_name, args, errand)
        if isinstance(source, Found):
            return self._opened(source)[info.field_name]
        if kind := KIND_OF.get(info.parent_type.name):
            self._check(kind, [source["id"]], {info.field_name})
        read = getter(f"{info.parent_type.name}.{info.field_name}")
        return read(self.library, source) if read else source[info.field_name]


def _version(library: Library) -> Json:
    return {"version": library.server_version, "hash": "demo", "build_time": ""}


def _status(library: Library) -> Json:
    return {
        "databaseSchema": library.app_schema if library.status == "OK" else None,
        "databasePath": "/data/stash.sqlite",
        "appSchema": library.app_schema,
        "status": library.status,
        "os": "linux",
    }


def _plugins(library: Library) -> list[Mapping[str, Any]] | None:
    """Return all plugins; none is null, as an empty list mostly is in Stash."""
    return [hook.told() for hook in library.hooks] or None


# What a server tells before its database is open.
TOLD: Mapping[str, Callable[[Library], Any]] = {
    "version": _version,
    "systemStatus": _status,
    "plugins": _plugins,
    "jobQueue": lambda library: library.tasks.queue(library.now()),
}
