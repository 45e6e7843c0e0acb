# ruff: noqa: D401 - a slot is called what it writes
"""What the third hand writes: titles that a name begins, and lists that are no people.

As in `slots.py` each writes its text and notes in the draft what that text tells.
"""

from collections.abc import Mapping

from tests.accuracy.catalogue import Telling
from tests.accuracy.draft import Draft
from tests.accuracy.slots import Slot, Styles
from tests.accuracy.styles import casings, styled, visible

# Titles that a name begins, with a sign that dots and underscores take away.
LIVES = (
    "{}: A Life in {p}", "{}: The {p} Years", "{}: No {n} Tonight", "{}, {n} Keeper",
    "{} & the {n}", "{}: The {a} {n}", "{}: {a} {n}s", "{}: Beyond the {n}", "{} - {n}",
    "{}: Voice of {p}",
)  # fmt: skip
DEEDS = (
    "paints", "climbs", "crosses", "draws", "builds", "sails", "remembers", "leaves",
    "cooks", "repairs", "answers", "follows", "photographs", "teaches",
)  # fmt: skip
WAYS = (
    "painting", "filming", "under", "against", "between", "after", "for", "watched",
    "explored", "into",
)  # fmt: skip
TALKS = (
    "Interview", "Masterclass", "Unplugged", "Retrospective", "Lecture", "In Concert",
    "Solo", "Outtakes", "Showreel", "Tribute", "Part 2", "Backstage", "Rehearsal",
)  # fmt: skip
SCENE_MARKS = ("Scene {}", "Scene {:02}", "E{:02}", "Ep {}", "S01E{:02}", "Episode {}")
LIST_ENDS = (" and ", " & ", ", ", " + ", " und ")


def _about(draft: Draft, form: str, styles: Styles) -> str:
    """Write a title with somebody in it, who is named by that."""
    one = draft.draw_another(Telling.FULL)
    draft.named.add(one.row_id)
    stock = draft.catalogue.stock
    draft.title = form.format(
        one.entity.name,
        n=draft.rng.choice(stock.nouns),
        p=draft.rng.choice(stock.places),
        a=draft.rng.choice(stock.adjectives),
    )
    draft.tell_title(draft.title, styles)
    return styled(draft.title, styles)


def life(draft: Draft, styles: Styles) -> str:
    """The title of a film about somebody."""
    return _about(draft, draft.rng.choice(LIVES), styles)


def deed(draft: Draft, styles: Styles) -> str:
    """A title that tells what somebody does."""
    verb = draft.rng.choice((*DEEDS, *DEEDS, *WAYS)).title()
    thing = draft.rng.choice(("the {n}", "{n}s", "a {n}", "{p}"))
    return _about(draft, f"{{}} {verb} {thing}", styles)


def talk(draft: Draft, styles: Styles) -> str:
    """A title that says nothing without the name before it."""
    return _about(draft, f"{{}} {draft.rng.choice(TALKS)}", styles)


def mixed_people(draft: Draft, styles: Styles) -> str:
    """A whole name and one of a single word, with nothing that says it is one."""
    told = [Telling.FULL, draft.rng.choice((Telling.SINGLE, Telling.COMMON))]
    if draft.rng.random() < 0.5:
        told.reverse()
    people = [draft.draw_another(telling) for telling in told]
    draft.named |= {one.row_id for one in people}
    return styled(" ".join(one.entity.name for one in people), styles)


def _unknown(draft: Draft) -> str:
    """The name of somebody whom the library does not know."""
    stock = draft.catalogue.stock
    return f"{draft.rng.choice(stock.given)} {draft.rng.choice(stock.strangers)}"


def stranger_told(draft: Draft, styles: Styles) -> str:
    """Somebody unknown among others, whom nothing parts from the title.

    No program can tell, but confidence has to: a title with the name is wrong.
    """
    return styled(_unknown(draft), styles)


def strangers(draft: Draft, styles: Styles) -> str:
    """People whom the library does not know, and no title."""
    names = [_unknown(draft) for _ in range(draft.rng.randint(2, 3))]
    *first, last = names
    return styled(", ".join(first) + draft.rng.choice(LIST_ENDS) + last, styles)


def first_names(draft: Draft, styles: Styles) -> str:
    """People by their first names, which the library does not know."""
    names = draft.rng.sample(draft.catalogue.stock.given, draft.rng.randint(2, 3))
    *first, last = names
    return styled(", ".join(first) + draft.rng.choice(LIST_ENDS) + last, styles)


def topics(draft: Draft, styles: Styles) -> str:
    """A title that lists what it is about."""
    stock, rng = draft.catalogue.stock, draft.rng
    things = rng.sample(stock.nouns, rng.randint(2, 3))
    form = rng.choice(
        ("{}", "{}s", "{}s", "The {}", f"{rng.choice(stock.adjectives)} {{}}s")
    )
    *first, last = (form.format(thing) for thing in things)
    draft.title = ", ".join(first) + rng.choice(LIST_ENDS) + last
    draft.tell_title(draft.title, styles)
    return styled(draft.title, styles)


def scene_mark(draft: Draft, styles: Styles) -> str:
    """Which scene or episode it is, in front of the title, which may keep that."""
    mark = draft.rng.choice(SCENE_MARKS).format(draft.rng.randint(1, 12))
    text = draft.draw_title()
    for told in (f"{mark} - {text}", f"{mark} {text}"):
        draft.tell_title(told, styles)
    return styled(mark, styles)


def initialled(draft: Draft, styles: Styles) -> str:
    """Somebody with an initial for the first name: nobody whom the library knows."""
    one = draft.rng.choice(draft.catalogue.people[Telling.FULL])
    first, *rest = one.entity.name.split(" ")
    name = f"{first[:1]}. {rest[-1]}" if rest else first
    draft.behind_it.add(one.row_id)
    draft.tolerated_titles |= casings(visible(name, styles))
    return styled(name, styles)


def studio_short(draft: Draft, styles: Styles) -> str:
    """The initials of a studio, which the library may know or not."""
    house = draft.draw_house()
    short = "".join(word[0] for word in house.entity.name.split() if word[0].isalpha())
    if short.upper() in house.spellings:
        draft.house_is_told = True
    else:
        draft.tolerated_titles |= casings(short.upper())
    return styled(short.upper(), styles)


FURTHER_SLOTS: Mapping[str, Slot] = {
    "life": life,
    "deed": deed,
    "talk": talk,
    "mixed_people": mixed_people,
    "stranger_told": stranger_told,
    "strangers": strangers,
    "first_names": first_names,
    "topics": topics,
    "scene_mark": scene_mark,
    "initialled": initialled,
    "studio_short": studio_short,
}
