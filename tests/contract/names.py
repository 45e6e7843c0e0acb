"""Lines about names: which a server refuses, and what a new object is."""

from dataclasses import replace
from typing import Any

from tests.contract.line import FIRST, Answer, Data, Like, Line, Refused, Release, done

MAKE_TAG = """mutation Make($i: TagCreateInput!) { tagCreate(input: $i) {
    name description aliases ignore_auto_tag parents { id } image_path } }"""
MAKE_STUDIO = """mutation Make($i: StudioCreateInput!) { studioCreate(input: $i) {
    name details aliases rating100 parent_studio { id } image_path } }"""
MAKE_PERFORMER = """mutation Make($i: PerformerCreateInput!) {
    performerCreate(input: $i) { name disambiguation details country gender birthdate
    death_date alias_list rating100 favorite tags { id } image_path } }"""
MAKE = {"tag": MAKE_TAG, "studio": MAKE_STUDIO, "performer": MAKE_PERFORMER}
BLANK: Release = (0, 27)  # of tags, which were stored before
TRIMS: Release = (0, 30)
EXACT: Release = (0, 31, 1)
EMPTY: dict[str, dict[str, Any]] = {
    "tag": {
        "description": "",
        "aliases": [],
        "parents": [],
        "ignore_auto_tag": False,
    },
    "studio": {
        "details": "",
        "aliases": [],
        "rating100": None,
        "parent_studio": None,
    },
    "performer": {
        **dict.fromkeys(("disambiguation", "details", "country"), ""),
        **dict.fromkeys(("gender", "birthdate", "death_date", "rating100")),
        "alias_list": [],
        "tags": [],
        "favorite": False,
    },
}
NO_PICTURE = Like(r"/image\?t=\d+&default=true$")


def made(kind: str, **told: Any) -> Data:
    """Answer a new object of which the rest is empty."""
    return Data({f"{kind}Create": {**EMPTY[kind], "image_path": NO_PICTURE, **told}})


def refused(kind: str, message: str) -> Refused:
    return Refused(message, {f"{kind}Create": None})


def line(
    says: str,
    kind: str,
    answer: Answer | tuple[tuple[Release, Answer], ...],
    *first: dict[str, Any],
    **given: Any,
) -> Line:
    """Say what the making of an object answers, after others were made."""
    before = tuple(done(MAKE[kind], i=one) for one in first)
    return Line(says, MAKE[kind], answer, {"i": given}, before, writes=True)


def found(says: str, kind: str, field: str, value: str, *, count: int = 1) -> Line:
    """Say how many objects a filter finds, where one with an alias was made."""
    aliases = "alias_list" if kind == "performer" else "aliases"
    document = f"""query Found($w: {kind.capitalize()}FilterType) {{
        find{kind.capitalize()}s({kind}_filter: $w) {{ {kind}s {{ name }} }} }}"""
    return Line(
        says,
        document,
        Data({f"find{kind.capitalize()}s": {f"{kind}s": [NAMED] * count}}),
        {"w": {field: {"value": value, "modifier": "EQUALS"}}},
        (done(MAKE[kind], i={**NAMED, aliases: ["{word}b"]}),),
        writes=True,
    )


def apart(by: str) -> dict[str, str]:
    """Give a performer of the usual name that is told apart by this."""
    return {**NAMED, "disambiguation": by}


def twice(by: str) -> Refused:
    told = f"performer with name '{{word}}' and disambiguation '{by}' already exists"
    return refused("performer", told)


NAMED = {"name": "{word}"}
TAKEN = "with name '{0}' already exists"
WITH_ALIAS = {"name": "{word}", "aliases": ["{word}b"]}

LINES = (
    *(
        entry
        for kind in ("tag", "studio", "performer")
        for entry in (
            line(f"a new {kind} is empty", kind, made(kind, **NAMED), **NAMED),
            replace(
                line(
                    f"a {kind} without a name is refused",
                    kind,
                    refused(kind, f"{kind} name must not be blank"),
                    name="",
                ),
                since=BLANK if kind == "tag" else FIRST,
            ),
            line(
                f"a {kind}'s name is trimmed from 0.30 on",
                kind,
                (
                    ((0, 24), made(kind, name="  {word}\t")),
                    (TRIMS, made(kind, **NAMED)),
                ),
                name="  {word}\t",
            ),
            line(
                f"a {kind}'s name in other letters is taken",
                kind,
                refused(kind, f"{kind} {TAKEN.format('{WORD}')}"),
                NAMED,
                name="{WORD}",
            ),
            line(
                f"an underscore in a new {kind}'s name is any letter before 0.31.1",
                kind,
                (
                    ((0, 24), refused(kind, f"{kind} {TAKEN.format('{wild}')}")),
                    (EXACT, made(kind, name="{wild}")),
                ),
                NAMED,
                name="{wild}",
            ),
            line(
                f"a percent in a new {kind}'s name is any letters before 0.31.1",
                kind,
                (
                    ((0, 24), refused(kind, f"{kind} {TAKEN.format('{word}%')}")),
                    (EXACT, made(kind, name="{word}%")),
                ),
                {"name": "{word} and more"},
                name="{word}%",
            ),
            line(
                f"an underscore in an old {kind}'s name is itself",
                kind,
                made(kind, **NAMED),
                {"name": "{wild}"},
                **NAMED,
            ),
            line(
                f"beyond ASCII a {kind}'s letters are compared as they are",
                kind,
                made(kind, name="{word} É"),
                {"name": "{word} é"},
                name="{word} É",
            ),
        )
    ),
    *(
        entry
        for kind in ("tag", "studio")
        for entry in (
            line(
                f"a {kind}'s name that is another's alias is refused",
                kind,
                refused(kind, "name '{word}B' is used as alias for '{word}'"),
                WITH_ALIAS,
                name="{word}B",
            ),
            line(
                f"a {kind}'s alias that is another's name is refused",
                kind,
                refused(kind, f"{kind} {TAKEN.format('{WORD}')}"),
                NAMED,
                name="{word}c",
                aliases=["{WORD}"],
            ),
            line(
                f"a {kind}'s alias that is another's alias is refused",
                kind,
                refused(kind, "name '{word}B' is used as alias for '{word}'"),
                WITH_ALIAS,
                name="{word}c",
                aliases=["{word}B"],
            ),
        )
    ),
    line(
        "two performers may have one name if something tells them apart",
        "performer",
        made("performer", **apart("the other")),
        NAMED,
        **apart("the other"),
    ),
    line(
        "but not twice the same",
        "performer",
        twice("the other"),
        apart("the other"),
        **apart("the other"),
    ),
    line(
        "what tells performers apart is compared in any letters",
        "performer",
        twice("THE OTHER"),
        apart("the other"),
        **apart("THE OTHER"),
    ),
    line(
        "and is a pattern before 0.31.1",
        "performer",
        (((0, 24), twice("%")), (EXACT, made("performer", **apart("%")))),
        apart("the other"),
        **apart("%"),
    ),
    line(
        "but nothing is no part of a pattern",
        "performer",
        made("performer", **apart("%")),
        NAMED,
        **apart("%"),
    ),
    line(
        "a performer's alias may be another's name",
        "performer",
        made("performer", name="{word}b", alias_list=["{word}"]),
        NAMED,
        name="{word}b",
        alias_list=["{word}"],
    ),
    line(
        "a performer's alias may not be the own name",
        "performer",
        refused("performer", "performer contains duplicate alias '{word}'"),
        name="{word}",
        alias_list=["{word}"],
    ),
    line(
        "nobody dies before the birth",
        "performer",
        refused(
            "performer", "death date 1950-01-01 should be after birthdate 1960-01-01"
        ),
        name="{word}",
        birthdate="1960-01-01",
        death_date="1950-01-01",
    ),
    line(
        "a birthdate that is none is refused",
        "performer",
        Refused(Like("^converting birthdate: "), {"performerCreate": None}),
        name="{word}",
        birthdate="soon",
    ),
    line(
        "a name of 300 letters, an emoji and a letter in two parts is stored",
        "tag",
        made("tag", name="{word} 🐋 e\u0301 " + "x" * 300),
        name="{word} 🐋 e\u0301 " + "x" * 300,
    ),
    Line(
        "a tag's name cannot be taken away",
        "mutation Change($i: TagUpdateInput!) { tagUpdate(input: $i) { name } }",
        (
            ((0, 24), Data({"tagUpdate": {"name": "{tag.name}"}})),
            (BLANK, Refused("tag name must not be blank", {"tagUpdate": None})),
        ),
        {"i": {"id": "{tag}", "name": None}},
        writes=True,
    ),
    *(
        found(f"a {kind} is found {says}", kind, field, value)
        for kind in ("tag", "studio", "performer")
        for says, field, value in (
            ("by its name in other letters", "name", "{WORD}"),
            ("by a pattern of its name", "name", "{wild}"),
            ("by its alias in other letters", "aliases", "{WORD}B"),
            ("by a pattern of its alias", "aliases", "{word}_"),
        )
    ),
    *(
        found(f"a {kind} is not found {says}", kind, field, value, count=0)
        for kind in ("tag", "studio", "performer")
        for says, field, value in (
            ("by its alias as a name", "name", "{word}b"),
            ("by its name as an alias", "aliases", "{word}"),
            ("by more than its name", "name", "{word}x"),
            ("by its name with outer spaces", "name", " {word} "),
        )
    ),
    Line(
        "a tag cannot stand above itself",
        "mutation Change($i: TagUpdateInput!) { tagUpdate(input: $i) { name } }",
        Refused(Like("as it is already a descendant"), {"tagUpdate": None}),
        {"i": {"id": "{tag}", "parent_ids": ["{tag}"]}},
        writes=True,
    ),
)
