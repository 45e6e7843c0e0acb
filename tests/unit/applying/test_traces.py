"""What would stand somewhere without one of our writes, whatever was undone before."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from syncapp.applying.intents import Image
from syncapp.applying.traces import (
    Trace,
    is_covered,
    left_by_us,
    value_without,
)

FIRST = "as it was at first"


class Book:
    """One value of a scene with all that we wrote of it."""

    def __init__(self) -> None:
        self.value: Image = FIRST
        self.history: list[Trace] = []

    def write(self, value: Image, undoes: int | None = None) -> int:
        number = len(self.history) + 1
        self.history.append(Trace(number, self.value, value, undoes))
        self.value = value
        return number

    def undo(self, number: int) -> int | None:
        """Take a write back; None if there is nothing to do."""
        value = value_without(self.history, number)
        left = left_by_us(self.history, number)
        if value == left or is_covered(self.history, number):
            return None
        assert left == self.value  # or it would be a conflict with ourselves
        return self.write(value, number)


def test_an_undo_gives_back_what_was_there() -> None:
    book = Book()
    number = book.write("ours")
    book.undo(number)
    assert book.value == FIRST


def test_what_lies_above_goes_with_an_undo_and_comes_back_with_its_redo() -> None:
    book = Book()
    first, second = book.write("a"), book.write("b")
    undo = book.undo(first)
    assert (book.value, book.undo(second)) == (FIRST, None)
    book.undo(undo or 0)
    assert book.value == "b"


def test_another_s_edit_between_ends_what_is_ours() -> None:
    history = [Trace(1, FIRST, "a"), Trace(2, "theirs", "b")]
    assert left_by_us(history, 1) == "a"
    assert value_without(history, 2) == "theirs"


def test_every_order_of_undoing_leads_to_the_beginning() -> None:
    for order in permutations(range(1, 6)):
        book = Book()
        for value in "abcde":
            book.write(value)
        for number in order:
            book.undo(number)
        assert book.value == FIRST, order


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 7)), max_size=14))
def test_whatever_was_written_and_undone_all_can_be_undone(
    acts: list[tuple[bool, int]],
) -> None:
    book = Book()
    written: list[int] = []
    tried: set[int] = set()
    for is_undo, number in acts:
        if not is_undo or not written:
            if book.value != number:
                written.append(book.write(number))
            continue
        chosen = written[number % len(written)]
        if chosen not in tried:
            tried.add(chosen)
            book.undo(chosen)
    for number in [each for each in written if each not in tried]:
        book.undo(number)
    assert book.value == FIRST
