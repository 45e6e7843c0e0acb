"""The ways in which texts write a name, as words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

from syncapp.analysis.library import EntityKind, SpellingRule
from syncapp.analysis.words import read_words

LONG = 8  # letters from which a joined spelling needs no capitals to be believed
# Between two words of one name: blanks, or one sign. " - " and "," part names.
SOFT = re.compile(r"[\s_.]{0,3}|\.?[-‐‑–—·・]")  # noqa: RUF001
AND = re.compile(r"\s*[&+]\s*|\s+and\s+", re.IGNORECASE)
SPLIT = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=\w)['`’‘ʼ＇](?=\w)")  # noqa: RUF001


class Form(IntEnum):
    """How the words of a spelling may stand in a text."""

    PLAIN = 0  # with nothing between them that parts names
    LOOSE = 1  # with anything: the name itself has more between its words
    JOINED = 2  # as one word
    AND_SIGN = 3  # with "&" for an "and"


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to write one name of one entity."""

    kind: EntityKind
    entity_id: int
    text: str  # as the library has it
    words: tuple[str, ...]  # without those of its key, in an index
    form: Form
    is_alias: bool
    rules: tuple[SpellingRule, ...] = ()


def name_words(name: str) -> tuple[str, ...]:
    """Return the words of a name."""
    return tuple([token.word for token in read_words(name)])


def written(name: str) -> Iterator[tuple[Form, tuple[str, ...]]]:
    """Yield each way to write a name; the first is the name itself."""
    tokens = read_words(name)
    words = tuple([token.word for token in tokens])
    if not words:
        return
    gaps = [name[a.end : b.start] for a, b in pairwise(tokens)]
    yield (Form.PLAIN if all(map(SOFT.fullmatch, gaps)) else Form.LOOSE), words
    joined = "".join(words)
    if len(words) > 1 and joined.isalnum():
        yield Form.JOINED, (joined,)
    if AND.search(name):
        yield from _and_ways(name, words)
    if not (name.islower() or name.isupper()) or "'" in name or "’" in name:  # noqa: RUF001
        apart = name_words(SPLIT.sub(" ", name))
        if len(apart) > len(words) and len(joined) >= LONG:
            yield Form.PLAIN, apart


def _and_ways(
    name: str, words: tuple[str, ...]
) -> Iterator[tuple[Form, tuple[str, ...]]]:
    """Yield a name with "and" for its "&", or the other way about."""
    told, untold = name_words(AND.sub(" and ", name)), name_words(AND.sub(" ", name))
    if told != words:
        yield Form.PLAIN, told
    elif untold:
        yield Form.AND_SIGN, untold
