"""What may stand in a template: `{studio}`, `{people.lower.dots}`, `{iso}` ...

Each slot writes its text and notes in the draft what that text tells a reader.
"""

import calendar
from collections.abc import Callable, Sequence
from datetime import date

from tests.accuracy.catalogue import Person, Telling
from tests.accuracy.draft import TODAY, Draft, make_title
from tests.accuracy.styles import casings, styled, visible

Styles = Sequence[str]
Slot = Callable[[Draft, Styles], str]
MARKS = (
    ("1080p", 1080), ("720p", 720), ("2160p", 2160), ("4K", 2160), ("480p", 480),
    ("1920x1080", 1080), ("1280x720", 720), ("1080p 60fps", 1080), ("HD", 720),
)  # fmt: skip
_SPELLED = ("lower", "dots", "under", "joined", "dashes", "plus", "upper")


def _name(draft: Draft, name: str, styles: Styles) -> str:
    """Write a name as somebody with an ordinary keyboard does, half of the time."""
    sloppy = draft.rng.choice(("", "", "flat", "bare", "curly", "nfd"))
    if sloppy in {"curly", "nfd"} and "'" not in name and name.isascii():
        sloppy = ""
    first, last = ([], ["nfd"]) if sloppy == "nfd" else ([sloppy], [])
    return _in_path(styled(name, [*filter(None, first), *styles, *last]))


def _in_path(name: str) -> str:
    """Return a name as it can stand in a path at all."""
    return name.replace("/", "-").replace(":", "")


def studio(draft: Draft, styles: Styles) -> str:
    house = draft.draw_house()
    draft.house_is_told = True
    return _name(draft, draft.rng.choice(house.spellings), styles)


def studio_name(draft: Draft, styles: Styles) -> str:
    """The name itself, as folders have it."""
    house = draft.draw_house()
    draft.house_is_told = True
    return _in_path(styled(house.entity.name, styles))


def child_studio(draft: Draft, styles: Styles) -> str:
    draft.house_is_told = True
    return _in_path(styled(draft.draw_house(with_parent=True).entity.name, styles))


def network(draft: Draft, styles: Styles) -> str:
    """The parent of the scene's studio; where it has none, nothing is above it."""
    house = draft.draw_house(with_parent=True)
    for row_id in house.entity.parent_ids:
        draft.planted.add(("studio", row_id))
        return _in_path(styled(draft.catalogue.house(row_id).entity.name, styles))
    return "Collection"


def other_studio(draft: Draft, styles: Styles) -> str:
    """A studio that is spoken of: it did not make this."""
    house = draft.rng.choice([h for h in draft.catalogue.houses if not h.is_common])
    if house != draft.house:
        draft.planted.add(("studio", house.row_id))
    return _in_path(styled(house.entity.name, styles))


def _written(draft: Draft, person: Person, styles: Styles) -> str:
    draft.named.add(person.row_id)
    text = _name(draft, draft.rng.choice(person.spellings), styles)
    if person.telling is Telling.IGNORED:  # to the library nobody
        draft.tolerated_titles |= casings(visible(text, styles))
    calling = person.entity.disambiguation
    if calling and not set(styles) & set(_SPELLED) and draft.rng.random() < 0.4:
        draft.made_clear.add(person.row_id)
        return f"{text} ({calling})"
    return text


def _all_written(draft: Draft, styles: Styles) -> list[str]:
    found = [_written(draft, one, styles) for one in draft.draw_people(1, 3)]
    if draft.rng.random() < 0.05:  # and somebody whom the library does not know
        given = draft.rng.choice(
            (*draft.catalogue.stock.given, *draft.catalogue.stock.common_people)
        )
        stranger = f"{given} {draft.rng.choice(draft.catalogue.stock.strangers)}"
        draft.tolerated_titles |= casings(visible(stranger, styles))
        found.append(styled(stranger, styles))
    return found


def _list(joint: str, last: str = "") -> Slot:
    def people(draft: Draft, styles: Styles) -> str:
        written = _all_written(draft, styles)
        if last and len(written) > 1:
            return f"{joint.join(written[:-1])}{last}{written[-1]}"
        return joint.join(written)

    return people


def people(draft: Draft, styles: Styles) -> str:
    """Some of the ways in which people list people."""
    forms = ((" & ", ""), (", ", ""), (", ", " and "), (", ", " & "), (" feat. ", ""))
    more = ((" with ", ""), (" vs ", ""), (" and ", ""), (" x ", ""), ("; ", ""))
    joint, last = draft.rng.choice((*forms, *forms, *more))
    return _list(joint, last)(draft, styles)


def dotted_people(draft: Draft, styles: Styles) -> str:
    """As releases list them: `Ann.Velder.And.Bo.Tarn`."""
    word = styled("And", [s for s in styles if s in {"lower", "upper"}])
    return f".{word}.".join(_plain_people(draft, [*styles, "dots"]))


def under_people(draft: Draft, styles: Styles) -> str:
    return draft.rng.choice(("_", "_and_", "__")).join(
        _plain_people(draft, [*styles, "under"])
    )


def _plain_people(draft: Draft, styles: Styles) -> list[str]:
    """Write people where nothing but a space parts them from the title."""
    people = draft.draw_people(1, 3, plain=True)
    return [_written(draft, one, styles) for one in people]


def person(draft: Draft, styles: Styles) -> str:
    return _written(draft, draft.draw_people(1, 1)[0], styles)


def person_folder(draft: Draft, styles: Styles) -> str:
    """A folder that is a performer's name and nothing else."""
    one = draft.draw_people(1, 1)[0]
    draft.named.add(one.row_id)
    draft.alone_in_folder.add(one.row_id)
    return styled(one.entity.name, styles)


def bracketed(draft: Draft, styles: Styles) -> str:
    one = draft.draw_people(1, 1)[0]
    draft.named.add(one.row_id)
    draft.bracketed.add(one.row_id)
    return f"[{styled(one.entity.name, styles)}]"


def inverted(draft: Draft, styles: Styles) -> str:
    """`Velder, Ann`, where a name has two words; else as it is."""
    found = []
    for one in draft.draw_people(1, 2):
        draft.named.add(one.row_id)
        words = styled(one.entity.name, styles).split(" ")
        plain = len(words) == 2 and one.entity.name.replace(" ", "").isalpha()
        found.append(f"{words[1]}, {words[0]}" if plain else " ".join(words))
    return "; ".join(found)


def stranger(draft: Draft, styles: Styles) -> str:
    stock = draft.catalogue.stock
    given = draft.rng.choice((*stock.given, *stock.common_people))
    return styled(f"{given} {draft.rng.choice(stock.strangers)}", styles)


def title(draft: Draft, styles: Styles) -> str:
    text = draft.draw_title()
    draft.tell_title(text, styles)
    return styled(text, styles)


def untold_title(draft: Draft, styles: Styles) -> str:
    """The title where another part of the path tells it better."""
    return styled(draft.draw_title(), styles)


def title_part(draft: Draft, styles: Styles) -> str:
    word = draft.rng.choice(("part {}", "Part {}", "pt{}", "CD{}"))
    text = f"{draft.draw_title()} {word.format(draft.rng.randint(1, 3))}"
    draft.titles = frozenset()
    draft.tell_title(text, styles)
    return styled(text, styles)


def title_with_person(draft: Draft, styles: Styles) -> str:
    """A title of which a performer's name is a part."""
    one = draft.draw_another(Telling.FULL)
    draft.named.add(one.row_id)
    form = draft.rng.choice(("A Walk with {}", "{} at Work", "The Notebooks of {}"))
    draft.title = form.format(one.entity.name)
    draft.tell_title(draft.title, styles)
    return styled(draft.title, styles)


def title_with_studio(draft: Draft, styles: Styles) -> str:
    other = other_studio(draft, ())
    noun = draft.rng.choice(draft.catalogue.stock.nouns)
    form = draft.rng.choice(("The {1} of {0}", "A {1} at {0}", "{0} and the {1}"))
    draft.title = form.format(other, noun)
    draft.tell_title(draft.title, styles)
    return styled(draft.title, styles)


def title_or_stranger(draft: Draft, styles: Styles) -> str:
    """Somebody unknown, and a title: no program can tell where it begins."""
    name, text = stranger(draft, styles), draft.draw_title()
    draft.tell_title(text, styles)
    draft.tell_title(f"{name} - {text}")
    return f"{name} - {styled(text, styles)}"


def day_slot(form: str) -> Slot:
    def day(draft: Draft, styles: Styles) -> str:
        drawn = draft.draw_day()
        draft.tell_date(drawn.isoformat())
        return styled(_shown(drawn, form), styles)

    return day


def _shown(day: date, form: str) -> str:
    ending = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}
    return form.format(
        y=day.year, yy=day.year % 100, m=day.month, d=day.day,
        month=calendar.month_name[day.month], mon=calendar.month_abbr[day.month],
        th=f"{day.day}{ending.get(day.day, 'th')}",
    )  # fmt: skip


def _numeric(sign: str, *, month_first: bool) -> Slot:
    """Write day and month as numbers; unclear where both could be either."""

    def numbers(draft: Draft, styles: Styles) -> str:
        day = draft.draw_day()
        first, second = (day.month, day.day) if month_first else (day.day, day.month)
        if day.day <= 12 and day.day != day.month:
            turned = date(day.year, day.day, day.month).isoformat()
            draft.unclear_dates |= {day.isoformat(), turned}
        else:
            draft.tell_date(day.isoformat())
        return f"{first:02}{sign}{second:02}{sign}{day.year}"

    return numbers


def year(draft: Draft, styles: Styles) -> str:
    drawn = draft.draw_day().year
    draft.tell_date(str(drawn))
    return str(drawn)


def month_slot(*forms: str) -> Slot:
    """Write a year and a month, which are all that is told of the day."""

    def month(draft: Draft, styles: Styles) -> str:
        drawn = draft.draw_day()
        draft.tell_date(f"{drawn.year}-{drawn.month:02}")
        form = draft.rng.choice(forms) if len(forms) > 1 else forms[0]
        return styled(_shown(drawn, form), styles)

    return month


def later_year(draft: Draft, styles: Styles) -> str:
    """A folder for the year in which somebody got it."""
    return str(min(draft.draw_day().year + draft.rng.randint(1, 3), TODAY.year))


def two_days(draft: Draft, styles: Styles) -> str:
    """Two dates, and nothing says which is the scene's."""
    one = draft.draw_day()
    other = date(one.year, one.month % 12 + 1, min(one.day, 28))
    draft.unclear_dates |= {one.isoformat(), other.isoformat()}
    return f"{one.isoformat()} {other.isoformat()}"


def mark(draft: Draft, styles: Styles) -> str:
    text, draft.height = draft.rng.choice(MARKS)
    return styled(text, styles)


def tag(draft: Draft, styles: Styles) -> str:
    found = draft.draw_tag()
    return styled(draft.rng.choice((found.name, *found.aliases)), styles)


def tag_branch(draft: Draft, styles: Styles) -> str:
    """A tag's folder below its parent's."""
    children = [t for t in draft.catalogue.tags if t.parent_ids]
    child = draft.rng.choice(children)
    draft.tags.add(child.entity_id)
    (parent,) = (t for t in draft.catalogue.tags if t.entity_id == child.parent_ids[0])
    draft.planted.add(("tag", parent.entity_id))
    return f"{styled(parent.name, styles)}/{styled(child.name, styles)}"


def _hexes(count: int) -> Slot:
    return lambda draft, _: "".join(draft.rng.choices("0123456789abcdef", k=count))


def _digits(count: int) -> Slot:
    return lambda draft, _: "".join(draft.rng.choices("0123456789", k=count))


def junk_words(draft: Draft, styles: Styles) -> str:
    """What a program names a download."""
    letters = "bcdfghjkmnpqrstvwxz"
    words = ("".join(draft.rng.choices(letters, k=6)) for _ in range(2))
    return styled("-".join(words), styles)


def camera(draft: Draft, styles: Styles) -> str:
    rng = draft.rng
    number = rng.randint(1000, 9999)
    return rng.choice(
        (f"DSC_{number}", f"GOPR{number}", f"MVI_{number}", f"IMG_{number}")
    )


def camera_day(draft: Draft, styles: Styles) -> str:
    """A camera's name: its date is of the recording, and careful people differ."""
    day = draft.draw_day()
    draft.tolerated_dates |= {day.isoformat()}
    clock = f"{draft.rng.randint(0, 23):02}{draft.rng.randint(0, 59):02}07"
    return f"{draft.rng.choice(('VID', 'MOV', 'PXL'))}_{day:%Y%m%d}_{clock}"


def extension(draft: Draft, styles: Styles) -> str:
    return draft.rng.choice(("mp4", "mkv", "avi", "wmv", "mp4", "m4v", "MP4", "webm"))


SLOTS: dict[str, Slot] = {
    "studio": studio,
    "studio_name": studio_name,
    "child_studio": child_studio,
    "network": network,
    "other_studio": other_studio,
    "people": people,
    "people_amp": _list(" & "),
    "people_comma": _list(", "),
    "people_and": _list(", ", " and "),
    "people_cjk": _list("、"),
    "people_hash": _list(" #"),
    "people_slash": _list("/"),
    "people_plus": _list("+"),
    "dotted_people": dotted_people,
    "under_people": under_people,
    "person": person,
    "person_folder": person_folder,
    "bracketed": bracketed,
    "inverted": inverted,
    "stranger": stranger,
    "title": title,
    "untold_title": untold_title,
    "title_part": title_part,
    "title_with_person": title_with_person,
    "title_with_studio": title_with_studio,
    "title_or_stranger": title_or_stranger,
    "iso": day_slot("{y}-{m:02}-{d:02}"),
    "iso_dots": day_slot("{y}.{m:02}.{d:02}"),
    "iso_under": day_slot("{y}_{m:02}_{d:02}"),
    "iso_loose": day_slot("{y}-{m}-{d}"),
    "compact": day_slot("{y}{m:02}{d:02}"),
    "short_dots": day_slot("{yy:02}.{m:02}.{d:02}"),
    "month_day": day_slot("{month} {d}, {y}"),
    "mon_day": day_slot("{mon} {th} {y}"),
    "day_month": day_slot("{d} {month} {y}"),
    "day_mon": day_slot("{d:02}-{mon}-{y}"),
    "german": _numeric(".", month_first=False),
    "british": _numeric("-", month_first=False),
    "american": _numeric("-", month_first=True),
    "year": year,
    "year_month": month_slot("{y}-{m:02}"),
    "later_year": later_year,
    "two_days": two_days,
    "mark": mark,
    "tag": tag,
    "tag_branch": tag_branch,
    "hex": _hexes(32),
    "id": _digits(6),
    "junk": junk_words,
    "camera": camera,
    "camera_day": camera_day,
    "other_title": lambda draft, _: make_title(draft.catalogue, draft.rng),
    "ext": extension,
}
