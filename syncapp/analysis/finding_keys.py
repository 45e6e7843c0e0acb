"""Short keys of what is proposed and why: they are compared, and stand in indexes."""

from syncapp.analysis.proposals import Op, SceneField
from syncapp.text.digests import key_of_value

ValueKey = tuple[str, str, str]  # field, op, key of the value


def proposal_key(field: SceneField, op: Op, value: int | str) -> ValueKey:
    """Return what two proposals of a scene have in common if they are the same."""
    return field.value, op.value, key_of_value(value)
