"""The list of plans, and of what is dismissed, with all that their pages name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count as CountRows
from django.db.models import Exists, OuterRef

from syncapp.filters.canonical import query_params
from syncapp.filters.query_string import ParsedFilter, filter_params, parse_scene_filter
from syncapp.filters.values import Choice, SceneFilter
from syncapp.models import Change, Plan, Scene, Source
from syncapp.models.change_states import ChangeState
from syncapp.queries.entity_list import MODELS
from syncapp.queries.filter_names import NamedEntity, resolve_names
from syncapp.queries.plans import PlanLine, PlansPage, list_plans
from syncapp.queries.rules import DismissalsPage, list_dismissals
from syncapp.queries.scene_titles import shown_titles

ScopePairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PlanScopes:
    """The filters by which plans chose their scenes, with the names in them."""

    pairs: Mapping[int, ScopePairs]  # what each filter asks for, by plan
    chosen: Mapping[str, Mapping[int, NamedEntity]]  # whom they name, by field
    sources: Mapping[int, str]  # names by row id


@dataclass(frozen=True, slots=True)
class PlansOverview:
    page: PlansPage
    scopes: PlanScopes


@dataclass(frozen=True, slots=True)
class DismissalsOverview:
    page: DismissalsPage
    source_id: int | None  # None: there is no source
    sources: Mapping[int, str]
    titles: Mapping[int, str]  # of scenes that are there


def plans_overview(source_id: int | None = None, *, after: str = "") -> PlansOverview:
    """Return a page of plans; seven queries at most."""
    page = list_plans(source_id, after=after)
    return PlansOverview(page, plan_scopes(page.plans, page.sources))


def plan_scopes(plans: Iterable[PlanLine], sources: Mapping[int, str]) -> PlanScopes:
    """Return what the filters of plans say; three queries at most."""
    filters = {line.plan_id: _filter_of(line.query) for line in plans if line.query}
    asked = resolve_names(ParsedFilter(_all_named(filters.values())), sources)
    pairs = {key: tuple(filter_params(each)) for key, each in filters.items()}
    return PlanScopes(pairs, asked.chosen, sources)


def plans_to_look_at() -> dict[int, int]:
    """Return how many plans wait for a decision, by source; one query."""
    waiting = Change.objects.filter(
        plan_id=OuterRef("pk"), state=ChangeState.PROPOSED.value
    )
    rows = Plan.objects.filter(Exists(waiting)).order_by()
    return dict(rows.values_list("source_id").annotate(number=CountRows("*")))


def dismissals_overview(
    source_id: int | None = None, *, after: str = ""
) -> DismissalsOverview:
    """Return what is dismissed in a source, or in the first; four queries."""
    sources = dict(Source.objects.order_by("name").values_list("id", "name"))
    if source_id not in sources:
        source_id = next(iter(sources), None)
    if source_id is None:
        return DismissalsOverview(DismissalsPage((), ""), None, sources, {})
    page = list_dismissals(source_id, after=after)
    ids = {line.scene_id for line in page.dismissals if line.scene_id is not None}
    rows = Scene.objects.filter(id__in=ids, deleted_at=None)
    titles = shown_titles(dict(rows.values_list("id", "title")))
    return DismissalsOverview(page, source_id, sources, titles)


def _filter_of(query: str) -> SceneFilter:
    try:
        return parse_scene_filter(query_params(query)).filters
    except ValueError:
        return SceneFilter()


def _all_named(filters: Iterable[SceneFilter]) -> SceneFilter:
    """Return one filter that names all that these name."""
    named: dict[str, set[int]] = {field: set() for field in MODELS}
    for each in filters:
        for field, ids in named.items():
            choice: Choice = getattr(each, field)
            ids.update(choice.all, choice.any, choice.none)
    choices: dict[str, Any] = {
        field: Choice(any=tuple(sorted(ids))) for field, ids in named.items()
    }
    return SceneFilter(**choices)
