"""What is kept of a row to be searched: tokens by field, in the form of each database.

A token of ours begins with MARK, which no text has: it is a whole name, or keeps two
texts of one field apart.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from syncapp.text.folding import tokens

MARK = "·"
# Columns on SQLite; the last holds `whole`.
FIELDS = ("names", "path", "details", "links")
WEIGHTS = {"names": "A", "path": "B", "details": "C"}  # what PostgreSQL has instead
TEXT = 20_000  # characters of a field
# Tokens of a field, and how often one counts in a row: a tsvector has 16,383 places,
# and 255 of each token. Both databases leave out the same.
MOST = {"names": 2_000, "path": 4_000, "details": 10_000}
REPEATS = 255
WHOLE = 200  # characters of a whole name


@dataclass(frozen=True, slots=True)
class SearchTexts:
    """The texts of a row by which it is found, and tokens of ours."""

    names: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()  # see `whole_token`

    def fields(self) -> list[list[str]]:
        """Return the tokens of each of FIELDS."""
        seen: Counter[str] = Counter()
        texts = (self.names, self.path, self.details)
        named = zip(FIELDS, texts, strict=False)
        found = [_tokens(each, MOST[field]) for field, each in named]
        if sum(map(len, found)) > REPEATS:
            found = [_without_repeats(each, seen) for each in found]
        return [*found, list(self.whole)]


def whole_token(name: str) -> str:
    """Return the token by which a row is found that has this very name."""
    return f"{MARK}={MARK.join(tokens(name))[:WHOLE]}"


def fts5_row(document: SearchTexts) -> list[str]:
    """Return the columns of SQLite's search table."""
    return [" ".join(field) for field in document.fields()]


def tsvector(document: SearchTexts) -> str:
    """Return the row of PostgreSQL's search table: 'dawn':2A 'harbour':1A '·=fog·bay'.

    A place is left free behind each field, so that no phrase reaches into the next.
    """
    *texts, whole = document.fields()
    told: list[str] = []
    at = 1
    for field, found in zip(FIELDS, texts, strict=False):
        told += [
            f"'{token}':{place}{WEIGHTS[field]}"
            for place, token in enumerate(found, at)
            if token != MARK
        ]
        at += len(found) + 1
    return " ".join([*told, *(f"'{token}'" for token in whole)])


def _tokens(texts: Iterable[str], most: int) -> list[str]:
    """Return the tokens of texts; MARK stands between two."""
    found: list[str] = []
    left = TEXT
    for text in filter(None, texts):
        if found:
            found.append(MARK)
        found += tokens(text[:left])
        left -= len(text)
        if left <= 0 or len(found) > most:
            break
    return found[:most]


def _without_repeats(found: list[str], seen: "Counter[str]") -> list[str]:
    """Return the tokens with MARK for those that came often enough."""
    kept = []
    for token in found:
        seen[token] += 1
        kept.append(token if seen[token] <= REPEATS else MARK)
    return kept
