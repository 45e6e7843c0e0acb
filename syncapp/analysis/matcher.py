"""Finds the names of studios, performers and tags in texts, the longest ones first."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import pairwise, product
from typing import NamedTuple

from syncapp.analysis.library import EntityKind, KnownName, SpellingEffect, SpellingRule
from syncapp.analysis.reading import Match, Token
from syncapp.analysis.spellings import (
    LONG,
    SOFT,
    Form,
    Spelling,
    name_words,
    written,
)
from syncapp.analysis.words import is_borderless, read_words

Key = str | tuple[str, str]  # the first word of a spelling of one, the first two
Keys = dict[Key, tuple[Spelling, ...]]

OWN = re.compile("['`’‘ʼ＇][sS]$")  # noqa: RUF001 - "Jane Doe's film"
COMMA = re.compile(r"\s*,\s*")
NICKNAME = re.compile(
    r"(?<=\w )(?:\"[^\"]{2,16}\"|'[^']{2,16}'|“[^”]{2,16}”|\([^()]{2,16}\))(?= \w)"
)
CAMEL = re.compile("[A-Z]+(?![a-z])|[A-Z]?[^A-Z]+")
ANYWHERE = 3  # letters of a script without borders that are a name in any surroundings
LAST, FIRST = 2, 2  # words before and behind the comma of "Last, First"
KATAKANA, HANGUL = re.compile("[\u30a1-\u30ff]"), re.compile("[\uac00-\ud7a3]")


class _Hit(NamedTuple):  # made faster than a dataclass is
    """A spelling found at these tokens, before the longest are chosen."""

    first: int
    last: int
    spelling: Spelling
    is_reversed: bool = False


class NameIndex:
    """All spellings of one library by their first words. Made by `build_index`."""

    def __init__(self, keys: Keys, digest: str) -> None:
        self._keys = keys
        self.digest = digest  # equal for equal names and rules, over restarts

    def find(self, text: str, tokens: Sequence[Token]) -> tuple[Match, ...]:
        """Return the names in a text, in its order.

        `tokens` are what `read_words` makes of it. Names within a longer one that is
        found have it as `inside`. Those of one span and kind are one match.
        """
        words = [token.word for token in tokens]
        hits = list(self._hits(words))
        if "'s" in text or "’s" in text or "'S" in text:  # noqa: RUF001
            hits += self._owners(text, tokens, words)
        hits = [hit for hit in hits if _stands(text, tokens, hit)]
        if "," in text:
            hits += self._reversed(text, tokens, words)
        if "(" in text or '"' in text or "'" in text or "“" in text:
            hits += self._nicknamed(text, tokens, words)
        return tuple(_chosen(tokens, hits)) if hits else ()

    def exactly(self, text: str) -> tuple[Match, ...]:
        """Return the names that are the whole text."""
        tokens = read_words(text)
        if not tokens:
            return ()
        whole = (tokens[0].start, tokens[-1].end)
        return tuple(m for m in self.find(text, tokens) if (m.start, m.end) == whole)

    def _hits(self, words: list[str]) -> Iterator[_Hit]:
        keys = self._keys
        for at, word in enumerate(words):
            if word in keys:
                for each in keys[word]:
                    yield _Hit(at, at, each)
        for at, pair in enumerate(pairwise(words)):
            if pair in keys:
                yield from _going_on(words, at, keys[pair])

    def _owners(
        self, text: str, tokens: Sequence[Token], words: list[str]
    ) -> Iterator[_Hit]:
        """Yield names that end in "'s", which folding takes for a letter of theirs."""
        own = [
            word[:-1] if OWN.search(text[token.start : token.end]) else word
            for token, word in zip(tokens, words, strict=True)
        ]
        yield from (hit for hit in self._hits(own) if own[hit.last] != words[hit.last])

    def _reversed(
        self, text: str, tokens: Sequence[Token], words: list[str]
    ) -> Iterator[_Hit]:
        """Yield people who are written "Last, First", alone between separators."""
        gaps = (text[a.end : b.start] for a, b in pairwise(tokens))
        for comma in [n for n, gap in enumerate(gaps, 1) if COMMA.fullmatch(gap)]:
            for start, stop in _around(comma, len(words)):
                if _is_alone(text, tokens, start, stop - 1):
                    order = words[comma:stop] + words[start:comma]
                    yield from self._people(order, start, stop - 1)

    def _nicknamed(
        self, text: str, tokens: Sequence[Token], words: list[str]
    ) -> Iterator[_Hit]:
        """Yield people between whose words a nickname stands: Jane "Skip" Doe."""
        for called in NICKNAME.finditer(text):
            before = [n for n, t in enumerate(tokens) if t.end <= called.start()]
            after = [n for n, t in enumerate(tokens) if t.start >= called.end()]
            near = before[-FIRST:] + after[:LAST]
            for hit in self._hits([words[n] for n in near]):
                first, last = near[hit.first], near[hit.last]
                is_around = first in before and last in after
                if is_around and hit.spelling.kind == EntityKind.PERFORMER:
                    yield _Hit(first, last, hit.spelling)

    def _people(self, order: list[str], first: int, last: int) -> Iterator[_Hit]:
        for hit in self._hits(order):
            is_whole = (hit.first, hit.last) == (0, len(order) - 1)
            if is_whole and hit.spelling.kind == EntityKind.PERFORMER:
                yield _Hit(first, last, hit.spelling, is_reversed=True)


def build_index(
    entities: Iterable[KnownName],
    rules: Sequence[SpellingRule] = (),
    *,
    with_ignored: bool = False,
) -> NameIndex:
    """Return what finds these names, but for spellings that a person switched off."""
    ruled: defaultdict[tuple[str, ...], list[SpellingRule]] = defaultdict(list)
    for rule in rules:
        ruled[name_words(rule.spelling)].append(rule)
    grouped: dict[Key, tuple[Spelling, ...]] = {}
    told = sha256(repr(sorted(map(repr, rules))).encode())
    for entity in sorted(entities, key=lambda each: (each.kind, each.entity_id)):
        if entity.is_ignored and not with_ignored:
            continue
        told.update(repr((entity.kind, entity.entity_id, _names(entity))).encode())
        for key, spelling in _spellings(entity, ruled):
            grouped[key] = (*grouped.get(key, ()), spelling)
    return NameIndex(grouped, told.hexdigest())


def _names(entity: KnownName) -> tuple[str, ...]:
    return (entity.name, *entity.aliases)


def _spellings(
    entity: KnownName, ruled: dict[tuple[str, ...], list[SpellingRule]]
) -> Iterator[tuple[Key, Spelling]]:
    seen: set[tuple[str, ...]] = set()
    for place, name in enumerate(_names(entity)):
        rules: tuple[SpellingRule, ...] | None = ()
        for form, words in written(name):
            if ruled and words in ruled:
                rules = _rules_for(entity, ruled[words])
            if rules is None:  # this way of writing it is off, and those made of it
                break
            if words in seen:
                continue
            seen.add(words)
            key: Key = words[0] if len(words) == 1 else (words[0], words[1])
            yield (
                key,
                Spelling(
                    *(entity.kind, entity.entity_id, name, words[2:], form),
                    *(place > 0, rules),
                ),
            )


def _rules_for(
    entity: KnownName, rules: list[SpellingRule]
) -> tuple[SpellingRule, ...] | None:
    """Return what rules say of this entity's spelling; None if it is off."""
    ours = tuple(
        rule
        for rule in rules
        if rule.kind in (None, entity.kind)
        and rule.entity_id in (None, entity.entity_id)
    )
    is_off = any(rule.effect == SpellingEffect.OFF for rule in ours)
    return None if is_off else ours


def _around(comma: int, count: int) -> Iterable[tuple[int, int]]:
    """Return where "Last, First" may begin and end around the word behind its comma."""
    starts = range(max(comma - LAST, 0), comma)
    return product(starts, range(comma + 1, min(comma + FIRST, count) + 1))


def _going_on(
    words: list[str], at: int, spellings: tuple[Spelling, ...]
) -> Iterator[_Hit]:
    """Yield those of spellings that begin here whose other words follow."""
    for each in spellings:
        stop = at + 2 + len(each.words)
        if not each.words or tuple(words[at + 2 : stop]) == each.words:
            yield _Hit(at, stop - 1, each)


def _stands(text: str, tokens: Sequence[Token], hit: _Hit) -> bool:
    """Return whether what is between and around the words lets them be this name."""
    inner = tokens[hit.first : hit.last + 1]
    form = hit.spelling.form
    if form == Form.JOINED and len(inner[0].word) < LONG:
        return _has_capitals(text[inner[0].start : inner[0].end], hit.spelling.text)
    if form == Form.AND_SIGN and not set("&+") & set(
        text[inner[0].end : inner[-1].start]
    ):
        return False
    gaps = (text[a.end : b.start] for a, b in pairwise(inner))
    if form == Form.PLAIN and not all(map(SOFT.fullmatch, gaps)):
        return False
    # Without its comma the alias "Doe, Jane" may be put together of two people.
    is_turned = form == Form.LOOSE and "," in hit.spelling.text
    if is_turned and "," not in text[inner[0].end : inner[-1].start]:
        return False
    if inner[0].word.isascii() and inner[-1].word.isascii():
        return True
    return _has_borders(text, tokens, hit)


def _has_capitals(text: str, name: str) -> bool:
    """Return whether "JaneDoe" is written so that one sees both words."""
    told = [part.lower() for part in CAMEL.findall(text)]
    return told == [word.lower() for word in re.split(r"\W+", name) if word]


def _has_borders(text: str, tokens: Sequence[Token], hit: _Hit) -> bool:
    inner = [token.word for token in tokens[hit.first : hit.last + 1]]
    if all(map(is_borderless, inner)) and len(inner) < ANYWHERE:
        return _is_alone(text, tokens, hit.first, hit.last)
    before = tokens[hit.first - 1] if hit.first else None
    after = tokens[hit.last + 1] if hit.last + 1 < len(tokens) else None
    first, last = tokens[hit.first], tokens[hit.last]
    if before and before.end == first.start:
        pair = before.word[-1], first.word[0]
        if all(map(KATAKANA.match, pair)) or all(map(HANGUL.match, pair)):
            return False
    if after and last.end == after.start:
        return not all(map(KATAKANA.match, (last.word[-1], after.word[0])))
    return True


def _is_alone(text: str, tokens: Sequence[Token], first: int, last: int) -> bool:
    """Return whether what parts names, or nothing, is on both sides."""
    before = text[tokens[first - 1].end : tokens[first].start] if first else "/"
    is_end = last + 1 == len(tokens)
    after = "/" if is_end else text[tokens[last].end : tokens[last + 1].start]
    return not (SOFT.fullmatch(before) or _is_soft_end(after))


def _is_soft_end(after: str) -> bool:
    return bool(SOFT.fullmatch(after)) and after != "."  # of an extension


def _chosen(tokens: Sequence[Token], hits: list[_Hit]) -> list[Match]:
    """Return all hits as matches in the order of the text; shorter ones are inside."""
    if len(hits) == 1:  # most often, and quickly
        return [_match(tokens, hits, "")]
    spans: dict[tuple[int, int], list[_Hit]] = {}
    for hit in hits:
        spans.setdefault((hit.first, hit.last), []).append(hit)
    kept: list[list[_Hit]] = []
    found: list[Match] = []
    for equal in sorted(spans.values(), key=lambda each: _rank(tokens, each)):
        longer = next((other for other in kept if _overlap(equal[0], other[0])), None)
        if longer is None:
            kept.append(equal)
            found += (_match(tokens, ours, "") for ours in _by_kind(equal))
        else:
            found += _inside(tokens, equal, longer)
    return sorted(found, key=lambda m: (m.start, -m.end, m.kind))


def _overlap(one: _Hit, other: _Hit) -> bool:
    return one.first <= other.last and other.first <= one.last


def _inside(
    tokens: Sequence[Token], hits: list[_Hit], longer: list[_Hit]
) -> Iterator[Match]:
    """Yield what is held back for a longer name, unless both are of one entity."""
    whole = {(hit.spelling.kind, hit.spelling.entity_id) for hit in longer}
    for ours in _by_kind(hits):
        if not whole.issuperset((h.spelling.kind, h.spelling.entity_id) for h in ours):
            yield _match(tokens, ours, longer[0].spelling.text)


def _rank(tokens: Sequence[Token], hits: list[_Hit]) -> tuple[bool, int, int]:
    """Return what sorts the longest first; a "Last, First" behind plain whole names."""
    first, last = hits[0].first, hits[0].last
    length = tokens[last].end - tokens[first].start
    return first == last or all(hit.is_reversed for hit in hits), -length, first


def _by_kind(hits: list[_Hit]) -> Iterable[list[_Hit]]:
    """Return the hits of one span, parted by what they are names of."""
    if len(hits) == 1:
        return (hits,)
    kinds: dict[EntityKind, list[_Hit]] = {}
    for hit in hits:
        kinds.setdefault(hit.spelling.kind, []).append(hit)
    return kinds.values()


def _match(tokens: Sequence[Token], hits: list[_Hit], inside: str) -> Match:
    """Return the match of hits of one span and kind; names count before aliases."""
    best = hits[0] if len(hits) == 1 else min(hits, key=lambda h: _order(h.spelling))
    spelling = best.spelling
    ids: tuple[int, ...] = (spelling.entity_id,)
    rules = spelling.rules
    if len(hits) > 1:
        ids = tuple(sorted({hit.spelling.entity_id for hit in hits}))
        rules = tuple(dict.fromkeys(r for hit in hits for r in hit.spelling.rules))
    return Match(
        *(spelling.kind, ids, tokens[best.first].start, tokens[best.last].end),
        *(spelling.text, spelling.is_alias, inside, rules),
        *(spelling.form == Form.JOINED, best.is_reversed),
    )


def _order(spelling: Spelling) -> tuple[bool, int]:
    return spelling.is_alias, spelling.entity_id
