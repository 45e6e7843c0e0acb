"""A text of the source may turn itself round, and nothing else on a page."""

from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient
from django.utils import timezone

from jobs.templatetags.pages import ISOLATE
from syncapp.models import (
    Performer,
    Scene,
    SceneFile,
    Source,
    StreamState,
    Studio,
    Tag,
)
from syncapp.services import dismiss
from tests.builders import NOON, make_entry
from tests.integration.pages.conftest import text
from tests.plan_builders import make_change, make_plan

pytestmark = pytest.mark.django_db(transaction=True)
TURNED = "\u202eeditT\u200f"
EMPTY = {"meta", "link", "input", "br", "rect", "path"}  # elements without an end


class LooseTexts(HTMLParser):
    """Collects what is turned round outside of all that keeps it in."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.loose: list[str] = []
        self.kept = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in EMPTY:
            self.open.append((tag, tag == "bdi" or ("dir", "auto") in attrs))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "\u202e" not in data:
            return
        in_title = any(tag == "title" for tag, _ in self.open) and ISOLATE in data
        if in_title or any(keeps for _, keeps in self.open):
            self.kept += 1
        else:
            self.loose.append(data.strip())


def _turn(source: Source) -> Iterator[str]:
    """Turn all texts round; yields the addresses of the pages that show them."""
    scene, tag = Scene.objects.earliest("id"), Tag.objects.earliest("id")
    twice, ids = [TURNED, TURNED], [[TURNED, TURNED]]
    same = {"details": TURNED, "urls": twice, "stash_ids": ids}
    named = {"name": TURNED, "aliases": twice}
    Scene.objects.update(title=TURNED, code=TURNED, director=TURNED, **same)
    SceneFile.objects.update(
        path=f"/{TURNED}/{TURNED}", video_codec=TURNED, fingerprints=ids
    )
    Tag.objects.update(**named, description=TURNED, stash_ids=ids, sort_name=TURNED)
    Studio.objects.update(**named, **same)
    Performer.objects.update(**named, **same, disambiguation=TURNED, country=TURNED)
    Source.objects.update(name=f"{TURNED} archive")
    changes = {"title": ["Tide", TURNED], "tags": [[], [tag.pk]]}
    make_entry(scene, NOON, changes, job_id=7)
    StreamState.objects.create(
        source=source,
        stream="scenes",
        held_deletions=1,
        held_ids=[scene.remote_id],
        held_since=timezone.now(),
    )
    yield from ("/", "/changes/", "/scenes/", "/performers/", "/tags/", "/studios/")
    yield from ("/tags/tree/", f"/tags/tree/?q={TURNED}", f"/scenes/?q={TURNED}")
    yield f"/scenes/?tag={tag.pk}&folder=/{TURNED}&tag={TURNED}"
    yield f"/scenes/{scene.pk}/?sort=title"
    yield f"/tags/{tag.pk}/"
    yield f"/studios/{Studio.objects.latest('id').pk}/"
    yield f"/performers/{Performer.objects.earliest('id').pk}/"
    yield f"/sources/{source.pk}/deletions/scenes/"
    yield from _turned_plan(source, scene, tag)


def _turned_plan(source: Source, scene: Scene, tag: Tag) -> Iterator[str]:
    """Make a plan of turned texts; yields where it is shown."""
    asked = f"tag={tag.pk}"
    plan = make_plan(source, TURNED, scope="filter", query=asked, options=[TURNED])
    told = {"sentence": TURNED, "spans": [["path", 1, 4]], "objection": TURNED}
    studio, other = Studio.objects.earliest("id"), Studio.objects.latest("id")
    make_change(plan, scene, "studio", other, before_id=studio.pk, before="A", **told)
    change = make_change(plan, scene, "title", TURNED, before="B", **told)
    make_change(plan, scene, "tags", tag, **told)
    dismiss(change.pk, "scene")
    yield from ("/plans/", f"/plans/{plan.pk}/", "/plans/dismissals/")
    yield f"/plans/{plan.pk}/?cause={change.cause_key}"
    yield f"/plans/{plan.pk}/?detector={TURNED}"


async def test_a_mark_in_a_text_turns_nothing_else_round(
    operator: AsyncClient, source: Source
) -> None:
    addresses = await sync_to_async(lambda: list(_turn(source)))()
    found = {}
    for address in addresses:
        reader = LooseTexts()
        reader.feed(text(await operator.get(address)))

        assert reader.kept, address
        found[address] = reader.loose

    assert {address: loose for address, loose in found.items() if loose} == {}


def test_a_loose_text_is_seen() -> None:
    reader = LooseTexts()

    reader.feed(f"<p>{TURNED}<br><bdi>{TURNED}</bdi></p><title>{TURNED}</title>")

    assert (reader.loose, reader.kept) == ([TURNED.strip(), TURNED.strip()], 1)
