import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type DocumentNode, GraphQLError, parse, print, Source } from 'graphql'
import { withReachableDefinitions } from './closure.ts'
import { contractFile, projectRoot } from './files.ts'
import { nodeStubs } from './node-stubs.ts'

/** Every subgraph of the project; `schema/<name>.graphql` is its contract, `services/<name>/` its code. */
export const subgraphNames = [
  'models',
  'catalog',
  'ci',
  'serving',
  'monitoring',
  'platform',
  'health',
  'governance',
  'lineage',
  'delivery',
] as const

/** The name of one of the project's own subgraphs. */
export type SubgraphName = (typeof subgraphNames)[number]

/** One subgraph's contract, with the shared definitions it uses. */
export interface Subgraph {
  readonly name: string
  readonly typeDefs: DocumentNode
  /** The same document as text, for what takes SDL. */
  readonly sdl: string
}

/** A subgraph from SDL at hand. `common` holds shared definitions; only those that `body` reaches are taken. */
export function parseSubgraph(name: string, body: string, common = ''): Subgraph {
  const own = parseFile(body, contractFile(name))
  const typeDefs = common.trim() ? withReachableDefinitions(own, parseFile(common, contractFile('common'))) : own
  return { name, typeDefs, sdl: `${print(typeDefs)}\n` }
}

/**
 * Reads `schema/<name>.graphql` and what it uses of `schema/common.graphql`, in the project or below another root.
 * Throws on a missing file or a syntax error, naming file, line and column.
 */
export function loadSubgraph(name: string, root: string = projectRoot): Subgraph {
  const read = (file: string) => readFileSync(join(root, contractFile(file)), 'utf8')
  const stubs =
    name === stubbed ? nodeStubs(others(name).map((other) => parseFile(read(other), contractFile(other)))) : ''
  return parseSubgraph(name, read(name) + stubs, read('common'))
}

/** The subgraph that finds things of every type by their ids. */
const stubbed: SubgraphName = 'lineage'

const others = (name: string) => subgraphNames.filter((other) => other !== name)

/** The definitions that subgraphs share, `schema/common.graphql`, whole. Throws as `loadSubgraph`. */
export function loadCommon(root: string = projectRoot): DocumentNode {
  return parseFile(readFileSync(join(root, contractFile('common')), 'utf8'), contractFile('common'))
}

/** The message of a syntax error alone does not say where; printed, it does. */
function parseFile(body: string, file: string): DocumentNode {
  try {
    return parse(new Source(body, file))
  } catch (error) {
    throw error instanceof GraphQLError ? new Error(error.toString(), { cause: error }) : error
  }
}
