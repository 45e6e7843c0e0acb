"""Files and functions stay small enough to read in one go."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
FILE_LINES, FUNCTION_LINES = 400, 50


def program() -> Iterator[Path]:
    """Yield every Python file of the program; migrations are data."""
    for room in ("config", "jobs", "syncapp"):
        for path in (ROOT / room).rglob("*.py"):
            if "migrations" not in path.parts:
                yield path


def long_functions(source: str) -> list[str]:
    functions = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return [
        function.name
        for function in functions
        if (function.end_lineno or 0) - function.lineno >= FUNCTION_LINES
    ]


def test_no_file_is_over_400_lines() -> None:
    lines = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines())
        for path in program()
    }

    assert {name: count for name, count in lines.items() if count > FILE_LINES} == {}


def test_no_function_is_over_50_lines() -> None:
    found = {
        str(path.relative_to(ROOT)): long_functions(path.read_text())
        for path in program()
    }

    assert {name: names for name, names in found.items() if names} == {}


def test_a_function_of_51_lines_is_seen() -> None:
    body = "    pass\n" * 50

    assert long_functions(f"def long():\n{body}") == ["long"]
    assert long_functions(f"def short():\n{body[:-9]}") == []
