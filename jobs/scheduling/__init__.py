"""Schedules: rules that make jobs, each slot once, in a time zone of their own."""

from jobs.scheduling.firing import tick

__all__ = ["tick"]
