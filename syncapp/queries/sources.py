"""Sources, for pages and commands: of what is secret only whether it is set."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from syncapp.models import Source

TELLS_FILES = (0, 29)  # the first Stash that lists files and folders


@dataclass(frozen=True, slots=True)
class SourceLine:
    source_id: int
    name: str
    url: str
    public_url: str  # where browsers find it, if not at `url`
    read_only: bool
    analyse_after_sync: bool
    is_demo: bool
    key_set: bool
    key_changed_at: datetime | None
    certificate: str  # PEM or a fingerprint; nobody's secret
    headers_set: bool
    version: str
    reached_at: datetime | None
    trouble: str
    trouble_since: datetime | None

    @property
    def link(self) -> str:
        """Return the address that a page links to."""
        return self.public_url or self.url

    @property
    def hides_files(self) -> bool:
        """Whether it is so old that a quick sync sees no moved file in it."""
        numbers = re.match(r"v(\d+)\.(\d+)", self.version)
        return numbers is not None and tuple(map(int, numbers.groups())) < TELLS_FILES


@dataclass(frozen=True, slots=True)
class SampleLibrary:
    """The sample library, for the banner of every page."""

    source_id: int
    name: str


@dataclass(frozen=True, slots=True)
class FrameSources:
    names: Mapping[int, str]  # by row id, the oldest first
    sample: SampleLibrary | None


def list_sources() -> tuple[SourceLine, ...]:
    """Return all sources, the oldest first."""
    return tuple(_to_line(source) for source in Source.objects.order_by("id"))


def source_line(source_id: int) -> SourceLine | None:
    """Return one source; None if it is not there."""
    source = Source.objects.filter(pk=source_id).first()
    return None if source is None else _to_line(source)


def frame_sources() -> FrameSources:
    """Return what the frame of each page tells of the sources, in one query."""
    rows = Source.objects.order_by("id").values_list("id", "name", "is_demo")
    names, sample = {}, None
    for source_id, name, is_demo in rows:
        names[source_id] = name
        if is_demo and sample is None:
            sample = SampleLibrary(source_id, name)
    return FrameSources(names, sample)


def _to_line(source: Source) -> SourceLine:
    return SourceLine(
        source_id=source.pk,
        name=source.name,
        url=source.url,
        public_url=source.public_url,
        read_only=source.read_only,
        analyse_after_sync=source.analyse_after_sync,
        is_demo=source.is_demo,
        key_set=source.api_key != "",
        key_changed_at=source.key_changed_at,
        certificate=source.certificate,
        headers_set=source.headers != "",
        version=source.version,
        reached_at=source.reached_at,
        trouble=source.trouble,
        trouble_since=source.trouble_since,
    )
