"""The kinds of work that Steward does in the background."""

from syncapp.job_handlers.analysis_evaluate import EVALUATION
from syncapp.job_handlers.analysis_run import ANALYSIS
from syncapp.job_handlers.history_prune import HISTORY_PRUNE
from syncapp.job_handlers.library_reindex import REINDEX
from syncapp.job_handlers.plan_apply import PLAN_APPLY
from syncapp.job_handlers.plan_automatic import PLAN_AUTOMATIC
from syncapp.job_handlers.plan_make import PLAN_MAKE
from syncapp.job_handlers.plan_undo import PLAN_UNDO
from syncapp.job_handlers.scene_set_retention import PRUNE
from syncapp.job_handlers.sync_full import FULL_SYNC
from syncapp.job_handlers.sync_purge import PURGE
from syncapp.job_handlers.sync_quick import QUICK_SYNC
from syncapp.job_handlers.sync_scene_set import SCENE_SET_SYNC
from syncapp.job_handlers.sync_scenes import SCENES_SYNC
from syncapp.job_handlers.sync_verify import VERIFY

HANDLERS = (
    QUICK_SYNC,
    FULL_SYNC,
    SCENES_SYNC,
    SCENE_SET_SYNC,
    PURGE,
    VERIFY,
    REINDEX,
    ANALYSIS,
    EVALUATION,
    PLAN_MAKE,
    PLAN_APPLY,
    PLAN_UNDO,
    PLAN_AUTOMATIC,
    HISTORY_PRUNE,
    PRUNE,
)
