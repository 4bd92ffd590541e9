import { isNodeType, makeId, parseId } from '#lib/ids.ts'
import { badInput } from '#lib/page.ts'
import type { QueryResolvers, ResolversTypes } from './schema.generated.ts'

/** The most ids that one batch may hold. */
const MAX_IDS = 500

/** The most characters of an id of a type that is not ours. */
const MAX_LENGTH = 2_000

/** A thing by its id, named only: the subgraph of its type fills it in. null: the id is not one of this graph. */
export type FindNode = (id: string) => { readonly type: string; readonly id: string } | null

/**
 * Finds things of the project's types, whose ids are read, and of `others`, the types of subgraphs of teams, whose ids
 * begin with the name of the type and are the team's own business from there on.
 */
export function nodeFinder(renamed: ReadonlyMap<string, string>, others: ReadonlySet<string>): FindNode {
  return (id) => {
    const parsed = parseId(id, renamed)
    if (parsed) return { type: parsed.type, id: makeId(parsed.type, ...parsed.parts) }
    const [type = '', key = ''] = id.split(':', 2)
    return others.has(type) && key !== '' && id.length <= MAX_LENGTH ? { type, id } : null
  }
}

/** Types that have ids and that no subgraph of the project has. */
export const typesOfTeams = (entities: ReadonlySet<string>): Set<string> =>
  new Set([...entities].filter((name) => !isNodeType(name)))

type NodeValue = Awaited<ResolversTypes['Node']>

/**
 * What stands for a thing until the subgraph of its type fills it in. Where nothing but its id is asked for, nobody is asked,
 * and a thing that is gone has an id still. That cannot be told here without harm: this subgraph sees no more of the question
 * than the id, so that it would have to ask the graph from within before each `node`, which asks sources twice for what is
 * read by key, outside of the batches of the question itself; and a source that is silent could not be told from a thing
 * that is gone.
 */
export const nodeValue = (found: ReturnType<FindNode>): NodeValue | null =>
  // The generated types know those of the project only.
  found && ({ __typename: found.type, id: found.id } as NodeValue)

/** `Query.node` and `Query.nodes`. */
export function nodeResolvers(find: FindNode): Pick<QueryResolvers, 'node' | 'nodes'> {
  return {
    node: (_, { id }) => nodeValue(find(id)),
    nodes: (_, { ids }) => {
      if (ids.length > MAX_IDS) throw badInput(`ids: found ${ids.length}, expected at most ${MAX_IDS}`)
      return ids.map((id) => nodeValue(find(id)))
    },
  }
}
