import type { RequestContext } from '#lib/context.ts'
import type { GraphPort } from '#lib/graph.ts'
import { badInput } from '#lib/page.ts'
import { levelDocument } from './document.ts'
import type { Direction, LineageSchema } from './edges.ts'
import { impactFields, impactOf, inUse, versionsInUse } from './impact.ts'
import { type FindNode, nodeResolvers, nodeValue } from './nodes.ts'
import type { LineageWalk, Resolvers } from './schema.generated.ts'
import { unique, type Walked, type WalkOptions, walk } from './walk.ts'

const MAX_DEPTH = 10
const MAX_NODES = 2_000

const DIRECTIONS: Readonly<Record<LineageWalk, readonly Direction[]>> = {
  UPSTREAM: ['UPSTREAM'],
  DOWNSTREAM: ['DOWNSTREAM'],
  BOTH: ['UPSTREAM', 'DOWNSTREAM'],
}

/** The walk, over whatever the supergraph marks as lineage. */
export function createResolvers(graph: GraphPort, schema: LineageSchema, find: FindNode): Resolvers {
  const documents = {
    UPSTREAM: levelDocument(schema, ['UPSTREAM']),
    DOWNSTREAM: levelDocument(schema, ['DOWNSTREAM']),
  }
  const impactDocument = levelDocument(schema, ['DOWNSTREAM'], impactFields(schema))

  const ask = (text: string, context: RequestContext) => async (ids: readonly string[]) => {
    try {
      return await graph.query(text, { ids }, context)
    } catch (error) {
      context.log.error({ err: error }, 'the graph could not be asked from within')
      throw error
    }
  }
  const walkFrom = (options: Omit<WalkOptions, 'ask' | 'signal'>, context: RequestContext): Promise<Walked> =>
    walk({ ...options, signal: context.signal, ask: ask(options.document.text, context) })

  return {
    Query: {
      ...nodeResolvers(find),
      async lineage(_, { of, direction, depth, maxNodes }, context) {
        const start = find(of)
        if (!start) return null
        const bounds = {
          depth: bounded('depth', depth, 3, MAX_DEPTH),
          maxNodes: bounded('maxNodes', maxNodes, 500, MAX_NODES),
        }
        const walked = await Promise.all(
          DIRECTIONS[direction ?? 'BOTH'].map((way) =>
            walkFrom({ starts: [start], document: documents[way], ...bounds }, context),
          ),
        )
        return { root: start.id, ...together(walked) }
      },
      async impact(_, { of, depth }, context) {
        const start = find(of)
        if (!start) return null
        const steps = bounded('depth', depth, 8, MAX_DEPTH)
        const bounds = { depth: steps, maxNodes: MAX_NODES, document: impactDocument }
        if (start.type !== 'Model')
          return impactOf(start.id, await walkFrom({ starts: [start], goesOn: inUse, ...bounds }, context))
        // A model is hit by way of its versions in use, never of old ones.
        const first = await walkFrom({ starts: [start], ...bounds, depth: 0 }, context)
        const fields = first.nodes[0]?.fields ?? {}
        const versions = versionsInUse(start.id, { fields, label: null, steps: [], incomplete: [] })
        const starts = [start, ...versions.map((id) => ({ id, type: 'ModelVersion' }))]
        return impactOf(start.id, await walkFrom({ starts, goesOn: inUse, ...bounds }, context))
      },
    },
    LineageNode: { node: ({ id }) => nodeValue(find(id)) },
  }
}

function bounded(name: string, given: number | null | undefined, otherwise: number, maximum: number): number {
  const value = given ?? otherwise
  if (value >= 1 && value <= maximum) return value
  throw badInput(`${name}: ${value} is not possible: ask for 1 to ${maximum}`)
}

/** Two walks from one thing as one graph: nearest first, each thing once. */
function together(walks: readonly Walked[]): Walked {
  const nodes = new Map<string, Walked['nodes'][number]>()
  for (const one of walks.flatMap((walked) => walked.nodes)) {
    const before = nodes.get(one.id)
    nodes.set(
      one.id,
      before
        ? {
            ...before,
            truncated: before.truncated || one.truncated,
            incomplete: unique([...before.incomplete, ...one.incomplete]),
          }
        : one,
    )
  }
  return {
    nodes: [...nodes.values()].sort((a, b) => a.depth - b.depth),
    edges: walks.flatMap((walked) => walked.edges),
    incomplete: unique(walks.flatMap((walked) => walked.incomplete)),
  }
}
