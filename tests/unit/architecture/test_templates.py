"""Our templates read plain values: no row, no permission lookup, nothing unescaped."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = ROOT / "templates"
QUOTED = re.compile(r"""("[^"]*"|'[^']*')""")
DOTTED = re.compile(r"(?<![\w.])[a-z_]\w*((?:\.[a-z_]\w*)+)")
# Of Django's forms and loops; all others are names of our own values.
OF_DJANGO = {
    *("auto_id", "help_text", "id_for_label", "items", "last", "non_field_errors"),
    *("username", "visible_fields"),
}
TAG = re.compile(r"{{.*?}}|{%.*?%}", re.DOTALL)
BANNED = {
    "user": re.compile(r"""(?<![\w.\-"'/])user(?![\w\-])"""),
    "request.user": re.compile(r"\brequest\.user\b"),
    "perms": re.compile(r"""(?<![\w.\-"'])perms(?!\w)"""),
    "safe": re.compile(r"\|\s*safe(seq)?\b"),
    "autoescape off": re.compile(r"autoescape\s+off"),
}


def mentions(text: str) -> list[str]:
    """Return what a template reads and must not, inside its tags."""
    tags = " ".join(TAG.findall(text))
    return [name for name, pattern in BANNED.items() if pattern.search(tags)]


def test_templates_read_plain_values_only() -> None:
    found = {
        str(path.relative_to(TEMPLATES)): mentions(path.read_text())
        for path in TEMPLATES.rglob("*.html")
    }

    assert found
    assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("{{ user.username }}", "user"),
        ("{% if user.is_staff %}", "user"),
        ("{{ request.user.pk }}", "request.user"),
        ("{% if perms.jobs.run_job %}", "perms"),
        ("{{ scene.title|safe }}", "safe"),
        ("{% autoescape off %}", "autoescape off"),
    ],
)
def test_each_ban_bites(text: str, word: str) -> None:
    assert word in mentions(text)


def test_words_of_the_page_and_the_viewer_are_allowed() -> None:
    assert mentions("A user sees {{ viewer.name }} {% url 'user' %}") == []


def names_read(text: str) -> set[str]:
    """Return what a template reads of values: the names behind dots."""
    tags = QUOTED.sub("", " ".join(TAG.findall(text)))
    return {name for dotted in DOTTED.findall(tags) for name in dotted[1:].split(".")}


def names_of_values() -> Iterator[str]:
    """Yield the fields, properties and methods of every class of the program."""
    for room in ("config", "jobs", "syncapp"):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.ClassDef):
                    yield from _members(node)


def _members(node: ast.ClassDef) -> Iterator[str]:
    for part in node.body:
        if isinstance(part, ast.FunctionDef):
            yield part.name
        elif isinstance(part, ast.AnnAssign | ast.Assign):
            targets = part.targets if isinstance(part, ast.Assign) else [part.target]
            yield from (each.id for each in targets if isinstance(each, ast.Name))


def test_templates_read_names_that_there_are() -> None:
    """Django shows nothing for a name that is not there, and says nothing of it."""
    known = OF_DJANGO | set(names_of_values())
    read = {
        name: str(path.relative_to(TEMPLATES))
        for path in TEMPLATES.rglob("*.html")
        for name in names_read(path.read_text())
    }

    assert len(read) > 50
    assert {name: path for name, path in read.items() if name not in known} == {}


def test_names_behind_dots_are_seen() -> None:
    text = "{% for each in page.rows %}{{ each.card.title|cut:'a.b' }} c.d{% endfor %}"

    assert names_read(text) == {"rows", "card", "title"}
