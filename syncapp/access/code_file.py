"""The file that holds the setup code where nobody looks at a terminal."""

import os
import secrets
from pathlib import Path

from django.conf import settings
from django.views.decorators.debug import sensitive_variables


def path() -> Path:
    folder: Path = settings.DATA_DIR
    return folder / "setup-code"


@sensitive_variables()
def write_code(code: str) -> Path:
    """Put the code in the file, readable by its owner alone; returns where it is."""
    draft = path().with_suffix(f".{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(f"{code}\n")
    return draft.replace(path())


def remove_code() -> None:
    path().unlink(missing_ok=True)
