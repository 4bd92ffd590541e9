import type { Port } from '#lib/adapter.ts'
import type { OwnerKind, Tag } from '#lib/common.generated.ts'
import type { DatasetKey } from '#lib/dataset-name.ts'
import type { UpstreamCall } from '#lib/upstream/upstream.ts'
import type { ApplicationKind, QualityStatus } from './schema.generated.ts'

/**
 * What a catalog must offer. Times are milliseconds since 1970. `null` is "the tool does not tell", an empty list "it told
 * us: none". Every method rejects with an UpstreamError when the tool fails as a whole.
 */
export interface CatalogPort extends Port {
  /** All datasets with what is listed, filtered and merged. Stops reading once it has as many as it may. */
  datasets(call: UpstreamCall, maxDatasets: number): Promise<DatasetList>
  /**
   * What is made from what around each dataset, in both directions, at least as many steps away as asked: one call of the
   * tool's own for each. In the order of the questions, `null` for a dataset that the tool does not have. Absent: the tool
   * keeps no lineage.
   */
  readonly lineage?: (
    of: readonly LineageQuestion[],
    call: UpstreamCall,
  ) => Promise<readonly (readonly LineageEdge[] | null | Error)[]>
  /** true: edges of its lineage can tell columns, so that it is asked for those of a dataset whose columns are shown. */
  readonly tracesColumns?: boolean
  /** Whether the tool has such a thing as checks of a dataset. */
  readonly tests: boolean
  /**
   * How the checks of each dataset stood at a moment, in the order of the questions; `null` where it does not tell. Absent:
   * the tool keeps the last results only, or none.
   */
  readonly checksAt?: (
    of: readonly ChecksQuestion[],
    call: UpstreamCall,
  ) => Promise<readonly (readonly CheckRecord[] | null | Error)[]>
  /** Dashboards and the like. Absent: the tool tells none. */
  readonly applications?: ApplicationsPort
}

/** What a catalog that knows applications must offer beside. */
interface ApplicationsPort {
  /** All of them. Stops reading once it has as many as it may. */
  list(call: UpstreamCall, maxApplications: number): Promise<ApplicationList>
  /**
   * What stands on each thing, or what it stands on: only what is reached without another thing of the graph between, and
   * no dataset from a dataset, since `lineage` tells these. In the order of the questions, `null` for what the tool does not
   * have.
   */
  neighbours(
    of: readonly NeighboursQuestion[],
    call: UpstreamCall,
  ): Promise<readonly (readonly LineageEnd[] | null | Error)[]>
}

/** What a catalog holds. */
export interface DatasetList {
  readonly datasets: readonly DatasetRecord[]
  /** true: there are more than were to be read. */
  readonly truncated: boolean
}

/** A dataset as one catalog describes it, under the OpenLineage name that the catalog gives it. */
export interface DatasetRecord extends DatasetKey {
  /** What the catalog is asked about it by. */
  readonly address: string
  /** Other names that the catalog itself has for it, with the fact that says so. */
  readonly aliases: readonly (DatasetKey & { readonly evidence: string })[]
  readonly displayName: string | null
  readonly description: string | null
  /** null: the tool does not tell; then tags can. */
  readonly domain: string | null
  /** null: the tool does not tell; then tags can. */
  readonly deprecated: boolean | null
  /** null: the tool does not tell. Beside these, tags can name owners. */
  readonly owners: readonly OwnerRecord[] | null
  /** Words that are classifications in the tool itself; tags can add to them. */
  readonly classifications: readonly string[]
  readonly tags: readonly Tag[]
  readonly columns: readonly ColumnRecord[] | null
  readonly deleted: boolean | null
  /** When the record changed. */
  readonly updatedAt: number | null
  /** When the data changed. */
  readonly dataUpdatedAt: number | null
  /** null: the tool has no checks of it. */
  readonly checks: readonly CheckRecord[] | null
}

/** Who answers for a dataset, as the tool writes it. */
export interface OwnerRecord {
  readonly name: string
  readonly kind: OwnerKind
  readonly evidence: string
  /** false: the account was deleted. Absent, or null: the tool does not tell. */
  readonly active?: boolean | null
}

/** A column. */
export interface ColumnRecord {
  readonly name: string
  readonly dataType: string | null
  readonly description: string | null
  readonly classifications: readonly string[]
  readonly tags: readonly Tag[]
  /** The columns it is made from; null: not traced. */
  readonly sources: readonly SourceColumn[] | null
}

/** A column of another dataset. */
export interface SourceColumn extends DatasetKey {
  readonly column: string
}

/** A check with its last result, or with the one that stood at a moment. */
export interface CheckRecord {
  /** What the catalog is asked about its results by. null: it cannot be asked. */
  readonly address: string | null
  readonly name: string
  readonly column: string | null
  readonly status: QualityStatus
  readonly message: string | null
  readonly ranAt: number | null
}

/** Whose checks are wanted, as they stood at a moment. */
export interface ChecksQuestion {
  /** As the catalog described it last. */
  readonly dataset: DatasetRecord
  /** Milliseconds since 1970. */
  readonly at: number
}

/** Whose lineage is wanted, and how many steps from dataset to dataset. */
export interface LineageQuestion {
  /** As `DatasetRecord.address`. */
  readonly address: string
  readonly depth: number
}

/** One dataset made from another. */
export interface LineageEdge {
  readonly from: DatasetKey
  readonly to: DatasetKey
  /** null: the tool does not tell what makes it. */
  readonly job: JobRecord | null
  /** Which column is made from which. Absent, or empty: the tool does not tell here. */
  readonly columns?: readonly { readonly from: string; readonly to: string }[]
}

/** Something that reads datasets and writes others. */
export interface JobRecord {
  readonly namespace: string
  readonly name: string
  readonly description: string | null
  readonly codeUrl: string | null
}

/** What a catalog knows of applications. */
export interface ApplicationList {
  readonly applications: readonly ApplicationRecord[]
  /** true: there are more than were to be read. */
  readonly truncated: boolean
}

/** A dashboard, or the like. Tags can add to owners and domain, as those of datasets. */
export interface ApplicationRecord
  extends Pick<
    DatasetRecord,
    'address' | 'description' | 'domain' | 'deprecated' | 'owners' | 'classifications' | 'tags'
  > {
  readonly name: string
  readonly kind: ApplicationKind
  readonly criticality: string | null
  readonly webUrl: string | null
}

/** Something whose neighbours are wanted. */
export interface NeighboursQuestion {
  readonly of:
    | { readonly type: 'dataset' | 'application'; readonly address: string }
    | { readonly type: 'model'; readonly registry: string; readonly name: string }
  readonly direction: 'upstream' | 'downstream'
}

/** A neighbour. */
export type LineageEnd =
  | ({ readonly type: 'dataset' } & DatasetKey)
  | { readonly type: 'application'; readonly address: string }
  | ModelEnd

/** A model as the catalog has it. */
interface ModelEnd {
  readonly type: 'model'
  /** The registry that it is of, as configured. null: the configuration does not say. */
  readonly registry: string | null
  readonly name: string
  /** What the catalog calls it, such as: model fraud of the service mlflow_prod. */
  readonly basis: string
}
