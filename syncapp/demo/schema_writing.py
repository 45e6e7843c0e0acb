"""The demo's schema, to write: inputs and mutations, in our own words."""

WRITING = """
input StashIDInput { endpoint: String! stash_id: String! updated_at: Time }
input BulkUpdateIds { ids: [ID!] mode: BulkUpdateIdMode! }
input BulkUpdateStrings { values: [String!] mode: BulkUpdateIdMode! }
input SceneCreateInput {
  title: String
  code: String
  details: String
  director: String
  url: String
  urls: [String!]
  date: String
  rating100: Int
  organized: Boolean
  studio_id: ID
  tag_ids: [ID!]
  performer_ids: [ID!]
  stash_ids: [StashIDInput!]
}
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
input PerformerCreateInput {
  name: String!
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
input ScanMetadataInput { paths: [String!] rescan: Boolean }
input GenerateMetadataInput { covers: Boolean phashes: Boolean sceneIDs: [ID!] }
input TagsMergeInput { source: [ID!]! destination: ID! }
input StudioCreateInput {
  name: String!
  url: String
  urls: [String!]
  parent_id: ID
  details: String
  aliases: [String!]
  ignore_auto_tag: Boolean
  favorite: Boolean
  rating100: Int
  tag_ids: [ID!]
  stash_ids: [StashIDInput!]
}
input StudioDestroyInput { id: ID! }

type HistoryMutationResult { count: Int! }

type Mutation {
  sceneCreate(input: SceneCreateInput!): Scene
  sceneUpdate(input: SceneUpdateInput!): Scene
  scenesUpdate(input: [SceneUpdateInput!]!): [Scene]
  bulkSceneUpdate(input: BulkSceneUpdateInput!): [Scene!]
  sceneAddPlay(id: ID!, times: [Timestamp!]): HistoryMutationResult!
  sceneAddO(id: ID!, times: [Timestamp!]): HistoryMutationResult!
  sceneDestroy(input: SceneDestroyInput!): Boolean!
  performerCreate(input: PerformerCreateInput!): Performer
  performerUpdate(input: PerformerUpdateInput!): Performer
  performerDestroy(input: PerformerDestroyInput!): Boolean!
  tagCreate(input: TagCreateInput!): Tag
  tagUpdate(input: TagUpdateInput!): Tag
  tagDestroy(input: TagDestroyInput!): Boolean!
  tagsMerge(input: TagsMergeInput!): Tag
  studioCreate(input: StudioCreateInput!): Studio
  studioDestroy(input: StudioDestroyInput!): Boolean!
  metadataScan(input: ScanMetadataInput!): ID!
  metadataGenerate(input: GenerateMetadataInput!): ID!
  stopJob(job_id: ID!): Boolean!
}
"""
