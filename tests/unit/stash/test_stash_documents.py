"""What is asked for fits the server, and says so by its version number."""

import pytest
from graphql import parse, validate

from syncapp.demo.schema import missing_in, schema_without
from syncapp.stash import documents
from syncapp.stash.documents import (
    ENTITIES,
    PERFORMERS,
    SCENES,
    STUDIOS,
    TAGS,
    Entity,
    selection_version,
)
from syncapp.stash.server import HANDSHAKE, Server

VERSIONS = [(0, 24), (0, 25), (0, 26), (0, 27), (0, 28), (0, 30), (0, 31)]


def server(*without: str) -> Server:
    """Introspect the schema without these names, as a handshake would."""
    names = set()
    for kind in schema_without(*without).type_map.values():
        for name, field in getattr(kind, "fields", {}).items():
            names.add(f"{kind.name}.{name}")
            names.update(
                f"{kind.name}.{name}.{arg}" for arg in getattr(field, "args", ())
            )
    return Server("v0", 1, "OK", frozenset(names))


def texts(entity: Entity, about: Server) -> list[str]:
    listed = documents.takes_ids(entity, about)
    return [
        documents.count(entity),
        documents.index(entity),
        documents.page(entity, about),
        *([documents.by_ids(entity, about)] if listed else []),
        documents.one_by_one(entity, about, 3),
        documents.existence(entity, 50),
    ]


@pytest.mark.parametrize("version", VERSIONS, ids=str)
def test_every_document_is_valid_on_every_version(version: tuple[int, int]) -> None:
    lacking = missing_in(version)
    schema = schema_without(*lacking)

    for entity in ENTITIES:
        for text in [HANDSHAKE, *texts(entity, server(*lacking))]:
            assert validate(schema, parse(text)) == [], text


def test_the_newest_server_is_asked_for_all_fields() -> None:
    page = documents.page(TAGS, server())

    assert "{ id name created_at updated_at sort_name" in page
    assert "parents { id } stash_ids { endpoint stash_id } }" in page


def test_a_field_that_a_server_lacks_is_left_out() -> None:
    page = documents.page(TAGS, server("Tag.sort_name"))

    assert "sort_name" not in page


@pytest.mark.parametrize("entity", [STUDIOS, PERFORMERS], ids=["studios", "performers"])
def test_the_old_single_url_is_asked_for_only_where_urls_are_not(
    entity: Entity,
) -> None:
    new = documents.page(entity, server()).split()
    old = documents.page(entity, server(f"{entity.type_name}.urls")).split()

    assert ("urls" in new, "url" in new) == (True, False)
    assert ("urls" in old, "url" in old) == (False, True)


def test_nothing_that_holds_the_key_or_moves_by_itself_is_asked_for() -> None:
    for entity in ENTITIES:
        words = set(" ".join(texts(entity, server())).replace("{", " ").split())
        unwanted = {"paths", "image_path", "sceneStreams", "stream", "configuration"}
        assert not words & unwanted


def test_what_we_need_and_a_server_lacks_is_named() -> None:
    lacking = server("Scene.files", "Tag.sort_name", "SceneFilterType.id")

    assert documents.missing(lacking) == ["SceneFilterType.id", "Scene.files"]
    assert documents.missing(server()) == []


@pytest.mark.parametrize("version", VERSIONS, ids=str)
def test_no_version_from_0_24_on_lacks_what_we_need(version: tuple[int, int]) -> None:
    assert documents.missing(server(*missing_in(version))) == []


def test_the_selections_number_changes_with_the_selected_fields_alone() -> None:
    whole = selection_version(TAGS, server())

    assert selection_version(TAGS, server("Studio.urls")) == whole
    assert selection_version(TAGS, server("Tag.scene_count")) == whole
    assert selection_version(TAGS, server("Tag.sort_name")) != whole
    assert selection_version(SCENES, server()) != whole
    assert -(2**63) <= whole < 2**63
