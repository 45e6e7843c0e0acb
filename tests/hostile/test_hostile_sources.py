"""A source may do what it likes: the sync ends, the mirror stays right, and so small.

`pytest -s tests/hostile` prints how each ended, in which time, with how much memory.
"""

from collections.abc import Iterator

import pytest

from tests.hostile.table import TABLE
from tests.hostile.trying import Engine, trial

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def engine(django_db_setup: None) -> Iterator[Engine]:
    engine = Engine()
    yield engine
    engine.stop()


def test_the_table_is_long() -> None:
    names = [behaviour.name for rows in TABLE.values() for behaviour in rows]

    assert len(set(names)) == len(names) >= 70


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", TABLE)
def test_whatever_a_source_does_the_mirror_is_right_again(
    kind: str, engine: Engine
) -> None:
    with trial(engine) as tried:
        wrong = [one for behaviour in TABLE[kind] for one in tried.of(behaviour)]

    assert wrong == []
