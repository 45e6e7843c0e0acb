"""Views and sockets are async, touch no rows, and cross to sync code by services."""

import ast
import inspect
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parents[3]
ROW_WRITES = {"save", "delete", "refresh_from_db"}
ROW_READS = {
    *("aget", "acreate", "aget_or_create", "aupdate_or_create", "aiterator", "acount"),
    *("afirst", "alast", "alatest", "aearliest", "aexists", "aupdate", "adelete"),
    *("abulk_create", "abulk_update", "ain_bulk", "asave", "arefresh_from_db"),
}
BLOCKING = {"async_task", "get_object_or_404", "get_list_or_404", "call_command"}
ACROSS = {"services", "queries", "workers", "health", "metrics"}  # plain values out
BRIDGES = {"sync_to_async", "database_sync_to_async", "to_thread", "run_in_executor"}


RIM = ("jobs/web/views", "jobs/live", "syncapp/views")


def rim() -> list[Path]:
    """Return every file of views and sockets."""
    return sorted(chain.from_iterable((ROOT / room).glob("*.py") for room in RIM))


def breaches(source: str) -> list[str]:
    """Return each breach of the rules ASY001 to ASY006, as "ASY001 line 7"."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.AsyncFunctionDef):
            for inner in ast.walk(node):
                found += [(rule, inner) for rule in _in_async(inner)]
        found += [(rule, node) for rule in _anywhere(node)]
    return [f"{rule} line {getattr(node, 'lineno', 0)}" for rule, node in found]


def _in_async(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager"}:
        yield "ASY001"
    if isinstance(node, ast.Call) and _name(node.func) in ROW_WRITES | ROW_READS:
        yield "ASY002"
    if isinstance(node, ast.Call) and _name(node.func) in BLOCKING:
        yield "ASY003"
    if isinstance(node, ast.With | ast.AsyncWith) and any(
        "atomic" in ast.dump(item.context_expr) for item in node.items
    ):
        yield "ASY005"


def _anywhere(node: ast.AST) -> Iterator[str]:
    if not isinstance(node, ast.Call):
        return
    if any(
        word.arg == "thread_sensitive" and ast.unparse(word.value) == "False"
        for word in node.keywords
    ):
        yield "ASY004"
    if _name(node.func) in BRIDGES and not any(map(_is_of_services, node.args)):
        yield "ASY006"


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _is_of_services(node: ast.expr) -> bool:
    """Return whether this is written `services.x`, `queries.x` or as of their like."""
    return isinstance(node, ast.Attribute) and _name(node.value) in ACROSS


@pytest.mark.parametrize("path", rim(), ids=lambda path: str(path.relative_to(ROOT)))
def test_views_and_sockets_keep_the_rules(path: Path) -> None:
    assert breaches(path.read_text()) == []


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        ("ASY001", "Job.objects.filter(id=1)"),
        ("ASY001", "Job._default_manager.all()"),
        ("ASY002", "job.save()"),
        ("ASY002", "await jobs.aget(id=1)"),
        ("ASY003", "get_object_or_404(Job, id=1)"),
        ("ASY003", "tasks.async_task(print)"),
        ("ASY004", "sync_to_async(services.start, thread_sensitive=False)"),
        ("ASY005", "with transaction.atomic(): pass"),
        ("ASY006", "await sync_to_async(lambda: 1)()"),
        ("ASY006", "await sync_to_async(Job.start)()"),
        ("ASY006", "await asyncio.to_thread(print)"),
    ],
)
def test_each_rule_bites(rule: str, line: str) -> None:
    found = breaches(f"async def view(request):\n    {line}\n")

    assert f"{rule} line 2" in found


def test_a_bridge_to_a_service_is_allowed() -> None:
    source = "async def view(r):\n    return await sync_to_async(services.start)(r)\n"

    assert breaches(source) == []


def _views(resolver: URLResolver) -> Iterator[Any]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.callback
        else:
            yield from _views(pattern)


def test_every_page_of_ours_is_async() -> None:
    ours = [
        view
        for view in _views(get_resolver())
        if view.__module__.startswith(("jobs.", "syncapp."))
    ]

    sync = [view.__qualname__ for view in ours if not inspect.iscoroutinefunction(view)]

    assert ours
    assert sync == []
