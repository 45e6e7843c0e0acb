"""What is mirrored of a scene, as JSON to look at."""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Model

from syncapp.models import Scene, SceneFile
from syncapp.sync.streams.scenes import SCENES

WORKED_OUT = {*SCENES.derived, "phash"}  # from what is told
LONGEST = 50_000  # characters; the rest is cut
UNSEEN = {"Cc", "Cf", "Zl", "Zp"}  # kinds of characters that turn text round, or hide


def raw_scene(
    scene: Scene, files: Sequence[SceneFile], named: Mapping[str, Mapping[int, str]]
) -> str:
    """Return the columns of a scene, its files and links: keys sorted, bounded.

    What cannot be seen is written as JSON escapes it, so that it turns nothing round.
    """
    told = {**_columns(scene), **named, "files": [_columns(file) for file in files]}
    text = json.dumps(
        told, sort_keys=True, indent=2, ensure_ascii=False, default=_plain
    )
    cut = f"{text[:LONGEST]}\n(cut here)" if len(text) > LONGEST else text
    return "".join(_seen(each) for each in cut)


def _columns(row: Model) -> dict[str, Any]:
    fields = [field for field in row._meta.concrete_fields if not field.generated]
    names = [field.attname for field in fields if field.attname not in WORKED_OUT]
    return {name: getattr(row, name) for name in names}


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _seen(character: str) -> str:
    if character == "\n" or unicodedata.category(character) not in UNSEEN:
        return character
    return json.dumps(character)[1:-1]
