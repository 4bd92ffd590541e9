import DataLoader from 'dataloader'
import { GraphQLError } from 'graphql'
import { LRUCache } from 'lru-cache'
import type { Access, Scope } from '../access.ts'
import type { Caller } from '../caller.ts'
import type { Config } from '../config/schema.ts'
import type { RequestContext } from '../context.ts'
import { type GraphPort, MAX_GRAPH_DEPTH } from '../graph.ts'
import { perRequest } from '../per-request.ts'
import type { Raw } from './facts.ts'
import { factsDocument, fetchFacts, SUBJECTS_PER_QUERY, type SubjectFacts } from './facts-query.ts'
import type { Judged } from './finding.ts'
import type { Rule } from './rule.ts'
import type { Thresholds } from './thresholds.ts'

/** One thing with its facts and what the rules say of it. */
export interface JudgedSubject extends SubjectFacts {
  readonly id: string
  readonly raw: Raw
  readonly judged: readonly Judged[]
  readonly now: Date
}

/** What judging needs. */
export interface ResultsOptions<Type extends string, Result> {
  /** Types of the things that are judged. */
  readonly types: readonly Type[]
  readonly rules: readonly Rule[]
  readonly thresholds: Thresholds
  readonly graph: GraphPort
  readonly access: Access
  readonly index: Config['index']
  /** What is judged, for the sentence that refuses to judge within judging. */
  readonly what: string
  /** Fields that are asked for beside the facts of the rules, as text of a selection. */
  readonly beside?: Partial<Readonly<Record<Type, string>>>
  /**
   * Changes whenever something else than sources changed that facts are made of: what was judged before is judged again.
   * undefined: that cannot be told now, so nothing that was judged before counts, nor will what is judged now.
   */
  readonly version?: (context: RequestContext) => Promise<string | undefined>
  /** What is made, and kept, of the judgements on one thing. */
  resultOf(subject: JudgedSubject): Result
}

/** What rules say of things. */
export interface Results<Type extends string, Result> {
  /** null: it is gone, or not to be seen. Asked for in one query of the graph per hundred. `anew`: nothing kept will do. */
  of(type: Type, id: string, context: RequestContext, options?: { anew?: boolean }): Promise<Result | null>
  /** What is kept of one thing for callers who see the same, however old it is; undefined: nothing. */
  kept(id: string, caller: Caller): KeptResult<Result> | undefined
}

/** What was judged before of one thing. */
interface KeptResult<Result> {
  readonly result: Result
  readonly ageSeconds: number
  /** false: something that an error took away is unknown in it, and may be to be had by now. */
  readonly sound: boolean
}

/** What was judged of one thing, and when. */
interface Kept<Result> {
  readonly result: Result
  /** Milliseconds since 1970. */
  readonly judgedAt: number
  readonly version: string
  readonly sound: boolean
}

/** Things whose results are kept, per group of callers who see the same. */
const MAX_KEPT = 20_000

/** Judges, and keeps what was judged as long as what it was judged by counts as fresh, for callers who see the same. */
export function createResults<Type extends string, Result>(
  options: ResultsOptions<Type, Result>,
): Results<Type, Result> {
  const { types, rules, thresholds, graph, access, index, what, beside = {}, resultOf } = options
  const kept = new WeakMap<Scope, LRUCache<string, Kept<Result>>>()
  const byType = new Map(
    types.map((type) => {
      const own = rules.filter(({ on }) => on === type)
      return [type, { own, document: factsDocument(own, type, (beside as Readonly<Record<string, string>>)[type]) }]
    }),
  )
  const keptOf = (caller: Caller) => {
    const scope = access.scopeOf(caller)
    const known = kept.get(scope) ?? new LRUCache({ max: MAX_KEPT })
    kept.set(scope, known)
    return known
  }
  const versionOf = perRequest(async (context) => (options.version ? options.version(context) : ''))
  const loaders = perRequest((context) => {
    const load = (type: Type) =>
      new DataLoader<string, Result | null>((ids) => judgeAll(type, ids, context), { maxBatchSize: SUBJECTS_PER_QUERY })
    return new Map(types.map((type) => [type, load(type)]))
  })

  async function judgeAll(type: Type, ids: readonly string[], context: RequestContext) {
    const { own = [], document = '' } = byType.get(type) ?? {}
    // Before the facts are asked for: what changes meanwhile is judged again.
    const version = await versionOf(context)
    const facts = await fetchFacts(graph, document, ids, context)
    const now = new Date()
    const known = keptOf(context.caller)
    return ids.map((id, i) => {
      const one = facts[i]
      const { raw } = one ?? {}
      if (!one || !raw) return null
      const judged = own.map((rule) => {
        return { rule, ...rule.judge({ ...one, raw, now, overrides: thresholds(rule, id) }) }
      })
      const result = resultOf({ ...one, raw, id, judged, now })
      known.set(id, {
        result,
        judgedAt: now.getTime(),
        version: version ?? '',
        sound: one.sound && version !== undefined,
      })
      return result
    })
  }

  return {
    async of(type, id, context, { anew = false } = {}) {
      const { maxAgeSeconds = Number.POSITIVE_INFINITY, graphDepth = 0 } = context
      const known = anew ? undefined : keptOf(context.caller).get(id)
      const age = known ? (Date.now() - known.judgedAt) / 1_000 : Number.POSITIVE_INFINITY
      // What could not be asked for another request may be to be had for this one.
      const fresh = known?.sound && age <= Math.min(index.freshSeconds, maxAgeSeconds)
      if (fresh && known.version === (await versionOf(context))) return known.result
      if (graphDepth >= MAX_GRAPH_DEPTH) throw tooDeep(what)
      const loader = loaders(context).get(type)
      return loader ? loader.load(id) : null
    },
    kept(id, caller) {
      const known = keptOf(caller).get(id)
      return known && { result: known.result, sound: known.sound, ageSeconds: (Date.now() - known.judgedAt) / 1_000 }
    },
  }
}

function tooDeep(what: string): GraphQLError {
  const message = `A rule may ask what another rule says, and no further: ${what} is not judged within that.`
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } })
}
