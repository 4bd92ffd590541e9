import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Logger } from 'pino'
import { fetchContract } from '#gateway/contract.ts'
import type { TeamServer } from '#gateway/remote.ts'
import type { Origin } from '#lib/config/read.ts'
import type { Config } from '#lib/config/schema.ts'
import type { TokenSigner } from '#lib/internal-token/signer.ts'
import { ReaderError } from '#lib/reader-error.ts'
import { credentials } from '#lib/upstream/credentials.ts'
import { subgraphNames } from '#schema/subgraphs.ts'
import type { TeamSchema } from '#schema/teams.ts'
import { readSupergraph, supergraphPath } from './graph.ts'
import { secretKey } from './secret-key.ts'

type Team = Config['subgraphs'][number]

/** The graph with the subgraphs of teams. */
export interface TeamGraph {
  /** The composed graph. */
  readonly supergraphSdl: string
  /** Its file, where it is one that can change. */
  readonly supergraphFile?: string
  /** Where the teams' subgraphs are asked; one that is left out of the graph is not among them. */
  readonly teams: readonly TeamServer[]
  /** What of the teams' subgraphs is not in the graph as it is now; empty: nothing. */
  readonly refused: readonly RefusedTeam[]
}

/** A subgraph of a team that is left out, or is in the graph as it was before. */
export interface RefusedTeam {
  readonly name: string
  /** Why, and what to do, for whoever runs the gateway. */
  readonly words: string
}

/** What `composeTeamGraph` needs. */
export interface TeamGraphOptions {
  readonly config: Config
  /** Folder for what is kept from one start to the next. */
  readonly folder: string
  /** Holds the key to vouch for callers with; without one, nobody vouches for them. */
  readonly env: NodeJS.ProcessEnv
  readonly log: Logger
}

/** Where the schemas of teams are kept: beside the configuration file, else below the current folder. */
export const keptFolder = (origin: Origin): string =>
  join(origin.kind === 'file' ? dirname(origin.path) : process.cwd(), '.modelops', 'subgraphs')

/** The addresses of teams' subgraphs by name, to show. */
export const addressesOf = (teams: readonly TeamServer[]): Record<string, string> =>
  Object.fromEntries(teams.map(({ name, url }) => [name, url]))

/** Whoever asks for a schema at start, where a token has to name somebody. */
const ITSELF = { subject: 'modelops', roles: [], scopes: [] }

/**
 * Composes the teams' subgraphs with ours, one after another, so that one that does not fit leaves the others in. In the
 * place of one that cannot be had or does not fit stands what it last was, where that is kept and still fits. Throws, for
 * the reader, on what only the configuration can mend: a name that is ours, a schema file that is not there.
 */
export async function composeTeamGraph(options: TeamGraphOptions): Promise<TeamGraph> {
  const { config, folder, env, log } = options
  const supergraphFile = supergraphPath(config)
  const supergraphSdl = readSupergraph(supergraphFile)
  const key = config.subgraphs.length > 0 ? secretKey(env) : undefined
  const signer =
    key === undefined ? undefined : await (await import('#lib/internal-token/signer.ts')).createTokenSigner(key)
  const servers = config.subgraphs.map((team) => serverOf(team, signer))
  // A graph that was composed elsewhere has the teams' subgraphs in it already.
  if (servers.length === 0 || config.gateway.supergraph !== undefined) {
    return { supergraphSdl, supergraphFile, teams: servers, refused: [] }
  }
  // A third of a second of a start that few need.
  const { composeWithTeams } = await import('#schema/teams.ts')
  const fetched = await Promise.all(
    config.subgraphs.map((team, i) => schemaOf(team, servers[i], config.http.requestTimeout)),
  )
  const accepted: TeamSchema[] = []
  const refused: RefusedTeam[] = []
  let composed = supergraphSdl
  for (const [i, team] of config.subgraphs.entries()) {
    const { name } = team
    const attempt = (schema: TeamSchema): readonly string[] => {
      const outcome = composeWithTeams([...accepted, schema], supergraphSdl)
      if ('problems' in outcome) return outcome.problems
      for (const hint of outcome.hints) log.warn({ subgraph: name }, hint)
      accepted.push(schema)
      composed = outcome.supergraphSdl
      return []
    }
    const found = fetched[i]
    const problems = found === undefined ? [] : 'why' in found ? [found.why] : attempt(found)
    if (problems.length === 0) {
      if (found && 'sdl' in found) await keep(folder, found, log)
      continue
    }
    const kept = await keptSchema(folder, name)
    const goesOn = kept !== undefined && attempt(kept).length === 0
    const words = `The subgraph ${name} ${goesOn ? 'goes on as it last was' : 'is left out of the graph, its fields are unknown'}:\n${problems.map((one) => `- ${one}`).join('\n')}`
    refused.push({ name, words })
  }
  const inGraph = new Set(accepted.map(({ name }) => name))
  return { supergraphSdl: composed, teams: servers.filter(({ name }) => inGraph.has(name)), refused }
}

function serverOf({ name, url, auth }: Team, signer: TokenSigner | undefined): TeamServer {
  if ((subgraphNames as readonly string[]).includes(name)) {
    throw new ReaderError(
      `subgraphs: ${name} is the name of one of our own subgraphs (${subgraphNames.join(', ')}): give yours another name.`,
    )
  }
  if (auth) return { name, url, headers: credentials({ id: name, auth }) }
  return { name, url, ...(signer && { signer }) }
}

async function schemaOf(
  { name, url, schema: file }: Team,
  server: TeamServer | undefined,
  milliseconds: number,
): Promise<TeamSchema | { why: string }> {
  if (file !== undefined) {
    const sdl = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
      throw new ReaderError(`The schema ${file} of the subgraph ${name} cannot be read (${cause.code}).`, { cause })
    })
    return { name, sdl, from: file }
  }
  try {
    const token = await server?.signer?.tokenFor(ITSELF, name)
    const headers = server?.headers ?? (token === undefined ? {} : { authorization: `Bearer ${token}` })
    const sdl = await fetchContract({ url, headers, milliseconds })
    return { name, sdl, from: url }
  } catch (error) {
    if (!(error instanceof ReaderError)) throw error
    return { why: `${error.message} To do: see that it runs, then start the gateway again` }
  }
}

const keptFile = (folder: string, name: string) => join(folder, `${name}.graphql`)

/** Kept in one step, so that nobody reads half of it. Where it cannot be kept, the gateway goes on without. */
async function keep(folder: string, { name, sdl }: TeamSchema, log: Logger): Promise<void> {
  const file = keptFile(folder, name)
  const half = `${file}.${process.pid}`
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(half, sdl)
    await rename(half, file)
  } catch (error) {
    log.warn({ err: error, subgraph: name }, 'the schema of a subgraph cannot be kept for times when it is silent')
  }
}

async function keptSchema(folder: string, name: string): Promise<TeamSchema | undefined> {
  const from = keptFile(folder, name)
  const sdl = await readFile(from, 'utf8').catch(() => undefined)
  return sdl === undefined ? undefined : { name, sdl, from }
}
