"""The demo's schema: the parts of Stash's API that Steward uses, by version."""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    FieldDefinitionNode,
    GraphQLSchema,
    build_ast_schema,
    parse,
)

from syncapp.demo.schema_reading import READING
from syncapp.demo.schema_writing import WRITING

# What a server does not have yet, by the first version that has it.
ARRIVED: dict[tuple[int, int], tuple[str, ...]] = {
    (0, 25): (
        "Query.findScenes.ids",
        "Query.findPerformers.ids",
        "Query.findTags.ids",
        "Query.findStudios.ids",
        "Mutation.sceneAddPlay",
        "Mutation.sceneAddO",
    ),
    (0, 26): (
        "Tag.favorite",
        "Studio.favorite",
        "SceneFilterType.last_played_at",
        "Job.error",
    ),
    (0, 27): ("Performer.urls", "Studio.tags"),
    (0, 28): ("Tag.sort_name", "StashID.updated_at"),
    (0, 29): (
        "Query.findFiles",
        "Query.findFolders",
        "BaseFile.parent_folder",
        "VideoFile.parent_folder",
        "Folder.parent_folder",
    ),
    (0, 30): (
        "Studio.urls",
        "StudioCreateInput.urls",
        "Tag.stash_ids",
        "SceneFilterType.files_filter",
    ),
}


# The number of the database's own schema, by the first version that has it.
APP_SCHEMAS = {
    (0, 24): 54,
    (0, 25): 55,
    (0, 26): 58,
    (0, 27): 68,
    (0, 28): 72,
    (0, 30): 75,
    (0, 31): 84,
}


def app_schema_of(version: tuple[int, int]) -> int:
    """Return the number of the database's schema of this version."""
    return max(number for since, number in APP_SCHEMAS.items() if since <= version)


def missing_in(version: tuple[int, int]) -> tuple[str, ...]:
    """Return the names that a server of this version lacks, for `schema_without`."""
    return tuple(
        name for since, names in ARRIVED.items() if since > version for name in names
    )


@lru_cache(maxsize=64)
def schema_without(*names: str) -> GraphQLSchema:
    """Return the schema less some names: "Tag.sort_name", "Query.findScenes.ids".

    A name that is not there raises ValueError, for a typing error would prove nothing.
    """
    tree = parse(READING + WRITING, no_location=True)
    left = set(names)
    kept = [_pruned(definition, left) for definition in tree.definitions]
    if left:
        msg = f"The demo's schema has no {', '.join(sorted(left))}."
        raise ValueError(msg)
    return build_ast_schema(DocumentNode(definitions=tuple(kept)))


def _pruned(definition: Any, names: set[str]) -> Any:
    """Return a type's definition without the fields and arguments of these names."""
    fields = getattr(definition, "fields", None)
    if not fields:
        return definition
    owner = definition.name.value
    kept = [
        replace(
            field,
            arguments=_without(f"{owner}.{field.name.value}", field.arguments, names),
        )
        if isinstance(field, FieldDefinitionNode)
        else field
        for field in _without(owner, fields, names)
    ]
    return replace(definition, fields=tuple(kept))


def _without(
    owner: str, nodes: Iterable[Any] | None, names: set[str]
) -> tuple[Any, ...]:
    kept = []
    for node in nodes or ():
        path = f"{owner}.{node.name.value}"
        if path in names:
            names.discard(path)
        else:
            kept.append(node)
    return tuple(kept)
