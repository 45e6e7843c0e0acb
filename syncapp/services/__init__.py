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
from syncapp.services.buttons import press_resync, press_sync, press_sync_scenes
from syncapp.services.connecting import (
    Keep,
    Step,
    Tried,
    press_test,
    test_connection,
    test_stored,
    try_and_keep,
)
from syncapp.services.deletions import keep_deletions, purge_tombstones
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
)
from syncapp.services.first_run import add_demo_source, demo_port
from syncapp.services.removal import cancel_jobs_of, remove_source
from syncapp.services.sampling import use_sample_data
from syncapp.services.setup import (
    claim,
    claim_and_sign_in,
    make_administrator,
    make_setup_code,
    remove_setup_code,
    write_setup_code,
)
from syncapp.services.sources import (
    SourceTest,
    add_source,
    change_source,
    checked_key,
    set_key,
    test_source,
)
from syncapp.services.syncing import STREAM_NAMES, resync, start_sync, sync_scenes

__all__ = [
    "STREAM_NAMES",
    "AccessRefused",
    "AlreadyClaimed",
    "BadAccount",
    "BadKey",
    "BadName",
    "BadRequest",
    "CodeRefused",
    "Keep",
    "NotMirrored",
    "NotThere",
    "NothingHeld",
    "OldCode",
    "Refused",
    "SampleNotRunning",
    "SourceBusy",
    "SourceNotFound",
    "SourceTest",
    "Step",
    "TooManyTries",
    "Tried",
    "UsedCode",
    "WrongCode",
    "add_demo_source",
    "add_source",
    "cancel_jobs_of",
    "change_source",
    "checked_key",
    "claim",
    "claim_and_sign_in",
    "demo_port",
    "keep_deletions",
    "make_administrator",
    "make_setup_code",
    "press_resync",
    "press_sync",
    "press_sync_scenes",
    "press_test",
    "purge_tombstones",
    "remove_setup_code",
    "remove_source",
    "resync",
    "set_key",
    "start_sync",
    "sync_scenes",
    "test_connection",
    "test_source",
    "test_stored",
    "try_and_keep",
    "use_sample_data",
    "write_setup_code",
]
