import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { check } from './checks.ts'
import { CompositionError, compose } from './compose.ts'
import { commonTypesFile, contractFile, projectRoot, supergraphFile, typesFile } from './files.ts'
import { mappers as projectMappers } from './mappers.ts'
import type { Problem } from './problem.ts'
import { stamped } from './stamp.ts'
import { loadCommon, loadSubgraph, type Subgraph, subgraphNames } from './subgraphs.ts'
import { generateCommonTypes, generateTypes } from './types.ts'

type Mappers = Readonly<Record<string, Readonly<Record<string, string>>>>

/** What to generate, and from where. */
export interface GenerateOptions {
  /** true: compare with what is committed and write nothing. */
  readonly check: boolean
  /** The folder that holds `schema/` and `services/`; the project's own if none is given. */
  readonly root?: string
  readonly names?: readonly string[]
  /** Per subgraph: GraphQL type → the record its resolvers are handed. */
  readonly mappers?: Mappers
}

/** What came of it; all is well when both `problems` and `stale` are empty. */
export interface GenerateResult {
  /** What is wrong with the schema. Nothing is written while there are any. */
  readonly problems: readonly Problem[]
  /** With `check`: committed files, from the root, that are not what the schema gives, or are missing. */
  readonly stale: readonly string[]
  /** Without `check`: the files that were brought up to date. */
  readonly written: readonly string[]
  /** What the composer finds odd and lets pass. */
  readonly hints: readonly string[]
}

/**
 * Composes the subgraphs, checks them against the rules, and writes (or, with `check`, compares) what is generated from
 * them: the supergraph and each subgraph's types. Throws on a missing file or a syntax error in one.
 */
export async function generateAll(options: GenerateOptions): Promise<GenerateResult> {
  const { root = projectRoot, names = subgraphNames } = options
  const mappers: Mappers = options.mappers ?? projectMappers
  const subgraphs = names.map((name) => loadSubgraph(name, root))
  const composed = tryCompose(subgraphs)
  const problems = [...unlisted(root, names), ...composed.problems, ...check(subgraphs)]
  const outdated: string[] = []
  if (composed.supergraphSdl !== undefined) {
    const files = new Map([
      [supergraphFile, stamped(composed.supergraphSdl)],
      [commonTypesFile, await generateCommonTypes(loadCommon(root))],
    ])
    for (const subgraph of subgraphs) {
      files.set(typesFile(subgraph.name), await generateTypes(subgraph, mappers[subgraph.name]))
    }
    const changed = [...files].filter(([file, text]) => textOf(join(root, file)) !== text)
    outdated.push(...changed.map(([file]) => file))
    if (!options.check && problems.length === 0) for (const [file, text] of changed) write(join(root, file), text)
  }
  return {
    problems,
    stale: options.check ? outdated : [],
    written: options.check || problems.length > 0 ? [] : outdated,
    hints: composed.hints,
  }
}

/** A contract in the folder that is no subgraph would be left out without a word. */
function unlisted(root: string, names: readonly string[]): Problem[] {
  const known = new Set([...names, 'common', 'supergraph'].map(contractFile))
  return readdirSync(join(root, 'schema'))
    .map((file) => `schema/${file}`)
    .filter((file) => file.endsWith('.graphql') && !known.has(file))
    .map((file) => ({
      rule: 'subgraphs',
      element: file,
      message: `${file} belongs to no subgraph: add its name to subgraphNames in schema/subgraphs.ts`,
    }))
}

/** Errors of composition are problems among the others here, so that one run tells everything. */
function tryCompose(subgraphs: readonly Subgraph[]) {
  try {
    return { ...compose(subgraphs), problems: [] }
  } catch (error) {
    if (!(error instanceof CompositionError)) throw error
    return { supergraphSdl: undefined, hints: [], problems: error.problems }
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
