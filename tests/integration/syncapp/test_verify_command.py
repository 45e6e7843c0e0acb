"""`manage.py verify`: what it prints, what it repairs, how it ends."""

import io
import json

import pytest
from django.core.management import call_command

from jobs.models import Job
from syncapp.demo import DemoServer
from syncapp.models import Scene, Source, Tag
from tests.builders import make_source
from tests.commanding import command

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def source(demo: DemoServer, transactional_db: None) -> Source:
    source = make_source("Film archive", url=demo.url)
    call_command("sync", "--full", "--inline", stdout=io.StringIO())
    return source


def verify(*words: str) -> tuple[str, int, str]:
    """Run the command here; returns what it printed, its exit code, its last words."""
    return command("verify", "--inline", *words)


def test_mirror_that_is_right_is_told_in_a_table(source: Source) -> None:
    printed, code, _ = verify()

    lines = printed.splitlines()
    assert code == 0
    assert lines[0] == str(Job.objects.latest("id").pk)
    assert lines[1].split()[:4] == ["source", "mirror", "compared", "differences"]
    assert [line.split()[0] for line in lines[2:6]] == [
        *("tags", "studios", "performers", "scenes")
    ]
    assert lines[5].split()[1:4] == ["60", "60", "60"]
    assert lines[6].endswith("succeeded.")


def test_differences_are_named_and_end_with_code_three(source: Source) -> None:
    Scene.objects.filter(remote_id=5).update(title="Not what the source says")
    Tag.objects.filter(remote_id=2).update(scene_count=7_000)

    printed, code, said = verify("--all")

    assert code == 3
    assert "Scene 5 “Not what the source says” (title is" in printed
    assert "says 7,000, it is linked to" in printed
    assert said.endswith("is done, but 2 differences were found; see --repair.")
    assert Scene.objects.get(remote_id=5).title == "Not what the source says"


def test_repair_makes_right_and_ends_well(source: Source) -> None:
    Scene.objects.filter(remote_id=5).update(title="Not what the source says")
    Tag.objects.filter(remote_id=2).update(scene_count=7_000)

    printed, code, _ = verify("--all", "--repair")

    assert code == 0
    assert "2 differences were repaired, 0 left." in printed
    assert verify("--all")[1] == 0


def test_json_is_one_object_with_what_was_told(source: Source) -> None:
    Scene.objects.filter(remote_id=5).update(title="Not what the source says")

    printed, code, _ = verify("--all", "--json", "--only", "scenes")

    told = json.loads(printed)
    assert (code, told["kind"], told["status"]) == (3, "sync.verify", "succeeded")
    assert told["result"]["differences"] == 1
    assert told["result"]["kinds"] == {"scenes": {"wrong": 1}}
    assert told["result"]["costs"]["scenes"]["requests"] > 0
    assert len(told["told"]) == 1


def test_sample_is_as_large_as_asked_for(source: Source) -> None:
    printed, _, _ = verify("--sample", "7", "--only", "scenes", "--json")

    assert json.loads(printed)["result"]["verified"]["scenes"]["compared"] == 7


@pytest.mark.parametrize("words", [["--sample", "0"], ["--only", "films"]])
def test_wrong_usage_ends_with_code_two(words: list[str], source: Source) -> None:
    assert verify(*words)[1] == 2


def test_source_that_is_away_ends_with_code_five(source: Source) -> None:
    Source.objects.update(url="http://127.0.0.1:1")
    call_command("verify", "--detach", stdout=io.StringIO())
    Job.objects.update(max_attempts=1)

    _, code, said = verify()

    assert code == 5
    assert "Nothing answers at http://127.0.0.1:1." in said
