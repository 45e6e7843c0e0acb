"""Fields of a scene and their values as people call them: plain values, no rows."""

from collections.abc import Mapping

KIND_OF_FIELD: Mapping[str, str] = {
    "studio": "studio",
    "performers": "performer",
    "tags": "tag",
}


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


def shown_part(op: str, field: str) -> str:
    """Return what one change is about: "add performer", or the field that it sets."""
    return shown_field(field) if op == "set" else f"{op} {KIND_OF_FIELD[field]}"


def shown_step(op: str, field: str, value: str) -> str:
    """Return one change as people say it: "add tag Sea", "set organised to yes"."""
    if op != "set":
        return f"{shown_part(op, field)} {value}"
    return f"set {shown_field(field)} to {shown_value(field, value) or 'none'}"
