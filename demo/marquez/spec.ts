/** Name of a dataset or a job. */
export interface Key {
  namespace: string
  name: string
}

/** A dataset in the form in which Marquez answers it; what is left out has Marquez' own defaults. */
export interface DatasetSpec extends Key {
  /** ISO 8601, as all times here. */
  createdAt: string
  updatedAt?: string
  lastModifiedAt?: string | null
  sourceName?: string
  fields?: readonly { name: string; type: string | null; tags?: readonly string[]; description?: string | null }[]
  /** Marquez' own tags. */
  tags?: readonly string[]
  description?: string | null
  currentVersion?: string
  lastLifecycleState?: string
  /** OpenLineage facets of all kinds, in one. */
  facets?: Readonly<Record<string, unknown>>
  /** Versions of its data, newest first, as Marquez answers them. */
  versions?: readonly { createdAt: string; facets?: Readonly<Record<string, unknown>>; [field: string]: unknown }[]
}

/** A job in the form in which Marquez answers it. */
export interface JobSpec extends Key {
  createdAt: string
  updatedAt?: string
  inputs?: readonly Key[]
  outputs?: readonly Key[]
  location?: string | null
  description?: string | null
  currentRunUuid?: string | null
  /** As Marquez answers it. */
  latestRun?: unknown
  /** What a look-up by name has and a lineage graph has not. */
  details?: Readonly<Record<string, unknown>>
}

/** A namespace that exists by more than its datasets and jobs. */
export interface NamespaceSpec {
  name: string
  createdAt: string
  updatedAt?: string
  description?: string | null
}

/** What a Marquez holds. */
export interface MarquezData {
  namespaces?: readonly NamespaceSpec[]
  datasets?: readonly DatasetSpec[]
  jobs?: readonly JobSpec[]
}
