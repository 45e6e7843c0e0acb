"""Short keys of what is proposed and why: they are compared, and stand in indexes."""

from syncapp.analysis.proposals import Op, SceneField
from syncapp.text.digests import digest_of, key_of_value

__all__ = ["ValueKey", "digest_of", "key_of_value", "proposal_key"]

ValueKey = tuple[str, str, str]  # field, op, key of the value


def proposal_key(field: SceneField, op: Op, value: int | str) -> ValueKey:
    """Return what two proposals of a scene have in common if they are the same."""
    return field.value, op.value, key_of_value(value)
