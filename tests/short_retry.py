"""Steward's settings, with a queue that sends each message again after five seconds."""

from config import settings as ours
from config.settings import *  # noqa: F403

Q_CLUSTER = {**ours.Q_CLUSTER, "retry": 5}
SILENCED_SYSTEM_CHECKS = ["jobs.E004"]  # which forbids just that
