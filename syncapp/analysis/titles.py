"""Makes a title of what is left of a file's name, and tells what is none."""

import re

from syncapp.analysis.ordinary_words import is_ordinary

# What parts a name into pieces: a dash between gaps, brackets, bars.
PARTING = re.compile(r"[ _.]+[-–—~|•=]+[ _.]+|[\[\]{}【】|•]|__+|--+")  # noqa: RUF001
# Who is in it, in brackets that may hold others: (starring a dancer (Jane Doe)).
CREDITS = re.compile(
    r"\s?[(\[](?:starring|with|feat\.?|ft\.?|featuring)\s(?:[^()\[\]]|\([^()]*\))*[)\]]",
    re.IGNORECASE,
)
# The same without brackets, up to what parts it from the rest.
BARE_CREDITS = re.compile(
    r"[\s_](?:feat\.?|ft\.?|featuring|starring)[\s_].*?(?=[\s_]+[-–—=][\s_]|[\s_]*[(\[]|$)",  # noqa: RUF001
    re.IGNORECASE,
)
# What a program adds to the name of a second copy: "Tides (1)", "Tides - Copy (2)".
COPIES = re.compile(
    r"(?<=[^\s(])(?: ?- ?(?i:copy|kopie|copi[ea])(?: ?\([1-9][0-9]?\))?"
    r"| copy| kopie| ?\([1-9][0-9]?\))$"
)
# The signs by which a site knows a film: "Tides-x7Gh29sKq1_".
SITE_ID = re.compile(
    r"-(?=[^-_]*[0-9]|[-\w]{0,10}[0-9])(?=[-\w]*[a-z])(?=[-\w]*[A-Z])[-\w]{11}$"
)
HASH_TAGS = re.compile(r"[\s_]#(?=[^\W\d_]).*")  # to the end: their words have blanks
TAGS = re.compile(r"www\.[^\s\[\]]+|\[[^\[\]]*\]|\{[^{}]*\}|【[^】]*】")
PARENTHESES = re.compile(r"\([^()]*\)|（[^（）]*）")  # noqa: RUF001 - wide ones as well
EMPTY_BRACKETS = re.compile(r"[(（][-._ ,&+]*[)）]")  # noqa: RUF001
IN_BRACKETS = re.compile(r"\([^()]*\)")
EDGES = " \t-_,;:|~+&@#–—•·=/\\"  # noqa: RUF001
# Letters with a dot behind each: "U.S.A."
ACRONYM = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.){2,}(?:[^\W\d_](?![^\W_]))?")
BELONGING_DOT = re.compile(r"(?:\.\.\.|(?:^|[ .])(?:[A-Za-z]\.|[JS]r\.|etc\.))$")
KEPT_DOT = "\0"
# A number in front that counts files: "01. Tides", "01-Tides", "#4 Tides".
COUNTER = re.compile(
    r"(?:\([0-9]{1,3}\)|#?[0-9]{1,3}(?:\. |\) |-|_)|#[0-9]{1,3}[ _]|0[0-9]{1,2} )"
    r"[-_ ]*(?=[^\W\d_])"
)

LETTERS_OF_A_WORD = re.compile(
    r"[^\W\d_]{2}|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7ff\u0e00-\u0e7f]"
)
WORD = re.compile(r"[^\W_]+")
HEX = re.compile(r"(?=.*[0-9])[0-9a-f]{8,}", re.IGNORECASE)  # of a hash
CHANGES = re.compile(r"(?<=[0-9])(?=[a-z])|(?<=[a-z])(?=[0-9])", re.IGNORECASE)
CODE = re.compile(r"[A-Z]{2,6}[- ]?[0-9]{2,7}[A-Za-z]?|[a-z]{2,5}-[0-9]{2,7}")
EPISODE = re.compile(r"(?<![^\W_])s[0-9]{1,4}[-_. ]?e[0-9]{1,4}", re.IGNORECASE)
# Two words or more, each of which a capital begins, and nothing parts.
BIG, SMALL = "A-ZÀ-ÖØ-ÞΑ-ΩА-ЯЁ", "a-zß-öø-ÿά-ώа-яё"
SMASHED_WORDS = re.compile(
    rf"(?:[{BIG}][{SMALL}]+|[{BIG}](?=[{BIG}][{SMALL}]))"
    rf"(?:[{BIG}][{SMALL}]+|[AIÀЯ](?=[{BIG}])|(?:19|20)[0-9]{{2}}|[0-9]{{1,2}}$){{1,12}}"
)
# A whole name of any language: with initials, particles, apostrophes and hyphens.
_NAMED = rf"(?:[dlo]['’])?[{BIG}][^\W\d_]*\.?(?:[-'’][^\W\d_]+)*"  # noqa: RUF001
_PARTICLES = "van|von|der|den|de|del|la|le|du|da|di|dos|ten|ter|zu|bin|al|y"
PERSON = re.compile(
    rf"(?!(?:The|An?|My|Our|No|Der|Die|Das|Les?|El|Los|Il)[ ])"
    rf"{_NAMED}(?:[ ](?:{_PARTICLES}))*(?:[ ]{_NAMED}){{1,3}}"
    r"|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7ff]{2,6}"
)
FEW = 4  # words of a name, at most one less
BORDER = re.compile(
    rf"(?<=[{SMALL}])(?=[{BIG}0-9])|(?<=[{BIG}0-9])(?=[{BIG}][{SMALL}])"
    rf"|(?<=[0-9])(?=[{BIG}])"
)
# What things have several of, each with its number.
PARTS = "part|pt|vol|volume|ep|episode|chapter|scene|reel|dis[ck]|cd|act"
A_COUNT = re.compile(
    rf"\(?(?:{PARTS}|teil|parte|partie|dvd)?"
    r"[-_. ]*(?:[0-9]{1,3}|[ivx]{1,4}|one|two|three|four|five)(?: of [0-9]+)?\)?",
    re.IGNORECASE,
)
TWO_WORDS = re.compile(r"[^\W\d_]{3,}-[^\W\d_]{3,}")
# Of the words that join people those that a list of them may go on with.
GOING_WORDS = "and|x|vs|feat|ft|und|et|y"
LISTED = re.compile(rf"[,;&+]|(?<=\s)(?:{GOING_WORDS})\.?(?=\s)", re.IGNORECASE)
SMALL_WORDS = re.compile(
    r"(?<![^\W_])(?:the|an?|of|in|on|at|to|for|from|with|by|part|no|my|our|is)(?![^\W_])",
    re.IGNORECASE,
)
NAME_LIKE = re.compile(r"[^\W\d_]+\.?(?:[- ][A-Z][^\W\d_]*\.?){1,2}")
CAMERA = re.compile(
    r"(?:img|dsc[nf]?|vid|mvi|mov|pxl|gopr|g[xhp]|dji|cimg|pict|sam|wp|mah|dcim|p|avchd|"
    r"screen ?shot|screen recording|whatsapp (?:video|image)|[0-9]{3})"
    r"[-_ ]?(?=[0-9]{2,})[-_ 0-9.]*(?:at [-_ 0-9.]*|wa[0-9]+)?(?:[ap]m)?"
    r"(?: ?\([0-9]+\)|~[0-9]+)?",
    re.IGNORECASE,
)
SMASHED = re.compile(r"(.)\1*|asdf\w*|qwert\w*|[b-df-hj-np-tv-xz]{5,}", re.IGNORECASE)
# Words that say nothing of what a file shows, however many stand together.
EMPTY_WORDS = frozenset(
    WORD.findall(
        "part pt episode ep e eps scene clip cd dvd disc disk vol volume chapter ch "
        "track reel season s take act no nr number video videos vid movie movies "
        "film file files untitled new test temp tmp output out final copy unknown "
        "unnamed img image dsc mvi mov pic photo recording rec capture screen "
        "screenshot sample download downloads default title media stream playlist "
        "index main full hd sd hq x xxx mp4 mkv avi wmv web rip version v camera "
        "cam www com net id trailer noname folder none null nan undefined document "
        "export render project sequence timeline "
    )
)


def spelled_out(text: str, *, is_dashed: bool) -> str:
    """Return a piece of a name as a person would write it: with spaces.

    `is_dashed`: dashes stand for spaces in this name.
    """
    said = text.replace("%20", " ").replace("_", " ").replace(KEPT_DOT, " ")
    if " " not in said.strip(EDGES + ".") and "." in said.strip("."):
        said = ACRONYM.sub(_with_dots, said)
        said = said.replace(".", " ").replace(KEPT_DOT, ".")
    if is_dashed:
        said = said.replace("-", " ")
    if splits_capitals(said):
        said = BORDER.sub(" ", said)
    return trimmed(" ".join(EMPTY_BRACKETS.sub(" ", said).split()))


def _with_dots(match: re.Match[str]) -> str:
    letters = match[0].replace(".", KEPT_DOT)
    return letters + (" " if letters.endswith(KEPT_DOT) else "")


def trimmed(said: str) -> str:
    """Return a title without separators at its edges and brackets without a partner."""
    before = None
    while said != before:
        before = said
        said = said.strip(EDGES).lstrip(".")
        if not BELONGING_DOT.search(said):
            said = said.rstrip(".")
        said = _without_loners(said)
        if IN_BRACKETS.fullmatch(said):
            said = said[1:-1]
    return said


def _without_loners(said: str) -> str:
    for opening, closing in (("(", ")"), ("[", "]"), ("{", "}")):
        if said.count(opening) != said.count(closing):
            said = said.replace(opening, " ").replace(closing, " ")
            said = " ".join(said.split())
    return said


def splits_capitals(said: str) -> bool:
    """Return whether capitals alone part the words of this: "TidesAtDawn"."""
    return bool(SMASHED_WORDS.fullmatch(said.strip(EDGES)))


def counts(said: str) -> bool:
    """Return whether this says which part of a thing it is, and no more."""
    return bool(A_COUNT.fullmatch(said))


def looks_like_name(said: str) -> bool:
    """Return whether this could be somebody's name, or that of a studio."""
    return bool(NAME_LIKE.fullmatch(said))


def lists_people(said: str, *, by_whole_names: bool = False) -> bool:
    """Return whether what is listed here could be people.

    `by_whole_names`: with first and last name alone, as of less no one can tell.
    """
    parts = [part.strip() for part in LISTED.split(said)]
    if said.islower():  # which tells no name from another word
        return all(len(part.split()) < FEW for part in parts) and not (
            SMALL_WORDS.search(said)
        )
    whole = [part for part in parts if PERSON.fullmatch(part)]
    first = [part for part in parts if part.istitle() and part.isalpha()]
    if by_whole_names:
        return bool(whole) and len(whole) + len(first) >= len(parts)
    if whole:  # a title may follow the last of them
        return parts[0] in whole and not all(map(counts, parts[1:]))
    return len(first) == len(parts) and not any(map(_means_something, first))


def _means_something(word: str) -> bool:
    return is_ordinary(word.lower())


def names_nothing(said: str) -> bool:
    """Return whether this is a hash or a word as "video": nobody thought of it."""
    is_hash = HEX.fullmatch(re.sub(r"[-_ ]", "", said)) is not None
    return is_hash or (said.isalpha() and is_no_title(said))


def uses_dashes(name: str) -> bool:
    """Return whether dashes stand for spaces: nothing else in the name could."""
    is_one = name.count("-") == 1 and TWO_WORDS.fullmatch(name) and name.islower()
    return bool(is_one) or (not re.search("[ ._]", name) and name.count("-") > 1)


def is_identifier(said: str) -> bool:
    """Return whether this names a file, or counts it, instead of telling of it."""
    if EPISODE.search(said):
        return False
    plain = re.sub(r"[-_ .()#]", "", said)
    if not LETTERS_OF_A_WORD.search(said) or HEX.fullmatch(plain):
        return True
    if CODE.fullmatch(said) or CAMERA.fullmatch(said):
        return True
    is_one = not re.search("[ .]", said)
    return is_one and len(CHANGES.findall(said)) > 2  # noqa: PLR2004 - "7Gh2k"


def is_no_title(said: str) -> bool:
    """Return whether nobody would call a scene so."""
    if is_identifier(said):
        return True
    words = [re.sub("[0-9]+", " ", word).split() for word in WORD.findall(said.lower())]
    letters = [part for word in words for part in word]
    return all(part in EMPTY_WORDS or SMASHED.fullmatch(part) for part in letters)
