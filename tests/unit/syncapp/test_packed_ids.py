"""Row ids are packed by source, and a digest knows the same ones again."""

import pytest

from syncapp.models import packed_ids
from syncapp.models.keys import row_id
from syncapp.models.packed_ids import gather, unpacked

IDS = [*(row_id(1, number) for number in range(1, 26)), row_id(2, 1), row_id(2**21, 7)]


@pytest.mark.parametrize("part", [1, 5, 24, 25, 10_000])
def test_what_was_packed_is_unpacked(
    part: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed_ids, "PART", part)

    packed = gather(iter(IDS))

    found = [unpacked(each) for source in packed.sources for each in source.parts]
    assert [key for each in found for key in each] == IDS
    assert max(map(len, found)) <= part
    assert [(s.source_id, s.count) for s in packed.sources] == [
        (1, 25),
        (2, 1),
        (2**21, 1),
    ]
    assert packed.count == len(IDS)


def test_no_ids_are_none() -> None:
    assert (gather([]).count, gather([]).sources, gather([]).some(8)) == (0, (), ())


def test_digest_does_not_depend_on_the_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    before = gather(IDS).digest
    monkeypatch.setattr(packed_ids, "PART", 4)

    assert gather(IDS).digest == before


@pytest.mark.parametrize(
    "others",
    [[], IDS[1:], IDS[:-1], [*IDS, IDS[-1] + 1], [IDS[0] - 1, *IDS[1:]]],
    ids=["none", "without the first", "without the last", "one more", "another"],
)
def test_other_ids_have_another_digest(others: list[int]) -> None:
    assert gather(others).digest != gather(IDS).digest


@pytest.mark.parametrize("most", [1, 3, 8, 27, 100])
def test_some_of_them_are_spread_over_all(most: int) -> None:
    found = gather(IDS).some(most)

    assert 0 < len(found) <= most
    assert found[0] == IDS[0]
    assert list(found) == sorted(set(found) & set(IDS))
    assert len(gather(IDS).some(100)) == len(IDS)
