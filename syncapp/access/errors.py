"""Why nobody is let in: the message says it in a sentence.

AccessRefused
├── CodeRefused     the setup code does not open the door
│   ├── WrongCode
│   ├── OldCode
│   └── UsedCode    used, or replaced by a newer one
├── TooManyTries    not before `wait_s` seconds are over
├── AlreadyClaimed  there is an administrator
└── BadAccount      the name or the password will not do; `field` says which
"""

from typing import Literal


class AccessRefused(Exception): ...


class CodeRefused(AccessRefused): ...


class WrongCode(CodeRefused):
    def __init__(self) -> None:
        super().__init__(
            "This is not the setup code. Copy it as Steward printed it when it started."
        )


class OldCode(CodeRefused):
    def __init__(self) -> None:
        super().__init__(
            "This setup code is older than 60 minutes. "
            "Make a new one with `manage.py setup_link`."
        )


class UsedCode(CodeRefused):
    def __init__(self) -> None:
        super().__init__(
            "This setup code was used already, or a newer one was made after it. "
            "Take the newest, or make one with `manage.py setup_link`."
        )


class TooManyTries(AccessRefused):
    def __init__(self, wait_s: int, what: str) -> None:
        self.wait_s = wait_s
        super().__init__(
            f"Too many {what} came from your address. "
            f"Try again in {wait_s} second{'' if wait_s == 1 else 's'}."
        )


class AlreadyClaimed(AccessRefused):
    def __init__(self) -> None:
        super().__init__(
            "Steward has an administrator already: sign in, or ask them for an account."
        )


class BadAccount(AccessRefused):
    def __init__(self, sentence: str, *, field: Literal["name", "password"]) -> None:
        self.field = field
        super().__init__(sentence)
