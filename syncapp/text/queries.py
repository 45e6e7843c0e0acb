"""Writes terms as a query of each database; they mean the same in both."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from syncapp.text.documents import WEIGHTS
from syncapp.text.terms import Term


class Language(Protocol):
    """How a database is asked. What is given is made here, or a token of ours."""

    def token(self, token: str) -> str:
        """Return what finds rows that have this token."""

    def one(self, term: Term) -> str:
        """Return what finds rows with the term."""

    def any_of(self, queries: Sequence[str]) -> str:
        """Return what finds the rows of any of these."""

    def together(self, wanted: Sequence[str], excluded: Sequence[str]) -> str:
        """Return what finds the rows of all that is wanted and nothing excluded."""


class Fts5:
    """SQLite: `("harbour") AND ("dawn"*) NOT (path : "old")`."""

    def token(self, token: str) -> str:
        return f'"{token}"'

    def one(self, term: Term) -> str:
        phrase = f'"{" ".join(term.tokens)}"' + ("*" if term.is_prefix else "")
        where = f"{term.field} : " if term.field else ""
        return where + phrase

    def any_of(self, queries: Sequence[str]) -> str:
        return " OR ".join(f"({query})" for query in queries)

    def together(self, wanted: Sequence[str], excluded: Sequence[str]) -> str:
        found = " AND ".join(f"({query})" for query in wanted)
        return f"({found}) NOT ({self.any_of(excluded)})" if excluded else found


class TsQuery:
    """PostgreSQL: `('harbour') & ('dawn':*) & !('old':B)`."""

    def token(self, token: str) -> str:
        return f"'{token}'"

    def one(self, term: Term) -> str:
        weight = WEIGHTS.get(term.field, "")
        *first, last = map(self.token, term.tokens)
        words = [_labelled(token, weight) for token in first]
        words.append(_labelled(last, weight + "*" * term.is_prefix))
        return " <-> ".join(words)

    def any_of(self, queries: Sequence[str]) -> str:
        return " | ".join(f"({query})" for query in queries)

    def together(self, wanted: Sequence[str], excluded: Sequence[str]) -> str:
        found = [f"({query})" for query in wanted]
        return " & ".join([*found, *(f"!({query})" for query in excluded)])


def _labelled(token: str, label: str) -> str:
    return f"{token}:{label}" if label else token


LANGUAGES: Mapping[str, Language] = {"sqlite": Fts5(), "postgresql": TsQuery()}
