import { Kind, print, type SelectionNode } from 'graphql'
import type { RequestContext } from '../context.ts'
import { askGraph, type GraphPort } from '../graph.ts'
import { type AnswerErrors, answerErrors, pathKey } from './answer.ts'
import type { Raw } from './facts.ts'
import type { Rule } from './rule.ts'

/** How many subjects one query asks for. */
export const SUBJECTS_PER_QUERY = 100

/** The facts of one subject. */
export interface SubjectFacts {
  /** null: it is gone, or not to be seen. */
  readonly raw: Raw | null
  readonly at: string
  readonly errors: AnswerErrors
  /** Whether the answer it is part of had no errors, so that it may be kept. */
  readonly sound: boolean
}

/**
 * The one document that fetches the facts of all these rules, all on one type, for subjects by id; `beside`: fields that are
 * asked for too, as text.
 */
export function factsDocument(rules: readonly Pick<Rule, 'shape'>[], type: string, beside = ''): string {
  const asked = new Map<string, SelectionNode>()
  for (const { shape } of rules) {
    for (const selection of shape.asked.selections) asked.set(print(selection), selection)
  }
  const id: SelectionNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: 'id' } }
  const facts = print({ kind: Kind.SELECTION_SET, selections: [id, ...asked.values()] })
  const more = beside === '' ? '' : ` ... on ${type} { ${beside} }`
  return `query RuleFacts($ids: [ID!]!) { nodes(ids: $ids) { ... on ${type} ${facts}${more} } }`
}

/**
 * Fetches the facts of subjects, at most `SUBJECTS_PER_QUERY`, in their order. Where the graph could not be asked at all,
 * every fact is missing.
 */
export async function fetchFacts(
  graph: GraphPort,
  document: string,
  ids: readonly string[],
  context: RequestContext,
): Promise<SubjectFacts[]> {
  const { data, errors } = await askGraph(graph, document, { ids }, context)
  const why = answerErrors(errors, 'nodes')
  const nodes = Array.isArray(data?.nodes) ? (data.nodes as readonly (Raw | null)[]) : []
  return ids.map((_, i) => {
    const at = pathKey(['nodes', i])
    const raw = nodes[i] ?? null
    // A subject that an error took away is there, with nothing known of it.
    return { raw: raw ?? (why.gone(at) ? null : {}), at, errors: why, sound: errors.length === 0 }
  })
}
