"""Why a request is turned down: the message says it in a sentence.

Refused
├── NotThere        what was named does not exist
│   ├── SourceNotFound
│   ├── SceneNotFound
│   ├── NotMirrored
│   ├── NothingHeld
│   ├── FilterNotFound
│   ├── PlanNotFound
│   ├── ChangeNotFound
│   ├── DecisionNotFound
│   ├── DismissalNotFound
│   └── RuleNotFound
├── BadRequest      what was asked makes no sense
│   ├── UnknownStream
│   ├── UnknownMode
│   ├── NothingChosen
│   ├── BadName
│   ├── BadKey
│   ├── BadFilter
│   ├── BadValue
│   ├── BadRule
│   ├── BadPlanFile
│   └── NameTaken
├── NotYours        another person's, or more than this person may do
├── SourceBusy      not while its jobs are active
├── ReadOnly        nothing is written to this source
├── PlanBusy        not while a job works on it
├── NotAsSeen       it is not any more what the page showed that this was asked on
│   └── DecidedMeanwhile  by another, or by the same person in another window
├── TooManyTests    not while others try their servers
└── SampleNotRunning  the sample library's server does not answer
"""

# Of what ended in conflict, or failed.
FOUND_ANEW = (
    "The source held or said something else at the last look than this page showed: "
    "look at it, and decide by that."
)


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


class PlanNotFound(NotThere):
    def __init__(self, plan_id: int) -> None:
        super().__init__(f"Plan {plan_id} is not here: it may have been deleted.")


class ChangeNotFound(NotThere): ...


class DecisionNotFound(NotThere):
    def __init__(self) -> None:
        super().__init__(
            "This decision of yours is not here: it may have been taken back already."
        )


class DismissalNotFound(NotThere): ...


class RuleNotFound(NotThere):
    def __init__(self) -> None:
        super().__init__("This rule is not here: it may have been removed already.")


class BadRequest(Refused): ...


class UnknownStream(BadRequest): ...


class UnknownMode(BadRequest): ...


class NothingChosen(BadRequest): ...


class BadName(BadRequest): ...


class BadKey(BadRequest): ...


class BadFilter(BadRequest): ...


class BadRule(BadRequest): ...


class BadPlanFile(BadRequest): ...


class BadValue(BadRequest): ...


class NameTaken(BadRequest):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"A filter of this list is called “{name}” already: choose another name."
        )


class NotYours(Refused): ...


class SourceBusy(Refused): ...


class ReadOnly(Refused):
    def __init__(self) -> None:
        super().__init__(
            "This source is read only: nothing is written to it. Allow writing on the "
            "source's page, then apply the plan."
        )


class PlanBusy(Refused): ...


class NotAsSeen(Refused): ...


class DecidedMeanwhile(NotAsSeen):
    def __init__(self, state: str, by: str) -> None:
        super().__init__(
            f"Nothing was changed: this change is {state.replace('_', ' ')} by now"
            f"{f', decided by {by}' if by else ''}. Look at it again."
        )


class SampleNotRunning(Refused): ...


class TooManyTests(Refused): ...
