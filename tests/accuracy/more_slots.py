# ruff: noqa: D401 - a slot is called what it writes
"""What the second hand writes: dates of other languages, tapes, recorders, bound names.

As in `slots.py` each writes its text and notes in the draft what that text tells.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.accuracy.catalogue import Person, Telling
from tests.accuracy.draft import Draft
from tests.accuracy.slots import Slot, Styles, day_slot, month_slot, other_studio
from tests.accuracy.styles import SEPARATING, casings, styled, visible

GERMAN, FRENCH, SPANISH, ITALIAN, DUTCH, RUSSIAN = (
    line.split()
    for line in Path(__file__).with_name("months.txt").read_text("utf-8").splitlines()
)
# What a name in a title is bound to: without it nothing is said.
BOUND = (
    "Remembering {}", "Meet {}", "{} Explains the {n}", "{} Returns", "{} and the {n}",
    "A Portrait of {}", "{}'s {n}", "An Evening with {}", "{} Live in {p}",
    "Letters to {}", "{} Reads {n} Poems", "In Conversation with {}", "{} on the {n}",
    "The {} Story", "Being {}", "A Day with {} in {p}", "{} & the {n}",
    "{} Visits {p}", "Young {}", "Waiting for {} in the {n}", "{} Goes to {p}",
    "Interview with {}", "How {} Built a {n}", "{} Talks about the {n}",
    "{}: A Life in {p}", "{}: The {p} Years", "{}, Keeper of the {n}", "{}: A Portrait",
    "Goodbye, {}", "The {n} of {}", "In Memory of {}", "{} versus the {n}",
)  # fmt: skip
MINOR = ("Season 1", "Season 02", "Staffel 3", "Series 2", "S01", "Specials", "Extras")
GROUPS = ("NEUTRAL", "GRP", "TIDE", "aRCHiVe", "iND", "ReelOne")
SOURCES = ("WEB-DL", "BluRay", "HDTV", "DVDRip", "WEBRip", "WEB", "BDRip", "VHSRip")
JOINTS = (
    *(" und ", " et ", " y ", " + ", " ft. ", " featuring ", " avec ", " mit "),
    *(" w. ", ",", " & ", " og ", " con ", "_&_", " · ", "  "),
)
TAPES = ("Tape {}", "VHS {:02}", "Reel {}", "Hi8 {:02}", "Kassette {}", "Betamax {}")


def _spoken(months: Sequence[str], form: str) -> Slot:
    """Write a day with the name of its month, in another language than English."""

    def day(draft: Draft, styles: Styles) -> str:
        drawn = draft.draw_day()
        draft.tell_date(drawn.isoformat())
        name = months[drawn.month - 1]
        return styled(form.format(d=drawn.day, month=name, y=drawn.year), styles)

    return day


def _clock(draft: Draft) -> str:
    """The hour at which a recorder began."""
    hour, minute = draft.rng.randint(0, 23), draft.rng.choice((0, 5, 15, 30, 45))
    sign = draft.rng.choice(("-", ".", "", "h", "_"))
    return f"{hour:02}{sign}{minute:02}"


def stamp(draft: Draft, styles: Styles) -> str:
    """A whole date with its hour, as recorders write them."""
    day = draft.draw_day()
    draft.tell_date(day.isoformat())
    forms = ("{:%Y-%m-%d} {}", "{:%Y%m%d} {}", "{:%Y-%m-%d_}{}", "{:%Y_%m_%d_}{}")
    return draft.rng.choice(forms).format(day, _clock(draft))


def tube_id(draft: Draft, styles: Styles) -> str:
    """The eleven signs by which a site of films knows one."""
    lower, upper, digits = "abcdefghijkmnp", "ABCDEFGHJKLMNP", "23456789"
    signs = [
        *draft.rng.choices(lower, k=4),
        *draft.rng.choices(upper, k=4),
        *draft.rng.choices(digits + "_-", k=2),
        draft.rng.choice(digits),
    ]
    draft.rng.shuffle(signs)
    return "".join(signs)


def _whole(draft: Draft) -> Person:
    """Draw somebody whose name nobody takes for a word, and who is named here."""
    one = draft.draw_people(1, 1, plain=True)[0]
    draft.named.add(one.row_id)
    return one


def bound_person(draft: Draft, styles: Styles) -> str:
    """A title that says nothing without the name in it."""
    one = draft.draw_another(Telling.FULL)
    draft.named.add(one.row_id)
    stock = draft.catalogue.stock
    noun, place = draft.rng.choice(stock.nouns), draft.rng.choice(stock.places)
    # Without its sign "Jane Doe: A Portrait" may be a portrait that she made.
    is_bare = not SEPARATING.isdisjoint(styles)
    forms = [form for form in BOUND if not (is_bare and re.search("[:,&]", form))]
    draft.title = draft.rng.choice(forms).format(one.entity.name, n=noun, p=place)
    draft.tell_title(draft.title, styles)
    return styled(draft.title, styles)


def bound_studio(draft: Draft, styles: Styles) -> str:
    """A title that speaks of a studio, which did not make the scene."""
    name = other_studio(draft, ())
    noun = draft.rng.choice(draft.catalogue.stock.nouns)
    forms = ("Inside {0}", "{0} at Fifty", "{0}'s {1}", "How {0} Lost a {1}")
    draft.title = draft.rng.choice(forms).format(name, noun)
    draft.tell_title(draft.title, styles)
    return styled(draft.title, styles)


def person_whole(draft: Draft, styles: Styles) -> str:
    """Somebody whose name nobody takes for a word, where no sign need part it."""
    return styled(_whole(draft).entity.name, styles)


def single(draft: Draft, styles: Styles) -> str:
    """A performer of one word, rare or not."""
    telling = draft.rng.choice((Telling.SINGLE, Telling.SINGLE, Telling.COMMON))
    one = draft.draw_another(telling)
    draft.named.add(one.row_id)
    return styled(one.entity.name, styles)


def single_and_title(draft: Draft, styles: Styles) -> str:
    """A name of one word where no sign parts it: careful people differ on the title."""
    name, text = single(draft, styles), draft.draw_title()
    draft.tell_title(text, styles)
    draft.tolerated_titles |= casings(f"{name} {visible(text, styles)}")
    return f"{name} {styled(text, styles)}"


def more_people(draft: Draft, styles: Styles) -> str:
    """People listed in further ways, and in other languages."""
    joint = draft.rng.choice(JOINTS)
    written = []
    for one in draft.draw_people(2, 3, plain=True):
        draft.named.add(one.row_id)
        written.append(styled(one.entity.name, styles))
    return joint.join(written)


def director(draft: Draft, styles: Styles) -> str:
    """Who made it: careful people differ whether that is a performer."""
    one = draft.draw_another(Telling.FULL)
    draft.behind_it.add(one.row_id)
    word = draft.rng.choice(("directed by", "a film by", "dir. by", "Regie"))
    return f"{word} {styled(one.entity.name, styles)}"


def voice(draft: Draft, styles: Styles) -> str:
    """Who is heard, with the word that says so."""
    words = ("narrated by", "read by", "presented by", "hosted by", "with", "starring")
    return f"{draft.rng.choice(words)} {styled(_whole(draft).entity.name, styles)}"


def nicknamed(draft: Draft, styles: Styles) -> str:
    """A name with what friends call its bearer between its words."""
    first, *rest = _whole(draft).entity.name.split(" ")
    if not rest:
        return first
    called = draft.rng.choice(("Skip", "Bunny", "Old Tom", "Tug", "Kit"))
    sign = draft.rng.choice(('"{}"', "'{}'", "“{}”", "({})"))
    return " ".join([first, sign.format(called), *rest])


def last_first(draft: Draft, styles: Styles) -> str:
    """A folder as of a register: the last name, a comma, the first ones."""
    one = _whole(draft)
    draft.alone_in_folder.add(one.row_id)
    first, *rest = one.entity.name.split(" ")
    if len(rest) != 1:
        return one.entity.name
    return f"{rest[0]}, {first}"


def camel(draft: Draft, styles: Styles) -> str:
    """A title of which capitals alone part the words."""
    text = draft.draw_title()
    words = visible(text, ("dots",))
    draft.tell_title(" ".join(word[:1].upper() + word[1:] for word in words.split()))
    draft.tell_title(words)
    return styled(text, ["joined"])


def numbered(draft: Draft, styles: Styles) -> str:
    """A title behind the number of its file."""
    forms = ("{:02} - ", "{:02}. ", "{:02} ", "[{:02}] ", "({}) ", "{:03}_", "{}) ")
    text = draft.draw_title()
    shown = draft.rng.choice(forms).format(draft.rng.randint(1, 30)) + text
    draft.tell_title(text)
    if shown[0] in "123" and shown[2:].strip() == text:  # "12 Ferries" may be a title
        draft.tell_title(shown)
    return shown


def episode(draft: Draft, styles: Styles) -> str:
    """A title behind season and episode, which a title may keep."""
    season, number = draft.rng.randint(1, 4), draft.rng.randint(1, 20)
    forms = (
        "S{:02}E{:02}", "s{:02}e{:02}", "{}x{:02}", "Ep. {1:02}", "Episode {1}",
        "E{1:02}",
    )  # fmt: skip
    mark = draft.rng.choice(forms).format(season, number)
    text = draft.draw_title()
    for told in (text, f"{mark} - {text}", f"{mark} {text}"):
        draft.tell_title(told)
    return mark + draft.rng.choice((" - ", " ")) + text


def counted(draft: Draft, styles: Styles) -> str:
    """A title of which this is one part of several."""
    number = draft.rng.randint(1, 3)
    forms = (
        " - Part {}", " (Part {})", " - Teil {}", " (Reel {})", " pt.{}", " - Disc {}",
        ", Act {}", " (Chapter {})", " Vol. {}", " Part II", " ({} of 3)",
    )  # fmt: skip
    text = draft.draw_title() + draft.rng.choice(forms).format(number)
    draft.titles = frozenset()
    draft.tell_title(text, styles)
    draft.tell_title(text.replace("pt.", "pt. "), styles)
    return styled(text, styles)


def copied(draft: Draft, styles: Styles) -> str:
    """A title with what a program adds to a second copy."""
    text = draft.draw_title()
    draft.tell_title(text)
    marks = (" (1)", " (2)", " - Copy", " - Copy (2)", " copy", " - Kopie", "(1)")
    return text + draft.rng.choice(marks)


def taped(draft: Draft, styles: Styles) -> str:
    """A title with the label of its tape, which a title may keep."""
    label = draft.rng.choice(TAPES).format(draft.rng.randint(1, 40))
    text = draft.draw_title()
    before = draft.rng.random() < 0.7
    shown = f"{label} - {text}" if before else f"{text} ({label})"
    draft.tell_title(text)
    draft.tell_title(shown)
    return shown


def _of(words: Sequence[str]) -> Slot:
    return lambda draft, styles: styled(draft.rng.choice(words), styles)


def quoted(draft: Draft, styles: Styles) -> str:
    """A title in quotes: they part it, and belong to no title."""
    text = draft.draw_title()
    draft.tell_title(text)
    return draft.rng.choice(('"{}"', "“{}”", "«{}»", "„{}“")).format(text)


MORE_SLOTS: Mapping[str, Slot] = {
    "german_day": _spoken(GERMAN, "{d}. {month} {y}"),
    "french_day": _spoken(FRENCH, "{d} {month} {y}"),
    "spanish_day": _spoken(SPANISH, "{d} de {month} de {y}"),
    "italian_day": _spoken(ITALIAN, "{d} {month} {y}"),
    "dutch_day": _spoken(DUTCH, "{d} {month} {y}"),
    "russian_day": _spoken(RUSSIAN, "{d} {month} {y}"),
    "upper_day": day_slot("{d:02}{mon}{y}"),
    "cjk_day": day_slot("{y}年{m}月{d}日"),
    "month_year": month_slot("{month} {y}"),
    # Folders for the year and for the month, as home archives have them.
    "nested_days": month_slot(
        *("{y}/{m:02}", "{y}/{y}-{m:02}", "{y}/{m:02} {month}", "{y}/{month}")
    ),
    "stamp": stamp,
    "tube_id": tube_id,
    "bound_person": bound_person,
    "bound_studio": bound_studio,
    "person_whole": person_whole,
    "single": single,
    "single_and_title": single_and_title,
    "more_people": more_people,
    "director": director,
    "voice": voice,
    "nicknamed": nicknamed,
    "last_first": last_first,
    "camel": camel,
    "numbered": numbered,
    "episode": episode,
    "counted": counted,
    "copied": copied,
    "taped": taped,
    "quoted": quoted,
    "minor": _of(MINOR),
    "group": _of(GROUPS),
    "source": _of(SOURCES),
}
