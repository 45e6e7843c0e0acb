"""The sample library's gaps: paths tell what fields lack, and the truth is kept."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from syncapp.demo.gaps import Hidden, unlike
from syncapp.demo.habits import MONTHS
from syncapp.demo.library import Library
from syncapp.demo.server import DemoServer
from syncapp.text.folding import tokens

Record = dict[str, Any]
Truth = dict[str, dict[int, Record]]
LISTS = {"performer": "performers", "tag": "tags"}
ALIASES = {"studio": "aliases", "performer": "alias_list", "tag": "aliases"}
SCENES = """{ findScenes(filter: {per_page: -1}) { scenes {
    id title date organized studio { id } performers { id } tags { id } } } }"""


@pytest.fixture(scope="module")
def library() -> Library:
    return Library(gaps=True)


@pytest.fixture(scope="module")
def held(library: Library) -> Truth:
    return library.truth()


@pytest.fixture(scope="module")
def hidden(library: Library) -> dict[int, Hidden]:
    return library.hidden_truth()


@pytest.fixture(scope="module")
def attic(library: Library, held: Truth) -> dict[str, Record]:
    """Give the scenes that stand beside the catalogue, by path."""
    first = library.catalogue.scenes + 1
    return {
        scene["files"][0]["path"]: scene
        for number, scene in held["scene"].items()
        if number >= first
    }


def lacking(one: Hidden) -> Iterator[tuple[str, int]]:
    if one.studio is not None:
        yield "studio", one.studio
    for kind, field in LISTS.items():
        yield from ((kind, number) for number in getattr(one, field))


def told(scene: Record) -> set[tuple[str, int]]:
    lists = {(k, number) for k, field in LISTS.items() for number in scene[field]}
    return lists | ({("studio", scene["studio"])} if scene["studio"] else set())


def holds(text: list[str], part: list[str]) -> bool:
    spots = range(len(text) - len(part) + 1)
    return bool(part) and any(text[n : n + len(part)] == part for n in spots)


def spellings(held: Truth, kind: str, number: int) -> list[list[str]]:
    record = held[kind][number]
    names = (record["name"], *record[ALIASES[kind]])
    return [tokens(name) for name in names]


def tells(path: str, spelling: list[str]) -> bool:
    """Say whether a path holds a name: as it is, with the last name first, joined."""
    words = tokens(path)
    letters, name = "".join(words), "".join(spelling)
    around = [spelling[-1], *spelling[:-1]]
    return holds(words, spelling) or holds(words, around) or name in letters


def test_the_same_seed_makes_the_same_gaps(library: Library, held: Truth) -> None:
    again = Library(gaps=True)

    assert again.truth() == held
    assert again.hidden_truth() == library.hidden_truth()


def test_without_the_option_there_are_none() -> None:
    library = Library(scenes=300)

    assert library.hidden_truth() == {}
    assert len(library.ids("scene")) == 300


def test_a_new_user_finds_something_of_every_kind(hidden: dict[int, Hidden]) -> None:
    fields = ("studio", "performers", "tags", "date", "title", "duplicate_of")
    counts = {
        field: sum(bool(getattr(h, field)) for h in hidden.values()) for field in fields
    }

    assert counts.pop("duplicate_of") == 7
    assert min(counts.values()) >= 50, counts
    assert 600 < len(hidden) < 1000


def test_the_truth_names_what_is_there_and_may_be_found(
    held: Truth, hidden: dict[int, Hidden]
) -> None:
    for number, one in hidden.items():
        assert not held["scene"][number]["organized"]
        for kind, wanted in lacking(one):
            assert not held[kind][wanted]["ignore_auto_tag"]
        if one.duplicate_of is not None:
            assert one.duplicate_of in held["scene"]


def test_what_is_hidden_is_absent_from_the_servers_answers(http: Any) -> None:
    library = Library(seed=7, scenes=300, gaps=True)
    with DemoServer(library) as demo:
        answer = http.post(f"{demo.url}/graphql", json={"query": SCENES}).json()
    scenes = {int(s["id"]): s for s in answer["data"]["findScenes"]["scenes"]}

    hidden = library.hidden_truth()
    assert scenes.keys() == set(library.ids("scene")) > hidden.keys()
    for number, one in hidden.items():
        scene = scenes[number]
        assert not (one.title and scene["title"])
        assert not (one.date and scene["date"])
        assert not (one.studio and scene["studio"])
        for kind, field in LISTS.items():
            found = {(kind, int(entity["id"])) for entity in scene[field]}
            assert found.isdisjoint(lacking(one))


def test_scenes_without_a_studio_are_found_as_such(
    library: Library, held: Truth
) -> None:
    lacking_one = {n for n, scene in held["scene"].items() if scene["studio"] is None}

    asked = {
        n for n in library.ids("scene") if library.peek("scene", n, "studio") is None
    }
    assert asked == lacking_one


def test_paths_hold_the_names_that_they_tell(
    held: Truth, hidden: dict[int, Hidden]
) -> None:
    for number, one in hidden.items():
        path = held["scene"][number]["files"][0]["path"]
        for kind, wanted in lacking(one):
            known = spellings(held, kind, wanted)
            assert any(tells(path, name) for name in known), (path, kind, known)


def test_paths_hold_the_titles_that_they_tell(
    held: Truth, hidden: dict[int, Hidden]
) -> None:
    for number, one in hidden.items():
        path = held["scene"][number]["files"][0]["path"]
        if one.title:
            assert holds(tokens(path), tokens(one.title)) or one.title in path


def test_paths_hold_the_dates_that_they_tell(
    held: Truth, hidden: dict[int, Hidden]
) -> None:
    for number, one in hidden.items():
        if not one.date:
            continue
        path = held["scene"][number]["files"][0]["path"]
        for name, value in enumerate(MONTHS[n : n + 3] for n in range(0, 36, 3)):
            path = path.replace(f"{value} ", f"{name + 1:02} ")
        year, *rest = one.date.split("-")
        numbers = re.findall(r"\d+", path)
        joined = "".join(numbers)
        assert year in joined or year[2:] in numbers, (path, one.date)
        for part in rest:
            assert part in joined or str(int(part)) in numbers, (path, one.date)


def test_organised_scenes_are_complete(held: Truth) -> None:
    organized = [s for s in held["scene"].values() if s["organized"] and s["files"]]

    assert len(organized) > 600
    assert all(scene["title"] for scene in organized)


def test_paths_are_unique_and_fit_a_disk(held: Truth) -> None:
    files = [file for scene in held["scene"].values() for file in scene["files"]]

    paths = Counter(file["path"] for file in files)
    assert paths.most_common(1)[0][1] == 1
    assert max(len(file["basename"].encode()) for file in files) <= 255
    assert all(file["path"].endswith(file["basename"]) for file in files)
    assert len({file["id"] for file in files}) == len(files)


def test_names_of_the_attic_are_as_unique_as_stash_demands(held: Truth) -> None:
    people = [(p["name"], p["disambiguation"]) for p in held["performer"].values()]
    assert len(people) == len(set(people))
    for kind in ("tag", "studio"):
        names = [n for r in held[kind].values() for n in (r["name"], *r["aliases"])]
        assert len({name.casefold() for name in names}) == len(names)


def test_what_an_attic_path_names_besides_misleads_on_purpose(
    held: Truth, hidden: dict[int, Hidden], attic: dict[str, Record]
) -> None:
    misleading: Counter[str] = Counter()
    for path, scene in attic.items():
        true = told(scene) | set(lacking(hidden.get(scene["id"], Hidden())))
        words = tokens(path)
        named = {
            (kind, number)
            for kind in ALIASES
            for number in held[kind]
            if any(holds(words, name) for name in spellings(held, kind, number))
        }
        misleading.update(held[kind][number]["name"] for kind, number in named - true)

    assert misleading.keys() == {
        *("Films", "Macro", "Jade", "May", "Tern", "Blue Heron Films"),
        *("Anna Berg", "Otto Halm"),
    }


def test_a_folder_for_everything_is_a_tag_as_well(held: Truth) -> None:
    files = [file for s in held["scene"].values() for file in s["files"]]

    in_films = sum("/Films/" in file["path"] for file in files)
    assert in_films > 0.9 * len(files)
    assert any(tag["name"] == "Films" for tag in held["tag"].values())


def test_one_of_two_people_of_a_name_is_regular_at_a_studio(
    held: Truth, attic: dict[str, Record]
) -> None:
    twins = {n for n, p in held["performer"].items() if p["name"] == "Anna Berg"}
    studio = next(
        n for n, s in held["studio"].items() if s["name"] == "Kelpline Pictures"
    )

    seen = [
        number
        for scene in attic.values()
        if scene["studio"] == studio
        for number in twins.intersection(scene["performers"])
    ]
    assert len(twins) == 2
    assert len(seen) >= 5
    assert len(set(seen)) == 1


@pytest.mark.parametrize(
    "part",
    [
        "Ævarsdóttir",
        "Łęcki",
        "Παπαδάκη",
        "Ковальчук",
        "浜野はな",
        "נועה",
        "Ⱥrvid",
        "İpek",
    ],
)
def test_the_attic_has_many_scripts(attic: dict[str, Record], part: str) -> None:
    assert any(part in path for path in attic)


def test_windows_folders_lead_up_to_their_drive(
    library: Library, attic: dict[str, Record]
) -> None:
    for path in (path for path in attic if "\\" in path):
        folder: Record | None = library.folders.of(path)
        seen = []
        while folder is not None:
            seen.append(folder["path"])
            above = folder["parent"]
            folder = above and library.folders.records()[above]
        assert path.startswith(seen[0] + "\\")
        assert seen[-1] in {"D:\\", "\\\\nas\\films\\"}


def test_a_windows_folder_can_be_renamed() -> None:
    library = Library(scenes=8, gaps=True)
    library.rename_folder(r"D:\Video\Lecture Room Nine", r"D:\Video\Room 9")

    paths = [f["path"] for s in library.truth()["scene"].values() for f in s["files"]]
    assert any(path.startswith("D:\\Video\\Room 9\\Chalk Talk\\") for path in paths)
    assert not any("Lecture Room Nine\\" in path for path in paths)


def prints(scene: Record) -> dict[str, str]:
    return {one["type"]: one["value"] for one in scene["files"][0]["fingerprints"]}


def distance(one: Record, other: Record) -> int:
    first, second = (int(prints(scene)["phash"], 16) for scene in (one, other))
    return (first ^ second).bit_count()


def test_copies_are_alike_by_even_distances_and_by_length(
    held: Truth, hidden: dict[int, Hidden]
) -> None:
    pairs = [
        (held["scene"][number], held["scene"][one.duplicate_of])
        for number, one in hidden.items()
        if one.duplicate_of is not None
    ]

    distances = [distance(copy, film) for copy, film in pairs]
    assert sorted(distances) == [0, 0, 0, 2, 4, 6, 8]
    equal = [prints(copy)["oshash"] == prints(film)["oshash"] for copy, film in pairs]
    assert sum(equal) == 2
    for copy, film in pairs:
        lengths = [scene["files"][0]["duration"] for scene in (copy, film)]
        assert abs(lengths[0] - lengths[1]) <= 1.5
        assert min(lengths) >= 600


def test_no_other_scenes_are_alike_but_those_that_mislead(
    held: Truth, hidden: dict[int, Hidden]
) -> None:
    films = [s for s in held["scene"].values() if s["files"] and "phash" in prints(s)]
    hashes = [(s["id"], int(prints(s)["phash"], 16)) for s in films]
    copies = {(one.duplicate_of, number) for number, one in hidden.items()}
    alike = {
        (first, second)
        for place, (first, one) in enumerate(hashes)
        for second, other in hashes[place + 1 :]
        if (one ^ other).bit_count() <= 8
    }

    titles = {
        tuple(sorted(held["scene"][number]["title"] for number in pair))
        for pair in alike - copies
    }
    assert titles == {
        ("Stilts", "Stilts and More"),
        ("Stilts and More", "Stilts for Television"),
        ("Reed Line", "Reed Line for the Bus"),
        ("Tape One", "Tape Two"),
    }


def test_a_phash_has_half_its_bits_but_for_a_black_picture(held: Truth) -> None:
    films = [s for s in held["scene"].values() if s["files"] and "phash" in prints(s)]

    bits = Counter(int(prints(scene)["phash"], 16).bit_count() for scene in films)
    assert bits.keys() == {31, 2}
    assert bits[2] == 2


@pytest.mark.parametrize("steps", [0, 1, 4, 16])
def test_each_step_away_is_a_distance_of_two(steps: int) -> None:
    phash = 0x5555_5555_5555_5554

    other = unlike(phash, steps)
    assert (phash ^ other).bit_count() == 2 * steps
    assert other.bit_count() == phash.bit_count()


def test_a_film_of_the_same_length_is_another(attic: dict[str, Record]) -> None:
    braids = attic["/media/Incoming/braids.wmv"]
    links = next(scene for path, scene in attic.items() if " - Links " in path)

    assert braids["files"][0]["duration"] == links["files"][0]["duration"]
    assert distance(braids, links) == 32


def test_the_attic_has_pictures_and_what_is_added_later_has_none() -> None:
    library = Library(scenes=8, gaps=True)
    library.draws = True
    last = library.ids("scene")[-1]
    added = [library.add("scene", title="New") for _ in range(2)]

    assert any(library.has_picture("scene", n) for n in (last - 1, last))
    assert not any(library.has_picture("scene", number) for number in added)
    assert added == [last + 1, last + 2]


def test_other_seeds_and_sizes_have_a_whole_attic() -> None:
    library = Library(seed=9, scenes=0, performers=0, tags=0, studios=0, gaps=True)

    held, hidden = library.truth(), library.hidden_truth()
    assert len(held["scene"]) == 76
    assert hidden.keys() < held["scene"].keys()
    for number, one in hidden.items():
        assert all(wanted in held[kind] for kind, wanted in lacking(one)), number
