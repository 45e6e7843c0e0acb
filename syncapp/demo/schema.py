"""The demo's schema: our own text of the parts of Stash's API that Steward uses."""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    FieldDefinitionNode,
    GraphQLSchema,
    build_ast_schema,
    parse,
)

SCHEMA = """
scalar Time
scalar Int64
scalar Timestamp

enum SortDirectionEnum { ASC DESC }
enum CriterionModifier {
  EQUALS NOT_EQUALS GREATER_THAN LESS_THAN IS_NULL NOT_NULL INCLUDES_ALL INCLUDES
  EXCLUDES MATCHES_REGEX NOT_MATCHES_REGEX BETWEEN NOT_BETWEEN
}
enum SystemStatusEnum { SETUP NEEDS_MIGRATION OK }
enum GenderEnum {
  MALE FEMALE TRANSGENDER_MALE TRANSGENDER_FEMALE INTERSEX NON_BINARY
}
enum BulkUpdateIdMode { SET ADD REMOVE }

input FindFilterType {
  q: String
  page: Int
  per_page: Int
  sort: String
  direction: SortDirectionEnum
}
input IntCriterionInput { value: Int! value2: Int modifier: CriterionModifier! }
input StringCriterionInput { value: String! modifier: CriterionModifier! }
input TimestampCriterionInput {
  value: String!
  value2: String
  modifier: CriterionModifier!
}
input FileFilterType {
  scene_count: IntCriterionInput
  path: StringCriterionInput
  basename: StringCriterionInput
  mod_time: TimestampCriterionInput
  created_at: TimestampCriterionInput
  updated_at: TimestampCriterionInput
}
input FolderFilterType {
  path: StringCriterionInput
  mod_time: TimestampCriterionInput
  created_at: TimestampCriterionInput
  updated_at: TimestampCriterionInput
}
input SceneFilterType {
  id: IntCriterionInput
  title: StringCriterionInput
  play_count: IntCriterionInput
  o_counter: IntCriterionInput
  files_filter: FileFilterType
  last_played_at: TimestampCriterionInput
  created_at: TimestampCriterionInput
  updated_at: TimestampCriterionInput
}
input PerformerFilterType {
  name: StringCriterionInput
  created_at: TimestampCriterionInput
  updated_at: TimestampCriterionInput
}
input TagFilterType {
  name: StringCriterionInput
  created_at: TimestampCriterionInput
  updated_at: TimestampCriterionInput
}
input StudioFilterType {
  name: StringCriterionInput
  created_at: TimestampCriterionInput
  updated_at: TimestampCriterionInput
}

type Version { version: String hash: String! build_time: String! }
type SystemStatus {
  databaseSchema: Int
  databasePath: String
  appSchema: Int!
  status: SystemStatusEnum!
  os: String!
}
type StashID { endpoint: String! stash_id: String! updated_at: Time! }
type Fingerprint { type: String! value: String! }
type Folder {
  id: ID!
  path: String!
  parent_folder: Folder
  mod_time: Time!
  created_at: Time!
  updated_at: Time!
}
interface BaseFile {
  id: ID!
  path: String!
  basename: String!
  parent_folder_id: ID!
  parent_folder: Folder!
  size: Int64!
  mod_time: Time!
  fingerprints: [Fingerprint!]!
  created_at: Time!
  updated_at: Time!
}
type VideoFile implements BaseFile {
  id: ID!
  path: String!
  basename: String!
  parent_folder_id: ID!
  parent_folder: Folder!
  size: Int64!
  mod_time: Time!
  fingerprints: [Fingerprint!]!
  format: String!
  width: Int!
  height: Int!
  duration: Float!
  video_codec: String!
  audio_codec: String!
  frame_rate: Float!
  bit_rate: Int!
  created_at: Time!
  updated_at: Time!
}
type ScenePathsType { screenshot: String }
type Scene {
  id: ID!
  title: String
  code: String
  details: String
  director: String
  url: String @deprecated(reason: "urls holds them all")
  urls: [String!]!
  date: String
  rating100: Int
  organized: Boolean!
  o_counter: Int
  play_count: Int
  play_duration: Float
  resume_time: Float
  last_played_at: Time
  created_at: Time!
  updated_at: Time!
  files: [VideoFile!]!
  paths: ScenePathsType!
  studio: Studio
  tags: [Tag!]!
  performers: [Performer!]!
  stash_ids: [StashID!]!
}
type Performer {
  id: ID!
  name: String!
  disambiguation: String
  url: String @deprecated(reason: "urls holds them all")
  twitter: String @deprecated(reason: "urls holds them all")
  instagram: String @deprecated(reason: "urls holds them all")
  urls: [String!]
  gender: GenderEnum
  birthdate: String
  death_date: String
  country: String
  details: String
  alias_list: [String!]!
  ignore_auto_tag: Boolean!
  favorite: Boolean!
  rating100: Int
  image_path: String
  scene_count: Int!
  tags: [Tag!]!
  stash_ids: [StashID!]!
  created_at: Time!
  updated_at: Time!
}
type Tag {
  id: ID!
  name: String!
  sort_name: String
  description: String
  aliases: [String!]!
  ignore_auto_tag: Boolean!
  favorite: Boolean!
  image_path: String
  scene_count: Int!
  stash_ids: [StashID!]!
  parents: [Tag!]!
  children: [Tag!]!
  created_at: Time!
  updated_at: Time!
}
type Studio {
  id: ID!
  name: String!
  url: String @deprecated(reason: "urls holds them all")
  urls: [String!]!
  parent_studio: Studio
  child_studios: [Studio!]!
  details: String
  aliases: [String!]!
  ignore_auto_tag: Boolean!
  favorite: Boolean!
  rating100: Int
  image_path: String
  scene_count: Int!
  stash_ids: [StashID!]!
  tags: [Tag!]!
  created_at: Time!
  updated_at: Time!
}
type FindScenesResultType { count: Int! scenes: [Scene!]! }
type FindPerformersResultType { count: Int! performers: [Performer!]! }
type FindTagsResultType { count: Int! tags: [Tag!]! }
type FindStudiosResultType { count: Int! studios: [Studio!]! }
type FindFilesResultType { count: Int! files: [BaseFile!]! }
type FindFoldersResultType { count: Int! folders: [Folder!]! }

type Query {
  version: Version!
  systemStatus: SystemStatus!
  findScene(id: ID): Scene
  findPerformer(id: ID!): Performer
  findTag(id: ID!): Tag
  findStudio(id: ID!): Studio
  findScenes(
    scene_filter: SceneFilterType
    scene_ids: [Int!] @deprecated(reason: "ids")
    ids: [ID!]
    filter: FindFilterType
  ): FindScenesResultType!
  findPerformers(
    performer_filter: PerformerFilterType
    performer_ids: [Int!] @deprecated(reason: "ids")
    ids: [ID!]
    filter: FindFilterType
  ): FindPerformersResultType!
  findTags(
    tag_filter: TagFilterType
    ids: [ID!]
    filter: FindFilterType
  ): FindTagsResultType!
  findStudios(
    studio_filter: StudioFilterType
    ids: [ID!]
    filter: FindFilterType
  ): FindStudiosResultType!
  findFiles(
    file_filter: FileFilterType
    filter: FindFilterType
    ids: [ID!]
  ): FindFilesResultType!
  findFolders(
    folder_filter: FolderFilterType
    filter: FindFilterType
    ids: [ID!]
  ): FindFoldersResultType!
}

input StashIDInput { endpoint: String! stash_id: String! updated_at: Time }
input BulkUpdateIds { ids: [ID!] mode: BulkUpdateIdMode! }
input BulkUpdateStrings { values: [String!] mode: BulkUpdateIdMode! }
input SceneUpdateInput {
  id: ID!
  title: String
  code: String
  details: String
  director: String
  url: String
  urls: [String!]
  date: String
  rating100: Int
  organized: Boolean
  o_counter: Int
  play_count: Int
  play_duration: Float
  resume_time: Float
  studio_id: ID
  tag_ids: [ID!]
  performer_ids: [ID!]
  stash_ids: [StashIDInput!]
}
input BulkSceneUpdateInput {
  ids: [ID!]
  title: String
  code: String
  details: String
  director: String
  date: String
  rating100: Int
  organized: Boolean
  studio_id: ID
  urls: BulkUpdateStrings
  tag_ids: BulkUpdateIds
  performer_ids: BulkUpdateIds
}
input SceneDestroyInput { id: ID! delete_file: Boolean delete_generated: Boolean }
input PerformerUpdateInput {
  id: ID!
  name: String
  disambiguation: String
  urls: [String!]
  gender: GenderEnum
  birthdate: String
  death_date: String
  country: String
  details: String
  alias_list: [String!]
  ignore_auto_tag: Boolean
  favorite: Boolean
  rating100: Int
  tag_ids: [ID!]
  stash_ids: [StashIDInput!]
}
input PerformerDestroyInput { id: ID! }
input TagCreateInput {
  name: String!
  sort_name: String
  description: String
  aliases: [String!]
  ignore_auto_tag: Boolean
  favorite: Boolean
  parent_ids: [ID!]
  stash_ids: [StashIDInput!]
}
input TagUpdateInput {
  id: ID!
  name: String
  sort_name: String
  description: String
  aliases: [String!]
  ignore_auto_tag: Boolean
  favorite: Boolean
  parent_ids: [ID!]
  stash_ids: [StashIDInput!]
}
input TagDestroyInput { id: ID! }
input TagsMergeInput { source: [ID!]! destination: ID! }
input StudioDestroyInput { id: ID! }

type Mutation {
  sceneUpdate(input: SceneUpdateInput!): Scene
  scenesUpdate(input: [SceneUpdateInput!]!): [Scene]
  bulkSceneUpdate(input: BulkSceneUpdateInput!): [Scene!]
  sceneDestroy(input: SceneDestroyInput!): Boolean!
  performerUpdate(input: PerformerUpdateInput!): Performer
  performerDestroy(input: PerformerDestroyInput!): Boolean!
  tagCreate(input: TagCreateInput!): Tag
  tagUpdate(input: TagUpdateInput!): Tag
  tagDestroy(input: TagDestroyInput!): Boolean!
  tagsMerge(input: TagsMergeInput!): Tag
  studioDestroy(input: StudioDestroyInput!): Boolean!
}
"""

# What a server does not have yet, by the first version that has it.
ARRIVED: dict[tuple[int, int], tuple[str, ...]] = {
    (0, 25): (
        "Query.findScenes.ids",
        "Query.findPerformers.ids",
        "Query.findTags.ids",
        "Query.findStudios.ids",
    ),
    (0, 26): ("Tag.favorite", "Studio.favorite", "SceneFilterType.last_played_at"),
    (0, 27): ("Performer.urls", "Studio.tags"),
    (0, 28): ("Tag.sort_name", "StashID.updated_at"),
    (0, 29): (
        "Query.findFiles",
        "Query.findFolders",
        "BaseFile.parent_folder",
        "VideoFile.parent_folder",
        "Folder.parent_folder",
    ),
    (0, 30): ("Studio.urls", "Tag.stash_ids", "SceneFilterType.files_filter"),
}


def missing_in(version: tuple[int, int]) -> tuple[str, ...]:
    """Return the names that a server of this version lacks, for `schema_without`."""
    return tuple(
        name for since, names in ARRIVED.items() if since > version for name in names
    )


@lru_cache(maxsize=64)
def schema_without(*names: str) -> GraphQLSchema:
    """Return the schema less some names: "Tag.sort_name", "Query.findScenes.ids".

    A name that is not there raises ValueError, for a typing error would prove nothing.
    """
    tree = parse(SCHEMA, no_location=True)
    left = set(names)
    kept = [_pruned(definition, left) for definition in tree.definitions]
    if left:
        msg = f"The demo's schema has no {', '.join(sorted(left))}."
        raise ValueError(msg)
    return build_ast_schema(DocumentNode(definitions=tuple(kept)))


def _pruned(definition: Any, names: set[str]) -> Any:
    """Return a type's definition without the fields and arguments of these names."""
    fields = getattr(definition, "fields", None)
    if not fields:
        return definition
    owner = definition.name.value
    kept = [
        replace(
            field,
            arguments=_without(f"{owner}.{field.name.value}", field.arguments, names),
        )
        if isinstance(field, FieldDefinitionNode)
        else field
        for field in _without(owner, fields, names)
    ]
    return replace(definition, fields=tuple(kept))


def _without(
    owner: str, nodes: Iterable[Any] | None, names: set[str]
) -> tuple[Any, ...]:
    kept = []
    for node in nodes or ():
        path = f"{owner}.{node.name.value}"
        if path in names:
            names.discard(path)
        else:
            kept.append(node)
    return tuple(kept)
