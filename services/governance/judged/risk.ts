import { createAccess } from '#lib/access.ts'
import type { Incomplete } from '#lib/common.generated.ts'
import type { RequestContext } from '#lib/context.ts'
import { createResults } from '#lib/rules/results.ts'
import type { Rule } from '#lib/rules/rule.ts'
import type { ReviewState, Risk, RiskDecision } from '../schema.generated.ts'
import type { JudgingOptions } from './judging.ts'
import { reviewOf } from './review.ts'
import type { Statement } from './statements.ts'
import { type Proposal, proposalOf } from './tiers.ts'

/** How much can go wrong with models. null: the model is gone, or not to be seen. */
export interface Risks {
  risk(id: string, context: RequestContext): Promise<Risk | null>
  review(id: string, context: RequestContext): Promise<ReviewState | null>
}

/** What is kept of one model. */
interface Proposed extends Proposal {
  /** Id. */
  readonly champion: string | null
}

/** What people said, or why that could not be read. */
interface Said {
  readonly statements: readonly Statement[]
  readonly incomplete: readonly Incomplete[]
}

/** Risk tiers and reviews of models: what tiering rules propose of the graph's facts, and what people decided. */
export function createRisks(
  { config, graph, thresholds, statements }: JudgingOptions,
  tiering: readonly Rule[],
): Risks {
  const { tiers, reviews } = config.governance
  const results = createResults<'Model', Proposed>({
    ...{ rules: tiering, graph, thresholds, types: ['Model'], what: 'the risk tier' },
    access: createAccess(config.access),
    index: config.index,
    beside: { Model: 'champion { id }' },
    resultOf: ({ judged, raw }) => ({
      ...proposalOf(judged, tiers),
      champion: (raw as { champion?: { id: string } | null }).champion?.id ?? null,
    }),
  })

  async function said(subjects: readonly string[], context: RequestContext): Promise<Said> {
    try {
      return { statements: await statements.statements(subjects, context), incomplete: [] }
    } catch (error) {
      context.log.error({ err: error }, 'the attestations could not be read')
      const message =
        'What people recorded could not be read, so that no decision and no review counts: ask again in a moment.'
      return { statements: [], incomplete: [{ source: null, reason: 'DOWN', message, count: null }] }
    }
  }

  return {
    async risk(id, context) {
      const proposal = await results.of('Model', id, context)
      return proposal && riskOf(proposal, await said([id], context), tiers, new Date())
    },
    async review(id, context) {
      const proposal = await results.of('Model', id, context)
      if (!proposal) return null
      const all = await said([id, ...(proposal.champion ? [proposal.champion] : [])], context)
      const now = new Date()
      const own = { ...all, statements: all.statements.filter(({ subject }) => subject === id) }
      return reviewOf(riskOf(proposal, own, tiers, now), all.statements, reviews, now)
    },
  }
}

/** The decision that counts, else the proposal. Where decisions cannot be read, there may be one: nothing is known then. */
export function riskOf(
  proposal: Proposal,
  { statements, incomplete }: Said,
  scale: readonly string[],
  now: Date,
): Risk {
  const { decision, unread } = decisionOf(statements, scale, now)
  const tier = decision?.tier ?? (incomplete.length > 0 ? null : proposal.tier)
  return {
    ...{ tier, proposedTier: proposal.tier, decision: decision ?? null, frameworks: proposal.frameworks },
    decided: decision ? true : incomplete.length > 0 ? null : false,
    evidence: decision
      ? `decided by ${decision.by} at ${decision.at}: ${decision.statement}`
      : tier === null
        ? null
        : proposal.evidence,
    overtaken: decision ? isOvertaken(decision.tier, proposal, scale) : null,
    incomplete: [...incomplete, ...unread, ...proposal.incomplete],
  }
}

/** Newest first, the first that has not expired and names a tier; and those that name none. */
function decisionOf(
  statements: readonly Statement[],
  scale: readonly string[],
  now: Date,
): { decision: (RiskDecision & { statement: string }) | undefined; unread: Incomplete[] } {
  const valid = statements.filter(
    ({ kind, expiresAt }) => kind === 'RISK_TIER' && (expiresAt === null || Date.parse(expiresAt) > now.getTime()),
  )
  const newest = valid.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))[0]
  if (!newest) return { decision: undefined, unread: [] }
  const tier = tierOf(newest.statement, scale)
  const { id: attestationId, by, at, expiresAt, statement } = newest
  if (tier) return { decision: { tier, by, at, expiresAt, attestationId, statement }, unread: [] }
  const message = `The decision ${attestationId} begins with none of the tiers ${scale.join(', ')}, so that it does not count: record it again.`
  return { decision: undefined, unread: [{ source: null, reason: 'UNMATCHED', message, count: 1 }] }
}

/** The tier that a decision states: its first word, whatever its case. */
export function tierOf(statement: string, scale: readonly string[]): string | undefined {
  const text = statement.trim().toLowerCase()
  return scale
    .toSorted((a, b) => b.length - a.length)
    .find((tier) => text.startsWith(tier.toLowerCase()) && !/^[\p{L}\p{N}_-]/u.test(text.slice(tier.length)))
}

/** true: something stricter is proposed. null: something stricter could be. */
function isOvertaken(decided: string, { atLeast, tier }: Proposal, scale: readonly string[]): boolean | null {
  if (atLeast !== null && scale.indexOf(atLeast) < scale.indexOf(decided)) return true
  return tier === null && decided !== scale[0] ? null : false
}
