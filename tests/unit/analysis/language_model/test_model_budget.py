"""What a request may cost is set aside before it, and never more than there is."""

import random
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest

from syncapp.analysis.language_model.asking import ModelRun, Outage
from syncapp.analysis.language_model.budget import Budget, Prices, Spend, SpendLimits
from syncapp.analysis.language_model.errors import BudgetSpent, TokenCounts
from tests import model_server
from tests.model_library import reading, values
from tests.model_server import FakeModel, Request, behaviour

StartRun = Callable[..., ModelRun]
PRICES = Prices(Decimal("0.15"), Decimal("0.60"))
MOST = TokenCounts(3_000, 400)


def within(spend: Spend, limits: SpendLimits) -> bool:
    requests, tokens, money = limits
    is_paid = money is None or spend.money <= money
    return spend.requests <= requests and spend.tokens <= tokens and is_paid


@pytest.mark.parametrize(
    "limits",
    [
        SpendLimits(3, 10**9),
        SpendLimits(10**6, 20_000),
        SpendLimits(10**6, 10**9, Decimal("0.006")),
        SpendLimits(0, 10**9),
        SpendLimits(10**6, 100),
    ],
)
@pytest.mark.parametrize(
    "name",
    ["well", "ignores_schema", "leaves_out"],
)
def test_the_budget_is_never_exceeded_by_one_request(
    model: FakeModel, start_run: StartRun, limits: SpendLimits, name: str
) -> None:
    kept: list[Spend] = []
    budget = Budget(limits, PRICES, keep=kept.append)
    model.will(behaviour(name))
    run = start_run(budget=budget)
    run._useless = -(10**6)  # it may go on for ever

    told = dict(run.ask(reading(number) for number in range(400)))

    assert run.outage
    assert run.outage.code == "model_budget_spent"
    assert isinstance(told[399], Outage)
    assert all(within(each, limits) for each in kept)
    assert len(model.requests) == budget.spent.requests <= limits.requests


def test_two_threads_do_not_exceed_it_either(
    model: FakeModel, start_run: StartRun
) -> None:
    limits = SpendLimits(9, 14_000)
    kept: list[Spend] = []
    budget = Budget(limits, keep=kept.append)
    runs = [start_run(budget=budget) for _ in range(2)]

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda run: list(run.ask(reading(n) for n in range(100))), runs))

    assert all(run.outage and run.outage.code == "model_budget_spent" for run in runs)
    assert all(within(each, limits) for each in kept)
    assert len(model.requests) == budget.spent.requests


def test_many_threads_reserve_and_give_back_and_none_goes_over() -> None:
    limits = SpendLimits(10**6, 20_000, Decimal("0.004"))
    kept: list[Spend] = []
    budget = Budget(limits, PRICES, keep=kept.append)
    used = []
    start = threading.Barrier(8)

    def spend(seed: int) -> None:
        chance = random.Random(seed)
        start.wait()
        for _ in range(200):
            most = TokenCounts(chance.randrange(2_000), chance.randrange(500))
            try:
                reserved = budget.reserve(most)
            except BudgetSpent:
                continue
            cost = TokenCounts(chance.randint(0, most[0]), chance.randint(0, most[1]))
            budget.settle(reserved, cost)
            used.append(sum(cost))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(spend, range(8)))

    assert all(within(each, limits) for each in kept)
    assert budget.spent.tokens == sum(used)
    assert budget.spent.requests == len(used)


def test_a_second_thread_waits_until_the_first_has_set_its_part_aside() -> None:
    refused: list[BudgetSpent] = []

    def second() -> None:
        try:
            budget.reserve(MOST)
        except BudgetSpent as exc:
            refused.append(exc)

    def keep(_: Spend) -> None:
        if not other.ident:
            other.start()
            other.join(0.2)  # without the lock it would be through by then

    other = threading.Thread(target=second)
    budget = Budget(SpendLimits(1, 10**6), keep=keep)
    budget.reserve(MOST)
    other.join()

    assert (len(refused), budget.spent.requests) == (1, 1)


def test_what_can_be_spent_is_kept_before_the_request_goes_out(
    model: FakeModel, start_run: StartRun
) -> None:
    kept: list[Spend] = []
    seen: list[Spend] = []

    def look(model: FakeModel, connection: socket.socket, request: Request) -> None:
        seen.append(kept[-1])
        model_server.well(model, connection, request)

    model.will(look)
    list(
        start_run(budget=Budget(SpendLimits(9, 10**6), keep=kept.append)).ask(
            [reading(7)]
        )
    )

    ((before,), after) = seen, kept[-1]
    assert before.requests == after.requests == 1
    assert before.tokens > after.tokens == 760


def test_a_budget_that_cannot_be_kept_sends_nothing(
    model: FakeModel, start_run: StartRun
) -> None:
    def fail(_: Spend) -> None:
        raise OSError

    run = start_run(budget=Budget(SpendLimits(9, 10**6), keep=fail))
    with pytest.raises(OSError):  # noqa: PT011 - it is ours
        list(run.ask([reading(7)]))

    assert model.requests == []


def test_what_was_spent_before_counts(model: FakeModel, start_run: StartRun) -> None:
    budget = Budget(SpendLimits(5, 10**6), spent=Spend(4, 100))

    told = list(start_run(budget=budget).ask(reading(n) for n in range(60)))

    assert len(model.requests) == 1
    assert values(told[0][1])
    assert isinstance(told[-1][1], Outage)


def tokens_after(name: str, model: FakeModel, start_run: StartRun) -> tuple[int, int]:
    """Return the tokens that one request costs, and those set aside for it."""
    kept: list[Spend] = []
    budget = Budget(SpendLimits(1, 10**6), keep=kept.append)
    model.will(behaviour(name))
    list(start_run(budget=budget).ask([reading(7)]))
    return budget.spent.tokens, kept[0].tokens


@pytest.mark.parametrize("name", ["busy", "401", "redirects"])
def test_a_refusal_costs_a_request_and_no_tokens(
    model: FakeModel, start_run: StartRun, name: str
) -> None:
    assert tokens_after(name, model, start_run)[0] == 0


@pytest.mark.parametrize("name", ["closes", "500", "floods"])
def test_a_lost_answer_may_have_cost_all_that_was_set_aside(
    model: FakeModel, start_run: StartRun, name: str
) -> None:
    spent, reserved = tokens_after(name, model, start_run)

    assert spent == reserved > 400


@pytest.mark.parametrize("tokens", [None, (-5, 10), (10, -1)])
def test_a_server_that_counts_nothing_is_taken_to_have_used_it_all(
    model: FakeModel, start_run: StartRun, tokens: Any
) -> None:
    model.tokens = tokens

    spent, reserved = tokens_after("well", model, start_run)

    assert spent == reserved


def test_an_answer_that_was_cut_costs_what_it_used(
    model: FakeModel, start_run: StartRun
) -> None:
    assert tokens_after("cut_by_length", model, start_run)[0] == 760


def test_money_goes_by_both_prices() -> None:
    budget = Budget(SpendLimits(9, 10**6, Decimal(1)), PRICES)

    reserved = budget.reserve(MOST)
    budget.settle(reserved, TokenCounts(1_000, 100))

    assert reserved.money == Decimal("0.00069")
    assert budget.spent == Spend(1, 1_100, Decimal("0.00021"))


def test_a_limit_is_reached_to_the_last_token() -> None:
    budget = Budget(SpendLimits(9, 6_800))
    budget.reserve(MOST)
    budget.reserve(MOST)

    with pytest.raises(BudgetSpent, match="limit of 6800 tokens"):
        budget.reserve(TokenCounts(0, 1))


def test_one_who_counts_more_than_was_set_aside_is_not_asked_again() -> None:
    budget = Budget(SpendLimits(9, 10_000))

    budget.settle(budget.reserve(MOST), TokenCounts(3_000, 9_000))

    with pytest.raises(BudgetSpent):
        budget.reserve(TokenCounts(1, 1))
