"""Why a sync stops by its own judgement."""


class SyncStopped(Exception):
    """The sync must not go on; the message says why and what to do."""

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.code = code
