import type { SubgraphName } from './subgraphs.ts'

/**
 * Which record of a subgraph's port stands behind a GraphQL type, so that resolvers are typed by what they are really
 * handed: GraphQL type → `./port.ts#Record`, the path as seen from `services/<name>/`. A type that is not listed is
 * resolved from an object of its own shape.
 */
export const mappers: Readonly<Record<SubgraphName, Readonly<Record<string, string>>>> = {
  models: {
    Model: './registry-index.ts#ModelEntry',
    ModelClaim: './catalog-claims.ts#ClaimEntry',
    ModelVersion: './registry-index.ts#VersionEntry',
    ChampionDeclaration: './registry-index.ts#Champion',
    TrainingRun: './run.ts#RunEntry',
    DatasetInput: './port.ts#DatasetInputRecord',
    Dataset: './resolvers/dataset.ts#DatasetReference',
    Metric: './port.ts#MetricRecord',
    DatasetUse: './run-index.ts#DatasetUseEntry',
    ModelOrigin: './origins.ts#Origin',
    Commit: './resolvers/code.ts#CommitReference',
    PipelineRun: './resolvers/code.ts#PipelineRunReference',
    AlertedModel: './alerted.ts#AlertedModelRecord',
    RegistrySource: '../../lib/reading.ts#SourceRecord',
  },
  catalog: {
    Dataset: './dataset-view.ts#DatasetView',
    DatasetRelation: './lineage.ts#Relation',
    DatasetColumn: './merged-fields.ts#ColumnEntry',
    ColumnSource: './port.ts#SourceColumn',
    CatalogRecord: './catalog-index.ts#RecordEntry',
    TrainingRun: './resolvers/training-run.ts#RunReference',
    Application: './applications.ts#ApplicationEntry',
    Endpoint: './applications.ts#ThingReference',
    Model: './applications.ts#ThingReference',
    Node: './applications.ts#ThingReference',
    CatalogSource: '../../lib/reading.ts#SourceRecord',
  },
  serving: {
    Endpoint: './server-index.ts#EndpointEntry',
    ServedModel: './server-index.ts#ServedModelEntry',
    ServedBy: './served-by.ts#ServedByRecord',
    ServedVersion: './served-by.ts#ServedVersionRecord',
    Model: './served-by.ts#ModelReference',
    ModelVersion: './served-by.ts#VersionReference',
    ServingSource: '../../lib/reading.ts#SourceRecord',
  },
  health: {
    Health: './health.ts#HealthRecord',
  },
  governance: {
    Compliance: './judged/compliance.ts#ComplianceRecord',
    UseCase: './recorded/use-cases.ts#UseCaseRecord',
    Attestation: './recorded/records.ts#AttestationRecord',
    Waiver: './recorded/records.ts#WaiverRecord',
    AuditRecord: '../../lib/state/port.ts#Entry',
    PolicyPack: './judged/packs.ts#Pack',
    PolicyClause: './judged/packs.ts#PackClause',
  },
  ci: {
    Commit: './commit.ts#CommitEntry',
    PullRequest: './pull-request.ts#PullRequestEntry',
    PipelineRun: './pipeline-run.ts#PipelineRunEntry',
    TrainingRun: './trace.ts#Recorded',
    CiSource: '../../lib/reading.ts#SourceRecord',
  },
  monitoring: {
    Alert: './alert-index.ts#AlertEntry',
    Model: './coverage.ts#ModelReference',
    Endpoint: './monitors.ts#Reference',
    ServedModel: './monitors.ts#Reference',
    MonitoringSource: '../../lib/reading.ts#SourceRecord',
  },
  platform: {
    CatalogSource: '../../lib/reading.ts#SourceRecord',
    CiSource: '../../lib/reading.ts#SourceRecord',
    MonitoringSource: '../../lib/reading.ts#SourceRecord',
    RegistrySource: '../../lib/reading.ts#SourceRecord',
    ServingSource: '../../lib/reading.ts#SourceRecord',
  },
  lineage: {
    LineageNode: './walk.ts#WalkedNode',
  },
  delivery: {
    Observation: './port.ts#ObservationRecord',
    ProductionAt: './production-at.ts#ProductionAtRecord',
    LeadTime: './lead-time.ts#Way',
    Model: './port.ts#Reference',
    ModelVersion: './port.ts#Reference',
    DeliveryMetrics: './metric-list.ts#GroupRecord',
    VersionComparison: './version-content.ts#ComparisonRecord',
    StalledVersion: './stalled.ts#StalledRecord',
  },
}
