"""The model that the settings name, and what may be spent on it."""

from collections.abc import Callable

from django.conf import settings
from django.db import connection
from django.views.decorators.debug import sensitive_variables

from syncapp.analysis.language_model.budget import Budget, Prices, Spend, SpendLimits
from syncapp.analysis.language_model.client import ModelClient, ModelLimits
from syncapp.stash.way_in import WayIn


class AskedInTransaction(RuntimeError):
    """A transaction would have stood open for as long as a model thinks."""


def is_configured() -> bool:
    """Return whether there is a model to ask."""
    return bool(settings.MODEL_URL)


@sensitive_variables()
def configured_client() -> ModelClient | None:
    """Return a client of the model of the settings, None if they name none.

    Raises BadModelAddress and ModelKeyRefused.
    """
    if not is_configured():
        return None
    return ModelClient(
        settings.MODEL_URL,
        settings.MODEL_NAME,
        settings.MODEL_KEY,
        limits=ModelLimits(
            deadline_s=settings.MODEL_DEADLINE_S,
            answer_tokens=settings.MODEL_ANSWER_TOKENS,
        ),
        way_in=WayIn(machine_store=settings.SYSTEM_CERTIFICATES),
        before_each=refuse_in_transaction,
    )


def configured_budget(spent: Spend, keep: Callable[[Spend], None]) -> Budget:
    """Return the budget of one plan, of which so much is `spent` already."""
    money = settings.MODEL_MONEY
    limits = SpendLimits(settings.MODEL_REQUESTS, settings.MODEL_TOKENS, money or None)
    return Budget(limits, Prices(*settings.MODEL_PRICES), spent=spent, keep=keep)


def refuse_in_transaction() -> None:
    """Raise AskedInTransaction if this thread holds rows or the writer's place."""
    if connection.in_atomic_block:
        msg = "A model is asked between transactions, never in one."
        raise AskedInTransaction(msg)
