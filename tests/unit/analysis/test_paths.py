"""Paths of any kind are taken apart alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncapp.analysis.paths import folders, path_parts


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("/data/x.y/a.b.mp4", ["x.y of /data/x.y", "data of /data", "a.b"]),
        (r"\\nas\share\Films\x.mp4", ["share of //nas/share", "Films", "x"]),
        (r"C:\Media\x", ["Media of C:/Media", "x"]),
        (r"\\?\C:\Media\x.mkv", ["Media", "x"]),
        ("smb://nas/films/x.mp4", ["nas", "films", "x"]),
        ("Title (03.04.2019) (x)/", ["Title (03.04.2019) (x)"]),
        ("/data/Title 03.04.2019", ["data", "Title 03.04.2019"]),
        ("/data/Jane.Doe", ["data", "Jane.Doe"]),
        ("/data/.mp4", ["data", ".mp4"]),
        ("/a//b/./c.MKV", ["a", "b", "c"]),
        ("", []),
        ("//", []),
    ],
)
def test_folders_and_the_name_of_a_file(path: str, parts: list[str]) -> None:
    found = {path[part.start : part.end]: part.folder for part in path_parts(path)}

    wanted = dict(part.partition(" of ")[::2] for part in parts)
    assert set(found) == set(wanted)
    assert {name: found[name] for name, above in wanted.items() if above} == {
        name: above for name, above in wanted.items() if above
    }


def test_folders_are_told_with_all_above_them() -> None:
    assert folders("/data/films/x.mp4") == ["/data", "/data/films"]
    assert folders(r"D:\data\films\x.mp4") == ["D:/data", "D:/data/films"]


@given(st.text() | st.text(alphabet="/\\:.?aC mp4"))
def test_any_text_is_taken_apart_in_its_order(path: str) -> None:
    parts = path_parts(path)

    reached = 0
    for part in parts:
        assert reached <= part.start < part.end <= len(path)
        assert not set(path[part.start : part.end]) & {"/", "\\"}
        reached = part.end
    assert sum(part.is_file for part in parts) <= 1
