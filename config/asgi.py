"""What the web server runs: pages, and sockets from our own pages."""

import gc
import os

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("STEWARD_ROLE", "web")
pages = get_asgi_application()

# Imported here: they need the apps, which are loaded by now.
from config.origin import own_pages_only  # noqa: E402
from config.threads import KeptThreads  # noqa: E402
from jobs.routing import websocket_urlpatterns  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": KeptThreads(pages),
        "websocket": own_pages_only(URLRouter(websocket_urlpatterns)),
    }
)

# What the program consists of stays: a full collection need not look at it again, which
# takes some 60 ms in the middle of somebody's page.
gc.collect()
gc.freeze()
