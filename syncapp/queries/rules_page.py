"""The pages of a person's rules of a source, and of the folders that tell nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from syncapp.analysis.matcher import build_index
from syncapp.analysis.names import read_entities, read_rules, scenes_below
from syncapp.analysis.roots import find_roots
from syncapp.models import NotADuplicate, Scene, Source
from syncapp.models.keys import remote_id
from syncapp.queries.rules import SourceRules, rules_of
from syncapp.queries.scene_titles import shown_titles

PAIRS = 100  # that are shown


@dataclass(frozen=True, slots=True)
class PairLine:
    """Two scenes that are no duplicates."""

    rule_id: int
    first_id: int
    first: str
    second_id: int
    second: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RulesPage:
    source_id: int
    source: str
    rules: SourceRules
    pairs: tuple[PairLine, ...]  # the newest
    more_pairs: bool


@dataclass(frozen=True, slots=True)
class FoundRoot:
    """A folder that so many scenes are below that it tells nothing of them."""

    folder: str
    scenes: int
    percent: int  # of all


@dataclass(frozen=True, slots=True)
class RootsPage:
    source_id: int
    source: str
    kept: tuple[str, ...] | None  # None: those that are found count
    found: tuple[FoundRoot, ...]
    scenes: int  # with a file

    @property
    def counting(self) -> tuple[str, ...]:
        """The folders that an analysis takes as roots now."""
        if self.kept is not None:
            return self.kept
        return tuple(each.folder for each in self.found)


def rules_page(source_id: int) -> RulesPage | None:
    """Return the rules of a source; None if it is not here; ten queries at most."""
    name = Source.objects.filter(pk=source_id).values_list("name", flat=True).first()
    if name is None:
        return None
    pairs = _pairs(source_id)
    return RulesPage(
        source_id, name, rules_of(source_id), pairs[:PAIRS], len(pairs) > PAIRS
    )


def rule_as_typed(page: RulesPage, kind: str, rule_id: int) -> dict[str, str]:
    """Return a rule as it is typed into its form; empty if it is not of the page."""
    if kind == "spelling":
        for each in page.rules.spellings:
            if each.rule_id == rule_id:
                return {
                    "rule": str(rule_id),
                    "spelling": each.spelling,
                    "effect": each.effect,
                    "kind": each.kind,
                    "entity": _typed(each.entity, each.entity_id),
                    "studio": _typed(each.studio, each.studio_id),
                }
    for order in page.rules.date_orders if kind == "date_order" else ():
        if order.rule_id == rule_id:
            return {"rule": str(rule_id), "folder": order.folder, "order": order.order}
    for mark in page.rules.marks if kind == "mark" else ():
        if mark.rule_id == rule_id:
            return {"rule": str(rule_id), "mark": mark.mark, "tag": mark.tag}
    return {}


def roots_page(source_id: int) -> RootsPage | None:
    """Return the library roots of a source, kept and found; None if it is not here.

    It reads the path of every scene.
    """
    name = Source.objects.filter(pk=source_id).values_list("name", flat=True).first()
    if name is None:
        return None
    rules = read_rules(source_id)
    index = build_index(read_entities(source_id).values(), rules.spellings)
    below, scenes = scenes_below(source_id)
    found = sorted(find_roots(below, scenes, index))
    return RootsPage(
        source_id,
        name,
        kept=None if rules.roots is None else tuple(sorted(rules.roots)),
        found=tuple(_found_root(each, below, scenes) for each in found),
        scenes=scenes,
    )


def _found_root(folder: str, below: Mapping[str, int], scenes: int) -> FoundRoot:
    number = below[folder]
    return FoundRoot(folder, number, round(100 * number / scenes))


def _pairs(source_id: int) -> tuple[PairLine, ...]:
    rows = NotADuplicate.objects.filter(source_id=source_id).select_related("by")
    found = list(rows.order_by("-id")[: PAIRS + 1])
    ids = {key for row in found for key in (row.first_id, row.second_id)}
    told = dict(Scene.objects.filter(id__in=ids).values_list("id", "title"))
    titles = shown_titles(told)
    return tuple(
        PairLine(
            row.pk,
            row.first_id,
            titles.get(row.first_id, "gone"),
            row.second_id,
            titles.get(row.second_id, "gone"),
            row.by.get_username() if row.by else "",
            row.at,
        )
        for row in found
    )


def _typed(name: str, row: int | None) -> str:
    """Return what is typed for an entity: its name, or its number if it has none."""
    return name or ("" if row is None else str(remote_id(row)))
