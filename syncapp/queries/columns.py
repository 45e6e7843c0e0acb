"""The columns that a list may show, in their order. Its names always stand first."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    label: str
    # What its header sorts by: at first, and again. Only what an index carries.
    sorts: tuple[str, str] | None = None
    is_usual: bool = True  # shown to who has chosen none; by width, see steward.css
    is_number: bool = False


CHANGED = Column("changed", "Changed here")
SOURCE = Column("source", "Source")
ALIASES = Column("aliases", "Also known as")
PARENTS = Column("parents", "Part of")
SCENES = Column("scenes", "Scenes", sorts=("-scenes", "scenes"), is_number=True)
RATING = Column("rating", "Rating", is_usual=False, is_number=True)
COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "scenes": (
        Column("studio", "Studio"),
        Column("performers", "Performers"),
        Column("tags", "Tags"),
        Column("date", "Date", sorts=("-date", "date"), is_number=True),
        Column("duration", "Length", is_number=True),
        Column("resolution", "Picture", is_number=True),
        Column("size", "Size", is_number=True),
        Column("rating", "Rating", sorts=("-rating", "rating"), is_number=True),
        Column("path", "Path"),
        Column("added", "Added", sorts=("-added", "added"), is_usual=False),
        Column("updated", "Updated", sorts=("-updated", "updated"), is_usual=False),
        CHANGED,
        SOURCE,
    ),
    "performers": (
        ALIASES,
        Column("born", "Born", is_usual=False, is_number=True),
        Column("country", "Country", is_usual=False),
        RATING,
        SCENES,
        CHANGED,
        SOURCE,
    ),
    "tags": (PARENTS, ALIASES, SCENES, CHANGED, SOURCE),
    "studios": (PARENTS, ALIASES, RATING, SCENES, CHANGED, SOURCE),
}
# What the names that stand first sort by.
NAMES: Mapping[str, Column] = {
    "scenes": Column("title", "Scene", sorts=("title", "-title")),
    **{
        each: Column("name", "Name", sorts=("name", "-name"))
        for each in ("performers", "tags", "studios")
    },
}


def usual_columns(of_list: str) -> tuple[str, ...]:
    return tuple(each.name for each in COLUMNS[of_list] if each.is_usual)


def known_columns(of_list: str, names: Collection[str]) -> tuple[str, ...]:
    """Return those that the list has, in its order."""
    return tuple(each.name for each in COLUMNS[of_list] if each.name in names)
