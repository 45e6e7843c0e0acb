"""Addresses below /the root."""

from django.urls import URLPattern

app_name = "syncapp"
urlpatterns: list[URLPattern] = []
