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

    assert [branch.name for branch in tree.roots] == ["Coast"]
