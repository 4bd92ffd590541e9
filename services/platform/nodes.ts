import { makeId, parseId } from '#lib/ids.ts'
import { badInput } from '#lib/page.ts'
import type { QueryResolvers } from './schema.generated.ts'

/** The most ids that one batch may hold. */
const MAX_IDS = 500

/** `Query.node` and `Query.nodes`: the id tells the type, and the subgraph of that type fills it in. */
export function nodeResolvers(renamed: ReadonlyMap<string, string>): Pick<QueryResolvers, 'node' | 'nodes'> {
  const find = (id: string) => {
    const parsed = parseId(id, renamed)
    return parsed ? { __typename: parsed.type, id: makeId(parsed.type, ...parsed.parts) } : null
  }
  return {
    node: (_, { id }) => find(id),
    nodes: (_, { ids }) => {
      if (ids.length > MAX_IDS) throw badInput(`ids: found ${ids.length}, expected at most ${MAX_IDS}`)
      return ids.map(find)
    },
  }
}
