"""What stands below tags and studios, at any depth, in one query."""

from collections.abc import Collection

from django.db import connection

from syncapp.filters.values import ALL_LEVELS
from syncapp.models import Studio, Tag, TagParent

# (table, column of the child, column of its parent)
EDGES = {
    "tags": (TagParent._meta.db_table, "tag_id", "parent_id"),
    "studios": (Studio._meta.db_table, "id", "parent_id"),
}
ROOTS = {
    "tags": Tag._meta.db_table,
    "studios": Studio._meta.db_table,
}


def with_below(
    kind: str, ids: Collection[int], depth: int
) -> dict[int, frozenset[int]]:
    """Return for each of these row ids itself and what is `depth` levels below it.

    With ALL_LEVELS rows are not counted by their level, so that tags which are each
    other's parents come to an end.
    """
    found = {key: {key} for key in ids}
    if depth and ids:
        table, child, parent = EDGES[kind]
        # No value of a request stands in the text: tables and columns are ours.
        statement = f"""
            WITH RECURSIVE below(root, id, level) AS (
                SELECT id, id, 0 FROM {ROOTS[kind]}
                WHERE id IN ({", ".join(["%s"] * len(ids))})
                UNION
                SELECT below.root, edge.{child}, below.level + %s
                FROM below JOIN {table} AS edge ON edge.{parent} = below.id
                WHERE below.level < %s
            )
            SELECT root, id FROM below"""  # noqa: S608
        step, most = (0, 1) if depth == ALL_LEVELS else (1, depth)
        with connection.cursor() as cursor:
            cursor.execute(statement, [*ids, step, most])
            for root, key in cursor.fetchall():
                found[root].add(key)
    return {root: frozenset(keys) for root, keys in found.items()}
