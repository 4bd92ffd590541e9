import DataLoader from 'dataloader'
import { GraphQLError } from 'graphql'
import { LRUCache } from 'lru-cache'
import type { Access, Scope } from '#lib/access.ts'
import type { Caller } from '#lib/caller.ts'
import type { Config } from '#lib/config/schema.ts'
import type { RequestContext } from '#lib/context.ts'
import { type GraphPort, MAX_GRAPH_DEPTH } from '#lib/graph.ts'
import { perRequest } from '#lib/per-request.ts'
import { factsDocument, fetchFacts, SUBJECTS_PER_QUERY, type SubjectFacts } from '#lib/rules/facts-query.ts'
import type { Rule } from '#lib/rules/rule.ts'
import { type HealthRecord, healthOf } from './health.ts'
import type { Thresholds } from './thresholds.ts'

/** Types whose health is judged. */
export const subjectTypes = ['Model', 'Endpoint'] as const

/** A type whose health is judged. */
export type SubjectType = (typeof subjectTypes)[number]

/** What judging needs. */
export interface ResultsOptions {
  readonly rules: readonly Rule[]
  readonly thresholds: Thresholds
  readonly graph: GraphPort
  readonly access: Access
  readonly index: Config['index']
}

/** Health of things, as their rules say. */
export interface Results {
  /** null: it is gone, or not to be seen. Asked for in one query of the graph per hundred. */
  of(type: SubjectType, id: string, context: RequestContext): Promise<HealthRecord | null>
  /** The same, judged anew whatever is kept. */
  judge(type: SubjectType, id: string, context: RequestContext): Promise<HealthRecord | null>
  /** What was judged for callers who see the same; undefined: nothing that is kept. */
  kept(id: string, caller: Caller): Kept | undefined
}

/** What was judged of one thing, and when. */
export interface Kept {
  readonly health: HealthRecord
  readonly ageSeconds: number
  /** false: something that an error took away is unknown in it, and may be to be had by now. */
  readonly sound: boolean
}

interface Entry {
  readonly health: HealthRecord
  /** Milliseconds since 1970. */
  readonly judgedAt: number
  readonly sound: boolean
}

/** Things whose health is kept, per group of callers who see the same. */
const MAX_KEPT = 20_000

/** Judges, and keeps what was judged as long as what it was judged by counts as fresh, for callers who see the same. */
export function createResults({ rules, thresholds, graph, access, index }: ResultsOptions): Results {
  const kept = new WeakMap<Scope, LRUCache<string, Entry>>()
  const byType = Object.fromEntries(
    subjectTypes.map((type) => {
      const own = rules.filter(({ on }) => on === type)
      return [type, { own, document: factsDocument(own, type) }]
    }),
  )
  const keptOf = (caller: Caller) => {
    const scope = access.scopeOf(caller)
    const known = kept.get(scope) ?? new LRUCache({ max: MAX_KEPT })
    kept.set(scope, known)
    return known
  }
  const loaders = perRequest((context) => {
    const load = (type: SubjectType) =>
      new DataLoader<string, HealthRecord | null>((ids) => judgeAll(type, ids, context), {
        maxBatchSize: SUBJECTS_PER_QUERY,
      })
    return { Model: load('Model'), Endpoint: load('Endpoint') }
  })

  async function judgeAll(type: SubjectType, ids: readonly string[], context: RequestContext) {
    const { own = [], document = '' } = byType[type] ?? {}
    const facts = await fetchFacts(graph, document, ids, context)
    const now = new Date()
    const known = keptOf(context.caller)
    return ids.map((id, i) => {
      const one = facts[i]
      const health = one ? judge(own, id, one, now) : null
      if (health && one) known.set(id, { health, judgedAt: now.getTime(), sound: one.sound })
      return health
    })
  }

  function judge(own: readonly Rule[], id: string, { raw, at, errors }: SubjectFacts, now: Date) {
    if (!raw) return null
    const judged = own.map((rule) => {
      return { rule, ...rule.judge({ raw, at, errors, now, overrides: thresholds(rule, id) }) }
    })
    return healthOf(id, judged, now)
  }

  const results: Results = {
    async of(type, id, context) {
      const { maxAgeSeconds = Number.POSITIVE_INFINITY } = context
      const known = results.kept(id, context.caller)
      // What could not be asked for another request may be to be had for this one.
      if (known?.sound && known.ageSeconds <= Math.min(index.freshSeconds, maxAgeSeconds)) return known.health
      return results.judge(type, id, context)
    },
    async judge(type, id, context) {
      if ((context.graphDepth ?? 0) >= MAX_GRAPH_DEPTH) throw tooDeep()
      return loaders(context)[type].load(id)
    },
    kept(id, caller) {
      const entry = keptOf(caller).get(id)
      if (!entry) return undefined
      const { health, judgedAt, sound } = entry
      return { health, sound, ageSeconds: (Date.now() - judgedAt) / 1_000 }
    },
  }
  return results
}

function tooDeep(): GraphQLError {
  const message = 'A rule may ask what another rule says, and no further: health is not judged within that.'
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } })
}
