"""The benchmark: what a sync costs, beside a plain loop and the least it could cost."""
