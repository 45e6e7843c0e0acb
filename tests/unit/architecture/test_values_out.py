"""Services and queries hand out ids and plain values, never rows."""

import dataclasses
import datetime as dt
import importlib
import inspect
import types
import typing
from collections import abc
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any, ForwardRef, Literal, TypedDict, TypeVar, Union

import pytest
from django.contrib.auth.models import User
from django.db.models import Model, QuerySet

MODULES = (
    *("jobs.services", "jobs.queries", "syncapp.services", "syncapp.queries"),
    *("jobs.scheduling.services", "jobs.scheduling.queries"),
    *("jobs.monitoring.workers", "jobs.monitoring.health", "jobs.monitoring.metrics"),
)
PLAIN = {
    None,
    type(None),
    bool,
    int,
    float,
    str,
    bytes,
    dt.datetime,
    dt.date,
    dt.timedelta,
}
CONTAINERS = {
    *(list, tuple, dict, set, frozenset),
    *(abc.Sequence, abc.Mapping, abc.Set, abc.Collection),
}
LOOKED_INTO: list[type] = []
JSON_NAMES = {"JSON"}  # the recursive alias of what a JSON column holds


def is_plain(hint: Any) -> bool:
    """Return whether values of this type can leave the sync core."""
    if isinstance(hint, ForwardRef):
        return hint.__forward_arg__ in JSON_NAMES
    if isinstance(hint, str):
        return hint in JSON_NAMES
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is Literal:
        return True
    if origin in {Union, types.UnionType} or origin in CONTAINERS:
        return all(is_plain(argument) for argument in arguments if argument is not ...)
    if arguments and dataclasses.is_dataclass(origin):  # of something: a range of ids
        return _is_plain_class(origin) and all(map(is_plain, arguments))
    # Of a variable the argument in its place is looked at.
    return hint in PLAIN or isinstance(hint, TypeVar) or _is_plain_class(hint)


def _is_plain_class(hint: Any) -> bool:
    if not isinstance(hint, type):
        return False
    if issubclass(hint, Enum):
        return True
    if dataclasses.is_dataclass(hint):
        parameters = vars(hint)["__dataclass_params__"]
        return parameters.frozen and _fields_are_plain(hint)
    return typing.is_typeddict(hint) and _fields_are_plain(hint)


def _fields_are_plain(hint: type) -> bool:
    if hint in LOOKED_INTO:  # a class that holds others of its own kind: a tree
        return True
    LOOKED_INTO.append(hint)
    try:
        return all(is_plain(field) for field in typing.get_type_hints(hint).values())
    finally:
        LOOKED_INTO.remove(hint)


def answers_plainly(function: Callable[..., Any]) -> bool:
    hints = typing.get_type_hints(function)
    return "return" in hints and is_plain(hints["return"])


def takes_rows(function: Callable[..., Any]) -> bool:
    hints = typing.get_type_hints(function)
    return any(
        isinstance(hint, type) and issubclass(hint, Model | QuerySet)
        for hint in hints.values()
    )


def public_functions() -> Iterator[Any]:
    """Yield what each module shows, or the package shows where it was split."""
    for name in MODULES:
        module = importlib.import_module(name)
        for label, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__.startswith(name) and not label.startswith("_"):
                yield pytest.param(function, id=f"{name}.{label}")


@pytest.mark.parametrize("function", list(public_functions()))
def test_services_and_queries_answer_in_plain_values(function: Any) -> None:
    assert answers_plainly(function), typing.get_type_hints(function).get("return")
    assert not takes_rows(function)


@dataclasses.dataclass(frozen=True)
class Card:
    job_id: int
    tags: tuple[str, ...]
    at: dt.datetime | None


@dataclasses.dataclass
class Changeable:
    job_id: int


@dataclasses.dataclass(frozen=True)
class HoldsRow:
    user: User


class Row(TypedDict):
    name: str


class RowOfRows(TypedDict):
    user: User


@pytest.mark.parametrize(
    "hint",
    [
        int,
        str | None,
        dict[str, list[int]],
        Card,
        tuple[Card, ...],
        Row,
        Literal["running"],
        abc.Mapping[str, float],
    ],
)
def test_plain_values_pass(hint: Any) -> None:
    assert is_plain(hint)


@pytest.mark.parametrize(
    "hint",
    [
        Any,
        object,
        User,
        User | None,
        list[User],
        QuerySet[User],
        dict[str, Any],
        Changeable,
        HoldsRow,
        RowOfRows,
        abc.Iterator[int],
    ],
)
def test_rows_and_what_may_hide_them_are_caught(hint: Any) -> None:
    assert not is_plain(hint)


def test_a_function_without_a_return_type_is_caught() -> None:
    def start(job_id: int):  # type: ignore[no-untyped-def] # the point of the test
        return job_id

    assert not answers_plainly(start)


def test_a_function_that_takes_a_row_is_caught() -> None:
    def start(user: User) -> int:
        return int(user.pk)

    assert takes_rows(start)
