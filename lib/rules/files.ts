import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { ReaderError } from '../reader-error.ts'
import type { RuleGraph } from './graph-schema.ts'
import { type LoadedRule, loadRule, type RuleKind } from './load.ts'
import { type RuleProblem, RulesError } from './problem.ts'

/** A rule with its file, and what that is called. */
export type RuleWithFile = Extract<LoadedRule, { rule: unknown }> & { readonly shown: string }

/** The text of a file; `shown`: as short as its path can be said from where the program was started. */
interface TextFile {
  readonly shown: string
  readonly text: string
}

/**
 * All rules of one kind at some paths, files or folders, by id. Throws a RulesError with everything that is wrong with them,
 * and a ReaderError where a file cannot be read.
 */
export function loadRules(kind: RuleKind, paths: readonly string[], graph: RuleGraph): RuleWithFile[] {
  const loaded = yamlFilesAt(paths).map(({ shown, text }) => ({ shown, ...loadRule(shown, text, graph, kind) }))
  const rules = loaded.flatMap((one) => ('rule' in one ? [one] : []))
  const twice = namedTwice(rules.map(({ shown, rule }) => ({ shown, id: rule.id })))
  const problems = [...loaded.flatMap((one) => ('problems' in one ? one.problems : [])), ...twice]
  if (problems.length > 0) throw new RulesError(problems)
  return rules.sort((a, b) => (a.rule.id < b.rule.id ? -1 : 1))
}

/** Ids that an earlier file has. */
export function namedTwice(files: readonly { readonly shown: string; readonly id: string }[]): RuleProblem[] {
  const firsts = new Map<string, string>()
  return files.flatMap(({ shown, id }): RuleProblem[] => {
    const first = firsts.get(id)
    firsts.set(id, first ?? shown)
    const message = `id: found ${id}, which ${first} has`
    return first === undefined ? [] : [{ file: shown, line: 1, column: 1, message }]
  })
}

/** The YAML files at some paths, and right within those that are folders. Throws, for the reader, where one cannot be read. */
export function yamlFilesAt(paths: readonly string[]): TextFile[] {
  return paths.flatMap(filesAt).map((path) => ({ shown: shownPath(path), text: readText(path) }))
}

/** A file, or those in a folder. */
function filesAt(path: string): string[] {
  if (!attempt(path, (one) => statSync(one)).isDirectory()) return [path]
  return attempt(path, (folder) => readdirSync(folder))
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(path, name))
}

/** The text of a file. Throws, for the reader, where it cannot be read. */
export const readText = (file: string): string => attempt(file, (path) => readFileSync(path, 'utf8'))

function attempt<T>(path: string, act: (path: string) => T): T {
  try {
    return act(path)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new ReaderError(`The rules at ${path} cannot be read (${code}).`, { cause })
  }
}

function shownPath(file: string): string {
  const short = relative(process.cwd(), file)
  return short.startsWith('..') ? file : short
}
