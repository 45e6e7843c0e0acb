"""The parameters of a kind of job: checked against the dataclass that it declares.

Its fields are the names, their types what is taken (int, bool, str, and tuples of int
or str, which JSON has as lists), their defaults what is meant by nothing. What a value
must be beyond its type, the dataclass says in `__post_init__`.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, asdict, dataclass, fields
from typing import Any, get_type_hints

from jobs.enums import JSON
from jobs.errors import BadParams

Check = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class NoParams:
    """Of a kind that takes none."""


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and "\x00" not in value


def _each(check: Check) -> Check:
    return lambda value: isinstance(value, list | tuple) and all(map(check, value))


# What a type takes, and how that is called.
TYPES: Mapping[Any, tuple[Check, str]] = {
    int: (_is_int, "a whole number"),
    bool: (lambda value: isinstance(value, bool), "true or false"),
    str: (_is_text, "a text"),
    tuple[int, ...]: (_each(_is_int), "a list of whole numbers"),
    tuple[str, ...]: (_each(_is_text), "a list of texts"),
}


def needed(schema: type[Any]) -> tuple[str, ...]:
    """Return the names that have no default."""
    return tuple(field.name for field in fields(schema) if _is_needed(field))


def optional(schema: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(schema) if not _is_needed(field))


def completed(
    kind: str, schema: type[Any], given: Mapping[str, JSON]
) -> dict[str, JSON]:
    """Return the parameters with those that were not given; raises BadParams."""
    names = [field.name for field in fields(schema)]
    unknown = sorted(set(given) - set(names))
    if unknown:
        takes = f"it takes {', '.join(names)}" if names else "it takes none"
        msg = f"A job of kind {kind!r} has no parameter {unknown[0]!r}: {takes}."
        raise BadParams(msg)
    missing = [name for name in needed(schema) if name not in given]
    if missing:
        msg = f"A job of kind {kind!r} needs the parameters: {', '.join(missing)}."
        raise BadParams(msg)
    types = get_type_hints(schema)
    for name, value in given.items():
        takes_it, called = TYPES[types[name]]
        if not takes_it(value):
            msg = f"The parameter {name!r} of a job of kind {kind!r} must be {called}."
            raise BadParams(msg)
    values = {n: tuple(v) if isinstance(v, list) else v for n, v in given.items()}
    whole = asdict(schema(**values))
    return {n: list(v) if isinstance(v, tuple) else v for n, v in whole.items()}


def _is_needed(field: "Field[Any]") -> bool:
    return field.default is MISSING and field.default_factory is MISSING
