"""Takes paths apart: of either separator, with drives, servers and shares."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

PARTS = re.compile(r"[^/\\]+")
# What stands before folders and is none: a drive, the scheme of an address.
VOLUME = re.compile(r"[A-Za-z][\w+.-]*:")
# What a file of pictures that move, or of many pictures, ends with.
EXTENSIONS = re.compile(
    "3g2|3gp|7z|asf|avi|bik|cb[rz]|divx|dv|f4v|flv|gif|iso|m2ts?|m2v|m4v|mk3d|mkv|mov|"
    "mp4v?|mpe?g?|mts|mxf|nsv|og[mv]|qt|rar|rmv?b?|strm|swf|ts|vob|webm|wmv|wtv|zip",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PathPart:
    """A folder of a path, or the name of its file without the extension."""

    start: int
    end: int
    folder: str = ""  # with all above it, "/data/films" or "C:/films"

    @property
    def is_file(self) -> bool:
        return not self.folder


def path_parts(path: str) -> list[PathPart]:
    """Return folders and file from the top. A path that ends with "/" has no file."""
    has_file = not path.endswith(("/", "\\"))
    found = list(PARTS.finditer(path))
    parts = []
    for place, name, above in _named(path, found):
        is_file = has_file and place == len(found) - 1
        start, end = found[place].span()
        if is_file:
            parts.append(PathPart(start, start + _stem(found[place][0])))
        elif name:
            parts.append(PathPart(start, end, above))
    return parts


def folders(path: str) -> list[str]:
    """Return each folder of a path with all above it: "/data", "/data/films"."""
    return [part.folder for part in path_parts(path) if not part.is_file]


def _named(path: str, found: list["re.Match[str]"]) -> Iterator[tuple[int, str, str]]:
    """Yield (place, name, all from the top); the name of what is no folder is ""."""
    is_server = path.startswith(("//", "\\\\"))
    above = "//" if is_server else "/" * path.startswith(("/", "\\"))
    for place, part in enumerate(found):
        name = part[0]
        above += name if place == 0 else f"/{name}"
        is_volume = VOLUME.fullmatch(name) if place < 3 else None  # noqa: PLR2004 - \\?\C:
        is_first = is_server and place == 0
        yield place, "" if is_volume or is_first or name in ".?" else name, above


def _stem(name: str) -> int:
    """Return how many characters of a file's name stand before its extension."""
    stem, dot, extension = name.rpartition(".")
    is_known = dot and stem and EXTENSIONS.fullmatch(extension)
    return len(stem) if is_known else len(name)
