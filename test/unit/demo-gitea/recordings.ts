import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { StandIn } from '#demo/stand-in.ts'

/** One answer of a real server, as it was recorded. */
interface Recording {
  request: { method: string; path: string; query: Record<string, string>; auth?: string; body?: unknown }
  status: number
  headers: Record<string, string>
  body: unknown
}

/** One state of a server and the recordings that were made in it, by file name without `.json`. */
interface Stage {
  stage: string
  start: () => Promise<StandIn>
  replays: readonly string[]
  /** Sent where the recording does not say with what: credentials were left out of it. */
  authorization?: string
}

/** What the recordings say; a stand-in leaves out other headers. */
export const HEADERS = ['content-type', 'x-total-count', 'link', 'retry-after', 'x-ratelimit-remaining']

/**
 * One test for each recording, on a server of its own, and one that fails when a recording in the folder has no stage. A
 * stand-in may leave fields out that nobody reads, and answers none that was not recorded, nor any with another value.
 */
export function replayAll(
  folder: URL,
  stages: readonly Stage[],
  except: Record<string, (body: unknown) => unknown> = {},
  headers: readonly string[] = HEADERS,
) {
  const names = readdirSync(folder).map((file) => file.replace(/\.json$/, ''))
  it('replays every recording in the folder, each once', () => {
    expect(stages.flatMap(({ replays }) => replays).sort()).toEqual(names.sort())
  })
  describe.each(stages)('$stage', ({ start, replays, authorization }) => {
    it.each(replays)('answers as recorded: %s', async (name) => {
      const recorded: Recording = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'))
      const server = await start()
      try {
        const response = await ask(server.url, recorded.request, authorization)
        expect(response.status).toBe(recorded.status)
        for (const header of headers) {
          if (header in recorded.headers) expect(response.headers.get(header)).toBe(recorded.headers[header])
        }
        const body: unknown = await response.json()
        const normalise = except[name] ?? ((same: unknown) => same)
        expect(isEmpty(body)).toBe(isEmpty(recorded.body))
        expect(normalise(recorded.body)).toMatchObject(normalise(body) as object)
      } finally {
        await server.close()
      }
    })
  })
}

async function ask(
  base: string,
  { method, path, query, auth, body }: Recording['request'],
  authorization = auth?.replace(/<.*>/, 'good'),
): Promise<Response> {
  const search = new URLSearchParams(query).toString()
  return fetch(`${base}${path}${search === '' ? '' : `?${search}`}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
    headers: {
      ...(authorization && { authorization }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
  })
}

const isEmpty = (body: unknown): boolean => Object.keys(body as object).length === 0
