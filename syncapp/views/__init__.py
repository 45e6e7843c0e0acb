"""The pages: each makes its calls across the bridge, and renders values."""

from syncapp.views.analyse import analyse
from syncapp.views.applying import apply_page, dry_run
from syncapp.views.automatic import automatic
from syncapp.views.by_hand import change_scenes
from syncapp.views.changes import changes_page
from syncapp.views.deciding import decide, decide_matching, take_back_decision
from syncapp.views.dismissals import dismiss_change, dismissals_page, take_back
from syncapp.views.editing import edit_change
from syncapp.views.evaluation import evaluate, evaluation, plan_of_job
from syncapp.views.exports import export_list, export_plan
from syncapp.views.library import (
    dashboard,
    entity_list,
    entity_page,
    healthz,
    held_deletions,
    keep_deletions,
    scene_list,
    start_sync,
    sync_entity,
    verify_source,
)
from syncapp.views.outcomes import put_back
from syncapp.views.pictures import cover_picture
from syncapp.views.plan_import import import_plan
from syncapp.views.plans import delete_plan, plan_page, plans_page
from syncapp.views.preferences import choose_columns, preferences, switch_source
from syncapp.views.quality import source_quality
from syncapp.views.rules import (
    keep_rule,
    library_roots,
    remove_rule,
    rules,
    rules_of_sources,
)
from syncapp.views.saved_filters import delete_filter, save_filter, saved_filter
from syncapp.views.scene import scene_page, sync_scene
from syncapp.views.selection import resync_matching, sync_scenes
from syncapp.views.setup import setup
from syncapp.views.sources import (
    cancel_source_jobs,
    connect_source,
    purge_source,
    remove_source,
    set_source_certificate,
    set_source_key,
    set_source_proxy,
    source_page,
    test_source,
    use_sample_data,
)
from syncapp.views.tag_tree import tag_tree
from syncapp.views.undoing import decide_creations, undo_plan
from syncapp.views.why_not import why_not

__all__ = [
    "analyse",
    "apply_page",
    "automatic",
    "cancel_source_jobs",
    "change_scenes",
    "changes_page",
    "choose_columns",
    "connect_source",
    "cover_picture",
    "dashboard",
    "decide",
    "decide_creations",
    "decide_matching",
    "delete_filter",
    "delete_plan",
    "dismiss_change",
    "dismissals_page",
    "dry_run",
    "edit_change",
    "entity_list",
    "entity_page",
    "evaluate",
    "evaluation",
    "export_list",
    "export_plan",
    "healthz",
    "held_deletions",
    "import_plan",
    "keep_deletions",
    "keep_rule",
    "library_roots",
    "plan_of_job",
    "plan_page",
    "plans_page",
    "preferences",
    "purge_source",
    "put_back",
    "remove_rule",
    "remove_source",
    "resync_matching",
    "rules",
    "rules_of_sources",
    "save_filter",
    "saved_filter",
    "scene_list",
    "scene_page",
    "set_source_certificate",
    "set_source_key",
    "set_source_proxy",
    "setup",
    "source_page",
    "source_quality",
    "start_sync",
    "switch_source",
    "sync_entity",
    "sync_scene",
    "sync_scenes",
    "tag_tree",
    "take_back",
    "take_back_decision",
    "test_source",
    "undo_plan",
    "use_sample_data",
    "verify_source",
    "why_not",
]
