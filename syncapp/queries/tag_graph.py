"""The tags of a source as a graph: what stands below what, roots, and loops."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from syncapp.models import Tag, TagParent
from syncapp.models.keys import row_range
from syncapp.queries.entity_list import SORTS

MOST_TAGS = 20_000  # of a source, by name; a tree of more shows these


@dataclass(frozen=True, slots=True)
class TagGraph:
    """Tags by row id in the order of their names, and how they hang together."""

    tags: Mapping[int, tuple[str, int]]  # name and number of scenes
    below: Mapping[int, list[int]]  # in the order of the tags
    above: Mapping[int, list[int]]  # of those alone that are below another

    def roots(self) -> tuple[list[int], frozenset[int]]:
        """Return where the tree begins, and which of these are in a loop."""
        loops = frozenset(self._entries_of_loops())
        roots = [key for key in self.tags if key not in self.above or key in loops]
        return roots, loops

    def with_above(self, tag_ids: Iterable[int]) -> frozenset[int]:
        """Return these tags and all that any of them is below."""
        return frozenset(_reached(tag_ids, self.above))

    def _entries_of_loops(self) -> Iterator[int]:
        """Yield one tag of each loop that hangs below no root."""
        roots = (key for key in self.tags if key not in self.above)
        reached = _reached(roots, self.below)
        for tag_id in self.tags:
            if tag_id not in reached:
                entry = self._in_loop_above(tag_id)
                yield entry
                reached |= _reached([entry], self.below)

    def _in_loop_above(self, tag_id: int) -> int:
        """Return a tag of the loop that this one is in, or hangs below.

        The tag itself if it is in the loop. No root is above it.
        """
        seen: set[int] = set()
        while tag_id not in seen:
            seen.add(tag_id)
            tag_id = self.above[tag_id][0]
        return tag_id


def tag_graph(source_id: int) -> TagGraph:
    """Return the tags of a source that are not removed; two queries."""
    live = Tag.objects.filter(source_id=source_id, deleted_at=None)
    rows = live.order_by(*SORTS["name"].ordering())
    columns = rows.values_list("id", "name", "scene_count")[:MOST_TAGS]
    tags = {key: (name, scenes) for key, name, scenes in columns}
    first, end = row_range(source_id)
    links = TagParent.objects.filter(tag_id__gte=first, tag_id__lt=end).order_by()
    below: dict[int, list[int]] = {}
    above: dict[int, list[int]] = {}
    for tag_id, parent_id in links.values_list("tag_id", "parent_id"):
        if tag_id in tags and parent_id in tags and tag_id != parent_id:
            below.setdefault(parent_id, []).append(tag_id)
            above.setdefault(tag_id, []).append(parent_id)
    place = {key: number for number, key in enumerate(tags)}
    for several in (*below.values(), *above.values()):
        several.sort(key=place.__getitem__)
    return TagGraph(tags, below, above)


def _reached(start: Iterable[int], edges: Mapping[int, list[int]]) -> set[int]:
    """Return these tags and all that edges lead to from them."""
    waiting, reached = list(start), set[int]()
    while waiting:
        tag_id = waiting.pop()
        if tag_id not in reached:
            reached.add(tag_id)
            waiting += edges.get(tag_id, ())
    return reached
