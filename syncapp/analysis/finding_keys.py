"""Short keys of what is proposed and why: they are compared, and stand in indexes."""

from functools import lru_cache
from hashlib import blake2b

from syncapp.analysis.proposals import Op, SceneField

DIGEST_BYTES = 16
ValueKey = tuple[str, str, str]  # field, op, key of the value


@lru_cache(4_096)  # the same reasons come again and again
def digest_of(text: str) -> str:
    """Return 32 characters that this text has and no other."""
    return blake2b(
        text.encode(errors="surrogatepass"), digest_size=DIGEST_BYTES
    ).hexdigest()


def key_of_value(value: int | str) -> str:
    """Return an entity's id, or the digest of a text: any length, one key."""
    return str(value) if isinstance(value, int) else digest_of(value)


def proposal_key(field: SceneField, op: Op, value: int | str) -> ValueKey:
    """Return what two proposals of a scene have in common if they are the same."""
    return field.value, op.value, key_of_value(value)
