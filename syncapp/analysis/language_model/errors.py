"""What can go wrong with a language model, sorted by what to do about it.

ModelError
|
|-- retry later
|   |-- ModelUnreachable   broken off, 5xx
|   |   |-- ModelAway      no such name, nothing listens, no TLS: it got no request
|   |   `-- ModelTimedOut  silent, or not done by the deadline
|   `-- ModelBusy          429 or 503; it may have said for how long
|
|-- ask again at once
|   `-- OtherParameters    it wants our limits under the names that newer models have
|
|-- stop, a person must act
|   |-- BadModelAddress    no address of a server, or one that we do not contact
|   |-- ModelKeyRefused    401, 403, or a key that no header can hold
|   |-- NotModel           a web page, a redirect, no such model
|   |-- ModelRefused       it takes no request of this form
|   |-- BudgetSpent        the next request might cost more than is left
|   `-- ModelUseless       one bad answer after the other
|
`-- skip these scenes, go on with the rest
    `-- BadModelAnswer     cut, too large, no JSON, or not what was asked for

The text of each is one or two sentences for a person. None holds the key. None leads to
a scene that counts as analysed.
"""

from typing import ClassVar, NamedTuple


class TokenCounts(NamedTuple):
    """The tokens of one request, as counted by the server or bounded by us."""

    sent: int
    answered: int


class ModelError(Exception):
    code: ClassVar[str] = "model_error"
    retriable: ClassVar[bool] = False
    # Whether the model may have worked, and be paid for it, though no answer came.
    may_have_cost: ClassVar[bool] = False


class ModelUnreachable(ModelError):
    code = "model_unreachable"
    retriable = True
    may_have_cost = True


class ModelAway(ModelUnreachable):
    code = "model_away"
    may_have_cost = False


class ModelTimedOut(ModelUnreachable):
    code = "model_timed_out"


class ModelBusy(ModelError):
    code = "model_busy"
    retriable = True

    def __init__(self, text: str, retry_after_s: float | None = None) -> None:
        self.retry_after_s = retry_after_s  # as it said itself
        super().__init__(text)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (str(self), self.retry_after_s)


class OtherParameters(ModelError):
    code = "model_other_parameters"


class BadModelAddress(ModelError, ValueError):
    code = "model_bad_address"


class ModelKeyRefused(ModelError):
    code = "model_key_refused"


class NotModel(ModelError):
    code = "not_a_model"


class ModelRefused(ModelError):
    code = "model_refused"


class BudgetSpent(ModelError):
    code = "model_budget_spent"


class ModelUseless(ModelError):
    code = "model_useless"


class BadModelAnswer(ModelError):
    code = "model_bad_answer"
    may_have_cost = True

    def __init__(self, text: str, used: TokenCounts | None = None) -> None:
        self.used = used  # as far as the server counted
        super().__init__(text)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (str(self), self.used)
