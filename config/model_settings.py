"""The settings of the language model that analyses may ask, read from outside."""

from config.env import between, money_amount, nonempty, prices, read
from config.public_address import public_address

MODEL_URL = read(
    "STEWARD_MODEL_URL",
    public_address,
    "",
    "an address such as http://127.0.0.1:8080/v1, without a user, a query or a "
    "fragment",
).url
MODEL_NAME = read(
    "STEWARD_MODEL_NAME",
    nonempty(str) if MODEL_URL else str,
    "",
    "the name by which the server at STEWARD_MODEL_URL knows the model",
)
MODEL_KEY = read("STEWARD_MODEL_KEY", str, "", "the key of that server")
# What one analysis may cost: 0 money is without limit.
MODEL_REQUESTS = int(
    read(
        "STEWARD_MODEL_REQUESTS", between(0, 10**6), "500", "a number from 0 to 1000000"
    )
)
MODEL_TOKENS = int(
    read(
        "STEWARD_MODEL_TOKENS",
        between(0, 10**9),
        "2000000",
        "a number from 0 to 1000000000",
    )
)
MODEL_MONEY = read("STEWARD_MODEL_MONEY", money_amount, "0", "an amount such as 2.50")
MODEL_PRICES = read(
    "STEWARD_MODEL_PRICES",
    nonempty(prices) if MODEL_MONEY else prices,
    "",
    "what a million tokens cost that are sent, and that are answered, such as "
    "0.15/0.60; STEWARD_MODEL_MONEY needs them",
)
MODEL_ANSWER_TOKENS = int(
    read(
        "STEWARD_MODEL_ANSWER_TOKENS",
        between(100, 100_000),
        "2000",
        "a number from 100 to 100000",
    )
)
_SECONDS = "a number of seconds from 0.5 to 3600"
MODEL_DEADLINE_S = read("STEWARD_MODEL_DEADLINE_S", between(0.5, 3600), "120", _SECONDS)
