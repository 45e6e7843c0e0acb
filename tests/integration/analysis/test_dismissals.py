"""What was dismissed is proposed no more, until that is taken back."""

import pytest

from syncapp import queries, services
from syncapp.models import Change, Dismissal
from tests.builders import make_person
from tests.integration.analysis.conftest import SCENES, Archive

pytestmark = pytest.mark.django_db


def change(archive: Archive, number: int, field: str = "studio") -> int:
    rows = Change.objects.filter(scene_id=archive.key(number), field=field)
    return rows.order_by("-pk").values_list("pk", flat=True)[0]


def studios(plan_id: int) -> set[int]:
    """Return the scenes to which a plan gives a studio, by the source's ids."""
    rows = Change.objects.filter(plan_id=plan_id, field="studio")
    return {row.remote_id for row in rows}


def run_all(archive: Archive) -> tuple[set[int], int]:
    result = archive.run_over(range(1, SCENES + 1))
    return studios(result["plan"]), result["found"]["dismissed"]


EVERY, ODD = set(range(1, SCENES + 1)), set(range(1, SCENES + 1, 2))


@pytest.mark.parametrize(
    ("reach", "left", "dismissed"),
    [
        ("scene", EVERY - {3}, 1),
        ("cause", EVERY - ODD, len(ODD)),
        ("name", EVERY - ODD, len(ODD)),
    ],
)
def test_it_is_honoured_by_the_next_run_and_can_be_taken_back(
    reach: str, left: set[int], dismissed: int, archive: Archive
) -> None:
    assert run_all(archive) == (EVERY, 0)

    number = services.dismiss(change(archive, 3), reach)
    assert run_all(archive) == (left, dismissed)

    assert services.take_back_dismissal(number) == "Tideline Films"
    assert run_all(archive) == (EVERY, 0)


def test_a_reason_that_is_dismissed_leaves_the_same_value_for_another(
    archive: Archive,
) -> None:
    archive.run_over([1])
    services.dismiss(change(archive, 1), "cause")
    Change.objects.all().delete()

    archive.run_over(range(1, SCENES + 1), detectors=("folder", "echo"))

    assert set(Change.objects.values_list("value", flat=True)) == {"Blue Planet"}


def test_a_text_is_dismissed_as_a_name_is(archive: Archive) -> None:
    archive.run_over([4, 8])
    services.dismiss(change(archive, 4, "title"), "name")
    Change.objects.all().delete()

    archive.run_over([4, 8])

    titles = Change.objects.filter(field="title").values_list("value", flat=True)
    assert list(titles) == ["reel 8"]


def test_dismissing_twice_is_one_dismissal(archive: Archive) -> None:
    person = make_person("ada")
    archive.run_over([1])

    first = services.dismiss(change(archive, 1), "name", by=person.pk)
    second = services.dismiss(change(archive, 1), "name")

    assert first == second
    ((line),) = queries.list_dismissals(archive.source.pk).dismissals
    assert (line.reach, line.field, line.value) == ("name", "studio", "Tideline Films")
    assert line.by == "ada"
    assert line.sentence == "The folder “Tideline Films” is its name."


def test_each_reach_is_a_dismissal_of_its_own(archive: Archive) -> None:
    archive.run_over([1])

    for reach in ("scene", "cause", "name"):
        services.dismiss(change(archive, 1), reach)

    assert Dismissal.objects.count() == 3
    assert Change.objects.filter(state="proposed").count() == 2


def test_the_list_goes_on_behind_a_page(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries.rules, "DISMISSALS", 2)
    archive.run_over([1, 3, 5])
    ids = [services.dismiss(change(archive, number), "scene") for number in (1, 3, 5)]

    first = queries.list_dismissals(archive.source.pk)
    second = queries.list_dismissals(archive.source.pk, after=first.next)

    shown = [line.dismissal_id for page in (first, second) for line in page.dismissals]
    assert shown == ids[::-1]
    assert second.next == ""


def test_what_is_not_there_cannot_be_dismissed_or_taken_back(archive: Archive) -> None:
    archive.run_over([1])

    with pytest.raises(services.ChangeNotFound):
        services.dismiss(0, "scene")
    with pytest.raises(services.DismissalNotFound):
        services.take_back_dismissal(0)
    with pytest.raises(services.BadRequest, match="scene, cause, name"):
        services.dismiss(change(archive, 1), "always")
