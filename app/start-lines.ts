import { isOver } from '#gateway/keys.ts'
import type { Origin } from '#lib/config/read.ts'
import type { Config } from '#lib/config/schema.ts'
import { isLoopbackName } from '#lib/loopback.ts'
import type { ConnectedSource } from '#lib/sources.ts'

/** Milliseconds for which the lines about the sources wait for the slowest one. */
const PATIENCE = 3_000

/** What was read before the gateway started. */
export interface Started {
  readonly config: Config
  readonly origin: Origin
  readonly notices: readonly string[]
}

/** What the gateway says first: where it is, who may ask, and what it reads. */
export function greeting(url: string, { config, origin, notices }: Started): string {
  const lines = [
    `GraphiQL   ${url}/graphiql`,
    `GraphQL    ${url}/graphql`,
    ...titled('Callers', callers(config.gateway)),
    `Reading    ${reading(origin)}`,
    ...(origin.kind === 'none' ? ['Your own   MLFLOW_TRACKING_URI=http://host:5000 npm start'] : []),
    ...notices,
  ]
  return `\n${lines.join('\n')}\n`
}

/** What a gateway over subgraphs that are servers of their own says first. */
export function remoteGreeting(url: string, config: Config['gateway'], subgraphs: Record<string, string>): string {
  const lines = [
    `GraphiQL   ${url}/graphiql`,
    `GraphQL    ${url}/graphql`,
    ...titled('Callers', callers(config)),
    ...titled(
      'Subgraphs',
      Object.entries(subgraphs).map(([name, address]) => `${name} at ${address}`),
    ),
  ]
  return `\n${lines.join('\n')}\n`
}

const titled = (title: string, lines: readonly string[]) =>
  lines.map((line, i) => `${(i === 0 ? title : '').padEnd(11)}${line}`)

/** Who may ask, one way a line. */
function callers({ host, keys, oidc }: Config['gateway']): string[] {
  const others = [
    ...keys.map(({ id, roles, expires }) => {
      const ended = isOver(expires) ? ', which has EXPIRED' : ''
      return `with the key ${id}${ended}, as ${roles.join(', ') || 'nobody in particular'}`
    }),
    ...(oidc ? [`with a token of ${oidc.issuer} for ${oidc.audience}, as its claim ${oidc.rolesClaim} says`] : []),
  ]
  if (!isLoopbackName(host)) return others
  const only = others.length === 0 ? ' only' : ''
  return [`this computer${only}, without a key, as admin`, ...others]
}

function reading(origin: Origin): string {
  if (origin.kind === 'file') return origin.path
  if (origin.kind === 'environment') return 'the MLflow server of MLFLOW_TRACKING_URI'
  return 'a demonstration company: nothing is configured, so this is invented (demo/company/README.md tells its stories)'
}

/** One line per source: what it is and how it answered. Waits for `read`, at most 3 s; who has not answered by then is asked still. */
export async function sourceLines(sources: readonly ConnectedSource[], read: Promise<unknown>): Promise<string> {
  const width = Math.max(0, ...sources.map(({ id }) => id.length))
  await Promise.race([read, new Promise((resolve) => setTimeout(resolve, PATIENCE).unref())])
  const lines = sources.map(({ id, kind, state }) => {
    const { state: word, version, message } = state.status()
    const said = word === 'UNKNOWN' ? 'is still being asked' : [word, version, message].filter(Boolean).join('  ')
    return `  ${id.padEnd(width)}  ${kind}  ${said}`
  })
  return ['Sources', ...lines, ''].join('\n')
}
