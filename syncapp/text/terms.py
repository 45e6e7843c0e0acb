"""Reads what was typed into a search box.

Words in any order, all of which have to be there; the last one may go on. “Quoted
words” stand side by side, -without is not there, path:word is in the path. What is
neither letter nor digit parts words and means nothing else. A number is that number and
goes on only before a *.
"""

import re
from dataclasses import dataclass

from syncapp.text.folding import CJK, tokens

MOST = 20  # terms
IN_FIELD = {"path": "path"}  # what may stand before a colon: the field that is meant
NOTHING = "There is nothing to look for in it: type letters or digits."
TOO_MANY = f"Look for {MOST} words at most."
QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))  # noqa: RUF001
TERM = re.compile(r'(-?)(?:([A-Za-z]+):)?(?:"([^"]*)(?:"|$)|([^\s"]+))')


class Unsearchable(ValueError):
    """What was typed cannot be looked for; the text is a sentence."""


@dataclass(frozen=True, slots=True)
class Term:
    """Tokens that stand side by side in one field, in any one without `field`."""

    tokens: tuple[str, ...]
    is_prefix: bool = False  # the last token may go on
    is_excluded: bool = False
    field: str = ""


def read_terms(text: str) -> tuple[Term, ...]:
    """Return what is looked for; none if nothing was typed.

    The last word may go on, unless it is quoted or excluded. Raises Unsearchable.
    """
    if not text.strip():
        return ()
    found = list(TERM.finditer(text.replace("\0", " ").translate(QUOTES)))
    terms = []
    for place, each in enumerate(found):
        is_last = place == len(found) - 1
        if term := _term(each, is_last=is_last):
            terms.append(term)
    if not terms:
        raise Unsearchable(NOTHING)
    if len(terms) > MOST:
        raise Unsearchable(TOO_MANY)
    return tuple(dict.fromkeys(terms))


def _term(found: "re.Match[str]", *, is_last: bool) -> Term | None:
    """Return what one match asks for; None if it has neither letter nor digit."""
    minus, name, quoted, word = found.groups()
    field = IN_FIELD.get((name or "").lower(), "")
    if quoted is not None:
        text = quoted if field or not name else f"{name} {quoted}"
    else:
        text = word if field or not name else f"{name}:{word}"
    parts = _query_tokens(text)
    if not parts:
        return None
    starred = word is not None and word.endswith("*")
    may_go_on = is_last and word is not None and not minus
    is_prefix = starred or (may_go_on and not parts[-1].isdecimal())
    return Term(parts, is_prefix, bool(minus), field)


def _query_tokens(text: str) -> tuple[str, ...]:
    """Return the tokens of what is looked for.

    A run of CJK that ends it may go on in the row, where its last letter is in a pair.
    """
    found = tokens(text)
    if len(found) > 1 and CJK.fullmatch(found[-1]) and CJK.fullmatch(found[-2]):
        return tuple(found[:-1])
    return tuple(found)
