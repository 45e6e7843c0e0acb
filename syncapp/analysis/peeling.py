"""Takes names off the edges of a piece of a name, unless what it says needs them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from syncapp.analysis.library import EntityKind
from syncapp.analysis.reading import Match
from syncapp.analysis.surroundings import LIST_WORDS
from syncapp.analysis.titles import EDGES
from syncapp.analysis.words import is_borderless

PEELED, CREDITED, BEHIND = "peeled", "credited", "names behind"
AT_SIGN, AT_ARTICLE = "behind a name and a sign", "article behind a name"
STRUNG = "strung together"
BESIDE, RELEASED, ROLE = "names before", "peeled in a release", "role told"
GAPS = EDGES + ".()[]{}'\""
GAP = r"[-_. ,]*"
PRESENTS = "presents|präsentiert"
LISTS = f"{'|'.join(LIST_WORDS)}|w|{PRESENTS}"
# What joins one name to the next.
JOINT = re.compile(
    rf"{GAP}(?:(?:[&+,]|(?:{LISTS})(?![^\W_])){GAP}|&{GAP}|/{GAP})?", re.IGNORECASE
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
# Of the words that join people those that a list of them may go on with.
GOING_WORDS = "and|x|vs|feat|ft|und|et|y"
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
    r"about|"
    r"as|like|mr|mrs|ms|dr|lady|sir|saint|st|being|finding|i|am|de|la|le|"
    r"und|y)[-_. ]+$",
    re.IGNORECASE,
)
DETERMINER = r"(?:the|a|an|his|her|their|its|my|our)"
BOUND_BEHIND = re.compile(
    r"['’]s(?![a-z])|[-_. ]+(?:in|at|on|of|is|and|goes|plays|meets|vs|versus|has|gets"  # noqa: RUF001
    r"|was|takes|makes|visits|returns|talks|reads|sings|tells|does|loves|or|s"
    rf"|live(?=[-_. ]+(?:in|at|from)(?![a-z]))|&(?=[-_. ]+{DETERMINER}(?![a-z]))"
    # Somebody does something: "explains the tide".
    r"|[a-z]+[^\Ws](?<![siu])s"
    rf"(?=[-_. ]*$|[-_. ]+(?:{DETERMINER}|about|how|why)(?![a-z]))"
    r")(?![a-z])",
    re.IGNORECASE,
)
OWNS = re.compile("['’]s$", re.IGNORECASE)  # noqa: RUF001 - "Jane Doe's"
# What no name goes on with: the rest is a title by itself.
BRACKETS = re.compile('[-_. ,:]*[(\\[{"“„«]')
OPENS = re.compile(
    r"[-_. ,:]*(?:The|A|An|What|Where|Who|How|Why|When|No|My|Our|Der|Die|Das|Le|La|Les"
    r"|El|Los|Il)\b"
)
# A name of one word goes on, maybe with the last name of somebody unknown.
GOES_ON = re.compile(rf"[ _.]+(?!(?:{LISTS})(?![^\W_]))[^\W_]", re.IGNORECASE)
# "Interview with", "An Evening with": who it is with belongs to it.
WITH_WHOM = re.compile(r"[-_. ]*(?:(?:an?|in|on)[-_. ]+)?[a-z]+[-_. ]*", re.IGNORECASE)
ONE_WORD = re.compile(r"[-_. ]*[^\W\d_]+[-_. ]*")


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
    left = _without_end(_without_begin(piece, text, known), text, known)
    is_list = left.peeled and GOING_ON.match(text, left.start, left.end)
    is_empty = not text[left.start : left.end].strip(GAPS)
    return None if is_list or is_empty else left


def _believed(
    names: Sequence[Match], text: str, has: frozenset[int | None]
) -> Iterator[Match]:
    """Yield what is a name and no word; "May" is either, but where it is listed."""
    for at, name in enumerate(names):
        beside = [*names[max(at - 1, 0) : at], *names[at + 1 : at + 2]]
        if _is_known(name, has) or (
            not GOES_ON.match(text, name.end)
            and any(_is_known(o, has) and _are_joined(name, o, text) for o in beside)
        ):
            yield name


def _is_known(name: Match, has: frozenset[int | None]) -> bool:
    spelling = name.spelling.strip()
    if " " in spelling or (len(spelling) > 1 and is_borderless(spelling[0])):
        return True
    return name.kind is EntityKind.PERFORMER and any(
        one in has for one in name.entity_ids
    )


def _are_joined(one: Match, other: Match, text: str) -> bool:
    """Return whether a sign or a word joins two names, and nothing else is between."""
    first, last = sorted((one, other), key=lambda name: name.start)
    between = text[first.end : last.start]
    joint = JOINT.fullmatch(between)
    return bool(joint) and bool(re.search(r"[\w,&+/]", between.replace("_", " ")))


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
        or ONE_WORD.fullmatch(before)
        or _is_bound(text, name.end, len(text))
    )


def _without_begin(piece: Piece, text: str, names: Sequence[Match]) -> Piece:
    starts = {name.start: name for name in names}
    at = skip_gaps(text, piece.start, piece.end)
    behind = piece.start
    while at in starts:
        behind = starts[at].end
        at = _next_name(text, behind, starts, piece.end)
    if behind == piece.start:
        return piece
    if re.search(PRESENTS, text[behind:at], re.IGNORECASE):
        return replace(piece, start=at, peeled=ROLE)
    if _is_bound(text, behind, piece.end):
        return piece
    return replace(piece, start=behind, peeled=_kind_before(text, behind, piece))


def _is_bound(text: str, behind: int, end: int) -> bool:
    return bool(OWNS.search(text[:behind]) or BOUND_BEHIND.match(text, behind, end))


def _kind_before(text: str, behind: int, piece: Piece) -> str:
    """Return how sure it is that a title begins behind a name."""
    if BRACKETS.match(text, behind, piece.end):
        return PEELED
    if text[behind : behind + 1] in (",", ":", ";"):
        return AT_SIGN
    if OPENS.match(text, behind, piece.end):
        return AT_ARTICLE
    said = text[piece.start : piece.end]
    if " " in said:
        return BESIDE
    return RELEASED if "." in said.strip(".") else STRUNG


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
    return bool(ONE_WORD.fullmatch(left))


def _last(names: Sequence[Match], text: str, start: int, before: int) -> Match | None:
    """Return the name that ends here, but for separators."""
    end = start + len(text[start:before].rstrip(GAPS + "&+"))
    return next((name for name in names if name.end == end), None)


def skip_gaps(text: str, at: int, end: int) -> int:
    return end - len(text[at:end].lstrip(GAPS))
