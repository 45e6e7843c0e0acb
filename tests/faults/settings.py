"""Steward's settings, with a queue that may send its messages twice, and another clock.

The clock is ahead by the seconds that stand in the file FAULTS_CLOCK, if it is there.
"""

import os
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from config import settings as ours
from config.settings import *  # noqa: F403

Q_CLUSTER = {**ours.Q_CLUSTER, "retry": int(os.environ.get("FAULTS_RETRY_S", "90000"))}
SILENCED_SYSTEM_CHECKS = ["jobs.E004"]  # which forbids just that

_clock = Path(os.environ.get("FAULTS_CLOCK", ""))
_right_time = timezone.now


def _now() -> datetime:
    return _right_time() + timedelta(seconds=float(_clock.read_text()))


if _clock.is_file():
    timezone.now = _now
