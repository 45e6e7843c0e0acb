"""What can go wrong with jobs.

JobError
├── UnknownKind        no handler is registered for this kind
├── BadParams          parameters that the kind does not take
├── NotAllowed         who asks does not hold the right of the kind
├── JobNotFound
├── JobAlreadyEnded    there is nothing to cancel
├── JobStillActive     there is nothing to retry
├── UnknownLane
├── JobNotClaimed      the job cannot run here and now
├── OtherKeys          this machine's keys are not those of the database
├── ScheduleNotFound
├── BadSchedule        a rule, zone or name that no schedule can have
├── JobFailed          raised by handlers: an expected failure, told in a sentence
└── JobStopped         raised by the context; passes through the handler
    ├── JobCancelled
    ├── JobDrained     the worker stops; the job goes back to the queue
    ├── JobYielded     a job of higher priority waits for the same key
    └── LeaseLost      another worker may have the job: write nothing more
"""


class JobError(Exception):
    pass


class UnknownKind(JobError):
    pass


class BadParams(JobError):
    pass


class NotAllowed(JobError):
    pass


class JobNotFound(JobError):
    def __init__(self, job_id: int) -> None:
        super().__init__(f"There is no job {job_id}.")


class JobAlreadyEnded(JobError):
    pass


class JobStillActive(JobError):
    pass


class UnknownLane(JobError):
    pass


class JobNotClaimed(JobError):
    pass


class OtherKeys(JobError):
    pass


class ScheduleNotFound(JobError):
    def __init__(self, which: int | str) -> None:
        super().__init__(f"There is no schedule {which}.")


class BadSchedule(JobError):
    """`field` names what has to be typed anew."""

    def __init__(self, sentence: str, *, field: str) -> None:
        super().__init__(sentence)
        self.field = field


class JobFailed(JobError):
    """The work could not be done; the sentence says why and what to do now.

    `retriable`: the same may succeed later, so the job is tried again by itself.
    """

    def __init__(self, code: str, sentence: str, *, retriable: bool = False) -> None:
        super().__init__(sentence)
        self.code = code
        self.retriable = retriable


class JobStopped(JobError):
    def __init__(self, job_id: int) -> None:
        super().__init__(f"Job {job_id}: {type(self).__name__}.")


class JobCancelled(JobStopped):
    pass


class JobDrained(JobStopped):
    pass


class JobYielded(JobStopped):
    pass


class LeaseLost(JobStopped):
    pass
