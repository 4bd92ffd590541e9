import type { Adapter, Port } from './adapter.ts'
import { sourceKey } from './cache/key.ts'
import { createShare, type Share, shareNothing } from './cache/share.ts'
import type { Config, Source } from './config/schema.ts'
import { createConnections } from './connections.ts'
import type { SourceState } from './source-state.ts'
import type { SubgraphOptions } from './subgraph.ts'
import type { Upstream } from './upstream/upstream.ts'

/** A configured source that a subgraph reads. */
export interface ConnectedSource<P extends Port = Port> {
  readonly id: string
  readonly kind: string
  readonly title: string
  readonly port: P
  readonly state: SourceState
  readonly upstream: Upstream
  /** Reads with the other instances of the gateway what all of them need. */
  readonly share: Share
}

/** Connects every configured source whose kind is among the adapters; the others belong to other subgraphs. */
export function connectSources<P extends Port>(
  adapters: readonly Adapter<P>[],
  options: SubgraphOptions,
): ConnectedSource<P>[] {
  const { config, registries, log } = options
  const connections = options.connections ?? createConnections(config, log)
  return config.sources.flatMap((source) => {
    const adapter = adapters.find(({ kind }) => kind === source.kind)
    if (!adapter) return []
    const { upstream, state } = connections.to(source, adapter.freshConnections ?? false)
    const port = adapter.create({ source, upstream, state, links: config.links, registries, log })
    const share = shareOf(source, options)
    return [{ id: source.id, kind: source.kind, title: source.title, port, state, upstream, share }]
  })
}

function shareOf(source: Source, { config, registries, shared: store, log }: SubgraphOptions): Share {
  if (!store) return shareNothing
  const { cache, index, links, datasets, tags } = config
  let key: Promise<string> | undefined
  return createShare({
    source: source.id,
    store,
    key: () => {
      key ??= sourceKey(cache.prefix, source, {
        links,
        datasets,
        registries,
        tags,
        maxVersions: index.maxVersions,
        maxDatasets: index.maxDatasets,
      })
      return key
    },
    keptSeconds: Math.max(index.freshSeconds, index.staleSeconds),
    log,
  })
}

/** Former ids of sources and the ids they have now (`formerly`). */
export function renamedSources(config: Config): ReadonlyMap<string, string> {
  return new Map(config.sources.flatMap(({ id, formerly }) => formerly.map((old) => [old, id] as const)))
}
