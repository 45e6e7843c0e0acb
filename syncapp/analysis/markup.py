"""Turns HTML into plain text with its paragraphs; leaves what is no markup alone."""

import re
from collections.abc import Iterator
from html import unescape

DROPPED = frozenset(("script", "style", "head", "template", "noscript"))
PARAGRAPHS = frozenset(
    (
        *("p", "div", "section", "article", "header", "footer", "blockquote", "table"),
        *("ul", "ol", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "hr", "figure"),
    )
)
LINES = frozenset(("li", "tr", "dt", "dd"))
INLINE = frozenset(
    (
        *("a", "abbr", "b", "big", "center", "cite", "code", "del", "em", "font", "i"),
        *("ins", "kbd", "mark", "q", "s", "small", "span", "strike", "strong", "sub"),
        *("sup", "td", "th", "thead", "tbody", "time", "tt", "wbr", "body", "html"),
        *("br", "img", "u"),
    )
)
KNOWN_TAGS = DROPPED | PARAGRAPHS | LINES | INLINE
# A tag as it is written, with attributes that have values: "a <b and c> d" has none.
A_TAG = re.compile(
    r"<(?P<end>/?)(?P<name>[a-z][a-z0-9]*)"
    r"(?P<attributes>(?:\s+[a-z][-:\w]*(?:\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'|[^\s\"'<>]+))?)*)"
    r"\s*/?>|<!--(?:(?!<!--).)*?-->",
    re.IGNORECASE | re.DOTALL,
)
ENTITY = re.compile(
    r"&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.IGNORECASE
)
# What blocks leave between texts, in characters that stand for nothing in Unicode.
A_BREAK, A_LINE, A_PARAGRAPH = "\ufdd0", "\ufdd1", "\ufdd2"
BREAKS = f"{A_BREAK}{A_LINE}{A_PARAGRAPH}"
RUN_OF_BREAKS = re.compile(rf"\s*[{BREAKS}][\s{BREAKS}]*")
NOTHING = dict.fromkeys(map(ord, BREAKS))


def tags_in(text: str) -> Iterator[re.Match[str]]:
    """Yield the tags and comments of a text; "a < b", "<3" and "<unknown>" are none."""
    for match in A_TAG.finditer(text):
        name, attributes = match["name"], match["attributes"]
        if name is None or (name.lower() in KNOWN_TAGS and _are_real(attributes)):
            yield match


def _are_real(attributes: str) -> bool:
    return not attributes.strip() or "=" in attributes


def entities_in(text: str) -> Iterator[re.Match[str]]:
    """Yield what stands for another character: "&amp;"."""
    return (m for m in ENTITY.finditer(text) if unescape(m[0]) != m[0])


def plain_text(text: str) -> str:
    """Return HTML as a person reads it: paragraphs parted by an empty line.

    Line breaks of the text stay, so that no line gets longer. What only looks like
    markup stays as it is written.
    """
    return _tidied("".join(_parts(text.translate(NOTHING))))


def _parts(text: str) -> Iterator[str]:
    """Yield the texts between tags, and what each tag leaves in its place."""
    tags = list(tags_in(text))
    last_end = {m["name"].lower(): m.start() for m in tags if m["end"]}
    at, dropped = 0, ""
    for tag in tags:
        name = (tag["name"] or "").lower()
        if not dropped:
            yield _resolved(text[at : tag.start()])
            yield _in_place_of(name, is_end=bool(tag["end"]))
            # Without its end, what follows is no script: it stays.
            if name in DROPPED and last_end.get(name, 0) > tag.start():
                dropped = name
        elif tag["end"] and name == dropped:
            dropped = ""
        at = tag.end()
    yield _resolved(text[at:])


def _resolved(text: str) -> str:
    return ENTITY.sub(lambda m: unescape(m[0]), text).translate(NOTHING)


def _in_place_of(name: str, *, is_end: bool) -> str:
    if name in PARAGRAPHS:
        return A_PARAGRAPH
    if name in LINES:
        return f"{A_LINE}- " if name == "li" and not is_end else A_LINE
    if name == "br":
        return A_BREAK
    return " " if name in ("td", "th") else ""


def _tidied(text: str) -> str:
    broken = RUN_OF_BREAKS.sub(_one_break, text)
    lines = [" ".join(line.split()) for line in broken.splitlines()]
    return re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip()


def _one_break(run: re.Match[str]) -> str:
    """Return the line breaks that a run of breaks and spaces comes to."""
    is_paragraph = A_PARAGRAPH in run[0] or run[0].count(A_BREAK) > 1
    return "\n\n" if is_paragraph or run[0].count("\n") > 1 else "\n"
