"""Reads what a list's address asks for, and writes such addresses."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http.request import QueryDict

from syncapp.queries import NamePage, NameWish, ScenePage, SceneWish

LONGEST_ID = 18  # digits; a longer number does not fit the database's integers
BEST_RATING = 100
ORGANIZED = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on, and the address of the list without it."""

    label: str
    without: str


def scene_wish(asked: QueryDict) -> SceneWish:
    rating = number(asked.get("rating", ""))
    return SceneWish(
        search=asked.get("q", ""),
        studio=asked.get("studio", ""),
        tag=asked.get("tag", ""),
        performer=asked.get("performer", ""),
        organized=ORGANIZED.get(asked.get("organized", "")),
        rating=rating if 0 < rating <= BEST_RATING else None,
        removed=asked.get("removed") == "1",
    )


def name_wish(asked: QueryDict) -> NameWish:
    return NameWish(
        search=asked.get("q", ""),
        favorite=asked.get("favorite") == "1",
        removed=asked.get("removed") == "1",
    )


def place(asked: QueryDict) -> dict[str, Any]:
    """Return order, size and place of a page, as every list takes them."""
    return {
        "sort": asked.get("sort", ""),
        "after": asked.get("after", ""),
        "size": number(asked.get("size", "")),
    }


def scene_fields(page: ScenePage) -> dict[str, str]:
    """Return what has to stand in an address to ask for the same list."""
    wish = page.wish
    organized = next((k for k, v in ORGANIZED.items() if v is wish.organized), "")
    return {
        "q": wish.search,
        "studio": wish.studio,
        "tag": wish.tag,
        "performer": wish.performer,
        "organized": organized,
        "rating": "" if wish.rating is None else str(wish.rating),
        **_shared(page, removed=wish.removed),
    }


def name_fields(page: NamePage) -> dict[str, str]:
    """Return what has to stand in an address to ask for the same list."""
    return {
        "q": page.wish.search,
        "favorite": "1" if page.wish.favorite else "",
        **_shared(page, removed=page.wish.removed),
    }


def _shared(page: ScenePage | NamePage, *, removed: bool) -> dict[str, str]:
    return {
        "removed": "1" if removed else "",
        "sort": page.sort,
        "size": str(page.size),
    }


def scene_chips(page: ScenePage, kept: Mapping[str, str]) -> tuple[Chip, ...]:
    wish = page.wish
    found = {
        "q": f"“{wish.search}”" if wish.search.strip() else "",
        **{
            each.kind: f"{each.kind}: {each.name}"
            + ("" if each.known else " (not in the mirror)")
            for each in page.narrowed
        },
        "organized": {True: "organised", False: "not organised", None: ""}[
            wish.organized
        ],
        "rating": "" if wish.rating is None else f"rating {wish.rating} or more",
        "removed": "removed in Stash" if wish.removed else "",
    }
    return _chips(found, kept)


def name_chips(page: NamePage, kept: Mapping[str, str]) -> tuple[Chip, ...]:
    wish = page.wish
    found = {
        "q": f"“{wish.search}”" if wish.search.strip() else "",
        "favorite": "favourite" if wish.favorite else "",
        "removed": "removed in Stash" if wish.removed else "",
    }
    return _chips(found, kept)


def _chips(found: Mapping[str, str], kept: Mapping[str, str]) -> tuple[Chip, ...]:
    return tuple(
        Chip(label, address({**kept, name: ""}))
        for name, label in found.items()
        if label
    )


def address(fields: Mapping[str, str]) -> str:
    """Return the query string of these fields; those that are empty are left out."""
    return "?" + urlencode({name: text for name, text in fields.items() if text})


def following(after: str, kept: Mapping[str, str]) -> str:
    """Return the query string of the following page; empty on the last."""
    return address({**kept, "after": after}) if after else ""


def several(form: QueryDict, name: str) -> list[str]:
    """Return a field's values: it may repeat, or hold several between commas."""
    parts = ",".join(form.getlist(name)).split(",")
    return [part.strip() for part in parts if part.strip()]


def number(text: str) -> int:
    """Return the id that `text` spells; -1, which nothing has, if it spells none."""
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_ID):
        return -1
    return int(text)
