"""What is asked stays small, however large the library, and offers what is near."""

import random
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncapp.analysis.language_model.asking import ModelRun
from syncapp.analysis.language_model.candidates import Candidate, CandidateIndex
from syncapp.analysis.language_model.excerpts import excerpts
from syncapp.analysis.language_model.prompt import (
    MOST_CANDIDATES,
    SceneQuestion,
    compose,
    request_batches,
    to_ask,
)
from syncapp.analysis.language_model.sizes import estimate_tokens, fitting_length
from syncapp.analysis.library import (
    EntityKind,
    KnownLibrary,
    KnownName,
    Rules,
    SpellingEffect,
    SpellingRule,
)
from syncapp.analysis.reading import Match, SceneReading, Segment
from tests.model_library import (
    BLUE_PLANET,
    JANE,
    JOE,
    LAKE,
    LECTURE,
    NORTH_ARCHIVE,
    PATH,
    SIX,
    WORDS,
    large_library,
    library_of,
    reading,
)
from tests.model_server import FakeModel

StartRun = Callable[..., ModelRun]


def shortlist(library: KnownLibrary, scene: SceneReading) -> list[Candidate]:
    return list(CandidateIndex(library).shortlist(scene, excerpts(scene)))


def names(library: KnownLibrary, scene: SceneReading) -> list[str]:
    return [each.entity.name for each in shortlist(library, scene)]


def questions_of(
    library: KnownLibrary, scenes: Iterable[SceneReading]
) -> list[SceneQuestion]:
    index = CandidateIndex(library)
    return [
        SceneQuestion(scene.facts.scene_id, shown, index.shortlist(scene, shown))
        for scene, shown in ((scene, excerpts(scene)) for scene in scenes)
    ]


def busy_scene(number: int) -> SceneReading:
    """Return a scene of long texts in many scripts."""
    chance = random.Random(number)
    parts = [" ".join(chance.choices(WORDS, k=9)) for _ in range(12)]
    return reading(
        number,
        "\\\\nas\\" + "\\".join(parts) + f"\\{number}_1080p.mkv",
        title=" ".join(parts[:3]) + '"\\' * 40 + "\x01" * 40,
        details=" ".join(parts) * 50,
    )


def test_a_request_has_2000_tokens_at_most_with_50000_names() -> None:
    questions = questions_of(large_library(), map(busy_scene, range(20)))

    asked = [to_ask(batch) for batch in request_batches(questions)]

    assert [q.scene_id for batch in asked for q in batch] == list(range(20))
    for batch in asked:
        prompt = compose(batch, again=True)
        assert prompt.tokens <= 2_000
        assert 0 < len({id_ for each in prompt.choices.values() for id_ in each}) <= 40
        assert all(question.shown for question in batch)


def test_what_goes_over_the_wire_is_what_was_counted(
    model: FakeModel, start_run: StartRun
) -> None:
    list(start_run(large_library(3_000)).ask(busy_scene(n) for n in range(6)))

    for request in model.requests:
        texts = [message["content"] for message in request.body["messages"]]
        assert sum(map(estimate_tokens, texts)) < 2_000
        assert len(request.asked["names"]) <= MOST_CANDIDATES


def test_a_request_has_40_candidates_at_most() -> None:
    words = [
        [f"{chr(97 + scene)}{chr(97 + n)}z" for n in range(20)] for scene in range(6)
    ]
    tags = [
        KnownName(EntityKind.TAG, 100 * scene + n, word)
        for scene, of_scene in enumerate(words)
        for n, word in enumerate(of_scene)
    ]
    paths = [f"/media/{' '.join(each)}.mp4" for each in words]
    scenes = [reading(number, path) for number, path in enumerate(paths)]

    questions = questions_of(library_of(*tags), scenes)

    assert [len(question.candidates) for question in questions] == [20] * 6
    assert [len(batch) for batch in request_batches(questions)] == [2, 2, 2]


def test_several_scenes_share_a_request() -> None:
    questions = questions_of(library_of(*SIX), map(reading, range(20)))

    assert [len(batch) for batch in request_batches(questions)] == [8, 8, 4]


def test_the_nearest_names_come_first_and_then_those_with_more_scenes() -> None:
    found = names(library_of(*SIX), reading(1, "/media/Blue Planet, Joe, Lake.mp4"))

    assert found == ["Lake", "Blue Planet Films", "Joe Doe"]


def test_of_names_that_are_equally_near_the_one_with_more_scenes_is_first() -> None:
    stage = KnownName(EntityKind.TAG, 70, "Stage", scenes=1)
    library = library_of(stage, LECTURE, LAKE)

    found = names(library, reading(1, "/media/stage lecture lake.mp4"))

    assert found == ["Lake", "Lecture", "Stage"]


def test_names_are_found_by_folded_words() -> None:
    dvorak = KnownName(EntityKind.PERFORMER, 9, "Zdeněk O'Dvořák")

    assert names(library_of(dvorak), reading(1, "/m/ZDENEK.mp4")) == [dvorak.name]
    assert names(library_of(dvorak), reading(1, "/m/o’dvorak.mp4")) == [dvorak.name]  # noqa: RUF001


def test_an_alias_that_is_nearer_is_named_beside_the_name(
    model: FakeModel, start_run: StartRun
) -> None:
    list(start_run().ask([reading(1, "/media/J. Doe.mp4")]))

    assert "Jane Doe = J. Döe" in model.requests[0].asked["names"].values()


def test_what_a_scene_has_is_not_offered() -> None:
    scene = reading(
        1,
        studio_id=NORTH_ARCHIVE.entity_id,
        performer_ids=frozenset({JANE.entity_id}),
        tag_ids=frozenset({LAKE.entity_id}),
    )

    assert names(library_of(*SIX), scene) == [JOE.name]


def test_ignored_names_are_not_offered() -> None:
    ignored = KnownName(EntityKind.TAG, 71, "Lake", is_ignored=True)
    match = Match(EntityKind.TAG, (71,), 37, 41, "Lake", is_alias=False)

    assert names(library_of(ignored), reading(1, matches=[match])) == []


@pytest.mark.parametrize(
    ("rule", "left"),
    [
        (SpellingRule("LAKE", SpellingEffect.OFF), []),
        (SpellingRule("lake", SpellingEffect.OFF, EntityKind.TAG), []),
        (SpellingRule("lake", SpellingEffect.OFF, EntityKind.TAG, 71), []),
        (SpellingRule("lake", SpellingEffect.OFF, EntityKind.TAG, 72), ["Lake"]),
        (SpellingRule("lake", SpellingEffect.OFF, EntityKind.STUDIO), ["Lake"]),
        (SpellingRule("lake", SpellingEffect.NEEDS_MORE), ["Lake"]),
    ],
)
def test_a_spelling_that_is_off_is_not_offered(
    rule: SpellingRule, left: list[str]
) -> None:
    library = library_of(LAKE, rules=Rules(spellings=(rule,)))

    assert names(library, reading(1, "/media/lake.mp4")) == left


def test_a_spelling_that_counts_with_a_studio_is_offered_where_that_is() -> None:
    rule = SpellingRule("lake", SpellingEffect.WITH_STUDIO, studio_id=31)
    library = library_of(LAKE, BLUE_PLANET, rules=Rules(spellings=(rule,)))
    path = "/media/lake by bpf.mp4"
    match = Match(EntityKind.STUDIO, (31,), 15, 18, "bpf", is_alias=True)

    assert names(library, reading(1, path)) == []
    assert names(library, reading(1, path, studio_id=32)) == []
    assert names(library, reading(1, path, studio_id=31)) == ["Lake"]
    assert "Lake" in names(library, reading(1, path, matches=[match]))


def test_what_was_matched_in_a_joined_spelling_is_offered_with_its_letters() -> None:
    match = Match(EntityKind.PERFORMER, (51, 52), 7, 14, "Jane Doe", is_alias=False)
    scene = reading(1, "/media/JaneDoe.mp4", matches=[match])

    found = shortlist(library_of(*SIX), scene)

    assert [each.entity for each in found] == [JANE, JOE]
    assert {each.words for each in found} == {frozenset({"janedoe"})}


def test_a_library_root_is_neither_shown_nor_counted() -> None:
    path = "/Lake/Lecture/x.mp4"
    segments = [
        Segment(1, 5, is_file=False, is_root=True),
        Segment(6, 13, is_file=False, is_root=False),
        Segment(14, 15, is_file=True, is_root=False),
    ]
    scene = reading(1, path, segments=segments)

    assert names(library_of(*SIX), scene) == [LECTURE.name]
    (shown,) = excerpts(scene)
    span = shown.span_of("Lecture")
    assert shown.text == "Lecture/x.mp4"
    assert span
    assert path[span.start : span.end] == "Lecture"


def test_of_a_long_path_the_end_is_shown_and_of_details_the_start() -> None:
    path = "/media" + "/folder" * 200 + "/Lake.mp4"

    end, title, start = excerpts(reading(1, path, title="x", details="ab " * 900))

    assert path.endswith(end.text)
    assert path[end.start :] == end.text
    assert len(end.text) < 500
    assert (title.text, start.start, len(start.text) < 500) == ("x", 0, True)


def test_half_a_letter_is_no_end_of_it(model: FakeModel, start_run: StartRun) -> None:
    ((_, told),) = start_run().ask([reading(7, "/media/\udc80 Lake.mp4")])

    assert isinstance(told, tuple)
    assert len(told) == 1
    assert BLUE_PLANET.entity_id not in {each.value for each in told}
    assert PATH not in str(told)


@given(st.text(), st.integers(0, 50))
def test_a_text_is_cut_where_it_has_so_many_tokens(text: str, most: int) -> None:
    length = fitting_length(text, most)

    assert estimate_tokens(text[:length]) <= most
    assert length == len(text) or estimate_tokens(text[: length + 1]) > most


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", 0),
        ("abc", 1),
        ("a lake", 2),
        ("日本", 2),
        ("2009", 4),
        ("🎬", 3),
        ("ø", 1),
    ],
)
def test_tokens_are_rather_counted_too_many(text: str, tokens: int) -> None:
    assert estimate_tokens(text) == tokens
