import { setImmediate } from 'node:timers/promises'
import type { Incomplete } from '#lib/common.generated.ts'
import type { RequestContext } from '#lib/context.ts'
import { askGraph, type GraphAnswer, type GraphPort } from '#lib/graph.ts'
import { answerErrors, pathKey } from '#lib/rules/answer.ts'

/** What a list over several tools holds, page after page. */
interface Page<T> {
  readonly nodes: readonly T[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  readonly incomplete: readonly Incomplete[]
}

/** A whole list, and what it lacks. */
export interface Listed<T> {
  readonly nodes: readonly T[]
  readonly incomplete: readonly Incomplete[]
}

/**
 * Asks the graph for a list to its end. `field` is its name in `document`, which has the variables `first` and `after`.
 * Where it cannot be had, or stops half way, that is told in `incomplete`.
 */
export async function askList<T>(
  graph: GraphPort,
  { document, field, first }: { readonly document: string; readonly field: string; readonly first: number },
  variables: Readonly<Record<string, unknown>>,
  context: RequestContext,
): Promise<Listed<T>> {
  const nodes: T[] = []
  let incomplete: readonly Incomplete[] = []
  let after: string | null = null
  do {
    const { data, errors } = await askGraph(graph, document, { ...variables, first, after }, context)
    const page = data?.[field] as Page<T> | null | undefined
    if (!page) return { nodes, incomplete: [...incomplete, unheard(field, errors)] }
    nodes.push(...page.nodes)
    incomplete = page.incomplete
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
    // Whoever else waits for this process comes between two pages.
    await setImmediate()
  } while (after !== null)
  return { nodes, incomplete }
}

/** Things of one question: as many as `Query.nodes` takes in good time. */
const BATCH = 100

/**
 * Asks the graph for things by their ids, in the order of the ids. null: it is gone, or may not be seen; an error: it could not
 * be had. `document` has the variable `ids`.
 */
export async function askNodes<T>(
  graph: GraphPort,
  document: string,
  ids: readonly string[],
  context: RequestContext,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<(T | null | Error)[]> {
  const batches = Array.from({ length: Math.ceil(ids.length / BATCH) }, (_, i) => ids.slice(i * BATCH, (i + 1) * BATCH))
  const answers = await Promise.all(
    batches.map(async (batch) => {
      const { data, errors } = await askGraph(graph, document, { ...variables, ids: batch }, context)
      const found = (data?.nodes ?? []) as readonly (T | null)[]
      const why = answerErrors(errors, 'nodes')
      return batch.map((_, i) => {
        const at = pathKey(['nodes', i])
        const node = found[i] ?? null
        return node !== null || why.gone(at) ? node : new Error(why.why(at)?.[0]?.message ?? 'It could not be had.')
      })
    }),
  )
  return answers.flat()
}

function unheard(field: string, errors: GraphAnswer['errors']): Incomplete {
  const message = `The list of ${field} could not be had: ${errors[0]?.message ?? 'nothing says why'}`
  return { source: null, reason: 'DOWN', message, count: null }
}

/** What could be had. */
export const had = <T>(node: T | null | undefined | Error): T | null =>
  node === undefined || node instanceof Error ? null : node
