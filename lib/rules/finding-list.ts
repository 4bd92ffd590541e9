import type { Finding, Incomplete } from '../common.generated.ts'
import type { RequestContext } from '../context.ts'
import type { GraphPort } from '../graph.ts'
import { type Connection, type Order, type PageArguments, pageOf, sorted } from '../page.ts'
import { askGraph } from './facts-query.ts'
import { findingKeys } from './finding.ts'

/** What a list of findings is asked for. */
export interface FindingArguments extends PageArguments {
  readonly outcome?: readonly Finding['outcome'][] | null | undefined
  readonly severity?: readonly Finding['severity'][] | null | undefined
  readonly rule?: readonly string[] | null | undefined
}

/** What of the graph is judged: the root field that lists it, and what the rules say of one, null where it is gone. */
export interface JudgedList {
  readonly field: 'models' | 'endpoints'
  of(id: string, context: RequestContext): Promise<Part | null>
}

/** What rules say of some things, and what of it could not be told. */
interface Part {
  readonly findings: readonly Finding[]
  readonly incomplete: readonly Incomplete[]
}

const worstFirst: Order<Finding> = { name: 'WORST', keys: findingKeys }

/** The page of what the rules say of everything that the caller may see. */
export async function listFindings(
  lists: readonly JudgedList[],
  graph: GraphPort,
  { first, after, outcome, severity, rule }: FindingArguments,
  maximum: number,
  context: RequestContext,
): Promise<Connection<Finding>> {
  const parts = await Promise.all(lists.map((list) => findingsOn(list, graph, maximum, context)))
  const wanted = outcome ?? ['FAIL', 'UNKNOWN']
  const matching = parts
    .flatMap(({ findings }) => findings)
    .filter(
      (finding) =>
        wanted.includes(finding.outcome) &&
        (severity?.includes(finding.severity) ?? true) &&
        (rule?.includes(finding.rule.id) ?? true),
    )
  const incomplete = parts.flatMap((part) => part.incomplete)
  return pageOf(sorted(matching, worstFirst), worstFirst, { first, after }, maximum, incomplete)
}

async function findingsOn(
  { field, of }: JudgedList,
  graph: GraphPort,
  pageSize: number,
  context: RequestContext,
): Promise<Part> {
  const { ids, incomplete } = await listSubjects(field, graph, pageSize, context)
  const judged = await Promise.all(ids.map((id) => of(id, context)))
  const gone = judged.filter((one) => one === null).length
  const message = `${gone} of ${field} could not be judged: they changed while they were, or could not be read.`
  return {
    findings: judged.flatMap((one) => one?.findings ?? []),
    incomplete: [
      ...incomplete,
      ...(gone > 0 ? [{ source: null, reason: 'UNMATCHED' as const, message, count: gone }] : []),
    ],
  }
}
/** A page of ids, as the graph answers it. */
interface SubjectPage {
  readonly nodes: readonly { readonly id: string }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  readonly incomplete: readonly Incomplete[]
}

async function listSubjects(
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
