"""Addresses of sockets."""

from django.urls import path

from jobs.live.consumer import LiveConsumer

websocket_urlpatterns = [path("ws/v1/", LiveConsumer.as_asgi())]
