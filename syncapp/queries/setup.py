"""Whether Steward has its first administrator."""

from syncapp.access import claiming


def is_claimed() -> bool:
    """Return whether there is, or was, a first administrator."""
    return claiming.is_claimed()


def has_administrator() -> bool:
    """Return whether somebody can sign in who may do everything."""
    return claiming.has_administrator()
