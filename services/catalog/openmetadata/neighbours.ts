import { openMetadataName, openMetadataPart, openMetadataParts } from '#lib/dataset-name.ts'
import type { LineageEnd, NeighboursQuestion } from '../port.ts'
import type { Services } from './records.ts'
import type { Edge } from './wire.ts'

/** What OpenMetadata calls the things of the graph. What is of another type lies between two of these, if anything. */
const TYPES = { dataset: 'table', application: 'dashboard', model: 'mlmodel' } as const

/** Registry of each service of models, as configured. */
type ModelServices = Readonly<Record<string, string>>

/** A thing as OpenMetadata's routes name it. */
interface Root {
  readonly type: string
  readonly fqn: string
}

/** How a thing can be asked for. A model of the registry is asked for in each service that stands for it. */
export function rootsOf({ of }: NeighboursQuestion, modelServices: ModelServices): Root[] {
  if (of.type !== 'model') return [{ type: TYPES[of.type], fqn: of.address }]
  return Object.entries(modelServices)
    .filter(([, registry]) => registry === of.registry)
    .map(([service]) => ({ type: TYPES.model, fqn: [service, of.name].map(openMetadataPart).join('.') }))
}

/**
 * The tables, dashboards and models that edges lead to from a thing, stepping over whatever else lies between (charts, data
 * models of dashboards, containers). From a table to tables is lineage of datasets, and left out.
 */
export function neighboursOf(
  root: Root,
  edges: readonly Edge[],
  direction: NeighboursQuestion['direction'],
  services: Services,
  modelServices: ModelServices,
): LineageEnd[] {
  const found = new Map<string, LineageEnd>()
  const seen = new Set([root.fqn])
  for (const near of seen) {
    for (const { fromEntity, toEntity } of edges) {
      const [here, there] = direction === 'upstream' ? [toEntity, fromEntity] : [fromEntity, toEntity]
      if (here.fullyQualifiedName !== near) continue
      const { type, fullyQualifiedName: fqn } = there
      const end = endOf(type, fqn, services, modelServices)
      if (!end) seen.add(fqn)
      else if (!(end.type === 'dataset' && root.type === TYPES.dataset)) found.set(JSON.stringify(end), end)
    }
  }
  return [...found.values()]
}

function endOf(type: string, fqn: string, services: Services, modelServices: ModelServices): LineageEnd | undefined {
  if (type === TYPES.dataset) return { type: 'dataset', ...openMetadataName(fqn, services) }
  if (type === TYPES.application) return { type: 'application', address: fqn }
  if (type !== TYPES.model) return undefined
  const [service = '', name = ''] = openMetadataParts(fqn)
  const registry = Object.hasOwn(modelServices, service) ? modelServices[service] : undefined
  return { type: 'model', registry: registry ?? null, name, basis: `model ${name} of the service ${service}` }
}
