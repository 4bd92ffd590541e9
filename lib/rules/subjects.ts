import type { Incomplete } from '../common.generated.ts'
import type { RequestContext } from '../context.ts'
import { askGraph, type GraphPort } from '../graph.ts'

/** A page of ids, as the graph answers it. */
interface SubjectPage {
  readonly nodes: readonly { readonly id: string }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  readonly incomplete: readonly Incomplete[]
}

/** Ids of all things in a list at the root of the graph that the caller may see, and what of them could not be listed. */
export async function listSubjects(
  field: string,
  graph: GraphPort,
  pageSize: number,
  context: RequestContext,
): Promise<{ ids: string[]; incomplete: readonly Incomplete[] }> {
  const document = `query RuleSubjects($first: Int, $after: String) { ${field}(first: $first, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } incomplete { source reason message count } } }`
  const ids: string[] = []
  let incomplete: readonly Incomplete[] = []
  let after: string | null = null
  do {
    const { data, errors } = await askGraph(graph, document, { first: Math.min(500, pageSize), after }, context)
    const page = data?.[field] as SubjectPage | null | undefined
    if (!page) {
      const message = `The list of ${field} could not be had: ${errors[0]?.message ?? 'nothing says why'}`
      return { ids, incomplete: [...incomplete, { source: null, reason: 'DOWN', message, count: null }] }
    }
    ids.push(...page.nodes.map(({ id }) => id))
    incomplete = page.incomplete
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
  } while (after !== null)
  return { ids, incomplete }
}
