"""Tags as a tree: roots, and below each what belongs to it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from syncapp.models import Tag, TagParent
from syncapp.queries.entity_list import shown_name
from syncapp.queries.paging import Count, capped_count

MOST, DEEPEST = 2_000, 8


@dataclass(frozen=True)
class Branch:
    """A tag and the tags below it.

    A tag with two parents hangs under both, with all that is below it under the first.
    """

    row_id: int
    name: str
    scene_count: int
    children: tuple["Branch", ...]
    more: int  # children that are not shown here: elsewhere, or too deep
    in_loop: bool = False  # it is below itself, so it stands here for want of a root


@dataclass(frozen=True, slots=True)
class Tree:
    roots: tuple[Branch, ...]
    found: Count
    complete: bool
    synced: bool


class _Grower:
    """Grows branches, each tag's children once: a graph may unfold to any size."""

    def __init__(
        self, tags: Mapping[int, tuple[str, int]], below: Mapping[int, list[int]]
    ) -> None:
        self.tags = tags
        self.below = below
        self.grown: set[int] = set()

    def grow(self, tag_id: int, above: frozenset[int] = frozenset()) -> Branch:
        name, scenes = self.tags[tag_id]
        path = above | {tag_id}
        below = [child for child in self.below.get(tag_id, ()) if child not in path]
        if len(path) >= DEEPEST or tag_id in self.grown:
            return Branch(tag_id, name, scenes, (), len(below))
        self.grown.add(tag_id)
        children = tuple(self.grow(child, path) for child in below)
        return Branch(tag_id, name, scenes, children, 0)


def tag_tree() -> Tree:
    """Return the tags as a tree, each level by name; a fixed number of queries."""
    live = Tag.objects.filter(deleted_at=None)
    rows = live.order_by("name", "id").values_list("id", "name", "scene_count")
    tags = {key: (shown_name(name), n) for key, name, n in rows[:MOST]}
    below: dict[int, list[int]] = {}
    parents: dict[int, int] = {}  # one of each tag's, for those that have any
    links = TagParent.objects.order_by().values_list("tag_id", "parent_id")
    place = {key: number for number, key in enumerate(tags)}
    for tag_id, parent_id in links:
        if tag_id in tags and parent_id in tags and tag_id != parent_id:
            below.setdefault(parent_id, []).append(tag_id)
            parents[tag_id] = parent_id
    for children in below.values():
        children.sort(key=place.__getitem__)
    grower = _Grower(tags, below)
    roots = [key for key in tags if key not in parents]
    loops = set(_entries_of_loops(tags, parents, below))
    return Tree(
        roots=tuple(
            replace(grower.grow(key), in_loop=key in loops)
            for key in sorted({*roots, *loops}, key=place.__getitem__)
        ),
        found=capped_count(live),
        complete=len(tags) < MOST,
        synced=bool(tags) or Tag.objects.exists(),
    )


def _entries_of_loops(
    tags: Iterable[int], parents: Mapping[int, int], below: Mapping[int, list[int]]
) -> Iterator[int]:
    """Yield one tag of each loop that hangs below no root."""
    reached: set[int] = set()
    for tag_id in tags:
        if tag_id not in parents:
            _reach(tag_id, below, reached)
    for tag_id in tags:
        if tag_id not in reached:
            entry = _in_loop_above(tag_id, parents)
            yield entry
            _reach(entry, below, reached)


def _in_loop_above(tag_id: int, parents: Mapping[int, int]) -> int:
    """Return a tag of the loop that this one is in, or hangs below: no root is above.

    The tag itself if it is in the loop.
    """
    path: set[int] = set()
    above = tag_id
    while above not in path:
        path.add(above)
        above = parents[above]
    return above


def _reach(start: int, below: Mapping[int, list[int]], reached: set[int]) -> None:
    """Add a tag and all below it to what is reached."""
    waiting = [start]
    while waiting:
        tag_id = waiting.pop()
        if tag_id not in reached:
            reached.add(tag_id)
            waiting += below.get(tag_id, ())
