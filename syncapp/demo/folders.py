"""The folders in which the library's files lie: their ids, and their renames."""

from pathlib import PureWindowsPath

from syncapp.demo.catalogue import CREATED_FROM, Catalogue, Record, stamp


class Folders:
    """Every folder that a file lies in, and those above it. Ids are never used twice.

    They are worked out when somebody asks first. Who calls holds the library's lock.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._renames: list[tuple[str, str]] = []
        self._records: dict[int, Record] = {}
        self._ids: dict[str, int] = {}

    def records(self) -> dict[int, Record]:
        """Return all by id, ascending."""
        self._open()
        return self._records

    def of(self, path: str) -> Record:
        """Return the folder of a file, made on the way if it is new."""
        self._open()
        return self._records[self._id(_above(path))]

    @property
    def renamed(self) -> bool:
        """Whether any folder was ever renamed."""
        return bool(self._renames)

    def rename(self, old: str, new: str) -> None:
        """Rename one with all below it, and touch no stamp, as a scan of Stash does."""
        self._open()
        self._renames.append((old, new))
        for number, folder in self._records.items():
            path = moved_below(folder["path"], old, new)
            self._records[number] = {**folder, "path": path}
        self._ids = {folder["path"]: n for n, folder in self._records.items()}

    def now_at(self, path: str) -> str:
        """Return where a path of the catalogue lies after all renames."""
        for old, new in self._renames:
            path = moved_below(path, old, new)
        return path

    def _open(self) -> None:
        if not self._records:
            for path in self._catalogue.folders():
                self._id(path)

    def _id(self, path: str) -> int:
        """Return the id of a folder; a new one gets the next, after those above it."""
        if path in self._ids:
            return self._ids[path]
        above = _above(path)
        parent = self._id(above) if above else None
        number = len(self._records) + 1
        at = stamp(CREATED_FROM + number, self._catalogue.zone)
        stamps = dict.fromkeys(("mod_time", "created_at", "updated_at"), at)
        made = {"id": number, "path": path, "parent": parent}
        self._records[number] = {**made, **stamps}
        self._ids[path] = number
        return number


def _above(path: str) -> str:
    """Return the folder of a file or folder, or nothing: it stands at the top."""
    if "\\" not in path:
        return path.rpartition("/")[0]
    above = str(PureWindowsPath(path).parent)
    return "" if above == path else above


def moved_below(path: str, old: str, new: str) -> str:
    """Return a path with its folder `old` called `new`; others stay as they are."""
    rest = path.removeprefix(old)
    lies_below = path.startswith(old) and rest[:1] in {"", "/", "\\"}
    return new + rest if lies_below else path
