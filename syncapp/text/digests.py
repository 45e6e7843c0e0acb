"""Short keys of texts and values: they are compared, and stand in indexes."""

from functools import lru_cache
from hashlib import blake2b

DIGEST_BYTES = 16


@lru_cache(4_096)  # the same reasons come again and again
def digest_of(text: str) -> str:
    """Return 32 characters that this text has and no other."""
    return blake2b(
        text.encode(errors="surrogatepass"), digest_size=DIGEST_BYTES
    ).hexdigest()


def key_of_value(value: int | str) -> str:
    """Return an entity's id, or the digest of a text: any length, one key."""
    return str(value) if isinstance(value, int) else digest_of(value)
