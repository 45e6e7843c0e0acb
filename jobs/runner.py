"""The old name of `jobs.queue.runner`, for messages of the release before.

Such messages may wait in the queue while Steward is brought up to date. To be removed
with the release after the next.
"""

from jobs.queue.runner import run

__all__ = ["run"]
