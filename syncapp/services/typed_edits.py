"""What somebody typed to change in scenes, read as steps in the rows of each source."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from syncapp.analysis.names import takes_partial_dates
from syncapp.editing.steps import EditStep, contradiction
from syncapp.editing.typed_values import (
    Untakeable,
    clearing,
    is_partial,
    typed_date,
    typed_name,
    typed_rating,
)
from syncapp.models import Source
from syncapp.models.field_words import KIND_OF_FIELD
from syncapp.models.packed_ids import RowIds
from syncapp.queries.entity_list import shown_name
from syncapp.queries.filter_names import NamedEntity, name_in_source

TOLD_LIKE = 5  # names that may have been meant
STREAM_OF = {"studio": "studios", "performers": "performers", "tags": "tags"}


@dataclass(frozen=True, slots=True)
class TypedEdit:
    """What somebody typed; what is empty changes nothing."""

    studio: str = ""
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    add_performers: tuple[str, ...] = ()
    remove_performers: tuple[str, ...] = ()
    date: str = ""
    organized: str = ""  # "true", "false"
    rating: str = ""
    clear: tuple[str, ...] = ()  # of studio, date, rating
    create: bool = False  # what is added and not there is to be made
    name: str = ""  # of the plan

    def names(self) -> Iterator[tuple[str, str, str]]:
        """Yield field, op and name of all that is named."""
        if self.studio:
            yield "studio", "set", self.studio
        for stream in ("tags", "performers"):
            for op in ("add", "remove"):
                for name in getattr(self, f"{op}_{stream}"):
                    yield stream, op, name


@dataclass(slots=True)
class ResolvedEdit:
    """The steps of each source that can be written to."""

    steps: dict[int, tuple[EditStep, ...]] = field(default_factory=dict)
    objections: list[str] = field(default_factory=list)
    read_only: list[str] = field(default_factory=list)


def resolve_edit(ids: RowIds, typed: TypedEdit) -> ResolvedEdit:
    """Return the steps of each source; with objections no step is of use."""
    resolved = ResolvedEdit()
    wanted = [each.source_id for each in ids.sources]
    rows = Source.objects.filter(pk__in=wanted).order_by("id")
    try:
        plain = list(_plain_steps(typed))
    except Untakeable as exc:
        resolved.objections.append(str(exc))
        return resolved
    if not plain and not any(typed.names()):
        resolved.objections.append("Nothing is to be changed: fill in what is.")
    for source in rows:
        if source.read_only:
            resolved.read_only.append(source.name)
        else:
            _resolve_for(source, typed, plain, resolved)
    if not resolved.steps and not resolved.objections:
        resolved.objections.append(
            "Nothing is written to a source that is read only, so there is nothing to "
            "plan. Allow writing on the source's page."
        )
    return resolved


def _resolve_for(
    source: Source, typed: TypedEdit, plain: list[EditStep], resolved: ResolvedEdit
) -> None:
    steps: dict[EditStep, None] = dict.fromkeys(plain)
    dates = [each.value for each in plain if each.field == "date" and each.value]
    if any(map(is_partial, dates)) and not takes_partial_dates(source.pk):
        resolved.objections.append(
            f"{source.name} takes no date without its day: write it as 2019-08-01."
        )
    for of_field, op, name in typed.names():
        try:
            step = _named_step(source, typed, (of_field, op, typed_name(name)))
        except Untakeable as exc:
            resolved.objections.append(str(exc))
        else:
            steps[step] = None
    if both := contradiction(list(steps)):
        resolved.objections.append(f"“{both}” is to be added and removed: choose one.")
    resolved.steps[source.pk] = tuple(steps)


def _plain_steps(typed: TypedEdit) -> Iterator[EditStep]:
    """Yield what names no entity; raises Untakeable."""
    for name in ("studio", "date", "rating"):
        if name in typed.clear:
            if getattr(typed, name):
                msg = f"Set the {name} or clear it: both cannot be done."
                raise Untakeable(msg)
            yield clearing(name)
    if typed.date:
        yield EditStep("date", "set", typed_date(typed.date.strip()))
    if typed.organized in {"true", "false"}:
        yield EditStep("organized", "set", typed.organized)
    if typed.rating:
        yield EditStep("rating", "set", typed_rating(typed.rating.strip()))


def _named_step(
    source: Source, typed: TypedEdit, wanted: tuple[str, str, str]
) -> EditStep:
    """Return what is done with what is called so at a source; raises Untakeable."""
    of_field, op, name = wanted
    found = name_in_source(STREAM_OF[of_field], name, source.pk)
    if len(found.called) == 1:
        (meant,) = found.called
        return EditStep(of_field, op, _shown(meant), meant.row_id)
    noun = KIND_OF_FIELD[of_field]
    if found.called:
        some = _listed(found.called)
        msg = f"More than one {noun} of {source.name} is called “{name}”: {some}."
        raise Untakeable(msg)
    if typed.create and op != "remove":
        return EditStep(of_field, op, name)
    msg = f"There is no {noun} “{name}” in {source.name}."
    if found.similar:
        msg += f" There is: {_listed(found.similar)}."
    raise Untakeable(msg if op == "remove" else f"{msg} Tick that it is created.")


def _shown(entity: NamedEntity) -> str:
    return shown_name(entity.name, entity.note)


def _listed(some: Iterable[NamedEntity]) -> str:
    return ", ".join([_shown(each) for each in some][:TOLD_LIKE])
