"""Steward's settings, with a queue that may be told to send its messages twice."""

import os

from config import settings as ours
from config.settings import *  # noqa: F403

Q_CLUSTER = {**ours.Q_CLUSTER, "retry": int(os.environ.get("FAULTS_RETRY_S", "90000"))}
SILENCED_SYSTEM_CHECKS = ["jobs.E004"]  # which forbids just that
