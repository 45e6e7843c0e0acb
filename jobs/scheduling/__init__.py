"""Schedules: rules that make jobs, each slot once, in a time zone of their own."""

from jobs.scheduling.ticking import tick

__all__ = ["tick"]
