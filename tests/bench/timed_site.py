"""The site as it is served, with the server's own time in each answer."""

import time
from typing import Any

from config.asgi import application as site


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    began = time.perf_counter()

    async def timed(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            spent = f"app;dur={1000 * (time.perf_counter() - began):.2f}"
            message["headers"].append((b"server-timing", spent.encode()))
        await send(message)

    await site(scope, receive, timed if scope["type"] == "http" else send)
