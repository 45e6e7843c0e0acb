"""What the web server runs: pages, and sockets from our own pages."""

import gc
import os

import django
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.core.signals import request_started
from django.db import close_old_connections, reset_queries

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("STEWARD_ROLE", "web")
django.setup(set_prefix=False)

# Imported here: they need the apps, which are loaded by now.
from config.behind_proxy import behind_proxy  # noqa: E402
from config.handler import RequestHandler  # noqa: E402
from config.origin import own_pages_only  # noqa: E402
from config.rim import BoundedRim  # noqa: E402
from jobs.live.door import Door  # noqa: E402
from jobs.live.routing import websocket_urlpatterns  # noqa: E402

application = behind_proxy(
    ProtocolTypeRouter(
        {
            "http": BoundedRim(
                RequestHandler(),
                threads=settings.WEB_THREADS,
                picture_threads=settings.PICTURE_THREADS,
                longest_line=settings.WEB_LINE,
                largest_body=settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
            ),
            "websocket": own_pages_only(Door(URLRouter(websocket_urlpatterns))),
        }
    )
)

if not settings.DEBUG:
    # What these do as a request starts has been done at the end of the one before;
    # for each page it would be a change of thread, two waits for a processor.
    request_started.disconnect(close_old_connections)
    request_started.disconnect(reset_queries)

# What the program consists of stays: a full collection need not look at it again, which
# takes some 60 ms in the middle of somebody's page.
gc.collect()
gc.freeze()
