"""A request's document, parsed, checked and planned once, and kept by its text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSyntaxError,
    ObjectValueNode,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
    Visitor,
    get_named_type,
    parse,
    validate,
    visit,
)

from syncapp.demo.projection import (
    Fragments,
    NotCompilable,
    Projection,
    compiled,
    selected,
)
from syncapp.demo.rows import Rows

VALIDATION = "GRAPHQL_VALIDATION_FAILED"
_KEPT = 1000  # documents, as in Stash


@dataclass(frozen=True)
class Root:
    """One root field of a planned query."""

    key: str
    field: str
    node: FieldNode
    definition: GraphQLField
    projection: Projection
    rows: Rows | None  # for lists of scenes

    @property
    def wanted(self) -> set[str]:
        """The fields asked of the objects themselves."""
        inner = [step[3] for step in self.projection.steps if step[3] is not None]
        listed = self.field.endswith("s") and inner
        return inner[0].fields() if listed else self.projection.fields()


@dataclass(frozen=True)
class Document:
    """What a document asks for, or why it is refused."""

    operation: str = ""
    root_fields: tuple[str, ...] = ()
    tree: DocumentNode | None = None
    definition: OperationDefinitionNode | None = None
    plan: tuple[Root, ...] | None = None  # None: left to graphql-core
    nested: frozenset[str] = frozenset()  # variables inside input objects
    changes: bool = False  # it is a mutation
    unclear: bool = False  # it does not say which operation is meant
    refusal: dict[str, Any] | None = None  # the body of a 422


class Documents:
    """The documents seen under one schema."""

    def __init__(
        self, schema: GraphQLSchema, rows_of: Callable[[Projection], Rows]
    ) -> None:
        self._schema = schema
        self._rows_of = rows_of
        self._known: dict[tuple[str, str | None], Document] = {}

    def get(self, text: str, name: str | None) -> Document:
        """Return the document of this text; `name` chooses among its operations."""
        key = (text, name)
        if key not in self._known:
            if len(self._known) >= _KEPT:
                self._known.clear()
            self._known[key] = self._prepared(text, name)
        return self._known[key]

    def _prepared(self, text: str, name: str | None) -> Document:
        if not text:
            nothing = GraphQLError("no operation provided")
            return Document(refusal=document_refusal([nothing]), unclear=True)
        try:
            tree = parse(text, allow_empty_selection_sets=False)
        except GraphQLSyntaxError as error:
            return Document(refusal=document_refusal([error], "GRAPHQL_PARSE_FAILED"))
        errors = validate(self._schema, tree, allow_empty_selection_sets=False)
        operations = [
            node
            for node in tree.definitions
            if isinstance(node, OperationDefinitionNode)
            and (not name or (node.name and node.name.value == name))
        ]
        if errors:
            return Document(refusal=document_refusal(errors))
        if len(operations) != 1:
            unclear = GraphQLError(f"operation {name or ''} not found")
            return Document(refusal=document_refusal([unclear]), unclear=True)
        return self._planned(tree, operations[0])

    def _planned(self, tree: DocumentNode, asked: OperationDefinitionNode) -> Document:
        fragments = {
            node.name.value: node
            for node in tree.definitions
            if isinstance(node, FragmentDefinitionNode)
        }
        plan: tuple[Root, ...] | None = None
        names: tuple[str, ...] = ()
        try:
            roots = selected([asked.selection_set], fragments)
            names = tuple(nodes[0].name.value for nodes in roots.values())
            if asked.operation == OperationType.QUERY:
                plan = tuple(
                    self._root(key, nodes, fragments) for key, nodes in roots.items()
                )
        except NotCompilable:
            plan = None
        return Document(
            operation=asked.name.value if asked.name else "",
            root_fields=names,
            tree=tree,
            definition=asked,
            plan=plan,
            nested=_nested_variables(tree),
            changes=asked.operation == OperationType.MUTATION,
        )

    def _root(self, key: str, nodes: list[FieldNode], fragments: Fragments) -> Root:
        name = nodes[0].name.value
        query = self._schema.query_type
        if query is None or name.startswith("__"):
            raise NotCompilable
        definition = query.fields[name]
        result = get_named_type(definition.type)
        if not isinstance(result, GraphQLObjectType):
            raise NotCompilable
        sets = [node.selection_set for node in nodes if node.selection_set]
        projection = compiled(result, sets, fragments)
        lists = [step[3] for step in projection.steps if step[3] is not None]
        rows = None
        if name == "findScenes" and lists:
            if len(lists) > 1:  # the same list under two names
                raise NotCompilable
            rows = self._rows_of(lists[0])
        return Root(key, name, nodes[0], definition, projection, rows)


def document_refusal(
    errors: Sequence[GraphQLError], code: str = VALIDATION
) -> dict[str, Any]:
    """Return the body of a 422: nothing of the document was executed."""
    told = [
        {
            "message": error.message,
            "locations": [
                {"line": place.line, "column": place.column}
                for place in error.locations or ()
            ],
            "extensions": {"code": code},
        }
        for error in errors
    ]
    return {"errors": told, "data": None}


class _Nested(Visitor):
    """Collects the variables that stand inside input objects."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_object_value(self, node: ObjectValueNode, *_: Any) -> None:
        for field in node.fields:
            if isinstance(field.value, VariableNode):
                self.names.add(field.value.name.value)


def _nested_variables(tree: DocumentNode) -> frozenset[str]:
    """Return the variables inside input objects: left unset, they mean null."""
    visitor = _Nested()
    visit(tree, visitor)
    return frozenset(visitor.names)
