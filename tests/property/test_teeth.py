"""The machine notices every safeguard that is switched off."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from syncapp.stash.reading import Reader
from syncapp.stash.shapes import Confirmed
from syncapp.sync import decoding, distrust, engine, guard, probe, tombstones
from syncapp.sync.probe import Probe
from tests.property.effort import find_loss

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]
Patch = pytest.MonkeyPatch


def no_guard(patch: Patch) -> None:
    patch.setattr(guard, "too_many_gone", lambda _: False)


def no_dirty_mark(patch: Patch) -> None:
    patch.setattr(tombstones, "mark_linking_dirty", lambda *_: None)


def no_confirmation(patch: Patch) -> None:
    def believe(self: Reader, entity: Any, ids: list[int]) -> Confirmed:
        return Confirmed(frozenset(), frozenset(ids), frozenset())

    patch.setattr(Reader, "confirm", believe)


def no_settling(patch: Patch) -> None:
    patch.setattr(decoding, "is_unsettled", lambda *_: False)


def no_look_at_creation(patch: Patch) -> None:
    patch.setattr(engine, "refuse_another_library", lambda *_: None)


def no_distrust(patch: Patch) -> None:
    for module in (engine, distrust):
        patch.setattr(module, "distrust", lambda *_: None)


def probe_across_zones(patch: Patch) -> None:
    patch.setattr(Probe, "shows_every_edit", True)


def probe_before_dirty_rows(patch: Patch) -> None:
    patch.setattr(probe, "_to_read_again", lambda *_: False)


def no_side_probe(patch: Patch) -> None:
    patch.setattr(engine, "mark_unlisted", lambda *_: None)


WRONG = "the server says|not in the mirror|not on the server"
SAFEGUARDS: dict[str, tuple[Callable[[Patch], None], str]] = {
    "guard": (no_guard, "unasked|not held"),
    "dirty mark": (no_dirty_mark, WRONG),
    "confirmation": (no_confirmation, "were marked"),
    "settle rule": (no_settling, WRONG),
    "look at creation times": (no_look_at_creation, "another library was taken"),
    "distrust of a source that went back": (no_distrust, WRONG),
    "probe is not believed across zones": (probe_across_zones, WRONG),
    "plays and files are looked for": (no_side_probe, WRONG),
    "probe does not hide dirty rows": (probe_before_dirty_rows, WRONG),
}


@pytest.fixture(params=SAFEGUARDS)
def without(request: pytest.FixtureRequest) -> Iterator[str]:
    """Switch one safeguard off; gives the words in which its loss must be told."""
    switch_off, words = SAFEGUARDS[request.param]
    with pytest.MonkeyPatch.context() as patch:
        switch_off(patch)
        yield words


def test_a_safeguard_switched_off_is_noticed(without: str) -> None:
    with pytest.raises(AssertionError, match=without):
        find_loss()
