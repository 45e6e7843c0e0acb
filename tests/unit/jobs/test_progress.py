"""Progress in memory, and the waits between attempts."""

from hypothesis import given
from hypothesis import strategies as st

from jobs.models import MESSAGE_LENGTH
from jobs.queue.context import Progress
from jobs.queue.endings import retry_wait_s


def test_phases_add_up() -> None:
    board = Progress((("tags", 5, 5),))
    board.set("scenes", 20, 100)
    _, fields = board.fields()

    assert fields["phases"] == [["tags", 5, 5], ["scenes", 20, 100]]
    assert (fields["progress_done"], fields["progress_total"]) == (25, 105)


def test_a_phase_of_unknown_length_makes_the_whole_unknown() -> None:
    board = Progress(())
    board.set("tags", 5, 5)
    board.set("scenes", 20, None)

    assert board.fields()[1]["progress_total"] is None


def test_progress_is_due_once_and_not_again_within_a_second() -> None:
    board = Progress(())
    assert not board.is_due()

    board.set("tags", 1, 5)
    assert board.is_due()
    board.written(board.fields()[0])
    board.set("tags", 2, 5)

    assert not board.is_due()


def test_a_long_message_is_cut() -> None:
    board = Progress(())
    board.say("reel " * 200)

    assert len(board.fields()[1]["message"]) == MESSAGE_LENGTH


@given(st.integers(0, 32_767))
def test_waits_double_up_to_a_quarter_of_an_hour(before: int) -> None:
    assert retry_wait_s(before) == min(15 * 2**before, 900)
