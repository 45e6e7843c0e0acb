"""Writes labelled scenes: a template is filled in, then it is told what is true."""

import random
import re
from dataclasses import dataclass, replace

from syncapp.analysis.facts import FileFacts, SceneFacts
from syncapp.analysis.library import EntityKind
from syncapp.analysis.proposals import Field
from tests.accuracy.catalogue import Catalogue, make_catalogue
from tests.accuracy.draft import Draft
from tests.accuracy.folded import Key, NameTable, Sighting, name_table
from tests.accuracy.hand import Hand
from tests.accuracy.resolving import resolve
from tests.accuracy.slots import SLOTS
from tests.accuracy.truth import LabelledScene, Told

SLOT = re.compile(r"\{([a-z_]+)((?:\.[a-z]+)*)\}")
TRIES = 60  # a scene is drawn anew where a name stands in it by accident


@dataclass(frozen=True, slots=True)
class Desk:
    """A hand with its catalogue, made once."""

    hand: Hand
    catalogue: Catalogue
    names: NameTable
    harmless: frozenset[Key]  # names that are ordinary words, which titles may hold


def desk(hand: Hand) -> Desk:
    catalogue = make_catalogue(hand.stock, hand.seed, first_id=hand.first_id)
    entities = catalogue.entities
    stock = hand.stock
    common = {*stock.common_people, *stock.common_studios, *stock.common_tags}
    harmless = frozenset(key for key, one in entities.items() if one.name in common)
    return Desk(hand, catalogue, name_table(entities.values()), harmless)


def write_scene(desk: Desk, scene_id: int) -> LabelledScene:
    """Return this scene; the same whenever and after whatever it is asked for."""
    rng = random.Random(f"{desk.hand.seed} {scene_id}")
    habits = desk.hand.habits
    for _ in range(TRIES):
        (habit,) = rng.choices(habits, [one.weight for one in habits])
        draft = Draft(desk.catalogue, rng)
        path = _filled(habit.path, draft, desk.hand)
        by_path = draft.house_is_told, draft.dates
        title = _filled(habit.title, draft, desk.hand)
        details = _filled(habit.details, draft, desk.hand)
        draft.note_late(*by_path)
        told = resolve(
            draft, _below_root(path, desk.hand), title=title, details=details
        )
        if not _accidents(desk, draft, f"{path} | {title} | {details}"):
            file = FileFacts(path, duration=float(rng.randint(90, 5400)))
            facts = SceneFacts(scene_id, (_sized(file, draft),), title, details)
            return _with_what_is_set(LabelledScene(facts, habit.name, told), desk, rng)
    msg = f"Scene {scene_id} holds names by accident in {TRIES} tries."
    raise AssertionError(msg)


def _filled(template: str, draft: Draft, hand: Hand) -> str:
    def fill(found: "re.Match[str]") -> str:
        slot, styles = found[1], [s for s in found[2].split(".") if s]
        if roots := hand.roots.get(slot):
            return draft.rng.choices([*roots], [*roots.values()])[0]
        return (hand.slots.get(slot) or SLOTS[slot])(draft, styles)

    return SLOT.sub(fill, template)


def _below_root(path: str, hand: Hand) -> str:
    roots = (root for roots in hand.roots.values() for root in roots)
    return next((path[len(r) :] for r in roots if path.startswith(r)), path)


def _sized(file: FileFacts, draft: Draft) -> FileFacts:
    height = draft.height
    return (
        file if height is None else replace(file, height=height, width=height * 16 // 9)
    )


def _accidents(desk: Desk, draft: Draft, text: str) -> list[Sighting]:
    """Return names of the catalogue that the text holds and nobody put there."""
    meant: set[Key] = {(EntityKind(kind), n) for kind, n in draft.planted}
    if draft.house:
        meant.add((EntityKind.STUDIO, draft.house.row_id))
    for one in draft.people:
        meant |= {
            (EntityKind.PERFORMER, n.row_id) for n in (one, *draft.catalogue.alike(one))
        }
    meant |= {(EntityKind.TAG, n) for n in draft.tags}
    seen = [*desk.names.sightings(text)]
    good = [one for one in seen if one.keys & meant]
    return [
        one
        for one in seen
        if not one.keys & (meant | desk.harmless)
        and not any(one.is_within(other) for other in good)
    ]


def _with_what_is_set(
    scene: LabelledScene, desk: Desk, rng: random.Random
) -> LabelledScene:
    """Set some of what is told, as in a library that somebody has begun to tidy."""
    for change in (_set_studio, _set_date, _set_people, _set_tags, _set_title):
        if rng.random() < 0.12:
            scene = change(scene, desk, rng)
    return scene


def _told(scene: LabelledScene, about: Field, told: Told) -> dict[Field, Told]:
    return {**scene.truth, about: told}


def _set_studio(scene: LabelledScene, desk: Desk, rng: random.Random) -> LabelledScene:
    """Set the studio; one in eight is another than the path tells."""
    right = scene.told(Field.STUDIO).right
    if not right:
        return scene
    (value,) = right
    other = rng.choice(desk.catalogue.houses).row_id
    studio_id = other if rng.random() < 0.125 else int(value)
    facts = replace(scene.facts, studio_id=studio_id)
    return replace(
        scene, facts=facts, truth=_told(scene, Field.STUDIO, Told(tolerated=right))
    )


def _set_date(scene: LabelledScene, desk: Desk, rng: random.Random) -> LabelledScene:
    right = scene.told(Field.DATE).right
    if not right:
        return scene
    facts = replace(scene.facts, date=str(min(map(str, right))))
    return replace(scene, facts=facts, truth=_told(scene, Field.DATE, Told()))


def _set_people(scene: LabelledScene, desk: Desk, rng: random.Random) -> LabelledScene:
    told = scene.told(Field.PERFORMERS)
    if not told.right:
        return scene
    there = frozenset(n for n in sorted(told.right, key=int) if rng.random() < 0.6)
    facts = replace(scene.facts, performer_ids=frozenset(int(n) for n in there))
    rest = replace(told, right=told.right - there)
    return replace(scene, facts=facts, truth=_told(scene, Field.PERFORMERS, rest))


def _set_tags(scene: LabelledScene, desk: Desk, rng: random.Random) -> LabelledScene:
    told = scene.told(Field.TAGS)
    facts = replace(scene.facts, tag_ids=frozenset(int(n) for n in told.right))
    rest = replace(told, right=frozenset())
    return replace(scene, facts=facts, truth=_told(scene, Field.TAGS, rest))


def _set_title(scene: LabelledScene, desk: Desk, rng: random.Random) -> LabelledScene:
    right = scene.told(Field.TITLE).right
    if not right:
        return scene
    facts = replace(scene.facts, title=min(map(str, right)))
    return replace(scene, facts=facts, truth=_told(scene, Field.TITLE, Told()))
