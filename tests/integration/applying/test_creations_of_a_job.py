"""A job that applies a plan makes what is missing first, and tells it."""

import pytest

from jobs import queries as job_queries
from jobs.services import run_inline
from syncapp.models import Change, Creation
from syncapp.services.applying import start_apply
from tests.builders import NOON
from tests.integration.applying.conftest import Bench, Row
from tests.plan_builders import make_change


@pytest.mark.parametrize("is_accepted", [True, False])
def test_its_result_tells_what_was_made(bench: Bench, *, is_accepted: bool) -> None:
    state = "accepted" if is_accepted else "rejected"
    creation = Creation.objects.create(
        plan=bench.plan, kind="tag", name="Night dives", state=state, decided_at=NOON
    )
    fields = {"creation": creation, "state": "accepted"}
    make_change(bench.plan, Row(bench.key(3)), "tags", "Night dives", **fields)
    title = bench.accept(4, "title", "Ours")

    ref = start_apply(bench.plan.pk)
    run_inline(ref.job_id)

    card = job_queries.job_card(ref.job_id)
    assert card is not None
    assert card.status == "succeeded"
    made = {"creations": {"applied": 1}} if is_accepted else {}
    count = 2 if is_accepted else 1
    assert card.result == {**made, "changes": {"applied": count}}
    title.refresh_from_db()
    assert title.state == "applied"
    given = Change.objects.get(field="tags")
    assert given.state == ("applied" if is_accepted else "failed")
