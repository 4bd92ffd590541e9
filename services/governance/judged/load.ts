import { join } from 'node:path'
import type { Config } from '#lib/config/schema.ts'
import { ReaderError } from '#lib/reader-error.ts'
import { loadRules, namedTwice, type RuleWithFile, readText, yamlFilesAt } from '#lib/rules/files.ts'
import { readRuleGraph } from '#lib/rules/graph-schema.ts'
import type { RuleKind } from '#lib/rules/load.ts'
import { RulesError } from '#lib/rules/problem.ts'
import type { Rule } from '#lib/rules/rule.ts'
import { projectRoot, supergraphFile } from '#schema/files.ts'
import { type Pack, readPack } from './packs.ts'

/** What policies judge. They cannot read what they say themselves; they may read health and the risk tier. */
const policyRules: RuleKind = {
  kind: 'policy',
  subjects: ['Model', 'ModelVersion', 'Endpoint'],
  forbidden: ['Compliance', 'GateResult'],
  // Nobody who could tell is configured: that a control is in place is not known then, and never taken for granted.
  unconfigured: 'UNKNOWN',
}

/** What tiering rules judge. Policies read the tier, and a rule may ask only what one other rule says. */
const tieringRules: RuleKind = {
  kind: 'tier',
  subjects: ['Model'],
  forbidden: ['Compliance', 'GateResult', 'Health', 'Finding', 'Risk', 'ReviewState'],
  unconfigured: 'UNKNOWN',
}

/** Everything that governance judges by. */
export interface Governance {
  readonly policies: readonly Rule[]
  readonly tiering: readonly Rule[]
  readonly packs: readonly Pack[]
  /** With their files, for `modelops rules test`; those that the configuration switches off among them. */
  readonly files: readonly RuleWithFile[]
}

/**
 * Policies, tiering rules and packs, those that ship and those of the configuration. Throws a RulesError with everything that
 * is wrong with the files, and a ReaderError where one cannot be read or the configuration names what there is not.
 */
export function loadGovernance(
  { governance, gateway }: Pick<Config, 'governance' | 'gateway'>,
  supergraphSdl = readText(gateway.supergraph ?? join(projectRoot, supergraphFile)),
): Governance {
  const graph = readRuleGraph(supergraphSdl)
  const shipped = (folder: string) => join(import.meta.dirname, '..', folder)
  const policies = loadRules(policyRules, [shipped('policies'), ...governance.policies], graph)
  const tiering = loadRules(tieringRules, [shipped('tiering'), ...governance.tiering], graph)
  const files = [...policies, ...tiering]
  const twice = namedTwice(files.map(({ shown, rule }) => ({ shown, id: rule.id })))
  if (twice.length > 0) throw new RulesError(twice)
  const known = files.map(({ rule }) => rule.id)
  for (const [i, id] of governance.without.entries()) {
    if (!known.includes(id)) throw new ReaderError(`governance.without[${i}]: found ${id}, expected one of: ${known}`)
  }
  const judging = (loaded: readonly RuleWithFile[]) =>
    loaded.map(({ rule }) => rule).filter(({ id }) => !governance.without.includes(id))
  checkTiers(judging(tiering), governance)
  const packs = loadPacks([shipped('packs'), ...governance.packs], policies)
  return {
    policies: judging(policies).map((rule) => ({ ...rule, clauses: clausesOf(rule, packs) })),
    tiering: judging(tiering),
    packs,
    files,
  }
}

/** Every tier that is named is one of the company's. */
function checkTiers(tiering: readonly Rule[], { tiers, reviews }: Config['governance']): void {
  const expected = `expected one of governance.tiers: ${tiers.join(', ')}`
  for (const { id, tier } of tiering) {
    if (tier && !tiers.includes(tier.as)) throw new ReaderError(`${id}: tier.as: found ${tier.as}, ${expected}`)
  }
  for (const [i, { tier }] of reviews.entries()) {
    if (!tiers.includes(tier)) throw new ReaderError(`governance.reviews[${i}].tier: found ${tier}, ${expected}`)
  }
}

function loadPacks(paths: readonly string[], policies: readonly RuleWithFile[]): Pack[] {
  const files = yamlFilesAt(paths)
  const read = files.map(({ shown, text }) => ({ shown, ...readPack(shown, text, policies) }))
  const packs = read.flatMap((one) => ('pack' in one ? [one] : []))
  const ids = new Set(packs.flatMap(({ pack }) => pack.clauses.map(({ id }) => `${pack.id}/${id}`)))
  // A policy of the company's own may say itself which clause of a pack that ships it judges.
  const lost = policies.flatMap(({ rule, shown }) =>
    rule.clauses
      .filter((clause) => !ids.has(clause))
      .map((clause) => ({ file: shown, line: 1, column: 1, message: `clauses: found ${clause}, which no pack has` })),
  )
  const problems = [
    ...read.flatMap((one) => ('problems' in one ? one.problems : [])),
    ...namedTwice(packs.map(({ shown, pack }) => ({ shown, id: pack.id }))),
    ...lost,
  ]
  if (problems.length > 0) throw new RulesError(problems)
  return packs.map(({ pack }) => pack)
}

/** The clauses that a policy judges: those that it names, and those that packs name it for. */
const clausesOf = (rule: Rule, packs: readonly Pack[]): string[] => [
  ...new Set([
    ...rule.clauses,
    ...packs.flatMap(({ id, clauses }) =>
      clauses.filter(({ policies }) => policies.includes(rule.id)).map((clause) => `${id}/${clause.id}`),
    ),
  ]),
]
