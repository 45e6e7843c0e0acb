"""The demo's schema, to read: types, filters and queries, in our own words."""

READING = """
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
enum JobStatus { READY RUNNING FINISHED STOPPING CANCELLED FAILED }
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
  aliases: StringCriterionInput
  created_at: TimestampCriterionInput
  updated_at: TimestampCriterionInput
}
input TagFilterType {
  name: StringCriterionInput
  aliases: StringCriterionInput
  created_at: TimestampCriterionInput
  updated_at: TimestampCriterionInput
}
input StudioFilterType {
  name: StringCriterionInput
  aliases: StringCriterionInput
  created_at: TimestampCriterionInput
  updated_at: TimestampCriterionInput
}

type Job {
  id: ID!
  status: JobStatus!
  subTasks: [String!]
  description: String!
  progress: Float
  startTime: Time
  endTime: Time
  addTime: Time!
  error: String
}
type PluginHook { name: String! hooks: [String!] }
type Plugin { id: ID! name: String! enabled: Boolean! hooks: [PluginHook!] }
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

input FindJobInput { id: ID! }
type Query {
  version: Version!
  jobQueue: [Job!]
  plugins: [Plugin!]
  findJob(input: FindJobInput!): Job
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
"""
