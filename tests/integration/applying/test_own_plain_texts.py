"""What our own plans left is known again, whatever it reads like."""

import pytest

from tests.integration.applying.conftest import Bench
from tests.integration.applying.test_apply_engine import told
from tests.plan_builders import make_plan


@pytest.mark.parametrize("text", ["1929", "true", "null", '"so"'])
def test_an_undo_knows_our_text_that_reads_as_json(bench: Bench, text: str) -> None:
    bench.library.edit("scene", 3, title=text)
    older = bench.accept(3, "title", "First")
    bench.apply()
    newer = bench.accept(3, "title", "Second", plan=make_plan(bench.mirror.source))
    bench.apply(plan=newer.plan)
    for origin, value in ((older, text), (newer, "First")):
        plan = make_plan(bench.mirror.source, kind="undo", undoes=origin.plan)
        left = {"before": origin.value, "undoes": origin}
        undo = bench.accept(3, "title", value, plan=plan, **left)
        bench.apply(plan=plan, takes_back=True)
        assert told(undo)[0] == "applied"
