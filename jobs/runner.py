"""The old name of `jobs.queue.runner`, for messages of the release before.

Such messages may wait in the queue while Steward is brought up to date. Kept for one
release.
"""

from jobs.queue.runner import run

__all__ = ["run"]
