"""Ports for servers that are told theirs."""

import secrets
import socket

# Below those that a system gives to who asks for any, which may be this one a moment
# later: Linux begins at 32,768.
LOWEST, COUNT = 15_000, 15_000


def free_port() -> int:
    """Return one that nobody listens at."""
    while True:
        port = LOWEST + secrets.randbelow(COUNT)
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:
            continue
