"""The mirror of a Stash library, and what keeps it right."""
