"""Takes names off the edges of a piece of a name, unless what it says needs them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile

from syncapp.analysis.behind_names import GAPS, Begun, is_one_word, kind_behind
from syncapp.analysis.library import EntityKind
from syncapp.analysis.reading import Match
from syncapp.analysis.surroundings import LIST_WORDS
from syncapp.analysis.titles import GOING_WORDS
from syncapp.analysis.words import is_borderless

CREDITED, BEHIND, ROLE = "credited", "names behind", "role told"
PARTED_JOINT = " - "  # before a piece that a date or a sign parts from the last
GAP = r"[-_. ,]*"
PRESENTS = "presents|präsentiert"
LISTS = f"{'|'.join(LIST_WORDS)}|w|{PRESENTS}"
PRESENTING = re.compile(rf"[-_. ]+(?:{PRESENTS})(?![^\W_])", re.IGNORECASE)
MADE_BY = re.compile(r"[-_. ]by[-_. ]+$", re.IGNORECASE)
# What joins one name to the next.
JOINT = re.compile(
    rf"{GAP}(?:(?:[&+,·]|(?:{LISTS})(?![^\W_])){GAP}|&{GAP}|/{GAP})?", re.IGNORECASE
)
SHORT_JOINT = re.compile(r"[\W_]{0,4}(?:[^\W\d_]{1,4}[\W_]{1,4})?")
SAYS_NOTHING = re.compile(rf"\b(?:{LISTS}|by)\b|[\W_]", re.IGNORECASE)
# Words that bring in who is in it, and go when the names do.
BRINGING = re.compile(
    r"(?:^|[-_. ,(]+)(?P<role>(?:[a-z]+ed|read|told|written|shown|sung|dir|film"
    r"|(?:a|ein|un)[-_. ]film)\.?[-_. ]+(?:by|von|par|de|di)|regie:?|starring|stars"
    r"|feat|ft|featuring|w/|mit|avec|con|with|by|&|and)[-_. ]*$",
    re.IGNORECASE,
)
CREDITING = ("with", "by")
# What stands before a name, and is joined to it as people are.
LISTED_BEFORE = re.compile(
    rf"(?:[,;&+]|[-_. ](?:{GOING_WORDS})\.?)[-_. ]*$", re.IGNORECASE
)
# What is left behind names goes on with people, whom the library does not know.
GOING_ON = re.compile(
    rf"[-_. ]*(?:\([^()]*\)[-_. ]*)?(?:[,;&+]|(?:{LISTS})(?![^\W_]))", re.IGNORECASE
)
# A name before or behind these is part of what is said: "The Life of Jane Doe".
BOUND_BEFORE = re.compile(
    r"(?:^|[-_. (])(?:of|the|a|an|to|for|in|at|from|on|meets|vs|versus|is|my|dear|"
    r"about|goodbye,?|farewell,?|hello,?|thank[-_. ]you,?|"
    r"as|like|mr|mrs|ms|dr|lady|sir|saint|st|being|finding|i|am|de|la|le|"
    r"und|y)[-_. ]+$",
    re.IGNORECASE,
)
DETERMINER = r"(?:the|a|an|his|her|their|its|my|our)"
BOUND_BEHIND = re.compile(
    r"['’]s(?![a-z])|[-_. ]+(?:in|at|on|of|is|and|goes|plays|meets|vs|versus|has|gets"  # noqa: RUF001
    r"|was|takes|makes|visits|returns|talks|reads|sings|tells|does|loves|or|s(?![0-9])"
    rf"|live(?=[-_. ]+(?:in|at|from)(?![a-z]))|&(?=[-_. ]+{DETERMINER}(?![a-z]))"
    # Somebody does something: "explains the tide".
    r"|[a-z]+[^\Ws](?<![siu])s"
    rf"(?=[-_. ]*$|[-_. ]+(?:{DETERMINER}|about|how|why)(?![a-z]))"
    r")(?![a-z])",
    re.IGNORECASE,
)
OWNS = re.compile("['’]s$", re.IGNORECASE)  # noqa: RUF001 - "Jane Doe's"
# A name of one word goes on, maybe with the last name of somebody unknown.
GOES_ON = re.compile(rf"[ _.]+(?!(?:{LISTS})(?![^\W_]))[^\W_]", re.IGNORECASE)
# "Interview with", "An Evening with": who it is with belongs to it.
WITH_WHOM = re.compile(r"[-_. ]*(?:(?:an?|in|on)[-_. ]+)?[a-z]+[-_. ]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a file's name, and what was taken off its edges."""

    start: int
    end: int
    joint: str  # what comes before it where another piece does
    peeled: str = ""  # how names were taken off, if they were
    is_list: bool = False  # what is left was listed with names


def left_of(text: str, offset: int, taken: Iterable[range]) -> str:
    """Return what a text says without what is taken from it and what joins that."""
    letters = list(text)
    for one in taken:
        for at in range(max(one.start - offset, 0), min(one.stop - offset, len(text))):
            letters[at] = " "
    return SAYS_NOTHING.sub("", "".join(letters))


def peel(
    piece: Piece, text: str, names: Sequence[Match], has: Iterable[int | None]
) -> Piece | None:
    """Return a piece without the names at its edges; None if it is people alone.

    `has`: entities that the scene has; their names are believed, whatever they mean.
    """
    inner = [n for n in names if piece.start <= n.start and n.end <= piece.end]
    if not inner:
        return piece
    said = text[piece.start : piece.end]
    if not left_of(said, piece.start, [range(n.start, n.end) for n in inner]):
        return None
    known = [*_believed(inner, text, frozenset(has))]
    left = _without_begin(piece, text, known, inner)
    left = _without_end(left, text, known)
    is_list = left.peeled and GOING_ON.match(text, left.start, left.end)
    is_empty = not text[left.start : left.end].strip(GAPS)
    return None if is_list or is_empty else left


def _believed(
    names: Sequence[Match], text: str, has: frozenset[int | None]
) -> Iterator[Match]:
    """Yield what is a name and no word; "May" is either, but where it is listed."""
    for at, name in enumerate(names):
        beside = [*names[max(at - 1, 0) : at], *names[at + 1 : at + 2]]
        if (
            _is_known(name, has)
            or _is_maker(name, text)
            or (
                not GOES_ON.match(text, name.end)
                and any(
                    _is_known(o, has) and _are_joined(name, o, text) for o in beside
                )
            )
        ):
            yield name


def _is_known(name: Match, has: frozenset[int | None]) -> bool:
    spelling = name.spelling.strip()
    if " " in spelling or (len(spelling) > 1 and is_borderless(spelling[0])):
        return True
    return name.kind is EntityKind.PERFORMER and any(
        one in has for one in name.entity_ids
    )


def _is_maker(name: Match, text: str) -> bool:
    """Return whether a word says of a studio that it made this."""
    return name.kind is EntityKind.STUDIO and bool(
        PRESENTING.match(text, name.end) or MADE_BY.search(text[: name.start])
    )


def _are_joined(one: Match, other: Match, text: str) -> bool:
    """Return whether a sign or a word joins two names, and nothing else is between."""
    first, last = sorted((one, other), key=lambda name: name.start)
    between = text[first.end : last.start]
    joint = JOINT.fullmatch(between)
    return bool(joint) and bool(re.search(r"[\w,&+/·]", between.replace("_", " ")))


def _next_name(text: str, behind: int, starts: Mapping[int, Match], end: int) -> int:
    """Return where a name may stand that is joined to the one before it.

    Between two known names any short word is one that joins them, of any language.
    """
    joint = JOINT.match(text, behind, end)
    at = joint.end() if joint else behind
    if at not in starts and (short := SHORT_JOINT.match(text, behind, end)):
        return short.end() if short.end() in starts else at
    return at


def is_bound(text: str, name: Match) -> bool:
    """Return whether words around a name in a path speak of it: "Inside Jane Doe"."""
    begin = max(text.rfind("/", 0, name.start), text.rfind("\\", 0, name.start)) + 1
    before = text[begin : name.start]
    return bool(
        BOUND_BEFORE.search(before)
        or is_one_word(before)
        or _is_bound(text, name.end, len(text))
    )


def _without_begin(
    piece: Piece, text: str, names: Sequence[Match], every: Sequence[Match]
) -> Piece:
    """Return it without what names it begins with; `every`: and what may be a word."""
    starts = {name.start: name for name in names}
    at = skip_gaps(text, piece.start, piece.end)
    taken: list[Match] = []
    while at in starts:
        taken.append(starts[at])
        at = _next_name(text, starts[at].end, starts, piece.end)
    if not taken:
        return piece
    behind = taken[-1].end
    if re.search(PRESENTS, text[behind:at], re.IGNORECASE):
        return replace(piece, start=at, peeled=ROLE)
    if _is_bound(text, behind, piece.end):
        taken = _without_bound(taken)
        if not taken:
            return piece
        behind = taken[-1].end
    is_dated = piece.joint == PARTED_JOINT
    begun = Begun(text, piece.start, piece.end, taken, every, is_dated)
    return replace(piece, start=behind, peeled=kind_behind(begun))


def _without_bound(taken: Sequence[Match]) -> list[Match]:
    """Return the studios before people of whom the title speaks."""
    rest = dropwhile(lambda name: name.kind is not EntityKind.STUDIO, taken[-2::-1])
    return [*rest][::-1]


def _is_bound(text: str, behind: int, end: int) -> bool:
    return bool(OWNS.search(text[:behind]) or BOUND_BEHIND.match(text, behind, end))


def _without_end(piece: Piece, text: str, names: Sequence[Match]) -> Piece:
    inner = [name for name in names if name.start >= piece.start]
    before, kind, is_list = piece.end, BEHIND, False
    while name := _last(inner, text, piece.start, before):
        before = name.start
        joint = BRINGING.search(text[piece.start : before])
        if joint:
            before = piece.start + joint.start()
            kind = _kind_of_joint(joint["role"].lower(), kind)
        is_list = bool(LISTED_BEFORE.search(text[: name.start]))
    if before == piece.end:
        return piece
    if _is_bound_before(
        text[piece.start : before], text[piece.start : piece.end], kind
    ):
        return piece
    is_list = is_list and kind == BEHIND
    return replace(piece, end=before, peeled=kind, is_list=is_list)


def _kind_of_joint(role: str, kind: str) -> str:
    if role in ("&", "and"):
        return kind
    return CREDITED if role in CREDITING else ROLE


def _is_bound_before(left: str, whole: str, kind: str) -> bool:
    """Return whether what stands before a name says nothing without it."""
    if kind == ROLE:
        return False
    if BOUND_BEFORE.search(left):
        return True
    if kind == CREDITED:
        rest = whole[len(left) :].lower()
        return "with" in rest and bool(WITH_WHOM.fullmatch(left))
    return is_one_word(left)


def _last(names: Sequence[Match], text: str, start: int, before: int) -> Match | None:
    """Return the name that ends here, but for separators."""
    end = start + len(text[start:before].rstrip(GAPS + "&+"))
    return next((name for name in names if name.end == end), None)


def lists_known(piece: Piece, text: str, names: Sequence[Match]) -> bool:
    """Return whether a whole name in this is joined to what may be one nobody knows."""
    return any(
        " " in name.spelling.strip()
        and LISTED_BEFORE.search(text[piece.start : name.start])
        for name in names
        if name.kind is EntityKind.PERFORMER
        and piece.start < name.start
        and name.end < piece.end
    )


def skip_gaps(text: str, at: int, end: int) -> int:
    return end - len(text[at:end].lstrip(GAPS))
