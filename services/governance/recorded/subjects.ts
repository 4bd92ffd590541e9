import type { Access } from '#lib/access.ts'
import { createAccess } from '#lib/access.ts'
import type { Config } from '#lib/config/schema.ts'
import type { RequestContext } from '#lib/context.ts'
import type { GraphPort } from '#lib/graph.ts'
import { makeId, type NodeType, parseId } from '#lib/ids.ts'
import { badInput } from '#lib/page.ts'
import { renamedSources } from '#lib/sources.ts'
import { refusal } from './refusals.ts'

/** What records are about, as the graph knows it. */
export interface Subjects {
  /** An id as this graph writes it now; as it is where it is none any more. */
  present(id: string): string
  /** Every way in which records may name a thing: by its id, and by those its source had before. */
  spellings(id: string): readonly string[]
  /**
   * The id of a thing of one of the types that is there and that the caller may see. Throws a GraphQLError: BAD_USER_INPUT
   * where it is none, UPSTREAM_UNAVAILABLE where that cannot be told now.
   */
  require(name: string, id: string, types: readonly NodeType[], context: RequestContext): Promise<string>
  /** Which of some things the caller may see. Who sees everything sees what is gone, too. */
  visible(ids: readonly string[], context: RequestContext): Promise<ReadonlySet<string>>
  /** Whether nothing is hidden from the caller. */
  seesAll(context: RequestContext): boolean
  readonly access: Access
}

const DOCUMENT = `query Subjects($ids: [ID!]!) {
  nodes(ids: $ids) {
    __typename
    id
    ... on Model { name }
    ... on ModelVersion { version }
    ... on Endpoint { name }
    ... on Dataset { name }
    ... on UseCase { name }
  }
}`

/** The most ids of one question. */
const BATCH = 500

/** Knows things by asking the graph with the rights of whoever asks. */
export function createSubjects(config: Config, graph: GraphPort): Subjects {
  const renamed = renamedSources(config)
  const access = createAccess(config.access)
  const everything = createAccess(undefined).scopeOf({ subject: '', roles: [], scopes: [] })

  async function look(ids: readonly string[], context: RequestContext) {
    const there = new Set<string>()
    let silent = false
    for (let start = 0; start < ids.length; start += BATCH) {
      const some = ids.slice(start, start + BATCH)
      const { data, errors } = await graph.query(DOCUMENT, { ids: some }, context)
      const nodes = (data?.nodes ?? []) as readonly ({ id: string } | null)[]
      for (const [i, node] of nodes.entries()) if (node) there.add(some[i] as string)
      // That a name is missing where no error says why means that there is no such thing to be seen.
      silent ||= errors.some(({ extensions }) => extensions?.code !== 'SUBGRAPH_BAD_RESPONSE')
    }
    return { there, silent }
  }

  const present = (id: string) => {
    const parsed = parseId(id, renamed)
    return parsed ? makeId(parsed.type, ...parsed.parts) : id
  }
  const seesAll = ({ caller }: RequestContext) => access.scopeOf(caller) === everything
  return {
    ...{ access, present, seesAll },
    spellings(id) {
      const now = present(id)
      const parsed = parseId(now)
      if (!parsed) return [id]
      const [source, ...rest] = parsed.parts
      const former = [...renamed].filter(([, one]) => one === source).map(([old]) => makeId(parsed.type, old, ...rest))
      return [now, ...former.filter((old) => parseId(old, renamed) && present(old) === now)]
    },
    async require(name, id, types, context) {
      const now = present(id)
      const type = parseId(now)?.type
      if (!type || !types.includes(type))
        throw badInput(`${name}: found ${id}, expected the id of one of: ${types.join(', ')}`)
      const { there, silent } = await look([now], context)
      if (there.has(now)) return now
      if (silent) {
        throw refusal(
          'UPSTREAM_UNAVAILABLE',
          `Whether there is ${id} cannot be told now, so nothing was recorded: ask again in a moment.`,
        )
      }
      throw badInput(`${name}: there is no ${id} that you may see`)
    },
    async visible(ids, context) {
      const unique = [...new Set(ids.map(present))]
      if (seesAll(context)) return new Set(unique)
      return (await look(unique, context)).there
    },
  }
}
