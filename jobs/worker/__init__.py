"""`manage.py worker`: q2 clusters, watched and replaced whole; programs kept alive."""
