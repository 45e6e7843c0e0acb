"""Addresses below the root."""

from django.urls import URLPattern, path

from syncapp import views


def entity_urls(stream: str) -> list[URLPattern]:
    """Return the addresses of performers, tags or studios: list, one, its sync."""
    one, of = stream.removesuffix("s"), {"stream": stream}
    return [
        path(f"{stream}/", views.entity_list, of, stream),
        path(f"{stream}/export.<str:kind>", views.export_list, of, f"export_{stream}"),
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
    path("sources/<int:source_id>/automatic/", views.automatic, name="automatic"),
    path("sources/<int:source_id>/quality/", views.source_quality, name="quality"),
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
    path("media/<str:kind>/<int:row_id>/", views.cover_picture, name="cover"),
    path("preferences/", views.preferences, name="preferences"),
    path("preferences/source/", views.switch_source, name="switch_source"),
    path(
        "preferences/lists/<str:stream>/", views.choose_columns, name="choose_columns"
    ),
    path("analyse/", views.analyse, name="analyse"),
    path("analyse/jobs/<int:job_id>/plan/", views.plan_of_job, name="plan_of_job"),
    path("analyse/jobs/<int:job_id>/evaluation/", views.evaluation, name="evaluation"),
    path("sources/<int:source_id>/evaluate/", views.evaluate, name="evaluate"),
    path("rules/", views.rules_of_sources, name="rules_of_sources"),
    path("rules/<int:source_id>/", views.rules, name="rules"),
    path("rules/<int:source_id>/roots/", views.library_roots, name="library_roots"),
    path("rules/<int:source_id>/<str:rule_kind>/", views.keep_rule, name="keep_rule"),
    path(
        "rules/<int:source_id>/<str:rule_kind>/<int:rule_id>/remove/",
        views.remove_rule,
        name="remove_rule",
    ),
    path("scenes/", views.scene_list, name="scenes"),
    path("scenes/change/", views.change_scenes, name="change_scenes"),
    path("scenes/sync/", views.sync_scenes, name="sync_scenes"),
    path("scenes/sync/matching/", views.resync_matching, name="resync_matching"),
    path(
        "scenes/export.<str:kind>",
        views.export_list,
        {"stream": "scenes"},
        "export_scenes",
    ),
    path("scenes/<int:scene_id>/", views.scene_page, name="scene"),
    path("scenes/<int:scene_id>/analysis/", views.why_not, name="why_not"),
    path("scenes/<int:scene_id>/sync/", views.sync_scene, name="sync_scene"),
    path("saved/<int:filter_id>/", views.saved_filter, name="saved_filter"),
    path("saved/<int:filter_id>/delete/", views.delete_filter, name="delete_filter"),
    path("saved/<str:stream>/", views.save_filter, name="save_filter"),
    path("changes/", views.changes_page, name="changes"),
    path("plans/", views.plans_page, name="plans"),
    path("plans/dismissals/", views.dismissals_page, name="dismissals"),
    path(
        "plans/dismissals/<int:dismissal_id>/take-back/",
        views.take_back,
        name="take_back",
    ),
    path("plans/import/", views.import_plan, name="import_plan"),
    path("plans/<int:plan_id>/", views.plan_page, name="plan"),
    path("plans/<int:plan_id>/decide/", views.decide, name="decide"),
    path(
        "plans/<int:plan_id>/decide/matching/",
        views.decide_matching,
        name="decide_matching",
    ),
    path("plans/<int:plan_id>/take-back/", views.take_back_decision, name="undecide"),
    path("plans/<int:plan_id>/apply/", views.apply_page, name="apply_plan"),
    path("plans/<int:plan_id>/dry-run/", views.dry_run, name="dry_run"),
    path("plans/changes/<int:change_id>/put-back/", views.put_back, name="put_back"),
    path("plans/<int:plan_id>/delete/", views.delete_plan, name="delete_plan"),
    path(
        "plans/<int:plan_id>/creations/",
        views.decide_creations,
        name="decide_creations",
    ),
    path("plans/<int:plan_id>/undo/", views.undo_plan, name="undo_plan"),
    path(
        "plans/<int:plan_id>/export.<str:kind>", views.export_plan, name="export_plan"
    ),
    path(
        "plans/<int:plan_id>/changes/<int:change_id>/edit/",
        views.edit_change,
        name="edit_change",
    ),
    path(
        "plans/<int:plan_id>/changes/<int:change_id>/dismiss/",
        views.dismiss_change,
        name="dismiss_change",
    ),
    path("tags/tree/", views.tag_tree, name="tag_tree"),
    *entity_urls("performers"),
    *entity_urls("tags"),
    *entity_urls("studios"),
]
