"""A person's rules are kept, checked and honoured."""

from typing import Any

import pytest

from syncapp import queries, services
from syncapp.models import KeptRoots, KeptSpelling
from syncapp.services import SpellingOf
from tests.builders import make_person, make_source, make_tag
from tests.integration.analysis.conftest import Archive

pytestmark = pytest.mark.django_db


def tags(archive: Archive) -> list[str]:
    """Return which tags a run over the first scene proposes."""
    plan_id = archive.run_over([1], detectors=("tag",)).get("plan")
    if plan_id is None:
        return []
    page = queries.plan_page(plan_id)
    assert page is not None
    return [change.value for scene in page.scenes for change in scene.changes]


def test_a_spelling_that_is_off_matches_no_more_until_the_rule_goes(
    archive: Archive,
) -> None:
    assert tags(archive) == ["harbour"]

    rule = services.keep_spelling(archive.source.pk, "Harbour", effect="off")
    assert tags(archive) == []

    services.remove_rule("spelling", rule)
    assert tags(archive) == ["harbour"]


def test_a_rule_of_another_name_leaves_this_one(archive: Archive) -> None:
    other = make_tag(archive.source, 7, "dawn")
    of = SpellingOf("tag", other.pk)

    services.keep_spelling(archive.source.pk, "harbour", effect="off", of=of)

    assert tags(archive) == ["harbour", "dawn"]


def test_telling_it_again_changes_the_rule(archive: Archive) -> None:
    source_id, person = archive.source.pk, make_person("ada")

    first = services.keep_spelling(source_id, "May", effect="off")
    again = services.keep_spelling(
        source_id, "  MAY ", effect="needs_more", by=person.pk
    )
    of_tags = services.keep_spelling(
        source_id, "May", effect="off", of=SpellingOf("tag")
    )

    assert first == again != of_tags
    (line, _) = queries.rules_of(source_id).spellings
    assert (line.spelling, line.effect, line.by) == ("MAY", "needs_more", "ada")


def test_rules_are_listed_with_the_names_that_they_are_about(archive: Archive) -> None:
    source_id, key = archive.source.pk, archive.key(1)
    services.keep_spelling(
        source_id,
        "pier",
        effect="with_studio",
        of=SpellingOf("tag", key),
        studio_id=key,
    )
    services.keep_mark(source_id, "60fps", tag_id=key)
    services.keep_date_order(source_id, "films\\reels\\", order="dmy")
    services.keep_roots(source_id, ["/films/", "/films", "D:\\more"])

    rules = queries.rules_of(source_id)

    (spelling,) = rules.spellings
    assert (spelling.entity, spelling.studio) == ("harbour", "Tideline Films")
    assert [(mark.mark, mark.tag) for mark in rules.marks] == [("60fps", "harbour")]
    assert [each.folder for each in rules.date_orders] == ["films/reels"]
    assert rules.roots == ("/films", "D:/more")


def test_roots_are_found_again_when_the_rule_goes(archive: Archive) -> None:
    services.keep_roots(archive.source.pk, ["/films"])
    services.keep_roots(archive.source.pk, None)

    assert queries.rules_of(archive.source.pk).roots is None
    assert not KeptRoots.objects.exists()


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"spelling": "  "}, "A spelling is needed"),
    ({"spelling": "-- !"}, "has no letters or digits"),
    ({"spelling": "a" * 201}, "longer than 200"),
    ({"effect": "on"}, "there are off, needs_more, with_studio"),
    ({"of": SpellingOf("scene")}, "there are studio, performer, tag"),
    ({"of": SpellingOf("", 5)}, "Say whether it is a studio"),
    ({"of": SpellingOf("tag", 5)}, "This tag is not in the mirror"),
    ({"effect": "with_studio"}, "Choose the studio"),
    ({"effect": "with_studio", "studio_id": 5}, "This studio is not in the mirror"),
    ({"studio_id": 5}, "belongs only to a spelling"),
]


@pytest.mark.parametrize(("told", "sentence"), WRONG)
def test_a_spelling_that_makes_no_sense_is_refused(
    told: dict[str, Any], sentence: str, archive: Archive
) -> None:
    given = {"spelling": "May", "effect": "off", **told}

    with pytest.raises(services.BadRule, match=sentence):
        services.keep_spelling(archive.source.pk, given.pop("spelling"), **given)

    assert not KeptSpelling.objects.exists()


def test_other_rules_that_make_no_sense_are_refused(archive: Archive) -> None:
    source_id = archive.source.pk
    foreign = make_tag(make_source("Other archive"), 1, "Sea")

    with pytest.raises(services.BadRule, match="there are dmy, mdy"):
        services.keep_date_order(source_id, "/films", order="ymd")
    with pytest.raises(services.BadRule, match="Name a folder"):
        services.keep_date_order(source_id, "C:\\", order="dmy")
    with pytest.raises(services.BadRule, match="not in the mirror of the source"):
        services.keep_mark(source_id, "1080p", tag_id=foreign.pk)
    with pytest.raises(services.BadRule, match="At most 100"):
        services.keep_roots(source_id, [f"/films {n}" for n in range(101)])
    with pytest.raises(services.RuleNotFound):
        services.remove_rule("mark", 1)
    with pytest.raises(services.RuleNotFound):
        services.remove_rule("scene", 1)
    with pytest.raises(services.SourceNotFound):
        services.keep_roots(0, ["/films"])
