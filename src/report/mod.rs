//! What is answered, as plain data: every struct here is a versioned wire form of `-o json`, additive only.
//!
//! Filled by `cmd/` from the rooms below, rendered by `output/`. No decision, no colour, no width, no text
//! that only a terminal needs. The JSON schemas in `schemas/` describe these.

mod bucketing;
mod chain;
mod change;
mod check;
mod common;
mod diff;
mod directory;
mod doctor;
mod drift;
mod explain;
mod failure;
mod flag;
mod forecast;
mod forecast_configuration;
mod forecast_funnel;
mod forecast_times;
mod get;
mod history;
mod init;
mod lint;
mod list;
mod login;
mod observed;
mod orgs;
mod overlap;
mod power;
mod profile;
mod serve;
mod snapshot;
mod sql;
mod token;
mod user;
mod variants;
mod watch;

pub use bucketing::{
    AlgorithmReport, AlgorithmsReport, FormulaReport, InferReport, NearestReport, RecordReport,
    ShownAlgorithm, SourceReport,
};
pub use chain::{BrokenReport, ChainReport};
pub use change::{ChangeReport, FieldChange, FlagChange, LinesChange, MaskReport, Receipt, RefusalReport};
pub use check::{CheckCount, CheckReport, ConditionReport, DriftReport};
pub use common::{FreshnessReport, Note, Report, StateWord, TargetReport};
pub use diff::{ComparedReport, DiffCount, DiffReport, DifferenceReport, FieldDifferenceReport, SideReport};
pub use directory::{DirectoryReport, OddityReport};
pub use doctor::{DoctorReport, HealthCount, HealthReport};
pub use drift::{DriftCount, DriftSide, DriftedFlag, DriftsReport};
pub use explain::{
    BucketReport, ClauseReport, ContextReport, DefinitionReport, EvaluationReport, ExplainReport,
    FieldReport, RuleReport, SettingReport, StepReport,
};
pub use failure::{DiagnosticReport, Failure, FailureReport};
pub use flag::{FlagReport, OverriddenReport, ServerView, SourcesReport};
pub use forecast::{
    ExperimentReport, ForecastReport, GroupReport, InputReport, PopulationReport, RowsReport, SampleRatio,
    Sentence, StateReport, StepForecast, VariationCount, WayReport,
};
pub use forecast_configuration::{
    ConfigurationReport, LayoutGroup, LayoutOffer, LayoutPiece, LayoutShare, LayoutState, LayoutStep,
    LayoutTransition,
};
pub use forecast_funnel::{FunnelReport, FunnelStep};
pub use forecast_times::{TimePoint, TimesReport};
pub use get::{Answer, GetReport};
pub use history::{HistoryChange, HistoryEntry, HistoryReport, HistoryToken};
pub use init::InitReport;
pub use lint::{FileUri, FindingCount, FindingReport, LintReport, LintRule, RulesReport};
pub use list::{Count, ListReport};
pub use login::LoginReport;
pub use observed::{ObservedReport, SequentialReport};
pub use orgs::{OrgReport, OrgVariation, OrgsReport};
pub use overlap::{AssociationReport, OverlapReport};
pub use power::{
    ArmReport, ComparisonReport, CorrectionReport, DesignReport, DurationReport, FailureBound, PowerReport,
};
pub use profile::{ProfileField, ProfileReport, ProfilesReport, TokenSourceReport};
pub use serve::ServeReport;
pub use snapshot::{SnapshotContent, SnapshotReport, SnapshotsReport};
pub use sql::SqlReport;
pub use token::{TokenReport, TokensReport};
pub use user::{AttributeReport, MembershipReport, UserReport};
pub use variants::{VariantReport, VariantsReport};
pub use watch::{WatchReport, WatchedSide};
