"""Addresses below the root."""

from django.urls import URLPattern, path

from syncapp import views


def entity_urls(stream: str) -> list[URLPattern]:
    """Return the addresses of performers, tags or studios: list, one, its sync."""
    one, of = stream.removesuffix("s"), {"stream": stream}
    return [
        path(f"{stream}/", views.entity_list, of, stream),
        path(f"{stream}/<int:row_id>/", views.entity_page, of, one),
        path(f"{stream}/<int:row_id>/sync/", views.sync_entity, of, f"sync_{one}"),
    ]


app_name = "syncapp"
urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("setup/", views.setup, name="setup"),
    path("healthz", views.healthz, name="healthz"),
    path("connect/", views.connect_source, name="connect"),
    path("connect/sample/", views.use_sample_data, name="use_sample_data"),
    path("sources/<int:source_id>/", views.source_page, name="source"),
    path("sources/<int:source_id>/key/", views.set_source_key, name="set_source_key"),
    path(
        "sources/<int:source_id>/certificate/",
        views.set_source_certificate,
        name="set_source_certificate",
    ),
    path(
        "sources/<int:source_id>/proxy/",
        views.set_source_proxy,
        name="set_source_proxy",
    ),
    path("sources/<int:source_id>/test/", views.test_source, name="test_source"),
    path("sources/<int:source_id>/remove/", views.remove_source, name="remove_source"),
    path(
        "sources/<int:source_id>/cancel-jobs/",
        views.cancel_source_jobs,
        name="cancel_source_jobs",
    ),
    path("sources/<int:source_id>/verify/", views.verify_source, name="verify"),
    path("sources/<int:source_id>/purge/", views.purge_source, name="purge"),
    path(
        "sources/<int:source_id>/deletions/<str:stream>/",
        views.held_deletions,
        name="held_deletions",
    ),
    path(
        "sources/<int:source_id>/deletions/<str:stream>/keep/",
        views.keep_deletions,
        name="keep_deletions",
    ),
    path("sources/<int:source_id>/sync/<str:mode>/", views.start_sync, name="sync"),
    path("scenes/", views.scene_list, name="scenes"),
    path("scenes/sync/", views.sync_scenes, name="sync_scenes"),
    path("scenes/<int:scene_id>/", views.scene_page, name="scene"),
    path("scenes/<int:scene_id>/sync/", views.sync_scene, name="sync_scene"),
    path("changes/", views.changes_page, name="changes"),
    path("tags/tree/", views.tag_tree, name="tag_tree"),
    *entity_urls("performers"),
    *entity_urls("tags"),
    *entity_urls("studios"),
]
