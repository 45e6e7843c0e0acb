"""The tree of tags: what it shows, and that it ends."""

from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.test import AsyncClient
from django.test.utils import CaptureQueriesContext

from syncapp import queries
from syncapp.models import Source, Tag, TagParent
from syncapp.queries import tags
from tests.builders import make_source, make_tag
from tests.integration.pages.conftest import text

pytestmark = pytest.mark.django_db(transaction=True)


async def test_the_tree_shows_tags_below_what_they_are_part_of(
    operator: AsyncClient, source: Source
) -> None:
    html = text(await operator.get("/tags/tree/"))

    below = html[html.index("1 below") :]
    assert "Tide pools" in below


def test_a_loop_of_tags_does_not_grow_for_ever(source: Source) -> None:
    sea, pools = Tag.objects.order_by("id")
    TagParent.objects.create(tag=sea, parent=pools)
    make_tag(source, 9, "Coast")

    tree = queries.tag_tree()

    found = [(branch.name, branch.in_loop) for branch in tree.roots]
    assert found == [("Coast", False), ("Sea", True)]
    assert [child.name for child in tree.roots[1].children] == ["Tide pools"]


def test_what_hangs_below_a_loop_is_shown_once(source: Source) -> None:
    first, second, below, other = (
        make_tag(source, number, name)
        for number, name in ((21, "A"), (22, "B"), (23, "C"), (24, "D"))
    )
    for tag, parent in ((first, second), (second, first), (below, second)):
        TagParent.objects.create(tag=tag, parent=parent)
    TagParent.objects.create(tag=other, parent=below)

    tree = queries.tag_tree()

    assert sorted(_names(tree.roots)) == ["A", "B", "C", "D", "Sea", "Tide pools"]


def test_what_hangs_below_a_loop_is_not_marked_as_in_it(source: Source) -> None:
    first, second, below = (
        make_tag(source, number, name)
        for number, name in ((21, "Moss"), (22, "Reed"), (23, "Aster"))
    )
    for tag, parent in ((first, second), (second, first), (below, second)):
        TagParent.objects.create(tag=tag, parent=parent)

    tree = queries.tag_tree()

    found = [branch.name for branch in tree.roots if branch.in_loop]
    assert len(found) == 1
    assert found[0] in {"Moss", "Reed"}
    assert sorted(_names(tree.roots)) == [
        *("Aster", "Moss", "Reed", "Sea", "Tide pools")
    ]


async def test_a_loop_is_marked_on_the_page(
    operator: AsyncClient, source: Source
) -> None:
    sea, pools = [tag async for tag in Tag.objects.order_by("id")]
    await TagParent.objects.acreate(tag=sea, parent=pools)

    html = text(await operator.get("/tags/tree/"))

    assert html.count("in a loop: it is below itself") == 1


def test_what_is_closed_has_to_be_asked_for(source: Source, small: None) -> None:
    _, bay = _two_levels(source)

    closed = queries.tag_tree()
    opened = queries.tag_tree(opened=[bay.pk])

    assert _names(closed.roots) == ["Coast", "Sea"]
    assert [branch.is_closed for branch in closed.roots] == [True, True]
    assert _names(opened.roots) == ["Coast", "Bay", "Cove", "Sea"]
    assert opened.roots[0].is_open
    assert not opened.roots[1].is_open


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have room for few tags on a page."""
    monkeypatch.setattr(tags, "MOST_ROOTS", 2)
    monkeypatch.setattr(tags, "MOST_BRANCHES", 4)


def _two_levels(source: Source) -> tuple[Tag, Tag]:
    coast = make_tag(source, 31, "Coast")
    bay = make_tag(source, 32, "Bay", parent=coast)
    make_tag(source, 33, "Cove", parent=bay)
    return coast, bay


def test_room_is_for_what_is_open_first(source: Source, small: None) -> None:
    coast, bay = _two_levels(source)
    for number in range(40, 50):
        make_tag(source, number, f"Aster {number}", parent=coast)

    tree = queries.tag_tree(opened=[bay.pk])

    assert tree.roots[0].below == 11
    assert [child.name for child in tree.roots[0].children] == ["Aster 40", "Bay"]
    assert tree.roots[0].more == 9


def test_roots_come_in_pages(source: Source, small: None) -> None:
    make_tag(source, 41, "Zinnia")
    last = make_tag(source, 42, "Zoom")

    first = queries.tag_tree()
    second = queries.tag_tree(after=first.next)

    assert (_names(first.roots), first.after) == (["Sea", "Zinnia"], None)
    assert (_names(second.roots), second.next) == (["Zoom"], None)
    assert second.after == first.next
    assert _names(queries.tag_tree(opened=[last.pk]).roots) == ["Zoom"]


def test_a_search_shows_what_matches_and_what_that_is_below(
    source: Source, small: None
) -> None:
    _two_levels(source)

    tree = queries.tag_tree(search="cov")

    assert _names(tree.roots) == ["Coast", "Bay", "Cove"]
    assert (tree.found.number, tree.complete) == (1, True)
    assert tree.roots[0].is_open
    assert not tree.roots[0].is_match
    assert tree.roots[0].children[0].children[0].is_match


def test_a_tag_below_very_many_fills_no_page(source: Source, small: None) -> None:
    below = make_tag(source, 31, "Cove")
    for number in range(40, 50):
        TagParent.objects.create(
            tag=below, parent=make_tag(source, number, f"Aster {number}")
        )

    tree = queries.tag_tree(search="cove")

    assert _names(tree.roots) == ["Aster 40", "Cove", "Aster 41", "Cove"]


def test_a_tag_with_two_parents_shows_what_is_below_it_once(source: Source) -> None:
    _, bay = _two_levels(source)
    TagParent.objects.create(tag=bay, parent=Tag.objects.get(name="Sea"))

    tree = queries.tag_tree(opened=[bay.pk])

    assert _names(tree.roots) == ["Coast", "Bay", "Cove", "Sea", "Bay", "Tide pools"]
    first, second = tree.roots[0].children[0], tree.roots[1].children[0]
    assert (first.is_first, second.is_first) == (True, False)
    assert (second.below, second.children) == (1, ())


def test_a_chain_of_any_length_ends(source: Source) -> None:
    above = Tag.objects.get(name="Tide pools")
    for number in range(60, 120):
        above = make_tag(source, number, f"Pool {number}", parent=above)

    tree = queries.tag_tree(opened=[above.pk])

    assert len(_names(tree.roots)) == tags.DEEPEST


def test_each_source_has_a_tree_of_its_own(source: Source) -> None:
    far = make_source("Lectures", url="http://attic:9999")
    fog = make_tag(far, 1, "Fog")

    assert _names(queries.tag_tree().roots) == ["Sea", "Tide pools"]
    assert _names(queries.tag_tree(far.pk).roots) == ["Fog"]
    assert queries.tag_tree(opened=[fog.pk]).source == "Lectures"
    assert queries.tag_tree(far.pk, search="Sea").roots == ()


def test_more_tags_ask_no_more_of_the_database(source: Source) -> None:
    def asked(**how: Any) -> int:
        with CaptureQueriesContext(connection) as captured:
            queries.tag_tree(source.pk, **how)
        return len(captured)

    few = asked(), asked(search="Sea")
    coast, bay = _two_levels(source)
    for number in range(60, 90):
        make_tag(source, number, f"Pool {number}", parent=bay)

    assert few == (3, 5)
    assert (asked(opened=[coast.pk, bay.pk]), asked(search="Pool")) == few


async def test_a_closed_branch_is_opened_by_a_link(
    operator: AsyncClient, source: Source, small: None
) -> None:
    coast, bay = await sync_to_async(_two_levels)(source)

    closed = text(await operator.get("/tags/tree/"))
    link = f"?source={source.pk}&amp;open={coast.pk}#tag-{coast.pk}"
    opened = text(await operator.get("/tags/tree/", {"open": coast.pk}))

    assert f'href="{link}"' in closed
    assert f'href="/tags/{bay.pk}/"' not in closed
    assert f'href="/tags/{bay.pk}/"' in opened
    assert f"open={coast.pk}&amp;open={bay.pk}#tag-{bay.pk}" in opened
    assert f'href="/scenes/?tag={bay.pk}&amp;tag_depth=all"' in opened


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"source": "x"}, "There is no such source"),
        ({"source": "4000000"}, "There is no such source"),
        ({"open": "x"}, "A tag that was to be opened is not in this tree."),
        ({"open": str(2**70)}, "A tag that was to be opened is not in this tree."),
        ({"after": "-1"}, "The place in this tree is not there"),
        ({"q": "zeppelin"}, "None of the tags match"),
        ({"q": "\0%_"}, "None of the tags match"),
    ],
)
async def test_what_is_not_there_is_said(
    asked: dict[str, str], sentence: str, operator: AsyncClient, source: Source
) -> None:
    assert sentence in text(await operator.get("/tags/tree/", asked))


def _names(branches: tuple[queries.Branch, ...]) -> list[str]:
    return [
        name for branch in branches for name in (branch.name, *_names(branch.children))
    ]
