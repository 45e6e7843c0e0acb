"""Answers without graphql-core's executor: a selection compiled to a function.

graphql-core resolves field by field and takes seconds for a few pages of scenes. The
selections of list queries are compiled once instead; tests hold both to equal answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    SelectionSetNode,
    get_named_type,
)

from syncapp.demo.catalogue import Record
from syncapp.demo.fields import KIND_OF, WANDERING, Getter, getter
from syncapp.demo.library import Library

# The only kind of file that the demo has; queries ask for files by an interface.
FILE_TYPE = "VideoFile"

Fragments = dict[str, FragmentDefinitionNode]
Selected = dict[str, list[FieldNode]]  # response key -> the fields asked under it


class NotCompilable(Exception):
    """The document needs graphql-core's executor: it has directives or __typename."""


def selected(sets: Sequence[SelectionSetNode], fragments: Fragments) -> Selected:
    """Return what the selection sets ask for, fragments opened, equal keys together."""
    found: Selected = {}
    for one in sets:
        for node in one.selections:
            if node.directives:
                raise NotCompilable
            if isinstance(node, FieldNode):
                key = (node.alias or node.name).value
                found.setdefault(key, []).append(node)
                continue
            inner = (
                fragments[node.name.value].selection_set
                if isinstance(node, FragmentSpreadNode)
                else node.selection_set  # type: ignore[attr-defined]
            )
            for key, nodes in selected([inner], fragments).items():
                found.setdefault(key, []).extend(nodes)
    return found


@dataclass(frozen=True)
class Projection:
    """One type's selection: (response key, field, how it is read, what is inside)."""

    type_name: str
    steps: tuple[tuple[str, str, Getter | None, "Projection | None"], ...]

    def __call__(self, library: Library, record: Record) -> Record:
        out: Record = {}
        for key, field, get, inner in self.steps:
            value = record[field] if get is None else get(library, record)
            if inner is None or value is None:
                out[key] = value
            elif type(value) is list:
                out[key] = [inner(library, one) for one in value]
            else:
                out[key] = inner(library, value)
        return out

    @cached_property
    def signature(self) -> tuple[Any, ...]:
        """Equal for selections with equal answers."""
        return (
            self.type_name,
            *(
                (key, field, inner and inner.signature)
                for key, field, _, inner in self.steps
            ),
        )

    @cached_property
    def lasting(self) -> bool:
        """Whether edits of other objects leave an answer as it is, but for links."""
        for _, field, _, inner in self.steps:
            if f"{self.type_name}.{field}" in WANDERING:
                return False
            if inner is None:
                continue
            foreign = inner.type_name in KIND_OF
            if foreign and any(step[1] != "id" for step in inner.steps):
                return False
            if not inner.lasting:
                return False
        return True

    def fields(self) -> set[str]:
        return {field for _, field, _, _ in self.steps}


def compiled(
    kind: GraphQLObjectType | GraphQLInterfaceType,
    sets: Sequence[SelectionSetNode],
    fragments: Fragments,
) -> Projection:
    """Compile what is selected of a type."""
    type_name = kind.name if isinstance(kind, GraphQLObjectType) else FILE_TYPE
    steps = []
    for key, nodes in selected(sets, fragments).items():
        name = nodes[0].name.value
        if name not in kind.fields:  # a field of no type, or of a narrower one
            raise NotCompilable
        child = get_named_type(kind.fields[name].type)
        inner = None
        if isinstance(child, GraphQLObjectType | GraphQLInterfaceType):
            below = [node.selection_set for node in nodes if node.selection_set]
            inner = compiled(child, below, fragments)
        steps.append((key, name, getter(f"{type_name}.{name}"), inner))
    return Projection(type_name, tuple(steps))
