# ruff: noqa: E501, RUF001
r"""Names as they were met in the wild: each line is a trap that somebody fell into.

A line: text; names; what is proposed; where it was met. A text is a file below the root
/data, a path where it begins with / \ or a drive, or a title behind "title:", details
behind "details:". Names: p performer, s studio, t tag, "=" an alias, "<" the parent,
"^" what tells a performer from others of the name. Proposed: "?" one of a choice.
"""

from collections.abc import Iterator
from datetime import date

import pytest

from syncapp.analysis.detectors.performers import PERFORMERS
from syncapp.analysis.detectors.studio import STUDIO
from syncapp.analysis.detectors.tags import TAGS
from syncapp.analysis.facts import FileFacts, SceneFacts
from syncapp.analysis.library import EntityKind, KnownLibrary, KnownName, Rules
from syncapp.analysis.matcher import build_index
from syncapp.analysis.proposals import Proposal
from syncapp.analysis.scene_reading import read_scene

KINDS = {
    "p": EntityKind.PERFORMER,
    "s": EntityKind.STUDIO,
    "t": EntityKind.TAG,
}
ROOTS = frozenset(
    {"/data", "C:", "C:/Media", "//nas/share", "/movies", "/mnt", "/mnt/films"}
)

TRAPS = """
# Parts of words are no names
Arts/x.mp4 ; s:Art ; ; StashHog, a substring of a path
/data/Arts/x.mp4 ; s:Art ; ; plans 1
Joan of Arc.mp4 ; p:Jo, p:José García ; ; plans 1, first names
Joan of Arc - José García.mp4 ; p:Jo, p:José García ; p:José García ; plans 1
Cartwheel - Beach.mp4 ; s:Art, s:Wheel ; ; StashHog
Starlight.mp4 ; p:Star, t:Light ; ; StashHog
Nightingale song.mp4 ; p:Gale, t:Night ; ; StashHog
Seaside - Dawn.mp4 ; t:Sea ; ; StashHog
Janette Doerr - Harbour.mp4 ; p:Jane Doe ; ; StashHog
Mary Jane Doe - Harbour.mp4 ; p:Mary Jane Doe, p:Jane Doe ; p:Mary Jane Doe ; plans 3.3
Jane Doerr.mp4 ; p:Jane Doe ; ; Stash
Bluer Planet Films - x.mp4 ; s:Blue Planet Films ; ; StashHog
# The longest name wins
Jade Kush - Harbour.mp4 ; p:Jade, p:Jade Kush ; p:Jade Kush ; plans 1, Stash
Jade - Harbour.mp4 ; p:Jade Kush ; ; plans 3.3
Joe Doe.mp4 ; p:Joe, p:Doe, p:Joe Doe ; p:Joe Doe ; issue
Joe.mp4 ; p:Joe Doe, p:Doe ; ; issue
Jessie_B - Harbour.mp4 ; p:Jessie, p:Jessie B ; p:Jessie B ; issue
Jessie_B_Harbour.mp4 ; p:Jessie, p:Jessie B ; p:Jessie B ; issue
Blue Planet Films - Reef.mp4 ; s:Blue Planet Films, t:Planet, t:Blue ; s:Blue Planet Films ; plans 3.3
Jane Forest - River.mp4 ; p:Jane Forest, t:Forest ; p:Jane Forest ; plans 3.3
Night Diving in Kelp.mp4 ; t:Night Diving, t:Diving ; t:Night Diving ; plans 3.3
Jane Doe Productions - Reef.mp4 ; s:Jane Doe Productions, p:Jane Doe ; s:Jane Doe Productions ; plans 3.3
/data/Old Harbour Archive/Reef.mp4 ; s:Harbour Archive, s:Old Harbour Archive ; s:Old Harbour Archive ; plans 3.3
Ann Lee Moor - Reef.mp4 ; p:Ann Lee, p:Lee Moor, p:Ann Lee Moor ; p:Ann Lee Moor ; plans 3.3
# Single words, months, numbers
2019 May 4.mp4 ; p:May ; ; plans 1, Stash
Blue Planet Films - 2019 May 4 - Reef.mp4 ; p:May, s:Blue Planet Films ; s:Blue Planet Films ; plans 3.5
04 May 2019 Reef.mp4 ; p:May ; ; plans 3.5
Walk in April rain.mp4 ; p:April ; ; plans 3.5
March of the penguins.mp4 ; p:March ; ; plans 3.5
A day in June.mp4 ; p:June, p:Day ; ; plans 3.5
Reef 1080.mp4 ; p:1080 ; ; plans 3.5
The Rose Garden.mp4 ; p:Rose ; ; plans 3.5
White heron by the river.mp4 ; p:Heron ; ; plans 3.5
Under the sun.mp4 ; s:Sun ; ; plans 3.5
The vixen is back.mp4 ; s:Vixen ; ; StashHog
Reef with Quillan.mp4 ; s:Quillan ; ; plans 3.5
The history of art.mp4 ; s:History, s:Art ; ; StashHog
Morwenna sails home.mp4 ; p:Morwenna ; ; plans 3.5
A.mp4 ; p:A ; ; plans 3.5
J D at home.mp4 ; p:J ; ; plans 4, initials
Walk with X.mp4 ; p:X ; ; plans 4, initials
# One word with more that speaks for it
Jane Doe & Morwenna - Reef.mp4 ; p:Jane Doe, p:Morwenna ; p:Jane Doe, p:Morwenna ; plans 3.5, a list
Morwenna and Jane Doe - Reef.mp4 ; p:Jane Doe, p:Morwenna ; p:Jane Doe, p:Morwenna ; plans 3.5, a list
/data/Morwenna/Reef.mp4 ; p:Morwenna ; p:Morwenna ; plans 3.5, a folder
Blue Planet Films - Morwenna - Reef.mp4 ; p:Morwenna, s:Blue Planet Films ; p:Morwenna, s:Blue Planet Films ; plans 3.5, the studio
[Morwenna] Reef.mp4 ; p:Morwenna ; p:Morwenna ; plans 3.6, brackets
# Accents, apostrophes, hyphens
Jose Garcia - Reef.mp4 ; p:José García ; p:José García ; plans 1, Stash
José García - Reef.mp4 ; p:Jose Garcia ; p:Jose Garcia ; plans 1, Stash
Jose\u0301 Garci\u0301a - Reef.mp4 ; p:José García ; p:José García ; macOS writes accents apart
JOSÉ GARCÍA - Reef.mp4 ; p:José García ; p:José García ; plans 3.1
Pat OBrien - Reef.mp4 ; p:Pat O'Brien ; p:Pat O'Brien ; plans 1, Stash
Pat O'Brien - Reef.mp4 ; p:Pat OBrien ; p:Pat OBrien ; plans 1, Stash
Pat O’Brien - Reef.mp4 ; p:Pat O'Brien ; p:Pat O'Brien ; plans 1
Pat O`Brien - Reef.mp4 ; p:Pat O'Brien ; p:Pat O'Brien ; plans 1
Pat O Brien - Reef.mp4 ; p:Pat O'Brien ; p:Pat O'Brien ; plans 1
Ann O'Lovely - Reef.mp4 ; p:Ann O’Lovely ; p:Ann O’Lovely ; issue
Ann O’Lovely - Reef.mp4 ; p:Ann O'Lovely ; p:Ann O'Lovely ; issue
Ann OLovely - Reef.mp4 ; p:Ann O’Lovely ; p:Ann O’Lovely ; issue
Jean Luc Moor - Reef.mp4 ; p:Jean-Luc Moor ; p:Jean-Luc Moor ; plans 1, Stash
Jean-Luc Moor - Reef.mp4 ; p:Jean Luc Moor ; p:Jean Luc Moor ; plans 1, Stash
Jean-Luc-Moor-Reef.mp4 ; p:Jean-Luc Moor ; p:Jean-Luc Moor ; plans 1
Łukasz Żółty - Reef.mp4 ; p:Lukasz Zolty ; p:Lukasz Zolty ; plans 3.1
Soren Aero - Reef.mp4 ; p:Søren Ærø ; p:Søren Ærø ; plans 3.1
Jane Doe's Reef.mp4 ; p:Jane Doe ; p:Jane Doe ; Stash frames a name by non-words
Jane Doe’s Reef.mp4 ; p:Jane Doe ; p:Jane Doe ; Stash frames a name by non-words
ＪＡＮＥ Ｄｏｅ - Reef.mp4 ; p:Jane Doe ; p:Jane Doe ; plans 3.1, NFKC
Straße Films - Reef.mp4 ; s:Strasse Films ; s:Strasse Films ; plans 3.1
ȺȺ İİ - Jane Doe - Reef.mp4 ; p:Jane Doe ; p:Jane Doe ; plans 3.1, U+023A and U+0130 change their length
İstanbul Films - Reef.mp4 ; s:Istanbul Films ; s:Istanbul Films ; plans 3.1
Jane\u00adDoe Films - Reef.mp4 ; s:JaneDoe Films ; s:JaneDoe Films ; a soft hyphen
# Separators
Jane.Doe.Reef.mp4 ; p:Jane Doe ; p:Jane Doe ; Stash
Jane_Doe_Reef.mp4 ; p:Jane Doe ; p:Jane Doe ; Stash
jane-doe-reef.mp4 ; p:Jane Doe ; p:Jane Doe ; Stash
JaneDoe - Reef.mp4 ; p:Jane Doe ; p:Jane Doe ; plans 3.2, joined
janedoe - Reef.mp4 ; p:Jane Doe ; ; plans 3.2, joined from eight letters
morwennamoor - Reef.mp4 ; p:Morwenna Moor ; p:Morwenna Moor ; plans 3.2, joined
/data/BluePlanetFilms/Reef.mp4 ; s:Blue Planet Films ; s:Blue Planet Films ; plans 3.2, joined
/data/blueplanetfilms/Reef.mp4 ; s:Blue Planet Films ; s:Blue Planet Films ; plans 3.2, joined
Blue Planet Films - Reef.mp4 ; s:BluePlanetFilms ; s:BluePlanetFilms ; plans 3.2, joined
Jane - Doe.mp4 ; p:Jane Doe ; ; a dash with blanks parts names
/data/Jane/Doe.mp4 ; p:Jane Doe ; ; a folder's border parts names
Jane, Doe.mp4 ; p:Jane Doe ; ; a comma parts names
Jane & Doe.mp4 ; p:Jane Doe ; ; a list of two
Jane (Doe).mp4 ; p:Jane Doe ; ; brackets part names
Salt and Vinegar Films - Reef.mp4 ; s:Salt & Vinegar Films ; s:Salt & Vinegar Films ; "&" is "and"
Salt & Vinegar Films - Reef.mp4 ; s:Salt and Vinegar Films ; s:Salt and Vinegar Films ; "and" is "&"
[Jane Doe].mp4 ; p:Jane Doe ; p:Jane Doe ; issue
[Jane Doe] Reef.mp4 ; p:Jane Doe ; p:Jane Doe ; issue
Jane Doe, Reef.mp4 ; p:Jane Doe ; p:Jane Doe ; issue, "name,"
title:Reef talk #lecture ; t:lecture ; t:lecture ; issue
Reef #lecture.mp4 ; t:lecture ; t:lecture ; issue
@JaneDoe Reef.mp4 ; p:Jane Doe ; p:Jane Doe ; plans 3.6
#JaneDoe Reef.mp4 ; p:Jane Doe ; p:Jane Doe ; plans 3.6
Reef (Jane Doe).mp4 ; p:Jane Doe ; p:Jane Doe ; plans 3.6
Reef {Jane Doe}.mp4 ; p:Jane Doe ; p:Jane Doe ; plans 3.6
Reef-Jane Doe.mp4 ; p:Jane Doe ; p:Jane Doe ; plans 3.6
# Last name first
Stone, Max - Dawn.mp4 ; p:Max Stone ; p:Max Stone ; plans 1, Stash
/data/Stone, Max/Dawn.mp4 ; p:Max Stone ; p:Max Stone ; plans 1, Stash
García, José - Dawn.mp4 ; p:Jose Garcia ; p:Jose Garcia ; plans 3.2
Jane Doe, Max Stone - Reef.mp4 ; p:Max Doe, p:Jane Doe, p:Max Stone ; p:Jane Doe, p:Max Stone ; a list is no "Last, First"
Jane Doe, Max Stone - Reef.mp4 ; p:Max Doe ; ; a list is no "Last, First"
Stone, paper and Max.mp4 ; p:Max Stone ; ; plans 3.2
Skip, May - Dawn.mp4 ; p:May Skip, p:May ; p:May Skip ; a first name that is somebody's as well
Jane "Skip" Doe - Dawn.mp4 ; p:Jane Doe ; p:Jane Doe ; a nickname
Jane 'Skip' Doe - Dawn.mp4 ; p:Jane Doe ; p:Jane Doe ; a nickname
Jane's 'old' Doe - Dawn.mp4 ; p:Jane Doe ; ; words in quotes
Jane (Skip) Doe - Dawn.mp4 ; p:Jane Doe ; p:Jane Doe ; a nickname
# Lists
Jane_Doe_and_May_-_Reef.mp4 ; p:Jane Doe, p:May ; p:Jane Doe, p:May ; a list with underscores
Jane Doe mit Max Stone - Reef.mp4 ; p:Jane Doe, p:Max Stone ; p:Jane Doe, p:Max Stone ; German lists
Jane Doe & Max Stone - Reef.mp4 ; p:Jane Doe, p:Max Stone ; p:Jane Doe, p:Max Stone ; plans 4
Jane Doe and Max Stone - Reef.mp4 ; p:Jane Doe, p:Max Stone ; p:Jane Doe, p:Max Stone ; plans 4
Jane Doe, Max Stone, Ann Lee.mp4 ; p:Jane Doe, p:Max Stone, p:Ann Lee ; p:Jane Doe, p:Max Stone, p:Ann Lee ; plans 4
Jane Doe feat. Max Stone - Reef.mp4 ; p:Jane Doe, p:Max Stone ; p:Jane Doe, p:Max Stone ; plans 4
Jane Doe ft Max Stone - Reef.mp4 ; p:Jane Doe, p:Max Stone ; p:Jane Doe, p:Max Stone ; plans 4
Reef with Jane Doe vs Max Stone.mp4 ; p:Jane Doe, p:Max Stone ; p:Jane Doe, p:Max Stone ; plans 4
Jane.Doe.And.Max.Stone.Reef.1080p.mp4 ; p:Jane Doe, p:Max Stone ; p:Jane Doe, p:Max Stone ; plans 4
Jane Doe+Max Stone.mp4 ; p:Jane Doe, p:Max Stone ; p:Jane Doe, p:Max Stone ; plans 4
/data/Jane Doe & Max Stone/Reef.mp4 ; p:Jane Doe, p:Max Stone ; p:Jane Doe, p:Max Stone ; plans 4
# Scripts without spaces
私は日本人です.mp4 ; t:日本, t:日本人 ; t:日本人 ; issue
私は日本人です.mp4 ; t:日本 ; ; plans 3.4, two letters
[日本] 海.mp4 ; t:日本 ; t:日本 ; plans 3.4, brackets
/data/日本/海.mp4 ; t:日本 ; t:日本 ; plans 3.4, a whole segment
日本海の朝.mp4 ; t:日本 ; ; plans 3.4
田中花子の朝.mp4 ; p:田中花子 ; p:田中花子 ; plans 1, Stash
朝の海と田中花子.mp4 ; p:田中花子 ; p:田中花子 ; plans 3.4
マリアナ海溝.mp4 ; p:マリア ; ; a word of katakana is whole
[田中花子] 海.mp4 ; p:田中花子, p:花子 ; p:田中花子 ; plans 3.3
홍길동의 아침.mp4 ; p:홍길동 ; p:홍길동 ; Korean endings
ทะเลกับสมชายใจดี.mp4 ; p:สมชายใจดี ; p:สมชายใจดี ; plans 3.4, Thai
Иван Петров - Море.mp4 ; p:Иван Петров ; p:Иван Петров ; plans 3.1
Ивановы - Море.mp4 ; p:Иван ; ; plans 3.1
# Paths
\\\\nas\\share\\Blue Planet Films\\Reef.mp4 ; s:Blue Planet Films ; s:Blue Planet Films ; plans 3.6, UNC
\\\\Blue Planet Films\\share\\x\\Reef.mp4 ; s:Blue Planet Films ; ; a server is no studio
C:\\Media\\Blue Planet Films\\Reef.mp4 ; s:Blue Planet Films ; s:Blue Planet Films ; plans 3.6, a drive
C:\\Media\\Jane Doe\\Reef.mp4 ; p:Jane Doe, p:C ; p:Jane Doe ; plans 3.6, a drive is no name
C:/Media\\Blue Planet Films/Reef.mp4 ; s:Blue Planet Films ; s:Blue Planet Films ; plans 3.6, both
/data/Jane.Doe.2019/Reef.mp4 ; p:Jane Doe ; p:Jane Doe ; issue, dots in folder names
/data/Blue.Planet.Films/Reef.mp4 ; s:Blue Planet Films ; s:Blue Planet Films ; issue, dots in folder names
/data/Reef/Jane.Doe ; p:Jane Doe ; p:Jane Doe ; no extension, so none is taken off
/data/Reef.mp4 ; t:mp4, s:mp4 ; ; an extension is no name
/data/Jane Doe (03.04.2019) (x)/ ; p:Jane Doe ; p:Jane Doe ; plans 3.6
/movies/Reef.mp4 ; t:Movies ; ; plans 1, a root
/movies/Movies/Reef.mp4 ; t:Movies ; t:Movies ; a folder below a root
/mnt/films/Reef.mp4 ; s:Films, t:Films ; ; plans 4, a root
/data/Reef.mp4 ; s:Data, p:Data ; ; plans 4, a root
# Studios
/data/Blue Planet Films/Max Stone - Reef.mp4 ; s:Blue Planet Films, p:Max Stone ; s:Blue Planet Films, p:Max Stone ; plans 4
/data/Blue Planet Films/Deep Blue/Reef.mp4 ; s:Blue Planet Films, s:Deep Blue<Blue Planet Films ; s:Deep Blue ; plans 4, a child beats its parent
/data/Deep Blue/Blue Planet Films/Reef.mp4 ; s:Blue Planet Films, s:Deep Blue<Blue Planet Films ; s:Deep Blue ; plans 4, a child beats its parent
/data/Blue Planet Films/Deep Blue - Reef.mp4 ; s:Blue Planet Films, s:Deep Blue<Blue Planet Films ; s:Deep Blue ; plans 4
/data/Blue Planet Films/A view of Kelp Harbour Archive days.mp4 ; s:Blue Planet Films, s:Kelp Harbour Archive ; s:Blue Planet Films ; plans 4, a folder beats words
/data/Old Archive/Blue Planet Films/Reef.mp4 ; s:Old Archive, s:Blue Planet Films ; s:Blue Planet Films ; plans 4, the deepest folder
Blue Planet Films - Reef.mp4 ; s:Blue Planet Films=BPF ; s:Blue Planet Films ; plans 4
/data/BPF/Reef.mp4 ; s:Blue Planet Films=BPF ; s:Blue Planet Films ; plans 4, an alias
[BPF] Reef.mp4 ; s:Blue Planet Films=BPF ; s:Blue Planet Films ; plans 4, an alias
BluePlanet.19.04.03.Jane.Doe.Reef.1080p.mp4 ; s:Blue Planet, p:Jane Doe ; s:Blue Planet, p:Jane Doe ; names of releases
Reef (Blue Planet Films).mp4 ; s:Blue Planet Films ; s:Blue Planet Films ; plans 3.6
Reef [Blue Planet Films].mp4 ; s:Blue Planet Films ; s:Blue Planet Films ; plans 3.6
/data/Jane Doe/Reef.mp4 ; p:Jane Doe, s:Jane Doe ; s:Jane Doe ; plans 4, a performer named as a studio
# Several of one name
Sam Moor - Reef.mp4 ; p:Sam Moor^harp, p:Sam Moor^flute ; ?p:Sam Moor^harp, ?p:Sam Moor^flute ; issue, a choice
Sam Moor (harp) - Reef.mp4 ; p:Sam Moor^harp, p:Sam Moor^flute ; p:Sam Moor^harp ; plans 3.5, told apart
A walk by Morwenna.mp4 ; p:Morwenna^harp, p:Morwenna^flute ; ?p:Morwenna^harp, ?p:Morwenna^flute ; plans 3.5
A Morwenna walk.mp4 ; p:Morwenna^harp, p:Morwenna^flute ; ; plans 3.5
Sam Moor - Reef.mp4 ; p:Sam Moor, p:Ann Lee=Sam Moor ; ?p:Sam Moor, ?p:Ann Lee ; plans 3.5, one's alias is another's name
# Aliases
Jay Dee - Reef.mp4 ; p:Jane Doe=Jay Dee ; p:Jane Doe ; Stash has no aliases of performers
Jay Dee and Jane Doe - Reef.mp4 ; p:Jane Doe=Jay Dee ; p:Jane Doe ; once is enough
Jade Kush - Reef.mp4 ; p:Jade Kush=Jade ; p:Jade Kush ; a name with its own alias in it
title:Kelp and sea otters ; t:Giant Kelp=Kelp ; t:Giant Kelp ; aliases of tags
# Tags
title:A lecture on reefs ; t:Lecture ; t:Lecture ; plans 4
title:A night walk in the forest ; t:Forest, t:Woodland ; t:Forest ; plans 4
title:Tide pools at dawn ; t:Tide Pools<Coast, t:Coast ; t:Tide Pools ; plans 4, no parent where a child is
title:Coast and tide pools ; t:Tide Pools<Coast, t:Coast ; t:Tide Pools ; plans 4, no parent where a child is
details:Filmed on a reef. ; t:Reef ; t:Reef ; plans 4
title:Sealed orders ; t:Sea, t:Seal ; ; StashHog
title:Jane Doe on the coast ; t:Jane Doe, p:Jane Doe ; p:Jane Doe ; plans 4
# Junk gives nothing
x.mp4 ; p:Jane Doe, s:Blue Planet Films, t:Lecture ; ; plans 5
20200916-119273743.mp4 ; p:Jane Doe, t:2020 ; ; issue
a3f09bc1d2e4.mp4 ; p:Bc, t:A3 ; ; issue, a hash
IMG_2041.mp4 ; p:Img Doe, t:2041 Reefs, s:Img ; ; plans 5
!!!.mp4 ; p:Jane Doe ; ; plans 5
---.mp4 ; p:-, s:. ; ; a name without words
"""


def lines() -> Iterator[tuple[str, ...]]:
    for line in TRAPS.strip().splitlines():
        if not line.startswith("#"):
            yield tuple(part.strip() for part in line.split(" ;"))


def names_of(told: str) -> dict[str, KnownName]:
    """Return the names of a line, each by how it is told without aliases and parent."""
    known: dict[str, KnownName] = {}
    parents: dict[str, str] = {}
    for each in told.split(", "):
        rest, _, parent = each.partition("<")
        label, *aliases = rest.split("=")
        kind, _, called = label.partition(":")
        name, _, apart = called.partition("^")
        key = len(known) + 1
        known[label] = KnownName(KINDS[kind], key, name, apart, tuple(aliases))
        if parent:
            parents[label] = f"{kind}:{parent}"
    return known | {
        label: KnownName(
            *(known[label].kind, known[label].entity_id, known[label].name, ""),
            aliases=known[label].aliases,
            parent_ids=(known[above].entity_id,),
        )
        for label, above in parents.items()
    }


def facts_of(text: str) -> SceneFacts:
    if text.startswith("title:"):
        return SceneFacts(1, title=text.removeprefix("title:"))
    if text.startswith("details:"):
        return SceneFacts(1, details=text.removeprefix("details:"))
    path = text if text.startswith(("/", "\\", "C:")) else f"/data/{text}"
    return SceneFacts(1, (FileFacts(path),))


def proposed(text: str, known: dict[str, KnownName]) -> set[str]:
    entities = {(each.kind, each.entity_id): each for each in known.values()}
    labels = {(each.kind, each.entity_id): label for label, each in known.items()}
    library = KnownLibrary(entities, Rules(), date(2020, 6, 1), roots=ROOTS)
    reading = read_scene(facts_of(text), build_index(known.values()), library)
    detectors = (
        (STUDIO, EntityKind.STUDIO),
        (PERFORMERS, EntityKind.PERFORMER),
        (TAGS, EntityKind.TAG),
    )
    return {
        ("?" if found.choice else "") + labels[kind, int(found.value)]
        for detector, kind in detectors
        for found in detector.find(reading, library)
        if isinstance(found, Proposal)
    }


@pytest.mark.parametrize(("text", "names", "expected", "met"), list(lines()))
def test_a_trap_is_not_fallen_into(
    text: str, names: str, expected: str, met: str
) -> None:
    wanted = set(filter(None, expected.split(", ")))

    assert proposed(text, names_of(names)) == wanted, met


def test_every_trap_says_where_it_was_met() -> None:
    assert [line for line in lines() if len(line) != 4 or not line[3]] == []
    assert len(list(lines())) >= 150
