import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { StandIn } from '#demo/stand-in.ts'

/** One answer of a real server, as it was recorded. */
interface Recording {
  readonly request: {
    readonly method: string
    readonly path: string
    readonly query: Readonly<Record<string, string | readonly string[]>>
    readonly form?: Readonly<Record<string, string>>
  }
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

/** One test for each recording in a folder, on a stand-in that holds what the real server held. `normalise` takes out what may differ. */
export function replayFolder(folder: URL, start: () => Promise<StandIn>, normalise: (body: unknown) => unknown): void {
  const files = readdirSync(folder)
  it('has recordings to be held against', () => expect(files.length).toBeGreaterThan(0))
  it.each(files)('answers as recorded: %s', async (file) => {
    const { request, ...recorded }: Recording = JSON.parse(readFileSync(new URL(file, folder), 'utf8'))
    const standIn = await start()
    try {
      const parameters = Object.entries(request.query).flatMap(([key, value]) =>
        [value].flat().map((one): [string, string] => [key, one]),
      )
      const body = request.form && new URLSearchParams(request.form)
      const address = `${standIn.url}${request.path}?${new URLSearchParams(parameters)}`
      const answer = await fetch(address, { method: request.method, ...(body && { body }) })
      const text = await answer.text()
      expect(answer.status).toBe(recorded.status)
      expect(answer.headers.get('content-type')).toBe(recorded.headers['content-type'])
      const isJson = recorded.headers['content-type'] === 'application/json'
      expect(normalise(isJson ? JSON.parse(text) : text)).toEqual(normalise(recorded.body))
    } finally {
      await standIn.close()
    }
  })
}

/** A copy in which every value was replaced by a function of its key and itself. */
export function mapped(value: unknown, change: (key: string, value: unknown) => unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => mapped(one, change, key))
  if (typeof value !== 'object' || value === null) return change(key, value)
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, mapped(one, change, name)]))
}
