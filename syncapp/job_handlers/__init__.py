"""The kinds of work that Steward does in the background."""

from jobs.queue.retention import PRUNE
from syncapp.job_handlers.history_prune import HISTORY_PRUNE
from syncapp.job_handlers.sync_full import FULL_SYNC
from syncapp.job_handlers.sync_purge import PURGE
from syncapp.job_handlers.sync_quick import QUICK_SYNC
from syncapp.job_handlers.sync_scenes import SCENES_SYNC
from syncapp.job_handlers.sync_verify import VERIFY

HANDLERS = (QUICK_SYNC, FULL_SYNC, SCENES_SYNC, PURGE, VERIFY, HISTORY_PRUNE, PRUNE)
