"""The keys of jobs: what makes two requests the same."""

import pytest

from jobs.errors import BadParams, UnknownKind
from jobs.models import KEY_LENGTH
from jobs.queue import registry
from jobs.queue.context import JobContext
from jobs.queue.registry import Handler, Params


def nothing(ctx: JobContext, params: Params) -> None:
    return None


PRUNE = Handler(
    kind="archive.prune",
    title="Prune the archive",
    run=nothing,
    dedupe="archive.prune:{shelf}:{reels}",
    exclusive="shelf:{shelf}",
)


@pytest.mark.parametrize(
    ("reels", "key"),
    [
        ([], "archive.prune:3:all"),
        (["b", "a"], "archive.prune:3:a,b"),
        ([10, 9], "archive.prune:3:10,9"),
        ("whole", "archive.prune:3:whole"),
    ],
)
def test_a_list_becomes_its_sorted_items(reels: list[str], key: str) -> None:
    assert PRUNE.dedupe_key({"shelf": 3, "reels": reels}) == key


def test_parameters_that_are_not_in_the_key_make_no_difference() -> None:
    params: Params = {"shelf": 3, "reels": [], "note": "for the lecture"}

    assert PRUNE.exclusive_key(params) == "shelf:3"


def test_long_keys_are_cut_and_stay_different() -> None:
    one = PRUNE.dedupe_key({"shelf": 3, "reels": list(range(1000))})
    other = PRUNE.dedupe_key({"shelf": 3, "reels": list(range(1001))})

    assert one is not None
    assert other is not None
    assert (len(one), len(other)) == (KEY_LENGTH, KEY_LENGTH)
    assert one != other


def test_a_kind_without_templates_has_no_keys() -> None:
    handler = Handler(kind="archive.count", title="Count", run=nothing)

    assert (handler.dedupe_key({}), handler.exclusive_key({})) == (None, None)


def test_a_missing_parameter_is_named() -> None:
    with pytest.raises(BadParams, match=r"'archive.prune' needs .*: reels\.$"):
        PRUNE.dedupe_key({"shelf": 3})


def test_an_unknown_kind_is_told_with_the_known_ones(settings: object) -> None:
    with pytest.raises(UnknownKind, match=r"'sync\.qiuck'.*sync\.full.*sync\.quick"):
        registry.get("sync.qiuck")
