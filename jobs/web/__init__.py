"""The pages of jobs, schedules and workers, and what their buttons answer."""
