import { dirname, resolve } from 'node:path'
import { readDocument } from './document.ts'
import type { Position, TextProblem } from './document-values.ts'
import type { Finding } from './explain.ts'
import { ConfigurationError, type Path, type Problem, pathText } from './problem.ts'
import { type Places, placeOf } from './retype.ts'
import { type Config, describeAt, type Kinds } from './schema.ts'
import { settings } from './settings.ts'
import { validate } from './validate.ts'

/** What `loadConfig` reads. */
export interface LoadOptions<K extends Kinds> {
  /** The YAML. */
  text: string
  /** The file's name, as errors show it. */
  file: string
  /** Where relative paths in it start. Default: the folder of `file`. */
  directory?: string
  env: NodeJS.ProcessEnv
  kinds: K
}

/** Reads and validates the text of a `modelops.yaml`. Throws a ConfigurationError that holds everything that is wrong with it. */
export function loadConfig<K extends Kinds>({ text, file, directory, env, kinds }: LoadOptions<K>): Config<K> {
  const { value, places, problems, parsed } = readDocument(text, env)
  const fail = (found: Problem[]) => new ConfigurationError(found.map((problem) => ({ file, ...problem })))
  if (!parsed) throw fail(problems.map(({ at: { line, column }, message }) => ({ line, column, path: '', message })))
  const mistaken = notAMap(value)
  if (mistaken) throw fail([{ path: '', message: mistaken }])

  const validated = validate(value, kinds, places)
  const findings = 'findings' in validated ? validated.findings : []
  const told = new Set(problems.map(({ path }) => pathText(path)))
  const all = [
    ...problems.map((problem) => located(problem, kinds, value)),
    // What was already wrong as text is not told a second time.
    ...findings
      .filter(({ path, key }) => key !== undefined || !told.has(pathText(path)))
      .map((finding) => placed(finding, places)),
  ]
  if (!('config' in validated) || all.length > 0) throw fail(all.sort(byPlace))
  return withPathsFrom(directory ?? dirname(file), validated.config)
}

/** Validates a configuration that is not read from a file, such as one made of environment variables. Throws as `loadConfig`. */
export function buildConfig<K extends Kinds>(value: { sources: object[] }, kinds: K): Config<K> {
  const validated = validate(value, kinds, new Map())
  if ('config' in validated) return validated.config
  throw new ConfigurationError(validated.findings.map(({ path, message }) => ({ path: pathText(path), message })))
}

/** A configuration of nothing but defaults, without a source. */
export function defaultConfig<K extends Kinds>(): Config<K> {
  return { ...settings.parse({ sources: [{}] }), sources: [] }
}

function notAMap(value: unknown): string | undefined {
  if (value === null) return 'the file is empty, expected at least "sources:" with one source'
  if (Array.isArray(value)) return 'found a list, expected a map that holds "sources:"'
  return typeof value === 'object' ? undefined : 'found a single value, expected a map that holds "sources:"'
}

/** A problem of the text, with as much of its path as the schema knows: an unknown key can be a secret that lost its place. */
function located({ path, at, message }: TextProblem, kinds: Kinds, value: unknown): Problem {
  let known: Path = path
  while (known.length > 0 && !describeAt(kinds, value, known)) known = known.slice(0, -1)
  return { line: at.line, column: at.column, path: pathText(known), message }
}

function placed({ path, key, message }: Finding, places: Places): Problem {
  let at: Position | undefined = key === undefined ? undefined : placeOf(places, [...path, key])?.key
  for (let end = path.length; !at && end >= 0; end -= 1) at = placeOf(places, path.slice(0, end))
  return { ...(at && { line: at.line, column: at.column }), path: pathText(path), message }
}

const byPlace = (a: Problem, b: Problem) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)

function withPathsFrom<K extends Kinds>(directory: string, config: Config<K>): Config<K> {
  for (const { tls } of config.sources) if (tls?.caFile !== undefined) tls.caFile = resolve(directory, tls.caFile)
  const { gateway } = config
  if (gateway.supergraph !== undefined) gateway.supergraph = resolve(directory, gateway.supergraph)
  const absolute = (path: string) => resolve(directory, path)
  config.health.rules = config.health.rules.map(absolute)
  for (const subgraph of config.subgraphs) {
    if (subgraph.schema !== undefined) subgraph.schema = absolute(subgraph.schema)
  }
  const { governance } = config
  governance.policies = governance.policies.map(absolute)
  governance.packs = governance.packs.map(absolute)
  governance.tiering = governance.tiering.map(absolute)
  const { file, keyFile } = config.state
  if (file !== undefined) config.state.file = absolute(file)
  if (keyFile !== undefined) config.state.keyFile = absolute(keyFile)
  return config
}
