"""What asking a model may cost: reserved before each request, settled after it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from syncapp.analysis.language_model.errors import BudgetSpent, TokenCounts

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Spend:
    """What was asked, and what it cost."""

    requests: int = 0
    tokens: int = 0  # sent and answered
    money: Decimal = Decimal(0)  # of whatever currency the prices are in

    def __add__(self, other: "Spend") -> "Spend":
        return Spend(
            self.requests + other.requests,
            self.tokens + other.tokens,
            self.money + other.money,
        )

    def __sub__(self, other: "Spend") -> "Spend":
        return self + Spend(-other.requests, -other.tokens, -other.money)


class Prices(NamedTuple):
    """What a million tokens cost."""

    sent: Decimal = Decimal(0)
    answered: Decimal = Decimal(0)


FREE = Prices()


class SpendLimits(NamedTuple):
    """What all requests together may cost; None is without limit."""

    requests: int
    tokens: int
    money: Decimal | None = None


class Budget:
    """What may be spent in one analysis, by any number of threads.

    `spent`: by attempts before. `keep` is told what is spent and reserved, one call
    after the other, before each request and after it: who stores that knows after a
    crash what may have been paid for. A server that counts more than could be set aside
    for it is charged for that, and nothing is asked any more beyond the limit.
    """

    def __init__(
        self,
        limits: SpendLimits,
        prices: Prices = FREE,
        *,
        spent: Spend = Spend(),
        keep: Callable[[Spend], None] = lambda _: None,
    ) -> None:
        self.limits = limits
        self.prices = prices
        self._spent = spent
        self._keep = keep
        self._turn = threading.Lock()

    @property
    def spent(self) -> Spend:
        """What is spent, with what is reserved."""
        return self._spent

    def reserve(self, most: TokenCounts) -> Spend:
        """Set aside what the next request can cost; raises BudgetSpent."""
        reserved = self._cost(most)
        with self._turn:
            after = self._spent + reserved
            if over := self._over(after):
                raise BudgetSpent(over)
            self._keep(after)
            self._spent = after
        return reserved

    def settle(self, reserved: Spend, used: TokenCounts | None) -> None:
        """Give back what a request did not use; None: all of it may have been used."""
        if used is None:
            return
        with self._turn:
            after = self._spent - reserved + self._cost(used)
            self._keep(after)
            self._spent = after

    def _cost(self, counts: TokenCounts) -> Spend:
        prices = self.prices
        money = counts.sent * prices.sent + counts.answered * prices.answered
        return Spend(1, counts.sent + counts.answered, money / MILLION)

    def _over(self, after: Spend) -> str:
        """Return which limit would be passed, in a sentence; empty if none."""
        requests, tokens, money = self.limits
        if after.requests > requests:
            return f"The limit of {requests} requests to the model is reached."
        if after.tokens > tokens:
            return (
                f"The limit of {tokens} tokens of the model is reached: the next "
                "request might pass it."
            )
        if money is not None and after.money > money:
            return (
                f"The limit of {money} for the model is reached: the next request "
                "might pass it."
            )
        return ""
