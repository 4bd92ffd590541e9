import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Config } from '#lib/config/schema.ts'
import { ReaderError } from '#lib/reader-error.ts'
import { readRuleGraph } from '#lib/rules/graph-schema.ts'
import { type LoadedRule, loadRule, type RuleKind } from '#lib/rules/load.ts'
import { type RuleProblem, RulesError } from '#lib/rules/problem.ts'
import { projectRoot, supergraphFile } from '#schema/files.ts'

/** What health rules judge, and what they cannot read: what they say themselves, and what governance makes of it. */
const healthRules: RuleKind = {
  kind: 'health',
  subjects: ['Model', 'Endpoint'],
  forbidden: ['Health', 'Finding', 'FindingConnection', 'Compliance', 'GateResult'],
}

/** A rule with its file. */
export type HealthRule = Extract<LoadedRule, { rule: unknown }>

/**
 * The rules that ship and those of the configuration, by id. Throws a RulesError with everything that is wrong with them,
 * and a ReaderError where a file cannot be read. `supergraphSdl`: the composed graph that they are checked against.
 */
export function loadHealthRules(
  { health, gateway }: Pick<Config, 'health' | 'gateway'>,
  supergraphSdl = read(gateway.supergraph ?? join(projectRoot, supergraphFile)),
): HealthRule[] {
  const graph = readRuleGraph(supergraphSdl)
  const files = [join(import.meta.dirname, 'rules'), ...health.rules].flatMap(filesAt)
  const loaded = files.map((path) => ({ path, ...loadRule(shown(path), read(path), graph, healthRules) }))
  const rules = loaded.flatMap((one) => ('rule' in one ? [one] : []))
  const firsts = new Map<string, string>()
  const twice = rules.flatMap(({ path, rule: { id } }): RuleProblem[] => {
    const first = firsts.get(id)
    firsts.set(id, first ?? path)
    const message = `id: found ${id}, which ${shown(first ?? '')} has`
    return first === undefined ? [] : [{ file: shown(path), line: 1, column: 1, message }]
  })
  const problems = [...loaded.flatMap((one) => ('problems' in one ? one.problems : [])), ...twice]
  if (problems.length > 0) throw new RulesError(problems)
  return rules.sort((a, b) => (a.rule.id < b.rule.id ? -1 : 1))
}

/** A file, or the rules in a folder. */
function filesAt(path: string): string[] {
  if (!attempt(path, (one) => statSync(one)).isDirectory()) return [path]
  return attempt(path, (folder) => readdirSync(folder))
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(path, name))
}

const read = (file: string) => attempt(file, (path) => readFileSync(path, 'utf8'))

function attempt<T>(path: string, act: (path: string) => T): T {
  try {
    return act(path)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new ReaderError(`The rules at ${path} cannot be read (${code}).`, { cause })
  }
}

/** As short as it can be said from where the program was started. */
function shown(file: string): string {
  const short = relative(process.cwd(), file)
  return short.startsWith('..') ? file : short
}
