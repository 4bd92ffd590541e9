import DataLoader from 'dataloader'
import type { RequestContext } from '#lib/context.ts'
import type { GraphPort } from '#lib/graph.ts'
import { perRequest } from '#lib/per-request.ts'
import { askNodes } from './ask.ts'
import type { Reference } from './port.ts'

const THERE = `query DeliveryThere($ids: [ID!]!) {
  nodes(ids: $ids) { ... on Model { name } ... on ModelVersion { version } }
}`

/** A model or version by its id; null where it is gone or not shown to the caller, as much of what was observed is. */
export type ReferenceTo = (id: string | null | undefined, context: RequestContext) => Promise<Reference | null>

/** Asks the graph in batches whether things are there. Where that cannot be told, the thing itself will say why. */
export function createReferences(graph: GraphPort): ReferenceTo {
  const loaders = perRequest(
    (context) =>
      new DataLoader<string, Reference | null>(async (ids) => {
        const nodes = await askNodes<object>(graph, THERE, ids, context)
        return ids.map((id, i) => (nodes[i] ? { id } : null))
      }),
  )
  return async (id, context) => (id ? loaders(context).load(id) : null)
}
