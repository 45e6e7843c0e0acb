"""Places in long lists, and what people type into the search."""

import pytest

from syncapp.queries.paging import KeysetCursor, Sort

BY_NAME = Sort("name", "name", "name")


@pytest.mark.parametrize("name", ["Sea", "", "a~b", "Ærø: 50% _off_", "~"])
def test_a_place_survives_the_address(name: str) -> None:
    assert KeysetCursor.read(str(KeysetCursor(name, 42)), BY_NAME) == KeysetCursor(
        name, 42
    )


@pytest.mark.parametrize(
    "text",
    [
        *("", "~", "Sea", "Sea~x", "Sea~-1", "Sea~\u0661", "S\0a~1", "a~1e9"),
        *(f"Sea~{2**63}", "Sea~" + "0" * 5_000),
    ],
)
def test_anything_else_is_the_beginning(text: str) -> None:
    assert KeysetCursor.read(text, BY_NAME) is None
