import type { Incomplete } from '#lib/common.generated.ts'
import type { Judged } from '#lib/rules/finding.ts'
import type { RiskByFramework } from '../schema.generated.ts'

/** What tiering rules propose for a model. */
export interface Proposal {
  readonly frameworks: readonly RiskByFramework[]
  /** The strictest tier that is proposed; null: none is. */
  readonly atLeast: string | null
  /** The strictest, where nothing that is not known could be stricter. */
  readonly tier: string | null
  /** What proposes it. */
  readonly evidence: string | null
  readonly incomplete: readonly Incomplete[]
}

/** A framework's rule that decided, or could not. */
interface Decided {
  readonly framework: RiskByFramework
  /** The company's tier; null: it cannot be told. */
  readonly as: string | null
  readonly incomplete: readonly Incomplete[]
}

/** What tiering rules say of one model; `scale`: the company's tiers, the strictest first. */
export function proposalOf(judged: readonly Judged[], scale: readonly string[]): Proposal {
  const decided = [...Map.groupBy(judged, ({ rule }) => rule.tier?.framework ?? '')]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([framework, rules]) => decidedBy(framework, rules) ?? [])
  const known = decided.filter(({ as }) => as !== null)
  const [strictest] = known.sort((a, b) => scale.indexOf(a.as ?? '') - scale.indexOf(b.as ?? ''))
  const atLeast = strictest?.as ?? null
  // Where one framework already says the strictest, no other can change that.
  const certain = decided.length > 0 && (known.length === decided.length || atLeast === scale[0])
  return {
    frameworks: decided.map(({ framework }) => framework),
    ...{ atLeast, tier: certain ? atLeast : null },
    evidence: strictest ? `${strictest.framework.framework}: ${strictest.framework.reason}` : null,
    incomplete: certain ? [] : decided.flatMap(({ incomplete }) => incomplete),
  }
}

/** The strictest tier of a framework whose rule holds; one that cannot be told leaves all looser ones open. */
function decidedBy(framework: string, rules: readonly Judged[]): Decided | undefined {
  const [first] = rules
    .toSorted((a, b) => (a.rule.tier?.rank ?? 0) - (b.rule.tier?.rank ?? 0))
    .filter(({ outcome }) => outcome === 'PASS' || outcome === 'UNKNOWN')
  if (!first?.rule.tier) return undefined
  const { rule, outcome, message, evidence, incomplete } = first
  const facts = evidence.filter(({ path }) => !path.startsWith('parameters.'))
  const shown = facts.slice(0, 3).map(({ path, value }) => `${path} = ${value ?? 'none'}`)
  const reason = outcome === 'PASS' && shown.length > 0 ? `${rule.title} (${shown.join('; ')}).` : message
  const told = outcome === 'PASS' ? first.rule.tier : undefined
  return {
    framework: { framework, tier: told?.name ?? null, reason, rule: rule.id, hash: rule.hash },
    as: told?.as ?? null,
    incomplete,
  }
}
