import { join } from 'node:path'
import type { Config } from '#lib/config/schema.ts'
import { loadRules, type RuleWithFile, readText } from '#lib/rules/files.ts'
import { readRuleGraph } from '#lib/rules/graph-schema.ts'
import type { RuleKind } from '#lib/rules/load.ts'
import { projectRoot, supergraphFile } from '#schema/files.ts'

/**
 * What health rules judge, and what they cannot read: what they say themselves, and what governance makes of it; nor the risk
 * tier, since a policy that read health would then ask three deep.
 */
const healthRules: RuleKind = {
  kind: 'health',
  subjects: ['Model', 'Endpoint'],
  forbidden: ['Health', 'Finding', 'FindingConnection', 'Compliance', 'GateResult', 'Risk'],
  unconfigured: 'NOT_APPLICABLE',
}

/**
 * The rules that ship and those of the configuration, by id. `supergraphSdl`: the composed graph that they are checked
 * against. Throws as `loadRules` does.
 */
export function loadHealthRules(
  { health, gateway }: Pick<Config, 'health' | 'gateway'>,
  supergraphSdl = readText(gateway.supergraph ?? join(projectRoot, supergraphFile)),
): RuleWithFile[] {
  return loadRules(healthRules, [join(import.meta.dirname, 'rules'), ...health.rules], readRuleGraph(supergraphSdl))
}
