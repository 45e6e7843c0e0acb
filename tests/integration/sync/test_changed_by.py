"""Each row of the mirror tells which job changed it last."""

import pytest

from syncapp.models import Scene
from tests.mirror import Mirror, PlainReporter

pytestmark = pytest.mark.django_db


def changed_by(remote_id: int) -> int | None:
    found: int | None = Scene.objects.get(remote_id=remote_id).changed_by_job
    return found


def test_only_what_a_job_changed_names_it(mirror: Mirror) -> None:
    mirror.full(reporter=PlainReporter(job_id=7))
    mirror.demo.library.edit("scene", 5, title="Tides of the Wadden Sea")
    mirror.demo.library.delete("scene", 6)

    mirror.quick(reporter=PlainReporter(job_id=8))

    assert [changed_by(number) for number in (4, 5, 6)] == [7, 8, 8]
    assert Scene.objects.get(remote_id=6).deleted_at is not None
