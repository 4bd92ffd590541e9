import type { Upstream, UpstreamCall } from '#lib/upstream/upstream.ts'
import { askAll } from './requests.ts'
import { type Experiment, pages } from './wire.ts'

/** One MLflow server, as the parts of its adapter need it. */
export interface Server {
  /** Id of the source. */
  readonly id: string
  /** Address, for links to its pages. */
  readonly base: string
  readonly upstream: Upstream
}

/** Milliseconds for which the list is good enough to look runs up in. */
const GOOD_FOR = 60_000

/** All experiments, deleted ones too: MLflow searches runs only within experiments that are named. */
export class Experiments {
  readonly #server: Server
  #known: { readonly byId: ReadonlyMap<string, Experiment>; readonly at: number } | undefined

  constructor(server: Server) {
    this.#server = server
  }

  /** By id. `since`: a moment of `performance.now()` after which they must have been read. */
  async read(
    call: UpstreamCall,
    since: number = performance.now() - GOOD_FOR,
  ): Promise<ReadonlyMap<string, Experiment>> {
    if (this.#known && this.#known.at >= since) return this.#known.byId
    const at = performance.now()
    const { id, upstream } = this.#server
    const found = await askAll(
      upstream,
      id,
      (token) => ({
        method: 'POST',
        path: 'experiments/search',
        json: { max_results: 1_000, view_type: 'ALL', ...(token !== undefined && { page_token: token }) },
      }),
      pages.experiments,
      call,
    )
    const byId = new Map(found.flatMap(({ experiments }) => experiments).map((one) => [one.experiment_id, one]))
    this.#known = { byId, at }
    return byId
  }
}
