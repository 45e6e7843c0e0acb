"""What a person may do, as each page gets it."""

from typing import Any

import pytest

from jobs.viewer import viewer_of
from tests.builders import make_person

pytestmark = pytest.mark.django_db


def test_a_superuser_holds_what_django_says_without_a_question_to_the_database(
    django_assert_num_queries: Any,
) -> None:
    person = make_person("ada", is_superuser=True)
    with django_assert_num_queries(0):
        viewer = viewer_of(person)

    assert viewer is not None
    assert viewer.permissions == person.get_all_permissions()
    assert viewer.may("jobs.run_job")


def test_another_person_holds_what_was_given_and_no_more() -> None:
    viewer = viewer_of(make_person("eve", "jobs.run_job"))

    assert viewer is not None
    assert viewer.permissions == {"jobs.run_job"}
