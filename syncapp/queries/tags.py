"""The tags of a source as a tree: roots, and below each what belongs to it.

A page of it has a bounded number of branches, whatever the number of tags: what is
closed is not there until it is asked for, where not the whole tree fits.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from syncapp.filters.entity_sql import filtered_entities
from syncapp.filters.values import EntityFilter
from syncapp.models import Source, Tag
from syncapp.models.keys import source_of
from syncapp.queries.entity_list import shown_name
from syncapp.queries.paging import Count
from syncapp.queries.tag_graph import MOST_TAGS, TagGraph, tag_graph

MOST_ROOTS, MOST_BRANCHES = 200, 400  # on one page; the roots are among the branches
MOST_MATCHES = 100  # of a search; each brings what it is below
MOST_OPEN = 10  # that are asked for
DEEPEST = 20  # levels; a page of more would be too much for its templates


@dataclass(frozen=True, slots=True)
class Branch:
    """A tag and the tags below it.

    A tag with two parents hangs under both, with all that is below it under the first.
    """

    row_id: int
    name: str
    scene_count: int
    below: int  # tags right below it
    children: tuple["Branch", ...]
    more: int = 0  # children for which there is no room
    is_open: bool = False
    is_match: bool = False  # the search found it, not one below it alone
    is_closed: bool = False  # its children have to be asked for
    is_first: bool = True  # on this page; it may stand under several others
    in_loop: bool = False  # it is below itself, so it stands here for want of a root


@dataclass(frozen=True, slots=True)
class Tree:
    source_id: int | None  # None: there is no such source
    sources: Mapping[int, str]  # names by row id
    roots: tuple[Branch, ...]
    found: Count  # tags; with a search, those that match
    opened: tuple[int, ...]
    search: str = ""
    next: int | None = None  # the root after which the following page begins
    after: int | None = None  # the root after which this page begins
    complete: bool = True
    wrong: tuple[str, ...] = ()  # what could not be done as it was asked

    @property
    def source(self) -> str:
        return self.sources.get(self.source_id or 0, "")


class _Grower:
    """Grows branches, each tag's children once: a graph may unfold to any size."""

    def __init__(self, graph: TagGraph, opened: Collection[int], *, room: int) -> None:
        self.graph = graph
        self.opened = opened
        self.room = room
        self.matches: Collection[int] = ()
        self.wanted: Collection[int] | None = None  # None: all
        self.seen: set[int] = set()
        self.grown: set[int] = set()
        self.fits = len(graph.tags) + sum(map(len, graph.above.values())) <= room

    def narrow(self, matches: Collection[int]) -> None:
        """Grow these tags alone, and what they are below: that is open."""
        self.matches = matches
        self.wanted = self.opened = self.graph.with_above(matches)

    def grow_all(
        self, roots: Sequence[int], loops: Collection[int]
    ) -> tuple[Branch, ...]:
        self.room -= len(roots)
        branches = (self.grow(key) for key in roots)
        return tuple(replace(each, in_loop=each.row_id in loops) for each in branches)

    def grow(self, tag_id: int, above: frozenset[int] = frozenset()) -> Branch:
        name, scenes = self.graph.tags[tag_id]
        path = above | {tag_id}
        below = [key for key in self.graph.below.get(tag_id, ()) if key not in path]
        shown = below if self.wanted is None else _kept(below, self.wanted)
        is_first = tag_id not in self.seen
        self.seen.add(tag_id)
        is_asked = bool(shown) and (self.fits or tag_id in self.opened)
        grows = is_asked and len(path) < DEEPEST and tag_id not in self.grown
        children = self._children(tag_id, shown, path) if grows else ()
        return Branch(
            tag_id,
            shown_name(name),
            scenes,
            len(below),
            children,
            more=len(shown) - len(children) if grows else 0,
            is_open=tag_id in self.opened,
            is_match=tag_id in self.matches,
            is_closed=bool(below) and not is_asked,
            is_first=is_first,
        )

    def _children(
        self, tag_id: int, below: Sequence[int], path: frozenset[int]
    ) -> tuple[Branch, ...]:
        self.grown.add(tag_id)
        shown = self._fitting(below)
        self.room -= len(shown)  # before any of them grows: each level comes first
        return tuple(self.grow(child, path) for child in shown)

    def _fitting(self, below: Sequence[int]) -> Sequence[int]:
        """Return as many as there is room for: what is open comes before others."""
        if len(below) <= self.room:
            return below
        first = sorted(below, key=lambda key: key not in self.opened)[: self.room]
        return _kept(below, frozenset(first))


def tag_tree(
    source_id: int | None = None,
    *,
    search: str = "",
    opened: Sequence[int] = (),
    after: int | None = None,
) -> Tree:
    """Return a page of the tree of a source; a fixed number of queries.

    Without a source it is that of the first tag to open, or the oldest. `after` is the
    root behind which the page begins.
    """
    sources = dict(Source.objects.order_by("id").values_list("id", "name"))
    if source_id is None:
        told = (source_of(tag_id) for tag_id in opened)
        source_id = next((key for key in (*told, *sources) if key in sources), None)
    if source_id not in sources:
        wrong = () if source_id is None else ("There is no such source: choose one.",)
        return Tree(None, sources, (), Count(0), (), wrong=wrong)
    graph = tag_graph(source_id)
    if search.strip():
        return _narrowed(graph, sources, source_id, search)
    return _opened(graph, sources, source_id, opened=opened, after=after)


def _narrowed(
    graph: TagGraph, sources: Mapping[int, str], source_id: int, search: str
) -> Tree:
    rows = filtered_entities(Tag, EntityFilter(search=search))
    found = rows.filter(source_id=source_id).order_by().values_list("id", flat=True)
    matches = _kept(graph.tags, frozenset(found))
    roots, loops = graph.roots()
    grower = _Grower(graph, (), room=MOST_BRANCHES)
    grower.narrow(frozenset(matches[:MOST_MATCHES]))
    kept = _kept(roots, grower.opened)
    complete = len(matches) <= MOST_MATCHES and len(graph.tags) < MOST_TAGS
    return Tree(
        source_id,
        sources,
        grower.grow_all(kept[:MOST_ROOTS], loops),
        Count(len(matches)),
        (),
        search=search,
        complete=complete,
    )


def _opened(
    graph: TagGraph,
    sources: Mapping[int, str],
    source_id: int,
    *,
    opened: Sequence[int],
    after: int | None,
) -> Tree:
    roots, loops = graph.roots()
    known = _kept(dict.fromkeys(opened), graph.tags)[-MOST_OPEN:]
    begin = _beginning(graph, roots, known, after)
    shown = roots[begin : begin + MOST_ROOTS]
    grower = _Grower(graph, graph.with_above(known), room=MOST_BRANCHES)
    return Tree(
        source_id,
        sources,
        grower.grow_all(shown, loops),
        Count(len(graph.tags)),
        tuple(known),
        next=shown[-1] if begin + len(shown) < len(roots) else None,
        after=roots[begin - 1] if begin else None,
        complete=len(graph.tags) < MOST_TAGS,
        wrong=tuple(_not_there(graph, roots, opened, after)),
    )


def _beginning(
    graph: TagGraph, roots: Sequence[int], opened: Sequence[int], after: int | None
) -> int:
    """Return which root a page begins with: as asked, or to show what is open."""
    if after in roots:
        return roots.index(after) + 1
    above = graph.with_above(opened[-1:])
    place = next((n for n, root in enumerate(roots) if root in above), 0)
    return place - place % MOST_ROOTS


def _not_there(
    graph: TagGraph, roots: Sequence[int], opened: Sequence[int], after: int | None
) -> list[str]:
    sentences = []
    if any(tag_id not in graph.tags for tag_id in opened):
        sentences.append("A tag that was to be opened is not in this tree.")
    if after is not None and after not in roots:
        sentences.append("The place in this tree is not there: it begins anew.")
    return sentences


def _kept(tag_ids: Collection[int], wanted: Collection[int]) -> list[int]:
    return [key for key in tag_ids if key in wanted]
