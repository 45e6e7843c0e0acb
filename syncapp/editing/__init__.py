"""Editing: what people change by hand in many scenes becomes a plan, accepted."""
