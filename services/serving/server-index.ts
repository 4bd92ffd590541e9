import type { Config } from '#lib/config/schema.ts'
import { makeId } from '#lib/ids.ts'
import { servedKeys } from '#lib/matching.ts'
import { type Order, sorted } from '#lib/page.ts'
import type { EndpointRecord, ServedModelRecord } from './port.ts'
import type { EndpointState, LoadState } from './schema.generated.ts'
import type { Server } from './server.ts'

/** An endpoint in the index: what resolvers are handed. */
export interface EndpointEntry extends Omit<EndpointRecord, 'key' | 'served'> {
  readonly id: string
  /** Id of the source. */
  readonly source: string
  readonly from: Server
  readonly fetchedAt: Date
  /** null: no environment is known. */
  readonly production: boolean | null
  /** By name and version. null: the server does not tell. */
  readonly served: readonly ServedModelEntry[] | null
}

/** A served model in the index: what resolvers are handed. */
export interface ServedModelEntry extends ServedModelRecord {
  readonly id: string
  /** Id of the source. */
  readonly source: string
  readonly endpoint: EndpointEntry
  readonly state: EndpointState
}

/** Everything that one source serves. */
export interface ServerIndex {
  readonly endpoints: readonly EndpointEntry[]
  readonly endpointById: ReadonlyMap<string, EndpointEntry>
  readonly servedById: ReadonlyMap<string, ServedModelEntry>
  /** By what the matching can find them by. */
  readonly servedByKey: ReadonlyMap<string, readonly ServedModelEntry[]>
}

/** By name, then version: numbers by size, before all other versions. */
const byNameAndVersion: Order<ServedModelRecord> = {
  name: 'NAME',
  keys: ({ name, version }) => [name, version !== null && /^\d{1,15}$/.test(version) ? Number(version) : null, version],
}

/** Builds the index of a source from what its tool listed. */
export function buildIndex(
  server: Server,
  records: readonly EndpointRecord[],
  environments: Config['environments'],
  fetchedAt: Date,
): ServerIndex {
  const endpoints = records.map((record) => indexed(server, record, environments, fetchedAt))
  const served = endpoints.flatMap((endpoint) => endpoint.served ?? [])
  return {
    endpoints,
    endpointById: new Map(endpoints.map((endpoint) => [endpoint.id, endpoint])),
    servedById: new Map(served.map((model) => [model.id, model])),
    servedByKey: byKey(served),
  }
}

function byKey(served: readonly ServedModelEntry[]): ReadonlyMap<string, readonly ServedModelEntry[]> {
  const groups = new Map<string, ServedModelEntry[]>()
  for (const model of served) {
    for (const key of servedKeys(model)) {
      const group = groups.get(key)
      if (group) group.push(model)
      else groups.set(key, [model])
    }
  }
  return groups
}

function indexed(
  from: Server,
  { key, served: models, ...record }: EndpointRecord,
  { production }: Config['environments'],
  fetchedAt: Date,
): EndpointEntry {
  const served = new Map<string, ServedModelEntry>()
  const environment = record.environment?.toLowerCase()
  const endpoint: { -readonly [K in keyof EndpointEntry]: EndpointEntry[K] } = {
    ...record,
    ...{ id: makeId('Endpoint', from.id, key), source: from.id, from, fetchedAt, served: null },
    production: environment === undefined ? null : production.some((name) => name.toLowerCase() === environment),
  }
  for (const model of sorted(models ?? [], byNameAndVersion)) {
    const { name, version, loadState } = model
    const id = makeId('ServedModel', from.id, key, name, ...(version === null ? [] : [version]))
    served.set(id, { ...model, id, source: from.id, endpoint, state: readiness(loadState) })
  }
  endpoint.served = models && [...served.values()]
  return endpoint
}

/** Whether a model answers requests, by where it is in its life. */
function readiness(state: LoadState): EndpointState {
  return state === 'READY' || state === 'UNKNOWN' ? state : 'NOT_READY'
}
