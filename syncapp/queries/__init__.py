"""What can be looked at: nouns; frozen values out, never rows."""

from syncapp.models.change_states import CAN_BE_UNDONE
from syncapp.models.field_words import shown_field
from syncapp.queries.apply_preview import (
    ApplyPreview,
    DryRunPage,
    apply_preview,
    dry_run_page,
)
from syncapp.queries.automatic import AutomaticPage, automatic_page
from syncapp.queries.change_rows import ChangedRow, GroupKey
from syncapp.queries.changes import (
    ChangeDay,
    ChangeGroup,
    ChangesPage,
    JobChanges,
    list_changes,
)
from syncapp.queries.deciding import (
    DECISIONS,
    LastDecision,
    MatchingChanges,
    SampleChange,
    matching_changes,
    number_to_decide,
)
from syncapp.queries.deletions import HeldDeletions, held_deletions
from syncapp.queries.edit_choices import EditableChange, OfferedName, editable_change
from syncapp.queries.entity_detail import EntityDetail, SceneLine, entity_by_id
from syncapp.queries.entity_list import (
    EntityPage,
    EntityRef,
    EntityRow,
    list_entities,
    shown_name,
)
from syncapp.queries.evaluations import (
    EVALUATION_KIND,
    EvaluationPage,
    EvaluationRow,
    evaluation_by_job,
    evaluation_rows,
    plan_of_job,
)
from syncapp.queries.export import (
    Export,
    ExportPart,
    ExportPlace,
    ExportStart,
    UnusableFilter,
    WantedFilter,
    begin_export,
    export_columns,
    export_part,
    export_sorts,
    list_part,
    scene_count,
    usable_scene_filter,
)
from syncapp.queries.export_text import FORMATS
from syncapp.queries.filter_names import NamedEntity, UnclearName
from syncapp.queries.history import ChangeLine, FieldChange, RowHistory, row_history
from syncapp.queries.indexing import Indexing
from syncapp.queries.last_changed_by import ChangedBy
from syncapp.queries.marked import MarkedText, TextPiece, marked_pieces, marked_texts
from syncapp.queries.matching import MatchingScenes, matching_scenes
from syncapp.queries.offered_detectors import (
    OfferedDetector,
    OfferedOption,
    offered_detectors,
)
from syncapp.queries.paging import Count
from syncapp.queries.plan_export import (
    PLAN_COLUMNS,
    PlanExport,
    begin_plan_export,
    has_plan,
    next_part,
    plan_export_part,
    plan_part,
)
from syncapp.queries.plan_facets import CauseLine, FacetValue, PlanFacets, PlanFilter
from syncapp.queries.plan_overview import (
    DismissalsOverview,
    PlanScopes,
    PlansOverview,
    dismissals_overview,
    plan_scopes,
    plans_overview,
    plans_to_look_at,
)
from syncapp.queries.plan_params import (
    ParsedPlanFilter,
    parse_plan_filter,
    plan_filter_params,
)
from syncapp.queries.plan_review import (
    PlanHead,
    PlanReading,
    ReadScene,
    plan_head,
    read_plan,
)
from syncapp.queries.plan_words import (
    LEVEL_WORDS,
    STATES,
    detector_words,
    facet_words,
    level_words,
)
from syncapp.queries.planned_scenes import (
    PlannedChange,
    PlannedScene,
    PlanPage,
    ShownEvidence,
    changes_of_scene,
    plan_page,
)
from syncapp.queries.plans import PlanLine, PlansPage, list_plans, plan_by_id
from syncapp.queries.preferences import (
    ListPreferences,
    PersonPreferences,
    preferences_of,
)
from syncapp.queries.purge_preview import PurgePreview, purgeable_rows, source_purge
from syncapp.queries.quality import (
    QualityTile,
    SourceQuality,
    known_quality,
    source_quality,
)
from syncapp.queries.removal_preview import RemovalPreview, source_removal
from syncapp.queries.rules import (
    DismissalLine,
    DismissalsPage,
    SourceRules,
    list_dismissals,
    rules_of,
)
from syncapp.queries.rules_page import (
    FoundRoot,
    RootsPage,
    RulesPage,
    roots_page,
    rule_as_typed,
    rules_page,
)
from syncapp.queries.saved_filters import (
    SavedFilterLine,
    saved_filter,
    saved_filters,
    with_saved_filters,
)
from syncapp.queries.scene_detail import FileDetail, SceneDetail, scene_by_id
from syncapp.queries.scene_list import ScenePage, SceneRow, list_scenes
from syncapp.queries.scene_neighbours import Neighbours
from syncapp.queries.scene_page import SceneInList, scene_page
from syncapp.queries.setup import has_administrator, is_claimed
from syncapp.queries.source_panels import Dashboard, SourcePanel, StreamLine, dashboard
from syncapp.queries.sources import (
    FrameSources,
    SampleLibrary,
    SourceLine,
    frame_sources,
    list_sources,
    source_line,
)
from syncapp.queries.suggestions import Suggestions, suggested_names
from syncapp.queries.sync_runs import SourcePage, SyncLine, source_page, sync_history
from syncapp.queries.tags import MOST_OPEN, Branch, Tree, tag_tree
from syncapp.queries.undo_preview import UndoPart, UndoPreview, preview_undo
from syncapp.queries.why_not import SceneSaid, scene_said

__all__ = [
    "CAN_BE_UNDONE",
    "DECISIONS",
    "EVALUATION_KIND",
    "FORMATS",
    "LEVEL_WORDS",
    "MOST_OPEN",
    "PLAN_COLUMNS",
    "STATES",
    "ApplyPreview",
    "AutomaticPage",
    "Branch",
    "CauseLine",
    "ChangeDay",
    "ChangeGroup",
    "ChangeLine",
    "ChangedBy",
    "ChangedRow",
    "ChangesPage",
    "Count",
    "Dashboard",
    "DismissalLine",
    "DismissalsOverview",
    "DismissalsPage",
    "DryRunPage",
    "EditableChange",
    "EntityDetail",
    "EntityPage",
    "EntityRef",
    "EntityRow",
    "EvaluationPage",
    "EvaluationRow",
    "Export",
    "ExportPart",
    "ExportPlace",
    "ExportStart",
    "FacetValue",
    "FieldChange",
    "FileDetail",
    "FoundRoot",
    "FrameSources",
    "GroupKey",
    "HeldDeletions",
    "Indexing",
    "JobChanges",
    "LastDecision",
    "ListPreferences",
    "MarkedText",
    "MatchingChanges",
    "MatchingScenes",
    "NamedEntity",
    "Neighbours",
    "OfferedDetector",
    "OfferedName",
    "OfferedOption",
    "ParsedPlanFilter",
    "PersonPreferences",
    "PlanExport",
    "PlanFacets",
    "PlanFilter",
    "PlanHead",
    "PlanLine",
    "PlanPage",
    "PlanReading",
    "PlanScopes",
    "PlannedChange",
    "PlannedScene",
    "PlansOverview",
    "PlansPage",
    "PurgePreview",
    "QualityTile",
    "ReadScene",
    "RemovalPreview",
    "RootsPage",
    "RowHistory",
    "RulesPage",
    "SampleChange",
    "SampleLibrary",
    "SavedFilterLine",
    "SceneDetail",
    "SceneInList",
    "SceneLine",
    "ScenePage",
    "SceneRow",
    "SceneSaid",
    "ShownEvidence",
    "SourceLine",
    "SourcePage",
    "SourcePanel",
    "SourceQuality",
    "SourceRules",
    "StreamLine",
    "Suggestions",
    "SyncLine",
    "TextPiece",
    "Tree",
    "UnclearName",
    "UndoPart",
    "UndoPreview",
    "UnusableFilter",
    "WantedFilter",
    "apply_preview",
    "automatic_page",
    "begin_export",
    "begin_plan_export",
    "changes_of_scene",
    "dashboard",
    "detector_words",
    "dismissals_overview",
    "dry_run_page",
    "editable_change",
    "entity_by_id",
    "evaluation_by_job",
    "evaluation_rows",
    "export_columns",
    "export_part",
    "export_sorts",
    "facet_words",
    "frame_sources",
    "has_administrator",
    "has_plan",
    "held_deletions",
    "is_claimed",
    "known_quality",
    "level_words",
    "list_changes",
    "list_dismissals",
    "list_entities",
    "list_part",
    "list_plans",
    "list_scenes",
    "list_sources",
    "marked_pieces",
    "marked_texts",
    "matching_changes",
    "matching_scenes",
    "next_part",
    "number_to_decide",
    "offered_detectors",
    "parse_plan_filter",
    "plan_by_id",
    "plan_export_part",
    "plan_filter_params",
    "plan_head",
    "plan_of_job",
    "plan_page",
    "plan_part",
    "plan_scopes",
    "plans_overview",
    "plans_to_look_at",
    "preferences_of",
    "preview_undo",
    "purgeable_rows",
    "read_plan",
    "roots_page",
    "row_history",
    "rule_as_typed",
    "rules_of",
    "rules_page",
    "saved_filter",
    "saved_filters",
    "scene_by_id",
    "scene_count",
    "scene_page",
    "scene_said",
    "shown_field",
    "shown_name",
    "source_line",
    "source_page",
    "source_purge",
    "source_quality",
    "source_removal",
    "suggested_names",
    "sync_history",
    "tag_tree",
    "usable_scene_filter",
    "with_saved_filters",
]
