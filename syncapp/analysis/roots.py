"""Finds the folders that a library is kept in: they tell nothing of a scene."""

from collections.abc import Mapping

from syncapp.analysis.library import EntityKind
from syncapp.analysis.matcher import NameIndex

SHARED = 0.2  # of all scenes: more are below a folder that is no evidence
FULL_NAME = 2  # words


def find_roots(
    scenes_below: Mapping[str, int], scenes: int, index: NameIndex
) -> frozenset[str]:
    """Return the folders that tell nothing, from how many scenes are below each.

    `scenes_below`: by folders as `paths.folders` writes them, `scenes`: in all. A root
    has none but roots above it. In a small library, or where one studio made a third of
    it, a folder with the studio's or a person's very name is no root, however many
    scenes it holds.
    """
    least = SHARED * scenes
    roots: set[str] = set()
    shared = (folder for folder, below in scenes_below.items() if below > least)
    for folder in sorted(shared, key=lambda each: (each.count("/"), each)):
        above, _, name = folder.rpartition("/")
        is_below_roots = above in roots or above not in scenes_below
        if is_below_roots and not _is_named(name, index, is_top=above not in roots):
            roots.add(folder)
    return frozenset(roots)


def _is_named(name: str, index: NameIndex, *, is_top: bool) -> bool:
    """Return whether a folder has a studio's or a person's whole name.

    One word counts for a studio below a root alone: "/stage" is where stage plays are
    kept, whatever a studio is called.
    """
    return any(
        len(match.spelling.split()) >= FULL_NAME
        or (match.kind == EntityKind.STUDIO and not is_top)
        for match in index.exactly(name)
        if match.kind != EntityKind.TAG
    )
