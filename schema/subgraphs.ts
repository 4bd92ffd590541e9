import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type DocumentNode, parse, print, Source } from 'graphql'
import { withReachableDefinitions } from './closure.ts'

/** Every subgraph of the project; `schema/<name>.graphql` is its contract, `services/<name>/` its code. */
export const subgraphNames = ['models', 'serving', 'platform'] as const

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
  const own = parse(new Source(body, `schema/${name}.graphql`))
  const typeDefs = common.trim()
    ? withReachableDefinitions(own, parse(new Source(common, 'schema/common.graphql')))
    : own
  return { name, typeDefs, sdl: `${print(typeDefs)}\n` }
}

/**
 * Reads `<name>.graphql` and what it uses of `common.graphql` from a folder (the project's `schema/` if none is given).
 * Throws on a missing file or a syntax error, naming file, line and column.
 */
export function loadSubgraph(name: string, folder: string = import.meta.dirname): Subgraph {
  const read = (file: string) => readFileSync(join(folder, `${file}.graphql`), 'utf8')
  return parseSubgraph(name, read(name), read('common'))
}
