"""Compares every mirrored field and relation with what the server itself answers.

On purpose it shares no code with the engine: it asks with documents of its own, over a
plain HTTP client, and spells the mapping out a second time.

By hand: manage.py shell -c "from tests.comparison import *; print(differences(1, URL))"
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

import httpx2
from django.db.models import Count

from syncapp.models import (
    Performer,
    PerformerTag,
    Scene,
    SceneFile,
    ScenePerformer,
    SceneTag,
    Studio,
    StudioTag,
    Tag,
    TagParent,
)

PAGE = 1000
SHARED = "id created_at updated_at"
FIELDS = {
    "Tag": f"{SHARED} name sort_name description aliases favorite ignore_auto_tag "
    "stash_ids {{ endpoint stash_id }} parents {{ id }}",
    "Studio": f"{SHARED} name details urls aliases rating100 favorite ignore_auto_tag "
    "stash_ids {{ endpoint stash_id }} parent_studio {{ id }} tags {{ id }}",
    "Performer": f"{SHARED} name disambiguation details gender country birthdate "
    "death_date urls alias_list rating100 favorite ignore_auto_tag "
    "stash_ids {{ endpoint stash_id }} tags {{ id }}",
    "Scene": f"{SHARED} title code details director date rating100 organized urls "
    "o_counter play_count play_duration resume_time last_played_at studio {{ id }} "
    "tags {{ id }} performers {{ id }} stash_ids {{ endpoint stash_id }} files {{ "
    "id path basename size mod_time created_at updated_at format width height "
    "duration video_codec audio_codec frame_rate bit_rate "
    "fingerprints {{ type value }} }}",
}
Plain = dict[str, Any]


class Differing(NamedTuple):
    """One record that differs: where, and in which fields (name: here, there)."""

    kind: str
    number: int
    fields: dict[str, tuple[Any, Any]]  # empty: one side does not have the record
    why: str

    def __str__(self) -> str:
        return f"{self.kind} {self.number}: {self.why}"


def differences(source_id: int, url: str, api_key: str = "") -> list[str]:
    """Return a sentence for each record that differs, at most a hundred."""
    headers = {"ApiKey": api_key} if api_key else {}
    with httpx2.Client(headers=headers, timeout=120, trust_env=False) as client:
        found = [str(one) for one in differing(source_id, url, client)]
    found += wrong_counts(source_id)
    return found[:100]


def differing(source_id: int, url: str, client: httpx2.Client) -> Iterator[Differing]:
    """Yield each record in which mirror and server are not the same."""
    for kind in FIELDS:
        remote = {int(r["id"]): EXPECTED[kind](r) for r in _records(kind, url, client)}
        ours = MIRRORED[kind](source_id)
        for number in sorted(remote.keys() | ours.keys()):
            here, there = ours.get(number), remote.get(number)
            if here != there:
                yield _difference(kind, number, here, there)


def _difference(
    kind: str, number: int, here: Plain | None, there: Plain | None
) -> Differing:
    if here is None or there is None:
        why = "not in the mirror" if here is None else "not on the server"
        return Differing(kind, number, {}, why)
    names = [name for name in there if here[name] != there[name]]
    fields = {name: (here[name], there[name]) for name in names}
    said = [f"{n} is {h!r}, the server says {t!r}" for n, (h, t) in fields.items()]
    return Differing(kind, number, fields, "; ".join(said))


def _records(kind: str, url: str, client: httpx2.Client) -> Iterator[Plain]:
    plural = kind.lower() + "s"
    document = (
        f"query All($filter: FindFilterType) {{ find{kind}s(filter: $filter) "
        f"{{ {plural} {{ {FIELDS[kind].format()} }} }} }}"
    )
    page = 1
    while True:
        wanted = {"per_page": PAGE, "page": page, "sort": "id", "direction": "ASC"}
        answer = client.post(
            f"{url}/graphql",
            json={"query": document, "variables": {"filter": wanted}},
        ).json()
        assert "errors" not in answer, answer["errors"]
        records = answer["data"][f"find{kind}s"][plural]
        yield from records
        if len(records) < PAGE:
            return
        page += 1


# What the server says, in the terms of the mirror.


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


def _ids(refs: list[Plain]) -> set[int]:
    return {int(ref["id"]) for ref in refs}


def _id(ref: Plain | None) -> int | None:
    return int(ref["id"]) if ref else None


def _pairs(items: list[Plain], *names: str) -> set[tuple[str, ...]]:
    return {tuple(item[name] for name in names) for item in items}


def _shared(r: Plain) -> Plain:
    return {
        "created": r["created_at"],
        "updated": r["updated_at"],
        "created_at": _time(r["created_at"]),
        "updated_at": _time(r["updated_at"]),
    }


def _named(r: Plain, aliases: str) -> Plain:
    return {
        **_shared(r),
        "name": r["name"],
        "aliases": set(r[aliases]),
        "favorite": r["favorite"],
        "ignore_auto_tag": r["ignore_auto_tag"],
        "stash_ids": _pairs(r["stash_ids"], "endpoint", "stash_id"),
    }


def _tag(r: Plain) -> Plain:
    return {
        **_named(r, "aliases"),
        "sort_name": r["sort_name"] or "",
        "description": r["description"] or "",
        "parents": _ids(r["parents"]),
    }


def _studio(r: Plain) -> Plain:
    return {
        **_named(r, "aliases"),
        "details": r["details"] or "",
        "urls": r["urls"],
        "rating100": r["rating100"],
        "parent": _id(r["parent_studio"]),
        "tags": _ids(r["tags"]),
    }


def _performer(r: Plain) -> Plain:
    names = ("disambiguation", "details", "gender", "country")
    return {
        **_named(r, "alias_list"),
        **{name: r[name] or "" for name in names},
        "birthdate": r["birthdate"] or "",
        "death_date": r["death_date"] or "",
        "urls": r["urls"] or [],
        "rating100": r["rating100"],
        "tags": _ids(r["tags"]),
    }


def _scene(r: Plain) -> Plain:
    texts = ("title", "code", "details", "director", "date")
    plain = ("rating100", "organized", "urls", "o_counter", "play_count")
    return {
        **_shared(r),
        **{name: r[name] or "" for name in texts},
        **{name: r[name] for name in (*plain, "play_duration", "resume_time")},
        "last_played_at": _time(r["last_played_at"]),
        "studio": _id(r["studio"]),
        "tags": _ids(r["tags"]),
        "performers": _ids(r["performers"]),
        "stash_ids": _pairs(r["stash_ids"], "endpoint", "stash_id"),
        "files": [_file(file) for file in r["files"]],
    }


FILE_PLAIN = ("path", "basename", "size", "width", "height", "duration")
FILE_CODED = ("format", "video_codec", "audio_codec", "frame_rate", "bit_rate")


def _file(r: Plain) -> Plain:
    return {
        "id": int(r["id"]),
        **{name: r[name] for name in (*FILE_PLAIN, *FILE_CODED)},
        "mod_time": _time(r["mod_time"]),
        "created_at": _time(r["created_at"]),
        "updated_at": _time(r["updated_at"]),
        "fingerprints": _pairs(r["fingerprints"], "type", "value"),
    }


EXPECTED: dict[str, Callable[[Plain], Plain]] = {
    "Tag": _tag,
    "Studio": _studio,
    "Performer": _performer,
    "Scene": _scene,
}


# What the mirror holds, in the same terms.


def _links(model: Any, owner: str, target: str, source_id: int) -> dict[int, set[int]]:
    mask = (1 << 40) - 1
    held: dict[int, set[int]] = {}
    low, end = source_id << 40, (source_id + 1) << 40
    rows = model.objects.filter(**{f"{owner}__gte": low, f"{owner}__lt": end})
    for key, to in rows.values_list(owner, target):
        held.setdefault(key, set()).add(to & mask)
    return held


def _local(row: Any) -> Plain:
    return {
        "created": row.remote_created_text,
        "updated": row.remote_updated_text,
        "created_at": row.remote_created_at,
        "updated_at": row.remote_updated_at,
        "stash_ids": {tuple(pair) for pair in row.stash_ids},
    }


def _local_named(row: Any) -> Plain:
    return {
        **_local(row),
        "name": row.name,
        "aliases": set(row.aliases),
        "favorite": row.favorite,
        "ignore_auto_tag": row.ignore_auto_tag,
    }


def _live(model: Any, source_id: int) -> Any:
    return model.objects.filter(source_id=source_id, deleted_at=None)


def _tags(source_id: int) -> dict[int, Plain]:
    parents = _links(TagParent, "tag_id", "parent_id", source_id)
    return {
        row.remote_id: {
            **_local_named(row),
            "sort_name": row.sort_name,
            "description": row.description,
            "parents": parents.get(row.pk, set()),
        }
        for row in _live(Tag, source_id)
    }


def _studios(source_id: int) -> dict[int, Plain]:
    tags = _links(StudioTag, "studio_id", "tag_id", source_id)
    mask = (1 << 40) - 1
    return {
        row.remote_id: {
            **_local_named(row),
            "details": row.details,
            "urls": row.urls,
            "rating100": row.rating100,
            "parent": None if row.parent_id is None else row.parent_id & mask,
            "tags": tags.get(row.pk, set()),
        }
        for row in _live(Studio, source_id)
    }


def _performers(source_id: int) -> dict[int, Plain]:
    tags = _links(PerformerTag, "performer_id", "tag_id", source_id)
    names = ("disambiguation", "details", "gender", "country", "birthdate")
    return {
        row.remote_id: {
            **_local_named(row),
            **{name: getattr(row, name) for name in names},
            "death_date": row.death_date,
            "urls": row.urls,
            "rating100": row.rating100,
            "tags": tags.get(row.pk, set()),
        }
        for row in _live(Performer, source_id)
    }


def _scenes(source_id: int) -> dict[int, Plain]:
    tags = _links(SceneTag, "scene_id", "tag_id", source_id)
    performers = _links(ScenePerformer, "scene_id", "performer_id", source_id)
    files = _scene_files(source_id)
    mask = (1 << 40) - 1
    plain = ("title", "code", "details", "director", "date", "rating100", "organized")
    played = ("o_counter", "play_count", "play_duration", "resume_time")
    return {
        row.remote_id: {
            **_local(row),
            **{name: getattr(row, name) for name in (*plain, *played)},
            "urls": row.urls,
            "last_played_at": row.last_played_at,
            "studio": None if row.studio_id is None else row.studio_id & mask,
            "tags": tags.get(row.pk, set()),
            "performers": performers.get(row.pk, set()),
            "files": files.get(row.pk, []),
        }
        for row in _live(Scene, source_id).iterator()
    }


def _scene_files(source_id: int) -> dict[int, list[Plain]]:
    low, end = source_id << 40, (source_id + 1) << 40
    files: dict[int, list[Plain]] = {}
    rows = SceneFile.objects.filter(scene_id__gte=low, scene_id__lt=end)
    for row in rows.order_by("scene_id", "position").iterator():
        plain = {name: getattr(row, name) for name in (*FILE_PLAIN, *FILE_CODED)}
        files.setdefault(row.scene_id, []).append(
            {
                "id": row.remote_id,
                **plain,
                "mod_time": row.mod_time,
                "created_at": row.remote_created_at,
                "updated_at": row.remote_updated_at,
                "fingerprints": {tuple(pair) for pair in row.fingerprints},
            }
        )
    return files


MIRRORED: dict[str, Callable[[int], dict[int, Plain]]] = {
    "Tag": _tags,
    "Studio": _studios,
    "Performer": _performers,
    "Scene": _scenes,
}


def wrong_counts(source_id: int) -> list[str]:
    """Return a sentence for each stored count that is not the number of live scenes."""
    found = []
    for model, path in ((Tag, "tags"), (Performer, "performers"), (Studio, "studio")):
        real = _real_counts(source_id, path)
        for row in _live(model, source_id):
            count = real.get(row.pk, 0)
            if row.scene_count != count:
                found.append(
                    f"{model.__name__} {row.remote_id}: counts {row.scene_count} "
                    f"scenes, {count} are there"
                )
    return found


def _real_counts(source_id: int, path: str) -> dict[int, int]:
    rows = _live(Scene, source_id).values_list(path).annotate(n=Count("id"))
    return {key: n for key, n in rows.order_by() if key is not None}
