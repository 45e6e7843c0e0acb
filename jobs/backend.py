"""The old name of `jobs.queue.q2`, for settings that name the broker's class.

Kept for one release.
"""

from jobs.queue.q2 import patient_broker

__all__ = ["patient_broker"]
