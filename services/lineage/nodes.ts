import { makeId, type NodeType, parseId } from '#lib/ids.ts'
import { badInput } from '#lib/page.ts'
import type { QueryResolvers } from './schema.generated.ts'

/** The most ids that one batch may hold. */
const MAX_IDS = 500

/** A thing by its id, named only: the subgraph of its type fills it in. null: the id is not one of this graph. */
export function findNode(
  id: string,
  renamed: ReadonlyMap<string, string>,
): { __typename: NodeType; id: string } | null {
  const parsed = parseId(id, renamed)
  return parsed ? { __typename: parsed.type, id: makeId(parsed.type, ...parsed.parts) } : null
}

/** `Query.node` and `Query.nodes`. */
export function nodeResolvers(renamed: ReadonlyMap<string, string>): Pick<QueryResolvers, 'node' | 'nodes'> {
  return {
    node: (_, { id }) => findNode(id, renamed),
    nodes: (_, { ids }) => {
      if (ids.length > MAX_IDS) throw badInput(`ids: found ${ids.length}, expected at most ${MAX_IDS}`)
      return ids.map((id) => findNode(id, renamed))
    },
  }
}
