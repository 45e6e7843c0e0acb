"""Why a request is turned down: the message says it in a sentence.

Refused
├── NotThere        what was named does not exist
│   ├── SourceNotFound
│   ├── SceneNotFound
│   ├── NotMirrored
│   ├── NothingHeld
│   └── FilterNotFound
├── BadRequest      what was asked makes no sense
│   ├── UnknownStream
│   ├── UnknownMode
│   ├── NothingChosen
│   ├── BadName
│   ├── BadKey
│   ├── BadFilter
│   └── NameTaken
├── NotYours        another person's, or more than this person may do
├── SourceBusy      not while its jobs are active
├── TooManyTests    not while others try their servers
└── SampleNotRunning  the sample library's server does not answer
"""


class Refused(Exception): ...


class NotThere(Refused): ...


class SourceNotFound(NotThere):
    def __init__(self, source_id: int) -> None:
        super().__init__(f"Source {source_id} is not here: it may have been removed.")


class SceneNotFound(NotThere): ...


class NotMirrored(NotThere): ...


class NothingHeld(NotThere): ...


class FilterNotFound(NotThere):
    def __init__(self, filter_id: int) -> None:
        super().__init__(
            f"Saved filter {filter_id} is not here: it may have been removed, or is "
            "not shared any more."
        )


class BadRequest(Refused): ...


class UnknownStream(BadRequest): ...


class UnknownMode(BadRequest): ...


class NothingChosen(BadRequest): ...


class BadName(BadRequest): ...


class BadKey(BadRequest): ...


class BadFilter(BadRequest): ...


class NameTaken(BadRequest):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"A filter of this list is called “{name}” already: choose another name."
        )


class NotYours(Refused): ...


class SourceBusy(Refused): ...


class SampleNotRunning(Refused): ...


class TooManyTests(Refused): ...
