"""The model of the settings: its key stays with it, and no transaction waits for it."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.db import transaction
from django.views.debug import SafeExceptionReporterFilter
from pytest_django import Settings

from syncapp.analysis.language_model.asking import ModelRun
from syncapp.analysis.language_model.budget import Budget, Prices, Spend, SpendLimits
from syncapp.analysis.language_model.configured import (
    AskedInTransaction,
    configured_budget,
    configured_client,
    is_configured,
)
from tests.model_library import SIX, library_of, reading, values
from tests.model_server import FakeModel, fake_model

KEY = "canary-9f31c0"


@pytest.fixture
def model(settings: Settings) -> Iterator[FakeModel]:
    with fake_model() as model:
        settings.MODEL_URL = model.url
        settings.MODEL_NAME = "wise-owl-7b"
        settings.MODEL_KEY = KEY
        settings.MODEL_ANSWER_TOKENS = 321
        yield model


def test_without_an_address_there_is_no_model(settings: Settings) -> None:
    settings.MODEL_URL = ""

    assert not is_configured()
    assert configured_client() is None


@pytest.mark.django_db(transaction=True)
def test_the_model_of_the_settings_is_asked_with_its_key(model: FakeModel) -> None:
    client = configured_client()
    assert client
    with client:
        run = ModelRun(
            library_of(*SIX),
            client=client,
            budget=configured_budget(Spend(), lambda _: None),
        )
        ((_, told),) = run.ask([reading(7)])

    assert values(told)
    (request,) = model.requests
    assert f"Bearer {KEY}".encode() in request.head
    assert (request.body["model"], request.body["max_tokens"]) == ("wise-owl-7b", 321)


@pytest.mark.django_db(transaction=True)
def test_a_model_is_never_asked_within_a_transaction(model: FakeModel) -> None:
    budget = Budget(SpendLimits(9, 10**6))
    client = configured_client()
    assert client
    with client, transaction.atomic(), pytest.raises(AskedInTransaction):
        list(ModelRun(library_of(*SIX), client=client, budget=budget).ask([reading(7)]))

    assert model.requests == []


def test_a_budget_goes_by_the_settings(settings: Settings) -> None:
    settings.MODEL_REQUESTS, settings.MODEL_TOKENS = 7, 900
    settings.MODEL_MONEY = Decimal("2.5")
    settings.MODEL_PRICES = (Decimal(1), Decimal(2))

    budget = configured_budget(Spend(3, 50), lambda _: None)

    assert budget.limits == SpendLimits(7, 900, Decimal("2.5"))
    assert budget.prices == Prices(Decimal(1), Decimal(2))
    assert budget.spent == Spend(3, 50)


def test_no_money_is_no_limit_of_it(settings: Settings) -> None:
    settings.MODEL_MONEY = Decimal(0)

    assert configured_budget(Spend(), lambda _: None).limits.money is None


def test_a_page_of_an_error_hides_the_key(settings: Settings) -> None:
    settings.MODEL_KEY = KEY

    shown = SafeExceptionReporterFilter().get_safe_settings()

    assert shown["MODEL_KEY"] == "********************"
