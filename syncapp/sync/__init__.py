"""The sync engine: reads a Stash, makes the mirror equal. Knows no queue."""
