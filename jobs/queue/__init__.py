"""The queue: who may run which job, what runs it, and what repairs it."""
