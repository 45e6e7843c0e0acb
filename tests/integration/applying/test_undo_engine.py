"""What our own plans left is known again, whatever it reads like."""

from typing import Any

import pytest

from syncapp.applying import apply
from syncapp.models import Change
from syncapp.stash import scene_writing
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


def test_an_undo_that_is_rejected_meanwhile_takes_nothing_back(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look shows that somebody did it already; then it is rejected."""
    before = bench.scene(3)["title"]
    origin = bench.accept(3, "title", "Ours")
    bench.apply()
    bench.library.edit("scene", 3, title=before)
    plan = make_plan(bench.mirror.source, kind="undo", undoes=origin.plan)
    fields = {"before": "Ours", "undoes": origin, "plan": plan}
    undo = bench.accept(3, "title", before, **fields)
    bench.accept(4, "title", "Another", plan=plan)
    row = Change.objects.filter(pk=undo.pk)

    def look_and_be_rejected(*asked: Any) -> Any:
        found = scene_writing.scenes_now(*asked)
        row.update(state="rejected")
        return found

    monkeypatch.setattr(apply, "scenes_now", look_and_be_rejected)

    assert bench.apply(plan=plan, takes_back=True) == {"applied": 1}
    assert (told(undo)[0], told(origin)[0]) == ("rejected", "applied")
