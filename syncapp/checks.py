"""System checks: the data folder is closed to others."""

import stat
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage
from django.core.checks import Warning as Warned


def check_data_folder(**_options: Any) -> list[CheckMessage]:
    folder = Path(settings.DATA_DIR)
    mode = stat.S_IMODE(folder.stat().st_mode)
    if not mode & (stat.S_IRWXG | stat.S_IRWXO):
        return []
    return [
        Warned(
            f"Others may open the data folder {folder} (mode {mode:04o}). Steward's "
            "own files in it are closed; the folder is left as it is, because it holds "
            "other things or belongs to somebody else.",
            hint="Give Steward a folder of its own (STEWARD_DATA_DIR), or, if nobody "
            f"else needs what is in it: chmod 700 {folder}",
            id="syncapp.W001",
        )
    ]


CHECKS = (check_data_folder,)
