"""What can go wrong with a Stash server, sorted by what to do about it.

StashError
|
|-- retry later
|   |-- StashUnreachable   broken off, 5xx
|   |   |-- NameUnknown    no machine has that name
|   |   |-- NotListening   nothing answers at that address and port
|   |   |-- TlsFailed      its certificate is not trusted, or it speaks no TLS
|   |   `-- StashTimedOut  silent, or not done by the deadline
|   `-- StashBusy          "database is locked", also after some attempts
|
|-- stop, a person must act
|   |-- BadAddress         no address of a server, or one that we do not contact
|   |-- BadWayIn           no certificate, or no headers that can be sent
|   |-- ProxyRefused       what stands before the server wants a sign-in of its own
|   |-- KeyRefused         401, sent to the login page, locked against strangers
|   |-- NotStash           a web page, a redirect, some other server's JSON
|   |-- StashNotReady      to be set up, or its database to be migrated
|   |-- StashIncompatible  lacks fields that we cannot do without
|   |-- BadAnswer          a Stash by name, whose answers make no sense
|   |   `-- BrokenAnswer   JSON that begins well; one record may be to blame
|   `-- AnswerTooLarge     more bytes than we are willing to hold
|
`-- skip what was asked for, go on with the rest
    |-- QueryFailed        GraphQL errors in a 200
    |-- NoPicture          what came for a picture is none, or too large, or leads away
    `-- BadRecord          one record whose values are of other types than Stash's

The text of each is one or two sentences for a person: what happened to which address,
and what to do. None holds a secret or the body of an answer.
"""

from collections.abc import Sequence
from typing import ClassVar


class StashError(Exception):
    code: ClassVar[str] = "stash_error"
    retriable: ClassVar[bool] = False


class StashUnreachable(StashError):
    code = "unreachable"
    retriable = True


class NameUnknown(StashUnreachable):
    code = "no_such_name"


class NotListening(StashUnreachable):
    code = "refused"


class TlsFailed(StashUnreachable):
    code = "tls_failed"


class StashTimedOut(StashUnreachable):
    code = "timed_out"


class StashBusy(StashError):
    code = "busy"
    retriable = True


class BadAddress(StashError, ValueError):
    code = "bad_address"


class BadWayIn(StashError, ValueError):
    code = "bad_way_in"


class ProxyRefused(StashError):
    code = "proxy_refused"


class KeyRefused(StashError):
    code = "key_refused"


class NotStash(StashError):
    code = "not_stash"


class StashNotReady(StashError):
    code = "not_ready"


class StashIncompatible(StashError):
    code = "incompatible"


class BadAnswer(StashError):
    code = "bad_answer"


class BrokenAnswer(BadAnswer):
    pass


class AnswerTooLarge(StashError):
    code = "answer_too_large"


class QueryFailed(StashError):
    """`messages` are Stash's own, made short and free of the key."""

    code = "query_failed"

    def __init__(self, url: str, messages: Sequence[str]) -> None:
        self.messages = tuple(messages)
        super().__init__(f"Stash at {url} could not answer: {self.reason}")

    @property
    def reason(self) -> str:
        """What Stash said, as the end of a sentence."""
        return "; ".join(self.messages[:3]).rstrip(".") + "."

    def __reduce__(self) -> tuple[object, ...]:
        return _failed_again, (str(self), self.messages)


def _failed_again(text: str, messages: Sequence[str]) -> QueryFailed:
    error = QueryFailed("", messages)
    error.args = (text,)
    return error


class NoPicture(StashError):
    code = "no_picture"


class BadRecord(StashError):
    code = "bad_record"
