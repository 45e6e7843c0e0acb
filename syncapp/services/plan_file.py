"""A plan's file: the JSON of an export, read and checked line by line."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from json import JSONDecodeError, JSONDecoder
from typing import Any

from syncapp.editing.typed_values import is_date, is_rating
from syncapp.models.keys import REMOTE_BITS
from syncapp.models.plans import ENTITY_FIELDS, FIELDS, KEY, LEVELS, WORD
from syncapp.services.errors import BadPlanFile

MOST_BYTES, MOST_CHANGES = 64_000_000, 100_000
MOST_TEXT = 100_000  # characters of one value
SETS, LISTS = ("set",), ("add", "remove")
BETWEEN = re.compile(r"[\s,\[\]]*")
SHORT = {"detector": WORD, "evidence_kind": WORD, "choice": KEY}


@dataclass(frozen=True, slots=True)
class FiledChange:
    """One change of a file; ids are the source's."""

    line: int
    scene: int
    field: str
    op: str
    value: str
    value_id: int | None
    before: str
    before_id: int | None
    level: str
    confidence: float
    detector: str
    detector_version: int
    evidence_kind: str
    sentence: str
    cause: str
    choice: str

    @property
    def same(self) -> tuple[Any, ...]:
        """Return what no two changes of a plan have in common."""
        value = self.value if self.value_id is None else self.value_id
        return self.scene, self.field, self.op, value


def read_plan_file(content: bytes) -> list[FiledChange]:
    """Return the changes of a file; raises BadPlanFile with the line of what is wrong.

    What else an export tells, such as decisions, is left aside.
    """
    if len(content) > MOST_BYTES:
        msg = f"The file is larger than {MOST_BYTES // 1_000_000} MB: export a part."
        raise BadPlanFile(msg)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        msg = "The file is no text in UTF-8: import the JSON of an export."
        raise BadPlanFile(msg) from None
    changes: list[FiledChange] = []
    lines: dict[tuple[Any, ...], int] = {}
    for line, told in _objects(text):
        change = _change(line, told)
        if change.same in lines:
            raise _wrong(line, f"it says the same as line {lines[change.same]}")
        lines[change.same] = line
        changes.append(change)
        if len(changes) > MOST_CHANGES:
            msg = f"The file holds more than {MOST_CHANGES:,} changes: export a part."
            raise BadPlanFile(msg)
    if not changes:
        msg = "The file holds no change."
        raise BadPlanFile(msg)
    return changes


def _objects(text: str) -> Iterator[tuple[int, Any]]:
    """Yield what a JSON array or JSON lines hold, each with the line it begins on."""
    decoder, place, line, counted = JSONDecoder(), 0, 1, 0
    while True:
        found = BETWEEN.match(text, place)
        place = found.end() if found else place
        if place == len(text):
            return
        line += text.count("\n", counted, place)
        counted = place
        try:
            told, place = decoder.raw_decode(text, place)
        except JSONDecodeError as exc:
            raise _wrong(exc.lineno, f"it is no JSON: {exc.msg}") from None
        except (RecursionError, ValueError):
            raise _wrong(line, "it is no JSON of an export") from None
        yield line, told


def _change(line: int, told: Any) -> FiledChange:
    if not isinstance(told, dict):
        raise _wrong(line, "it is no change: import the JSON of an export")
    field, op = _text(line, told, "field"), _text(line, told, "op")
    _check_field(line, field, op)
    value, value_id = _text(line, told, "value"), _number(line, told, "value_id")
    _check_value(line, field, value, value_id)
    scene = _number(line, told, "scene")
    if scene is None:
        raise _wrong(line, "it names no scene: “scene” is the source's number of one")
    detector = _text(line, told, "detector") or "imported"
    return FiledChange(
        line=line,
        scene=scene,
        field=field,
        op=op,
        value=value,
        value_id=value_id,
        before=_text(line, told, "before"),
        before_id=_number(line, told, "before_id") if field == "studio" else None,
        level=_level(line, told),
        confidence=_share(line, told),
        detector=detector,
        detector_version=_number(line, told, "detector_version") or 1,
        evidence_kind=_text(line, told, "evidence_kind") or "imported",
        sentence=_text(line, told, "sentence"),
        cause=_text(line, told, "cause") or f"{field} {value} by {detector}",
        choice=_text(line, told, "choice"),
    )


def _check_field(line: int, field: str, op: str) -> None:
    if field not in FIELDS:
        raise _wrong(line, f"there is no field “{field[:WORD]}”: {', '.join(FIELDS)}")
    ops = LISTS if field in ("performers", "tags") else SETS
    if op not in ops:
        raise _wrong(line, f"“op” of {field} is {' or '.join(ops)}, not “{op[:WORD]}”")


def _check_value(line: int, field: str, value: str, value_id: int | None) -> None:
    if field in ENTITY_FIELDS:
        if value_id is None and (value or field != "studio"):
            shown = value[:WORD]
            raise _wrong(line, f"“{shown}” of {field} has no id at the source")
        return
    if value_id is not None:
        raise _wrong(line, f"{field} is a text, and has no “value_id”")
    sentence = _objection(field, value)
    if sentence:
        raise _wrong(line, sentence)


def _objection(field: str, value: str) -> str:
    """Return why a text cannot be a value of the field; empty if it can."""
    shown = value[:WORD]
    if field == "organized" and value not in ("true", "false"):
        return f"“organized” is true or false, not “{shown}”"
    if field == "rating" and value and not is_rating(value):
        return f"“rating” is 1 to 100, or empty for none, not “{shown}”"
    if field == "date" and value and not is_date(value):
        return f"“{shown}” is no date such as 1931-05-17"
    return ""


def _text(line: int, told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _wrong(line, f"“{name}” is no text")
    longest = SHORT.get(name, MOST_TEXT)
    if len(value) > longest:
        raise _wrong(line, f"“{name}” is longer than {longest:,} characters")
    if not _is_storable(value):
        raise _wrong(line, f"“{name}” holds what cannot be stored")
    return value


def _is_storable(value: str) -> bool:
    try:
        return b"\0" not in value.encode()
    except UnicodeEncodeError:  # half of a pair of surrogates
        return False


def _number(line: int, told: Mapping[str, Any], name: str) -> int | None:
    value = told.get(name)
    if value is None:
        return None
    is_number = isinstance(value, int) and not isinstance(value, bool)
    if not is_number or not 0 <= value < 2**REMOTE_BITS:
        shown = json.dumps(value)[:WORD]
        raise _wrong(line, f"“{name}” is {shown}, which is no id or number here")
    return int(value)


def _level(line: int, told: Mapping[str, Any]) -> str:
    level = _text(line, told, "level") or "look"
    if level not in LEVELS:
        raise _wrong(line, f"“level” is {', '.join(LEVELS)}, not “{level[:WORD]}”")
    return level


def _share(line: int, told: Mapping[str, Any]) -> float:
    value = told.get("confidence") or 0
    if not isinstance(value, int | float) or not 0 <= value <= 1:
        raise _wrong(line, "“confidence” is a share from 0 to 1")
    return float(value)


def _wrong(line: int, what: str) -> BadPlanFile:
    return BadPlanFile(f"Line {line}: {what}. Nothing was imported.")
