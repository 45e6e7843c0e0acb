"""Addresses below the root."""

from django.urls import path

from syncapp import views

app_name = "syncapp"
urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("setup/", views.setup, name="setup"),
    path("healthz", views.healthz, name="healthz"),
    path("sources/<int:source_id>/sync/<str:mode>/", views.start_sync, name="sync"),
    path("scenes/", views.scene_list, name="scenes"),
    path("scenes/sync/", views.sync_scenes, name="sync_scenes"),
    path("scenes/<int:scene_id>/", views.scene_page, name="scene"),
    path("scenes/<int:scene_id>/sync/", views.sync_scene, name="sync_scene"),
    path("performers/", views.name_list, {"stream": "performers"}, "performers"),
    path("tags/", views.name_list, {"stream": "tags"}, "tags"),
    path("studios/", views.name_list, {"stream": "studios"}, "studios"),
]
