"""What the documents promise is what the program has."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_the_readme_lists_every_setting() -> None:
    files = sorted(ROOT.glob("config/*settings.py"))
    settings = "".join(file.read_text() for file in files)
    readme = (ROOT / "README.md").read_text()

    asked = set(re.findall(r'read\(\s*"([A-Z_]+)"', settings))
    listed = set(re.findall(r"^\| `([A-Z_]+)` \|", readme, re.MULTILINE))

    assert listed == asked


def test_every_direct_dependency_has_its_reason() -> None:
    wanted = (ROOT / "requirements.in").read_text()
    reasons = (ROOT / "docs" / "decisions" / "0006-dependencies.md").read_text()

    names = set(re.findall(r"^([a-z0-9-]+)", wanted, re.MULTILINE))
    rows = re.findall(r"^\| ([a-z0-9, -]+) \|", reasons, re.MULTILINE)

    assert names
    assert names - set(", ".join(rows).split(", ")) == set()


def test_files_that_documents_name_are_there() -> None:
    documents = [ROOT / "README.md", *ROOT.glob("docs/**/*.md")]
    rooms = "config|jobs|syncapp|templates|tests|docs|scripts"

    named = {
        (document.name, path)
        for document in documents
        for path in re.findall(
            rf"`((?:{rooms})/[\w./-]+(?:/|\.(?:py|html|js|md)))`", document.read_text()
        )
    }

    assert len(named) > 50
    assert [each for each in sorted(named) if not (ROOT / each[1]).exists()] == []


def test_links_between_documents_lead_somewhere() -> None:
    documents = [ROOT / "README.md", *ROOT.glob("docs/**/*.md")]

    lost = [
        f"{document.name}: {link}"
        for document in documents
        for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", document.read_text())
        if not (document.parent / link).exists()
    ]

    assert lost == []
