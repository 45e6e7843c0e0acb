"""How long the machine looks: as the suite has it, or as `make prove` asks."""

import os

from django.db import connection
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.errors import Flaky, FlakyFailure
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from tests.property.machine import Mirroring
from tests.property.plan_machine import Applying
from tests.property.sizes import small_sizes

EXAMPLES = {"sqlite": 40, "postgresql": 10}
STEPS = 20
PLAN_STEPS = 12  # of which most are whole applies
TEETH = 40  # histories in which a safeguard's loss must show, on both databases
# After ten examples hypothesis goes on with five variations of each, too much alike to
# find what is rare. Every ten therefore have a seed of their own.
TOGETHER = 10


def prove() -> None:
    """Let the machine look for a history that the engine does not survive.

    The suite's own effort is the same on every machine; `make prove` asks for more.
    """
    given = os.environ
    examples = int(given.get("PROVE_EXAMPLES", EXAMPLES[connection.vendor]))
    steps = int(given.get("PROVE_STEPS", STEPS))
    _run(Mirroring, examples, steps, int(given.get("PROVE_SEED", "0")), shrink=True)


def prove_plans() -> None:
    """Let the machine of plans look for one in which something is lost."""
    given = os.environ
    examples = int(given.get("PROVE_PLANS", EXAMPLES[connection.vendor]))
    seed = int(given.get("PROVE_SEED", "0"))
    _run(Applying, examples, PLAN_STEPS, seed, shrink=True)


def find_loss(machine: type[RuleBasedStateMachine] = Mirroring) -> None:
    """Let a machine look until it notices that something is broken.

    What it notices once counts. A history that comes out otherwise when hypothesis
    repeats it tells nothing: without a safeguard it may hang on the moment.
    """
    for first in range(TEETH // TOGETHER):
        try:
            _run(machine, TOGETHER, STEPS, first, shrink=False)
        except FlakyFailure as exc:
            told = [e for e in exc.exceptions if isinstance(e, AssertionError)]
            raise next(iter(told), exc) from None
        except Flaky:
            continue


def _run(
    machine: type[RuleBasedStateMachine],
    examples: int,
    steps: int,
    first: int,
    *,
    shrink: bool,
) -> None:
    effort = settings(
        max_examples=TOGETHER,
        stateful_step_count=steps,
        # To explain a failure takes longer than to find it, so that is left out.
        phases=[Phase.generate, Phase.shrink] if shrink else [Phase.generate],
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    with small_sizes():
        for number in range(-(-examples // TOGETHER)):
            anew = type(machine.__name__, (machine,), {})
            run_state_machine_as_test(seed(first + number)(anew), settings=effort)
