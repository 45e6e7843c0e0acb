"""A job that applies a plan makes what is missing first, and tells it."""

import pytest

from jobs import queries as job_queries
from jobs.services import run_inline
from syncapp.services.applying import start_apply
from tests.integration.applying.conftest import Bench
from tests.integration.applying.test_creations import gives, state_of, wanted


@pytest.mark.parametrize("is_accepted", [True, False])
def test_its_result_tells_what_was_made(bench: Bench, *, is_accepted: bool) -> None:
    state = "accepted" if is_accepted else "rejected"
    creation = wanted(bench, "tag", "Night dives", state=state)
    given = gives(bench, 3, "tags", creation)
    title = bench.accept(4, "title", "Ours")

    ref = start_apply(bench.plan.pk)
    run_inline(ref.job_id)

    card = job_queries.job_card(ref.job_id)
    assert card is not None
    assert card.status == "succeeded"
    made = {"creations": {"applied": 1}} if is_accepted else {}
    ended = {"applied": 2} if is_accepted else {"applied": 1, "failed": 1}
    assert card.result == {**made, "changes": ended}
    assert state_of(title) == "applied"
    assert state_of(given) == ("applied" if is_accepted else "failed")
