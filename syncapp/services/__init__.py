"""What can be done: verbs; plain values in, ids and frozen values out."""

from syncapp.access.errors import (
    AccessRefused,
    AlreadyClaimed,
    BadAccount,
    CodeRefused,
    OldCode,
    TooManyTries,
    UsedCode,
    WrongCode,
)
from syncapp.access.tries import begin_sign_in, end_sign_in
from syncapp.job_handlers.library_reindex import reindex_if_behind
from syncapp.job_handlers.params import MOST_DAYS, SAMPLE_ROWS, STREAM_NAMES
from syncapp.services.connection_test import (
    ConnectionTest,
    Keep,
    Step,
    Tried,
    test_connection,
    test_source,
    test_source_for_page,
    try_and_keep,
)
from syncapp.services.cover_fetching import Cover, Standing
from syncapp.services.covers import find_cover
from syncapp.services.deletions import (
    keep_deletions,
    purge_tombstones,
)
from syncapp.services.demo_source import add_demo_source, demo_port
from syncapp.services.errors import (
    BadKey,
    BadName,
    BadRequest,
    NothingHeld,
    NotMirrored,
    NotThere,
    Refused,
    SampleNotRunning,
    SourceBusy,
    SourceNotFound,
    TooManyTests,
)
from syncapp.services.preferences import (
    set_list_columns,
    set_list_view,
    set_source,
    set_theme_and_shortcuts,
)
from syncapp.services.removal import cancel_jobs_of, remove_source
from syncapp.services.sample_data import use_sample_data
from syncapp.services.scene_sets import (
    MOST_TICKED,
    AskedJob,
    AskedJobs,
    resync_chosen,
    resync_matching,
)
from syncapp.services.setup import (
    claim,
    claim_and_sign_in,
    make_administrator,
    make_setup_code,
    remove_setup_code,
    write_setup_code,
)
from syncapp.services.sources import (
    add_source,
    change_source,
    checked_address,
    checked_key,
    set_key,
    set_way_in,
)
from syncapp.services.start_jobs import (
    resync,
    resync_one,
    start_sync,
    start_verify,
    sync_scenes,
)
from syncapp.services.way_in import read_way_in

__all__ = [
    "MOST_DAYS",
    "MOST_TICKED",
    "SAMPLE_ROWS",
    "STREAM_NAMES",
    "AccessRefused",
    "AlreadyClaimed",
    "AskedJob",
    "AskedJobs",
    "BadAccount",
    "BadKey",
    "BadName",
    "BadRequest",
    "CodeRefused",
    "ConnectionTest",
    "Cover",
    "Keep",
    "NotMirrored",
    "NotThere",
    "NothingHeld",
    "OldCode",
    "Refused",
    "SampleNotRunning",
    "SourceBusy",
    "SourceNotFound",
    "Standing",
    "Step",
    "TooManyTests",
    "TooManyTries",
    "Tried",
    "UsedCode",
    "WrongCode",
    "add_demo_source",
    "add_source",
    "begin_sign_in",
    "cancel_jobs_of",
    "change_source",
    "checked_address",
    "checked_key",
    "claim",
    "claim_and_sign_in",
    "demo_port",
    "end_sign_in",
    "find_cover",
    "keep_deletions",
    "make_administrator",
    "make_setup_code",
    "purge_tombstones",
    "read_way_in",
    "reindex_if_behind",
    "remove_setup_code",
    "remove_source",
    "resync",
    "resync_chosen",
    "resync_matching",
    "resync_one",
    "set_key",
    "set_list_columns",
    "set_list_view",
    "set_source",
    "set_theme_and_shortcuts",
    "set_way_in",
    "start_sync",
    "start_verify",
    "sync_scenes",
    "test_connection",
    "test_source",
    "test_source_for_page",
    "try_and_keep",
    "use_sample_data",
    "write_setup_code",
]
