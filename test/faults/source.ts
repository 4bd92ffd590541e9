import pino from 'pino'
import { Secret } from '#lib/config/secret.ts'
import { SourceState } from '#lib/source-state.ts'
import { createUpstream } from '#lib/upstream/client.ts'
import type { UpstreamError } from '#lib/upstream/error.ts'
import { defaultPolicy, type Policy } from '#lib/upstream/policy.ts'
import type { UpstreamOptions } from '#lib/upstream/settings.ts'
import type { Upstream, UpstreamCall, UpstreamRequest } from '#lib/upstream/upstream.ts'

export const PASSWORD = 'correct-horse'

/** The default patience with shorter waits; a part is replaced by giving it. */
export function patience(parts: Partial<{ [K in keyof Policy]: Partial<Policy[K]> }> = {}): Policy {
  return {
    queue: 1_000,
    retries: { ...defaultPolicy.retries, base: 5, ...parts.retries },
    breaker: { ...defaultPolicy.breaker, pause: 200, ...parts.breaker },
  }
}

export interface TestSource extends Upstream {
  readonly state: SourceState
  /** Lines of the log, as JSON. */
  readonly lines: string[]
  /** GET, as a person would ask. */
  get(path?: string, call?: Partial<UpstreamCall>): ReturnType<Upstream['request']>
  /** The failure of a request; fails when there is an answer. */
  failure(request?: Partial<UpstreamRequest>, call?: Partial<UpstreamCall>): Promise<UpstreamError>
}

/** The client of a source "tool" at an address, with credentials and short limits. */
export function testSource(
  url: string,
  {
    source,
    http,
    ...rest
  }: Partial<Omit<UpstreamOptions, 'source' | 'http'>> & {
    source?: Partial<UpstreamOptions['source']>
    http?: Partial<UpstreamOptions['http']>
  } = {},
): TestSource {
  const [state, lines] = [new SourceState(), [] as string[]]
  const upstream = createUpstream({
    source: { id: 'tool', url, auth: { basic: { username: 'reader', password: new Secret(PASSWORD) } }, ...source },
    http: { connectTimeout: 500, requestTimeout: 500, indexTimeout: 1_500, maxResponseBytes: 1_048_576, ...http },
    state,
    log: pino({ level: 'debug' }, { write: (line: string) => lines.push(line) }),
    policy: patience(),
    ...rest,
  })
  const get: TestSource['get'] = (path = '/models', call) =>
    upstream.request({ method: 'GET', path }, { signal: new AbortController().signal, ...call })
  return {
    ...upstream,
    state,
    lines,
    get,
    failure: async (request, call) => {
      try {
        const asked = { method: 'GET', path: '/models', ...request } as const
        const answer = await upstream.request(asked, { signal: new AbortController().signal, ...call })
        answer.json()
      } catch (error) {
        return error as UpstreamError
      }
      throw new Error('There was an answer, and a failure was expected.')
    },
  }
}
