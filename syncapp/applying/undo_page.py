"""What takes written changes back: a page of changes to be stored, from the images."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from syncapp.applying.intents import Image
from syncapp.applying.stored import stored_text
from syncapp.applying.traces import (
    History,
    element_of,
    is_covered,
    left_by_us,
    read_histories,
    value_without,
)
from syncapp.models import Change
from syncapp.models.change_states import TO_WRITE, ChangeState
from syncapp.models.keys import row_id
from syncapp.models.plans import FIELD_MODELS
from syncapp.text.digests import key_of_value

VERSION = 1
PENDING = (ChangeState.PROPOSED, *TO_WRITE)
ORIGIN = (
    *("id", "scene_id", "field", "op", "entity_id", "value", "before_id", "before"),
    *("creation__entity_id", "written_at", "cause", "cause_key"),
)
COLUMNS = (
    *("plan_id", "scene_id", "field", "op", "entity_id", "value", "value_key"),
    *("before_id", "before", "detector", "detector_version", "evidence_kind"),
    *("sentence", "spans", "confidence", "level", "more_evidence", "cause"),
    *("cause_key", "choice", "state", "objection", "undoes_id"),
)


@dataclass(frozen=True, slots=True)
class UndoRequest:
    """What of a plan is to be taken back; what is empty narrows nothing."""

    source_id: int
    plan_id: int
    change_id: int = 0
    cause: str = ""  # its key
    field: str = ""
    by: int | None = None

    @property
    def is_whole(self) -> bool:
        return not (self.change_id or self.cause or self.field)

    def conditions(self) -> dict[str, Any]:
        """Return it as the database is asked for it."""
        given = {"pk": self.change_id, "cause_key": self.cause, "field": self.field}
        return {"plan_id": self.plan_id} | {n: v for n, v in given.items() if v}


class UndoPage:
    """The written changes of some scenes, and what takes them back."""

    def __init__(
        self, request: UndoRequest, name: str, origins: list[dict[str, Any]]
    ) -> None:
        self._request, self._name, self._origins = request, name, origins
        self._histories = read_histories({row["scene_id"] for row in origins})
        ids = [row["id"] for row in origins]
        taken = Change.objects.filter(undoes_id__in=ids, state__in=PENDING)
        self.pending = set(taken.values_list("undoes_id", flat=True))
        self.as_before = 0
        self._names: dict[tuple[str, int], str] = {}  # "": it is gone

    def changes(self) -> list[tuple[Any, ...]]:
        """Return what is proposed, in the order of COLUMNS without the plan."""
        wanted = list(self._images())
        self._names = dict(_names(wanted, self._request.source_id))
        rows = [self._row(*each) for each in wanted]
        made = [row for row in rows if row]
        self.as_before += len(rows) - len(made)
        return made

    def _images(self) -> Iterator[tuple[dict[str, Any], Image, Image]]:
        """Yield each with the value to give back, and the one that we left.

        Of several in one history the first stands for all: it was written before.
        """
        done: set[int] = set()
        for row in self._origins:
            history: History = self._histories.get(row["id"], ())
            if row["id"] in self.pending:
                continue
            if not history or id(history) in done:
                self.as_before += 1
                continue
            done.add(id(history))
            value = value_without(history, row["id"])
            left = left_by_us(history, row["id"])
            if value == left or is_covered(history, row["id"]):
                self.as_before += 1
                continue
            yield row, value, left

    def _row(
        self, origin: Mapping[str, Any], value: Image, left: Image
    ) -> tuple[Any, ...] | None:
        if origin["op"] == "set":
            op = "set"
            entity_id, text = self._stored(origin, value)
            before_id, before = self._stored(origin, left)
        else:
            op = "add" if value else "remove"
            entity_id, before_id, before = element_of(origin), None, ""
            known = self._names.get((origin["field"], entity_id or 0))
            # What the plan made itself no sync may have read yet.
            is_unread = known is None and origin["creation__entity_id"] is not None
            if op == "remove" and not (known or is_unread):
                return None  # it is gone, and with it that the scene had it
            text = known or origin["value"]
        return (
            *(origin["scene_id"], origin["field"], op, entity_id, text),
            key_of_value(text if entity_id is None else entity_id),
            *(before_id, before, "undo", VERSION, "taken back"),
            self._sentence(origin),
            *([], 1.0, "certain", [], origin["cause"], origin["cause_key"], ""),
            *(ChangeState.PROPOSED.value, "", origin["id"]),
        )

    def _stored(
        self, origin: Mapping[str, Any], image: Image
    ) -> tuple[int | None, str]:
        """Return an image of a set as a change keeps it: an entity's id, and a text."""
        if origin["field"] != "studio":
            return None, stored_text(image)
        if image is None:
            return None, ""
        key = row_id(self._request.source_id, int(image))
        known = {
            origin["before_id"]: origin["before"],
            origin["entity_id"]: origin["value"],
        }
        return key, self._names.get(("studio", key)) or known.get(key, "")

    def _sentence(self, origin: Mapping[str, Any]) -> str:
        return (
            f"Takes back what “{self._name}” (plan {self._request.plan_id}) wrote on "
            f"{origin['written_at']:%Y-%m-%d at %H:%M} UTC."
        )


def _names(
    wanted: Iterable[tuple[dict[str, Any], Image, Image]], source_id: int
) -> Iterator[tuple[tuple[str, int], str]]:
    """Yield what the mirror calls what is named there: "" if it is gone by now."""
    ids: dict[str, set[int]] = {name: set() for name in FIELD_MODELS}
    for row, *images in wanted:
        if row["op"] != "set":
            ids[row["field"]].add(element_of(row) or 0)
        elif row["field"] == "studio":
            ids["studio"] |= {row_id(source_id, int(i)) for i in images if i}
    for name, model in FIELD_MODELS.items():
        rows = model.objects.filter(id__in=ids[name]).order_by()
        more = ("disambiguation",) if name == "performers" else ()
        for key, gone, called, *apart in rows.values_list(
            "id", "deleted_at", "name", *more
        ):
            told = f" ({apart[0]})" if apart and apart[0] else ""
            yield (name, key), "" if gone else f"{called}{told}"
