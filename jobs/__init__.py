"""Durable jobs on django-q2: made once, run once, ended once."""
