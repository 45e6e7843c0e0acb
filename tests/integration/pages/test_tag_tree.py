"""The tree of tags: what it shows, and that it ends."""

import pytest
from django.test import AsyncClient

from syncapp import queries
from syncapp.models import Source, Tag, TagParent
from tests.builders import make_tag
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


def _names(branches: tuple[queries.Branch, ...]) -> list[str]:
    return [
        name for branch in branches for name in (branch.name, *_names(branch.children))
    ]
