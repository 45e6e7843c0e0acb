"""What is to be done to each of many scenes: plain values, in a source's own rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from syncapp.text.digests import digest_of, key_of_value

KIND_OF_FIELD: Mapping[str, str] = {
    "studio": "studio",
    "performers": "performer",
    "tags": "tag",
}


@dataclass(frozen=True, slots=True)
class EditStep:
    """One thing to do to each scene; it becomes one change of each that differs.

    An entity is named by its row id with what it is called; without an id it is to be
    made first, or with no name either it is none. Other values are texts as changes
    store them: "true", "80", "2011-04-30", and "" for none.
    """

    field: str
    op: str
    value: str = ""
    entity_id: int | None = None

    @property
    def creates(self) -> bool:
        """Whether what it names is to be made first."""
        return (
            self.field in KIND_OF_FIELD and self.entity_id is None and bool(self.value)
        )

    @property
    def value_key(self) -> str:
        """What tells it from others of its field: see `Change.value_key`."""
        if self.creates:
            return digest_of(f"new {KIND_OF_FIELD[self.field]} {self.value}")
        return key_of_value(self.value if self.entity_id is None else self.entity_id)

    @property
    def words(self) -> str:
        """Return it as the reason of its changes tells it."""
        if self.op != "set":
            noun = KIND_OF_FIELD[self.field]
            return f"{self.op} {noun} {self.value}"
        told = shown_value(self.field, self.value) or "none"
        return f"set {shown_field(self.field)} to {told}"


def shown_field(field: str) -> str:
    """Return a field as people call it."""
    return "organised" if field == "organized" else field


def shown_value(field: str, value: str) -> str:
    """Return a stored value of a field as people read it."""
    if field == "organized":
        return {"true": "yes", "false": "no"}.get(value, value)
    if field == "rating" and value:
        return f"{value} of 100"
    return value


def steps_as_text(steps: Sequence[EditStep]) -> str:
    """Return them as one text, the same for the same steps."""
    return msgspec.json.encode(list(steps)).decode()


def steps_of_text(text: str) -> tuple[EditStep, ...]:
    """Return the steps of such a text; raises ValueError."""
    return tuple(msgspec.json.decode(text, type=list[EditStep]))


def contradiction(steps: Sequence[EditStep]) -> str:
    """Return the name of what is to be both added and removed; "" if none is."""
    seen: dict[tuple[str, str], str] = {}
    for step in steps:
        known = seen.setdefault((step.field, step.value_key), step.op)
        if known != step.op:
            return step.value
    return ""
