import type { Port } from '#lib/adapter.ts'
import type { NamedValue, TensorSpec } from '#lib/common.generated.ts'
import type { Declared } from '#lib/matching.ts'
import type { UpstreamCall } from '#lib/upstream/upstream.ts'
import type { EndpointState, LoadState } from './schema.generated.ts'

/**
 * What a tool that serves models must offer. `null` is "the tool does not tell", an empty list "it told us: none". What it
 * writes about failures stays with it: messages of records are the adapter's own words.
 */
export interface ServingPort extends Port {
  /** All endpoints with everything they serve. Rejects with an UpstreamError when the tool fails as a whole. */
  endpoints(call: UpstreamCall): Promise<readonly EndpointRecord[]>
}

/** A place where models are served. */
export interface EndpointRecord {
  /** The tool's own key of it, unique in the source; `server` for a tool that is one endpoint. */
  readonly key: string
  readonly name: string
  readonly url: string | null
  readonly environment: string | null
  readonly server: ServerRecord | null
  readonly state: EndpointState
  readonly stateMessage: string | null
  readonly labels: readonly NamedValue[]
  /** In any order. Of those with the same name and version, one is shown. */
  readonly served: readonly ServedModelRecord[] | null
}

/** The software that serves. */
interface ServerRecord {
  readonly name: string
  readonly version: string | null
}

/** One version of a model on a server. */
export interface ServedModelRecord {
  readonly name: string
  readonly version: string | null
  readonly loadState: LoadState
  readonly stateMessage: string | null
  readonly platform: string | null
  readonly inputs: readonly TensorSpec[] | null
  readonly outputs: readonly TensorSpec[] | null
  readonly declared: Declared | null
}
