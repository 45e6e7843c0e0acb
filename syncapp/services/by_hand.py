"""Changes by hand of many scenes: what would differ, and the plans that tell it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from jobs.enums import JSON
from jobs.services import JobRef
from syncapp.editing.differences import EditExample, differing, examples, live_scenes
from syncapp.editing.steps import EditStep, steps_as_text
from syncapp.models import Source
from syncapp.models.field_words import shown_field, shown_value
from syncapp.models.packed_ids import RowIds, SourceIds, unpacked
from syncapp.queries.scene_titles import titles_of_scenes
from syncapp.services.analysis_preview import AnalysisScope, AskedScope, gathered
from syncapp.services.scene_sets import (
    AskedJobs,
    FoundIds,
    ask_for_each,
    chosen_scenes,
    confirmed_scenes,
    freeze_scenes,
    scenes_in_words,
)
from syncapp.services.start_jobs import create_for_source
from syncapp.services.typed_edits import ResolvedEdit, TypedEdit, resolve_edit
from syncapp.text.digests import digest_of

EXAMPLES = 3  # of each step


@dataclass(frozen=True, slots=True)
class StepCount:
    """One thing to do, and in how many scenes of a source it is not so yet."""

    source: str
    words: str
    field: str
    scenes: int
    creates: bool


@dataclass(frozen=True, slots=True)
class HandExample:
    scene: str  # its title
    example: EditExample

    @property
    def field_words(self) -> str:
        return shown_field(self.example.field)

    @property
    def before(self) -> str:
        return shown_value(self.example.field, self.example.before)

    @property
    def value(self) -> str:
        return shown_value(self.example.field, self.example.value)


@dataclass(frozen=True, slots=True)
class HandPreview:
    """What would be planned; with objections nothing can be."""

    objections: tuple[str, ...] = ()
    read_only: tuple[str, ...] = ()  # sources that are left out
    counts: tuple[StepCount, ...] = ()
    examples: tuple[HandExample, ...] = ()
    key: str = ""  # of all that it tells: the same key, the same changes

    @property
    def total(self) -> int:
        return sum(each.scenes for each in self.counts)

    @property
    def can_be_made(self) -> bool:
        return bool(self.total and not self.objections)


def preview_edit(
    asked: AskedScope, typed: TypedEdit
) -> tuple[AnalysisScope, HandPreview]:
    """Return which scenes are meant, and what would be planned for them.

    Raises NothingChosen, SceneNotFound.
    """
    scope, ids = gathered(asked)
    return scope, _preview(ids, resolve_edit(ids, typed))


def writable_scope(asked: AskedScope) -> tuple[AnalysisScope, tuple[str, ...]]:
    """Return which scenes are meant, and whose sources are read only.

    Raises NothingChosen, SceneNotFound.
    """
    scope, ids = gathered(asked)
    wanted = [each.source_id for each in ids.sources]
    rows = Source.objects.filter(pk__in=wanted, read_only=True).order_by("id")
    return scope, tuple(rows.values_list("name", flat=True))


def edit_by_hand(
    asked: AskedScope,
    typed: TypedEdit,
    *,
    shown: str,
    digest: str = "",
    by: int | None = None,
) -> AskedJobs | tuple[AnalysisScope, HandPreview]:
    """Ask for a plan of each source, if it is what was shown before.

    `shown`: the key of that preview; `digest`: of the scenes that matched then. If
    other scenes match by now, or other changes come of it, nothing is done; what would
    be planned now is returned, to be shown.

    Raises NothingChosen, SceneNotFound, SourceNotFound, BadRequest.
    """
    found = _found(asked, digest)
    if found is None:
        return preview_edit(asked, typed)
    resolved = resolve_edit(found.ids, typed)
    preview = _preview(found.ids, resolved)
    if preview.key != shown or not preview.can_be_made:
        return gathered(asked)[0], preview
    writable = [each for each in found.ids.sources if each.source_id in resolved.steps]
    ask_one = partial(_ask_one, found=found, typed=typed, resolved=resolved, by=by)
    left = FoundIds(RowIds(tuple(writable)), found.query, found.left_out)
    return ask_for_each(left, ask_one)


def _found(asked: AskedScope, digest: str) -> FoundIds | None:
    """Return the scenes; None if other ones match than were shown."""
    if asked.matching is None:
        return chosen_scenes(asked.chosen)
    found = confirmed_scenes(asked.matching, digest)
    return found if isinstance(found, FoundIds) else None


def _ask_one(
    ids: SourceIds,
    *,
    found: FoundIds,
    typed: TypedEdit,
    resolved: ResolvedEdit,
    by: int | None,
) -> JobRef:
    what = f"Change of {scenes_in_words(ids.count)} by hand"
    params: dict[str, JSON] = {
        "scene_set": freeze_scenes(ids, found.query),
        "steps": steps_as_text(resolved.steps[ids.source_id]),
        "name": typed.name.strip() or what,
        "by": by or 0,
    }
    return create_for_source("plan.make", what, ids.source_id, params, by=by)


# What would come of it


def _preview(ids: RowIds, resolved: ResolvedEdit) -> HandPreview:
    names = dict(Source.objects.values_list("id", "name"))
    counts: list[StepCount] = []
    shown: list[EditExample] = []
    for source in ids.sources if not resolved.objections else ():
        for step in resolved.steps.get(source.source_id, ()):
            number, some = _differ(step, source)
            name = names.get(source.source_id, "")
            counts.append(StepCount(name, step.words, step.field, number, step.creates))
            shown += some
    told = (ids.digest, [*resolved.steps.items()], counts, resolved.objections)
    return HandPreview(
        objections=tuple(dict.fromkeys(resolved.objections)),
        read_only=tuple(resolved.read_only),
        counts=tuple(counts),
        examples=tuple(_titled(shown)),
        key=digest_of(repr(told)),
    )


def _differ(step: EditStep, ids: SourceIds) -> tuple[int, list[EditExample]]:
    """Return in how many scenes a step changes anything, and some of them."""
    number, some = 0, list[EditExample]()
    for part in ids.parts:
        scenes = live_scenes(unpacked(part))
        number += differing(step, scenes).count()
        some += examples(step, scenes, EXAMPLES - len(some))
    return number, some


def _titled(shown: Sequence[EditExample]) -> Iterator[HandExample]:
    titles = titles_of_scenes(each.scene_id for each in shown)
    for each in shown:
        yield HandExample(titles[each.scene_id], each)
