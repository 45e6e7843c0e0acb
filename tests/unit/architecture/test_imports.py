"""No file of the program imports another that imports it back, in whatever way."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
ROOMS = ("config", "jobs", "syncapp")
Graph = Mapping[str, set[str]]


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(source: str) -> Iterator[tuple[str, str]]:
    """Yield (module, name) of each import: in functions, under TYPE_CHECKING too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.module, alias.name) for alias in node.names)


def graph() -> Graph:
    """Return which files import which.

    `from jobs.queue import leases` means that file, not the package around it.
    """
    files = {
        module_of(path): path.read_text()
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        if "migrations" not in path.parts
    }
    found: dict[str, set[str]] = {name: set() for name in files}
    for name, source in files.items():
        for module, part in imports(source):
            inner = f"{module}.{part}"
            found[name].add(inner if inner in files else module)
    return found


def circle(found: Graph) -> list[str]:
    """Return the files of one circle, in its order; none if there is none."""
    done: set[str] = set()
    for start in found:
        if way := _walk(found, start, [], done):
            return way
    return []


def _walk(found: Graph, name: str, way: list[str], done: set[str]) -> list[str]:
    if name in way:
        return way[way.index(name) :]
    if name in done:
        return []
    for target in sorted(found.get(name, ())):
        if closed := _walk(found, target, [*way, name], done):
            return closed
    done.add(name)
    return []


def test_there_is_no_circle_of_files() -> None:
    found = graph()

    assert len(found) > 100
    assert circle(found) == []


def test_a_circle_is_seen() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c"]
    assert circle({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


def test_imports_that_are_hidden_are_seen() -> None:
    source = (
        "if TYPE_CHECKING:\n    from jobs import models\ndef f():\n    import a.b\n"
    )

    assert set(imports(source)) == {("jobs", "models"), ("a.b", "")}


def test_the_engine_hides_no_import() -> None:
    hidden = [
        path.name
        for path in (ROOT / "syncapp" / "sync").rglob("*.py")
        if "TYPE_CHECKING" in path.read_text()
    ]

    assert hidden == []
