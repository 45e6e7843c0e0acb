"""Pictures that were fetched once, and how long they are kept."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import AsyncClient

from syncapp.models import Scene, Source
from tests.builders import NOON
from tests.integration.covers import (
    JPEG,
    LONG,
    PNG,
    SVG,
    Shelf,
    first_scene_id,
    is_placeholder,
    kept,
)
from tests.integration.pages.conftest import text

pytestmark = pytest.mark.django_db(transaction=True)


async def test_a_browser_that_has_it_gets_nothing_twice(
    reader: AsyncClient, pictures: Shelf
) -> None:
    first = await reader.get(pictures.address())

    again = await reader.get(
        pictures.address(), headers={"If-None-Match": first["ETag"]}
    )

    assert (again.status_code, again.content) == (304, b"")


async def test_what_was_fetched_once_is_kept_and_not_fetched_again(
    reader: AsyncClient, pictures: Shelf, tmp_path: Path
) -> None:
    for _ in range(3):
        assert (await reader.get(pictures.address())).content == PNG

    assert pictures.asked() == 1
    (path,) = kept(tmp_path)
    modes = {each.stat().st_mode & 0o777 for each in (path.parent, path.parent.parent)}
    assert (path.stat().st_mode & 0o777, modes) == (0o600, {0o700})


async def test_that_there_is_none_is_kept_too(
    reader: AsyncClient, pictures: Shelf
) -> None:
    pictures.give(SVG)
    for _ in range(3):
        assert is_placeholder(await reader.get(pictures.address()), LONG)

    assert pictures.asked() == 1


async def test_a_changed_row_has_its_new_picture_in_place_of_the_old(
    reader: AsyncClient, pictures: Shelf, tmp_path: Path
) -> None:
    before = await reader.get(pictures.address())
    pictures.give(JPEG)
    later = NOON + timedelta(seconds=1)
    await Scene.objects.filter(remote_id=1).aupdate(remote_updated_at=later)

    after = await reader.get(pictures.address())

    assert (before.content, after.content) == (PNG, JPEG)
    assert len(kept(tmp_path)) == 1
    html = text(await reader.get(f"/scenes/{await first_scene_id()}/"))
    assert f"?v={int(later.timestamp())}" in html


async def test_another_server_at_the_source_has_its_own_pictures(
    reader: AsyncClient, pictures: Shelf
) -> None:
    await reader.get(pictures.address())
    pictures.give(JPEG)
    url = pictures.stash.url.replace("127.0.0.1", "localhost")
    await Source.objects.aupdate(url=url)

    response = await reader.get(pictures.address())

    assert response.content == JPEG


async def test_a_disk_that_takes_nothing_breaks_no_picture(
    reader: AsyncClient, pictures: Shelf, tmp_path: Path
) -> None:
    (tmp_path / "covers").write_text("a file where the folder should be")

    responses = [await reader.get(pictures.address()) for _ in range(2)]

    assert [response.content for response in responses] == [PNG, PNG]
    assert pictures.asked() == 2
