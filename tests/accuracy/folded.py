"""The generator's own look for names, to see where one stands by accident.

It is written apart from the program's matcher, so that a mistake of one is no mistake
of the other.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from syncapp.analysis.library import Entity, EntityKind

WITHOUT_SPACES = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7ff]")
PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "æ": "ae", "ı": "i", "þ": "th", "đ": "d", "ð": "d"}  # noqa: RUF001
)
Key = tuple[EntityKind, int]


def fold_words(text: str) -> list[str]:
    bare = re.sub("['’`]", "", text.casefold())  # noqa: RUF001
    parts = unicodedata.normalize("NFKD", bare)
    plain = "".join(p for p in parts if not unicodedata.combining(p))
    plain = plain.translate(PLAIN)
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFC", plain))


@dataclass(frozen=True, slots=True)
class Sighting:
    keys: frozenset[Key]
    start: int  # words
    end: int

    def is_within(self, other: "Sighting") -> bool:
        return other.start <= self.start and self.end <= other.end


@dataclass(frozen=True, slots=True)
class NameTable:
    by_words: Mapping[tuple[str, ...], frozenset[Key]]
    borderless: Mapping[str, Key]
    longest: int

    def sightings(self, text: str) -> Iterator[Sighting]:
        """Yield every name and alias in the text, those inside others too."""
        words = fold_words(text)
        for start in range(len(words)):
            for end in range(start + 1, min(start + self.longest, len(words)) + 1):
                if keys := self.by_words.get(tuple(words[start:end])):
                    yield Sighting(keys, start, end)
        if WITHOUT_SPACES.search(text):
            for name, key in self.borderless.items():
                if name in text:
                    yield Sighting(frozenset({key}), 0, 0)


def name_table(entities: Iterable[Entity]) -> NameTable:
    found: dict[tuple[str, ...], set[Key]] = {}
    borderless: dict[str, Key] = {}
    for entity in entities:
        key = (entity.kind, entity.entity_id)
        for spelling in (entity.name, *entity.aliases):
            found.setdefault(tuple(fold_words(spelling)), set()).add(key)
            if WITHOUT_SPACES.search(spelling):
                borderless[spelling] = key
    return NameTable(
        {words: frozenset(keys) for words, keys in found.items()},
        borderless,
        max(map(len, found)),
    )
