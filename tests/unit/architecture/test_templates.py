"""Our templates read plain values: no row, no permission lookup, nothing unescaped."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"
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
