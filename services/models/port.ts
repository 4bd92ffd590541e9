import type { Port } from '#lib/adapter.ts'
import type { NamedValue, OwnerClaim, Tag, TensorSpec } from '#lib/common.generated.ts'
import type { UpstreamCall } from '#lib/upstream/upstream.ts'
import type { Delivery, DeliveryAnswer } from '#lib/webhook.ts'
import type { ModelVersionStatus, RunStatus } from './schema.generated.ts'

/**
 * What a registry and tracking tool must offer. Times are milliseconds since 1970. `null` is "the tool does not tell", an
 * empty list "it told us: none". Every method rejects with an UpstreamError when the tool fails as a whole; by-key methods
 * answer in the order of their keys, `null` for what the tool does not have.
 */
export interface RegistryPort extends Port {
  /** All models with all versions, prompts left out: what is listed, filtered and joined on. Stops reading once it has as many versions as it may. */
  models(call: UpstreamCall, maxVersions: number): Promise<ModelList>
  /** Whole runs, deleted ones too. */
  runs(runIds: readonly string[], call: UpstreamCall): Promise<readonly (RunRecord | null | Error)[]>
  /** Logged models, where the tool has such things. */
  loggedModels(ids: readonly string[], call: UpstreamCall): Promise<readonly (LoggedModelRecord | null | Error)[]>
  /** What is written beside the artifact of a version: costly, asked for only when shown. */
  artifacts(
    versions: readonly VersionArtifact[],
    call: UpstreamCall,
  ): Promise<readonly (ArtifactRecord | null | Error)[]>
  /** Verifies a delivery; with `change` where it tells of one that is read here. undefined: none is expected of this source. */
  readonly received?: ((delivery: Delivery) => DeliveryAnswer & { readonly change?: Change }) | undefined
}

/** What a delivery says has changed, beside the list of models. */
export interface Change {
  readonly version: VersionKey | null
  readonly runId: string | null
}

/** What a registry holds. */
export interface ModelList {
  readonly models: readonly ModelRecord[]
  /** true: there are more versions, or models, than were to be read. */
  readonly truncated: boolean
}

/** A version, and where its artifact lies as the registry says; null: it does not. */
export interface VersionArtifact extends VersionKey {
  readonly artifactUri: string | null
}

/** Which version. */
export interface VersionKey {
  readonly model: string
  readonly version: string
}

/** A registered model. */
export interface ModelRecord {
  readonly name: string
  readonly description: string | null
  readonly tags: readonly Tag[]
  readonly createdAt: number | null
  readonly updatedAt: number | null
  readonly aliases: readonly AliasRecord[]
  /** Newest first. */
  readonly versions: readonly VersionRecord[]
  readonly webUrl: string | null
}

/** A name that points at a version. */
export interface AliasRecord {
  readonly name: string
  readonly version: string
}

/** A version of a registered model. */
export interface VersionRecord {
  readonly version: string
  readonly status: ModelVersionStatus
  readonly statusMessage: string | null
  readonly stage: string | null
  readonly description: string | null
  readonly tags: readonly Tag[]
  readonly createdAt: number | null
  readonly updatedAt: number | null
  readonly createdBy: string | null
  readonly artifactUri: string | null
  readonly runId: string | null
  readonly loggedModelId: string | null
  readonly webUrl: string | null
}

/** A training run. */
export interface RunRecord {
  readonly runId: string
  readonly name: string | null
  readonly experiment: ExperimentRecord
  readonly status: RunStatus
  readonly deleted: boolean | null
  readonly startedAt: number | null
  readonly endedAt: number | null
  readonly user: string | null
  readonly parentRunId: string | null
  readonly parameters: readonly NamedValue[]
  readonly metrics: readonly MetricRecord[]
  readonly tags: readonly Tag[]
  /** null: the tool keeps no such record. */
  readonly inputs: readonly DatasetInputRecord[] | null
  /** Script or notebook. */
  readonly entryPoint: string | null
  /** What kind of place started it. */
  readonly startedFrom: string | null
  readonly webUrl: string | null
}

/** What a run belongs to. */
export interface ExperimentRecord {
  readonly experimentId: string
  readonly name: string | null
  readonly deleted: boolean | null
}

/** A measured value. */
export interface MetricRecord {
  readonly name: string
  /** As recorded; may be NaN or infinite. */
  readonly value: number
  readonly step: number | null
  readonly recordedAt: number | null
  readonly dataset: string | null
  /** The logged model it was measured of; null: of the run. */
  readonly loggedModelId: string | null
}

/** One use of a dataset by a run. */
export interface DatasetInputRecord {
  readonly name: string
  readonly context: string | null
  readonly digest: string | null
  /** An address, as recorded. */
  readonly location: string | null
  readonly columns: readonly string[] | null
}

/** A model as it was logged, before anybody registered it. */
export interface LoggedModelRecord {
  readonly loggedModelId: string
  readonly parameters: readonly NamedValue[]
  readonly metrics: readonly MetricRecord[]
}

/** What is written beside an artifact. */
export interface ArtifactRecord {
  readonly flavors: readonly string[]
  readonly inputs: readonly TensorSpec[] | null
  readonly outputs: readonly TensorSpec[] | null
}

/** What a catalog must offer of models. `null` is "the tool does not tell". Rejects with an UpstreamError when the tool fails as a whole. */
export interface ModelClaimsPort extends Port {
  /** Everything that it says of models. Stops reading once it has as many as it may. */
  claims(call: UpstreamCall, maxModels: number): Promise<ModelClaimList>
}

/** What a catalog says of models. */
export interface ModelClaimList {
  readonly claims: readonly ModelClaimRecord[]
  /** true: there are more than were to be read. */
  readonly truncated: boolean
}

/** What a catalog says of one model. */
export interface ModelClaimRecord {
  /** As the catalog calls it. */
  readonly name: string
  /** What it may be called in the registry, the likeliest first. */
  readonly names: readonly string[]
  /** Id of the registry that has it, as configured. null: it is not said. */
  readonly registry: string | null
  /** In words: what the catalog has. */
  readonly basis: string
  readonly description: string | null
  readonly domain: string | null
  readonly owners: readonly (Pick<OwnerClaim, 'name' | 'kind'> & { readonly active: boolean | null })[] | null
  readonly tags: readonly Tag[]
}
